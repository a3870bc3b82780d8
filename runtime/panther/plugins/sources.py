"""Where a plugin's class is defined, and what a person reads when a plugin's code cannot be imported."""

from __future__ import annotations

import inspect
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from panther.errors import InputError, MachineError, PantherError

__all__ = ["explained_import", "last_place", "source_file"]


def source_file(cls: type) -> Path | None:
    """Return the file that defines ``cls``, or None where there is none: a prompt, ``python -c``, C code."""
    try:
        source = inspect.getsourcefile(cls)
    except (OSError, TypeError):
        return None
    return Path(source) if source else None


@contextmanager
def explained_import(module: str, plugin: str, directory: Path) -> Iterator[None]:
    """Explain what goes wrong while the body imports a module of a plugin.

    Args:
        module: the module's dotted name.
        plugin: the plugin's name.
        directory: the plugin's directory; errors name the innermost place in it.

    Raises:
        InputError: the code does not parse, or raises while it is imported.
        MachineError: it imports a package that is not installed.
    """
    try:
        yield
    except (InputError, MachineError):
        raise
    except SyntaxError as error:
        raise _syntax_error(error, plugin, directory) from None
    except ModuleNotFoundError as error:
        raise _missing_module(error, module, plugin, directory) from None
    except (Exception, SystemExit) as error:  # noqa: BLE001 — a plugin's module may raise anything
        raise _import_error(error, plugin, directory) from None


def _syntax_error(error: SyntaxError, plugin: str, directory: Path) -> InputError:
    where = ":".join(str(part) for part in (error.filename, error.lineno, error.offset) if part)
    return InputError(f"the plugin '{plugin}' does not parse: {error.msg}", where=where or str(directory))


def _missing_module(error: ModuleNotFoundError, module: str, plugin: str, directory: Path) -> PantherError:
    where = last_place(error, directory)
    name = error.name or ""
    if f"{module}.".startswith(f"{name}."):
        return InputError(
            f"the plugin '{plugin}' cannot be imported as '{module}'", cure=_cure_of_hiding(name), where=where
        )
    missing = name.partition(".")[0]
    if missing in ("panther", module.partition(".")[0]):
        return _import_error(error, plugin, directory)
    if (directory / missing).is_dir() or (directory / f"{missing}.py").is_file():
        return InputError(
            f"the plugin '{plugin}' imports its own module '{missing}' as if it were installed",
            cure=f"write a dot before its name: from .{missing} import …",
            where=where,
        )
    return MachineError(
        f"the plugin '{plugin}' needs the Python package '{missing}', which is not installed",
        cure=f"python -m pip install {missing}",
        where=where,
    )


def _cure_of_hiding(name: str) -> str:
    """Name the ``__init__.py`` that makes a regular package of what should be a namespace package."""
    parents = name.split(".")[:-1]
    for depth in range(1, len(parents) + 1):
        package = sys.modules.get(".".join(parents[:depth]))
        if package is not None and getattr(package, "__file__", None):
            return f"delete {package.__file__}: no directory above a plugin needs an __init__.py"
    return ""


def _import_error(error: BaseException, plugin: str, directory: Path) -> InputError:
    message = f"the plugin '{plugin}' cannot be imported: {type(error).__name__}: {error}"
    return InputError(message, where=last_place(error, directory))


def last_place(error: BaseException, directory: Path) -> str:
    """Return the innermost place in the plugin's own files that the error passed through."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if Path(frame.filename).resolve().is_relative_to(directory.resolve()):
            return f"{frame.filename}:{frame.lineno}"
    return str(directory)
