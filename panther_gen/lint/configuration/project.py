"""The settings of the project that the linter is started in, if it has any.

Most have none, so that what reads them is imported only where there is a table for panther-gen.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from panther_gen.errors import MachineError, shown

if TYPE_CHECKING:
    from panther_gen.lint.configuration.settings import Settings

__all__ = ["project_settings"]

_FILE = "pyproject.toml"


def project_settings(directory: Path) -> Settings | None:
    """Return what the nearest ``pyproject.toml`` in ``directory`` or above it says; None if it says nothing.

    Raises:
        UsageError: it is no TOML, has an unknown key, or a value of the wrong type.
        MachineError: it cannot be read.
    """
    absolute = directory.absolute()
    # Not Path.is_file: it raises where a directory above may not be searched.
    candidates = (place / _FILE for place in (absolute, *absolute.parents))
    path = next((one for one in candidates if os.path.isfile(one)), None)  # noqa: PTH113
    content = _bytes(path) if path else b""
    if path is None or b"panther-gen" not in content:
        return None
    from panther_gen.lint.configuration.settings import SettingsFile, read_settings

    return read_settings(SettingsFile(path, content.decode("utf-8", "replace").replace("\r\n", "\n")))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"{shown(path)} cannot be read: {error.strerror}"
        raise MachineError(message, cure="make it readable, or start the linter elsewhere") from None
