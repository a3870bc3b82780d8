"""A package that should be installed and is not, in words; it needs nothing but Python itself."""

from __future__ import annotations

import shlex
import sys
from importlib.metadata import PackageNotFoundError, requires, version

from panther_gen.errors import MachineError

__all__ = ["missing_package"]

_DISTRIBUTION = "panther-gen"
#: Where a package is not called like the distribution that brings it.
_DISTRIBUTIONS = {"yaml": "pyyaml"}


def missing_package(error: ModuleNotFoundError) -> MachineError | None:
    """Return what is said where a package cannot be imported; None if it is our own module."""
    package = (error.name or "").partition(".")[0]
    if package in {"", "panther_gen"}:
        return None
    name = _DISTRIBUTIONS.get(package, package)
    options = ["--force-reinstall", "--no-deps"] if _is_installed(name) else []
    command = [sys.executable or "python", "-m", "pip", "install", *options, _requirement(name)]
    state = "not installed as a whole" if options else "not installed"
    return MachineError(
        f"this needs the Python package '{package}', which is {state}", cure=shlex.join(command)
    )


def _is_installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _requirement(name: str) -> str:
    """Return the requirement that panther-gen declares for a distribution, such as ``pyyaml>=6.0``."""
    try:
        declared = requires(_DISTRIBUTION) or []
    except PackageNotFoundError:
        declared = []
    found = (line.partition(";")[0].strip() for line in declared)
    return next((line for line in found if line.startswith((f"{name}>", f"{name}=", f"{name}<"))), name)
