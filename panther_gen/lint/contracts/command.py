"""``panther-gen contract``: from a package's directory to its contract file."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from panther_gen.errors import MachineError, UsageError, shown
from panther_gen.lint.contracts.file import contract_text
from panther_gen.lint.contracts.package import Package, find_package
from panther_gen.lint.contracts.snapshot import load_snapshot
from panther_gen.lint.contracts.source import PackageContract, contract_of_package

__all__ = ["run_contract"]


def run_contract(path: Path, *, output: Path | None = None, name: str = "") -> int:
    """Write the contract of a package; nothing of it is imported.

    Args:
        path: the package's directory, or a module's file.
        output: the file to write, replaced whole or not at all; None: standard output.
        name: the dotted name that it is imported under; empty: worked out from where it stands.

    Returns:
        0; 1 if some of its files cannot be read, so that the contract lacks them.

    Raises:
        UsageError: it is no package, none of its files can be read, or the output is a directory.
        MachineError: the output cannot be written.
    """
    if output is not None and output.is_dir():
        raise UsageError(f"--output {shown(output)} is a directory", cure="name a file")
    package = find_package(path, name)
    contract = contract_of_package(package.files, load_snapshot())
    if not contract.modules:
        first = contract.unreadable[0]
        where = f"{shown(first.path)[1:-1]}:{first.error.line}"
        raise UsageError(f"no file of '{package.name}' can be read: {first.error}", where=where)
    text = contract_text(package.name, contract.modules)
    if output is None:
        sys.stdout.write(text)
    else:
        _write(output, text)
        sys.stderr.write(_summary(package, contract, output))
    _report(package, contract)
    return 1 if contract.unreadable else 0


def _write(path: Path, text: str) -> None:
    """Replace a file, whole or not at all; a link stays one."""
    real = Path(os.path.realpath(path))
    temporary = real.with_name(f".{real.name}.{os.getpid()}")
    try:
        if real.exists() and not real.is_file():  # a device, or a pipe
            real.write_text(text, encoding="utf-8")
            return
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(real)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        message = f"the contract {shown(path)} cannot be written: {error.strerror}"
        raise MachineError(message, cure="name a file in a directory that you may write in") from None


def _summary(package: Package, contract: PackageContract, output: Path) -> str:
    classes = [one for facts in contract.modules.values() for one in facts.get("classes", {}).values()]
    methods = [method for one in classes for method in one.get("methods", {}).values()]
    final = sum(method["kind"] == "workflow" for method in methods)
    required = sum(method["required"] for method in methods)
    closed = sum("final" in one for one in classes)
    counts = [_count(final, "final method"), _count(required, "required method")]
    return f"{output}: '{package.name}' has {', '.join(counts)} and {_count(closed, 'final class', 'es')}\n"


def _report(package: Package, contract: PackageContract) -> None:
    """Say on standard error what the contract lacks."""
    for link in package.left_out:
        sys.stderr.write(f"panther-gen: {shown(link)} is left out: it is a link out of the package\n")
    for one in contract.unreadable:
        where = f"{shown(one.path)[1:-1]}:{one.error.line}"
        sys.stderr.write(f"panther-gen: {where}: {one.error.message}; the contract lacks this file\n")


def _count(number: int, one: str, plural: str = "s") -> str:
    return f"{number} {one}{'' if number == 1 else plural}"
