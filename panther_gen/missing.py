"""A package that should be installed and is not, in words; it needs nothing but Python itself."""

from __future__ import annotations

import json
import shlex
import sys
from importlib.metadata import PackageNotFoundError, distribution, requires, version
from pathlib import Path
from urllib.parse import unquote, urlsplit

from panther_gen.errors import MachineError

__all__ = ["missing_package", "requirement_of"]

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


def requirement_of(extra: str) -> str:
    """Return what pip is to install for an extra: of the checkout that panther-gen comes from, if any."""
    checkout = _checkout()
    if checkout is None:
        return f"{_DISTRIBUTION}[{extra}]"
    # The runtime is a distribution of its own, in a directory of the same name.
    own = checkout / extra
    return str(own) if (own / "pyproject.toml").is_file() else f"{checkout}[{extra}]"


def _checkout() -> Path | None:
    """Return the directory that panther-gen was installed from, by PEP 610; None: from elsewhere."""
    try:
        told = json.loads(distribution(_DISTRIBUTION).read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        return None
    url = urlsplit(told.get("url", ""))
    directory = Path(unquote(url.path))
    found = "dir_info" in told and url.scheme == "file" and (directory / "pyproject.toml").is_file()
    return directory if found else None


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
