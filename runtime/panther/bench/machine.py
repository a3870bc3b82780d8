"""The machine that a run was made on, and what the bench itself consists of there."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from panther.version import __version__

__all__ = ["describe_machine", "describe_tool"]

#: What a verdict may depend on.
_DISTRIBUTIONS = ("panther-gen", "cryptography", "docker", "jinja2", "pydantic", "pyyaml", "rich", "typer")


def describe_machine() -> dict[str, Any]:
    """Return kernel, processors, memory, operating system and Python; nothing that names the machine."""
    return {
        "system": platform.system(),
        "release": platform.release(),
        "kernel": platform.version(),
        "architecture": platform.machine(),
        "operating_system": _operating_system(),
        "processors": os.cpu_count(),
        "processor": _processor(),
        "memory_bytes": os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"),
        "python": platform.python_version(),
    }


def describe_tool() -> dict[str, Any]:
    """Return the runtime's version, and those of what it stands on."""
    return {
        "name": "panther-gen-runtime",
        "version": __version__,
        "distributions": {name: found for name in _DISTRIBUTIONS if (found := _version(name)) is not None},
    }


def _version(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def _operating_system() -> str | None:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME")
    except OSError:
        return None


def _processor() -> str | None:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), None)
