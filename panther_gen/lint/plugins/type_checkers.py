"""Which type checkers a project configures, and the comments that they take."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

__all__ = ["CODES", "configured", "is_ignored"]

#: What mypy and pyright take for leave to override a final method, found by trying.
CODES = {"mypy": "type: ignore[misc]", "pyright": "pyright: ignore[reportIncompatibleMethodOverride]"}

_FILES = {
    "mypy.ini": {"mypy": b""},
    ".mypy.ini": {"mypy": b""},
    "setup.cfg": {"mypy": b"[mypy"},
    "pyrightconfig.json": {"pyright": b""},
    "pyproject.toml": {"mypy": b"[tool.mypy", "pyright": b"[tool.pyright"},
}
_COMMENT = re.compile(r"#\s*(type|pyright):\s*ignore(?:\[([^\]]*)\])?")


def configured(path: Path, content: Callable[[Path], bytes | None]) -> list[str]:
    """Return the type checkers that a file's project configures: ``mypy``, ``pyright``, both or none.

    Looked at are the directories from the file's own up to the working directory or the root of a repository.

    Args:
        path: the file.
        content: returns the content of a file, None if there is none.
    """
    found: set[str] = set()
    for directory in _directories(path):
        for name, signs in _FILES.items():
            text = content(directory / name)
            found |= {checker for checker, sign in signs.items() if text is not None and sign in text}
    return [checker for checker in CODES if checker in found]


def is_ignored(line: str, checker: str) -> bool:
    """Tell whether a line of source has a comment that the checker takes.

    pyright takes mypy's comments too, whatever codes they name.
    """
    word, code = CODES[checker].removesuffix("]").split(": ignore[")
    found = _COMMENT.findall(line)
    if checker == "pyright" and any(kind == "type" for kind, _ in found):
        return True
    return any(kind == word and (not codes or code in re.split(r"[\s,]+", codes)) for kind, codes in found)


def _directories(path: Path) -> Iterator[Path]:
    working = Path.cwd()
    for directory in path.absolute().parents:
        yield directory
        if directory == working or (directory / ".git").exists():
            return
