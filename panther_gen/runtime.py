"""Starting the runtime: ``python -P -m panther WORD …`` in the place of this process.

Without ``-P`` Python would look for its own modules in the working directory first, and a plugin's
directory may hold a ``json.py``. The runtime itself finds the plugins that the working directory is in.

Before that every provider of the import package ``panther`` is looked for. The runtime's ``panther``
is a namespace package; a regular package or module of that name, from another distribution or the
user's own, hides it wherever it stands on the path. pip neither prevents nor reports that.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NoReturn

from panther_gen.errors import MachineError, shown
from panther_gen.layout import enclosing_root, hiding_files

__all__ = ["check_runtime", "find_runtimes", "start"]

_DISTRIBUTION = "panther-gen-runtime"

#: Files of the runtime that no plugin root has.
_RUNTIME_FILES = ("panther/version.py", "panther/__main__.py")


def start(word: str, arguments: Sequence[str]) -> NoReturn:
    """Become ``python -P -m panther WORD ARGUMENTS…``: nothing of this process remains in between.

    Args:
        word: a command of the runtime.
        arguments: passed on as they are.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    command = [sys.executable, "-P", "-m", "panther", word, *arguments]
    os.execve(sys.executable, command, {**os.environ, "PANTHER_PROGRAM": "panther-gen"})  # noqa: S606


def check_runtime() -> None:
    """Refuse to go on unless ``panther`` is the runtime, and nothing but the runtime.

    Raises:
        MachineError: it is not installed, hidden, damaged or there twice; every provider is named.
    """
    hiding = _hiding_providers()
    if hiding:
        raise _hidden(hiding)
    runtimes = find_runtimes()
    if len(runtimes) > 1:
        places = ", ".join(shown(runtime) for runtime in runtimes)
        raise MachineError(
            f"the runtime is on Python's path {len(runtimes)} times, and they would be mixed: {places}",
            cure="run from another directory, uninstall one, or mend PYTHONPATH",
        )
    if not runtimes:
        raise _missing()


def find_runtimes() -> list[Path]:
    """Return the directories on Python's path that hold the runtime; nothing is imported."""
    return [
        entry for entry in _search_path() if all(entry.joinpath(name).is_file() for name in _RUNTIME_FILES)
    ]


def _search_path() -> list[Path]:
    """Return where ``python -P -m`` looks, each place once: not where this program was started from."""
    path = sys.path if sys.flags.safe_path else sys.path[1:]
    entries = dict.fromkeys(Path(entry).resolve() for entry in path)
    return [entry for entry in entries if entry.is_dir()]


def _hiding_providers() -> list[Path]:
    here = Path.cwd()
    places = dict.fromkeys([enclosing_root(here) or here, here, *_search_path()])
    files = [file for place in places for file in hiding_files(place)]
    return files or _found_by_import_hooks()


def _found_by_import_hooks() -> list[Path]:
    """Return a regular ``panther`` that stands on no path, as some editable installations do it."""
    from importlib.util import find_spec

    spec = find_spec("panther")
    return [Path(spec.origin)] if spec is not None and spec.origin is not None else []


def _hidden(files: Sequence[Path]) -> MachineError:
    owners = _owners(files)
    lines = "".join(f"\n  {file} ({owners.get(file, 'of no installed distribution')})" for file in files)
    others = sorted({owner.partition(" ")[0] for owner in owners.values()} - {_DISTRIBUTION})
    own = [str(file) for file in files if file not in owners]
    cures = [f"rm {shlex.join(own)}"] if own else []
    if others:
        # They write into the same directory, so that uninstalling one also takes files of the other.
        cures.append(f"{_pip('uninstall', '--yes', *others)} && {_reinstall()}")
    return MachineError(
        f"Python finds another package 'panther' than the runtime's:{lines}\n"
        "  the runtime's is a namespace package, without these files, and they hide it",
        cure=" && ".join(cures),
    )


def _missing() -> MachineError:
    from importlib.metadata import PackageNotFoundError, version

    try:
        installed = version(_DISTRIBUTION)
    except PackageNotFoundError:
        from panther_gen.missing import requirement_of

        return MachineError(
            "this command runs plugins, and the runtime that does so is not installed",
            cure=_pip("install", requirement_of("runtime")),
        )
    return MachineError(
        f"{_DISTRIBUTION} {installed} is installed, but files of it are gone, as after uninstalling another "
        "distribution that also ships a package 'panther'",
        cure=_reinstall(),
    )


def _owners(files: Iterable[Path]) -> dict[Path, str]:
    """Return the distribution that installed each file, as ``name version``, where there is one."""
    from importlib.metadata import distribution, packages_distributions

    wanted = {file.resolve(): file for file in files}
    owners = {}
    for name in sorted(set(packages_distributions().get("panther", ()))):
        provider = distribution(name)
        for path in provider.files or ():
            located = Path(str(provider.locate_file(path))).resolve()
            if located in wanted:
                owners[wanted[located]] = f"{provider.name} {provider.version}"
    return owners


def _reinstall() -> str:
    return _pip("install", "--force-reinstall", "--no-deps", _DISTRIBUTION)


def _pip(*arguments: str) -> str:
    return shlex.join([sys.executable or "python", "-m", "pip", *arguments])
