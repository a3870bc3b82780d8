"""What can be said of a service that Python runs: its first file, and the distributions that this imports."""

from __future__ import annotations

import ast
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

__all__ = ["imported_distributions", "is_python", "python_source", "python_version"]

_TIMEOUT = 30.0
#: Options of Python that take the next word.
_WITH_VALUE = ("-W", "-X", "--check-hash-based-pycs")
#: Run by the service's own Python, isolated: which distributions hold these modules, in which versions. Most
#: are called like their module; only for the others every installed distribution is looked through.
_ASK = """
import importlib.metadata as m, json, sys
found, others = {}, []
for name in sys.argv[1:]:
    try:
        found[name] = m.version(name)
    except m.PackageNotFoundError:
        others.append(name)
known = m.packages_distributions() if others else {}
found.update((name, m.version(name)) for word in others for name in known.get(word, ()))
print(json.dumps(dict(sorted(found.items()))))
"""


def is_python(path: str) -> bool:
    """Tell whether a program is Python, by its name."""
    return re.fullmatch(r"(python|pypy)[0-9.]*t?", Path(path).name) is not None


def python_version(path: str) -> str | None:
    """Return a Python program's version; None: it is not this process's, and its name tells none."""
    if os.path.realpath(sys.executable) == path:
        return f"Python {platform.python_version()}"
    named = re.search(r"[0-9][0-9.]*$", Path(path).name)
    return f"Python {named[0]}" if named else None


def python_source(argv: Sequence[str], directory: str, environment: Mapping[str, str]) -> str:
    """Return the file that a Python command begins with: of its script or module; "": it cannot be told."""
    if not is_python(argv[0]):  # a script with a first line #!
        found = (
            argv[0] if os.sep in argv[0] else shutil.which(argv[0], path=environment.get("PATH", os.defpath))
        )
        return _existing(Path(directory, found)) if found else ""
    words = iter(argv[1:])
    for word in words:
        if word == "-m":
            return _module_file(next(words, ""), directory, environment)
        if word.startswith("-m"):
            return _module_file(word[2:], directory, environment)
        if word.startswith("-c") or word == "-":
            return ""
        if word in _WITH_VALUE:
            next(words, "")
        elif not word.startswith("-"):
            return _existing(Path(directory, word))
    return ""


def imported_distributions(python: str, source: str) -> dict[str, str]:
    """Return the installed distributions that a file imports, with their versions.

    Args:
        python: the interpreter, by the path that it was started by: a virtual environment's, for example.
        source: the file. What it imports in turn is not followed.
    """
    names = tuple(_imported(source))
    return dict(_ask(python, names)) if names else {}


@lru_cache(maxsize=32)
def _ask(python: str, names: tuple[str, ...]) -> dict[str, str]:
    try:
        done = subprocess.run(
            [python, "-I", "-c", _ASK, *names],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT,
            check=True,
        )
        found = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return {}
    return {str(name): str(version) for name, version in found.items()}


def _imported(source: str) -> list[str]:
    try:
        tree = ast.parse(Path(source).read_bytes())
    except (OSError, ValueError, SyntaxError, RecursionError, MemoryError):
        return []
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            names.add(node.module.partition(".")[0])
    return sorted(names - sys.stdlib_module_names)


def _module_file(module: str, directory: str, environment: Mapping[str, str]) -> str:
    if not re.fullmatch(r"\w+(\.\w+)*", module):
        return ""
    entries = [*filter(None, environment.get("PYTHONPATH", "").split(os.pathsep)), directory]
    for entry in entries:
        place = Path(directory, entry, *module.split("."))
        for file in (place.with_name(f"{place.name}.py"), place / "__main__.py"):
            if found := _existing(file):
                return found
    return ""


def _existing(file: Path) -> str:
    return str(file.resolve()) if file.is_file() else ""
