"""Contract files: written for a package, read for a run of the linter, and refused where they are none."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

from panther_gen.errors import UsageError, shown
from panther_gen.lint.contracts.modules import ContractModules

__all__ = ["SCHEMA", "add_contracts", "contract_text"]

#: The JSON Schema of contract files.
SCHEMA = Path(__file__).with_name("contract.schema.json")

_FORMAT = "panther-gen contract"
_VERSION = 1
_ANEW = "make it anew: panther-gen contract PACKAGE_DIR -o {}"


def contract_text(package: str, modules: Mapping[str, Any]) -> str:
    """Return the text of a contract file; the same contract is the same text on every machine.

    Args:
        package: the dotted name of the package.
        modules: what there is to say of each of its modules, by dotted name.
    """
    document = {"format": _FORMAT, "version": _VERSION, "package": package, "modules": modules}
    return json.dumps(document, indent=1) + "\n"


def add_contracts(known: ContractModules, paths: Iterable[Path]) -> None:
    """Enter the contracts in some files; a file that is named twice counts once.

    Args:
        known: the contracts that the linter has already, of the runtime.
        paths: the files.

    Raises:
        UsageError: a file cannot be read, is no contract, or is about a module that is known already.
    """
    owners: dict[str, Path | None] = dict.fromkeys(known)
    files = {os.path.realpath(path): path for path in paths}
    for path in files.values():
        document = _File(path).document()
        package, modules = document["package"], document["modules"]
        for dotted in modules:
            if dotted in owners:
                _refuse_second(dotted, owners[dotted], path)
            owners[dotted] = path
        known.add(modules)
        known.packages |= {package}


def _refuse_second(dotted: str, first: Path | None, path: Path) -> NoReturn:
    if first is None:
        message = f"{shown(path)} is about '{dotted}', whose contract the linter brings with it"
        raise UsageError(message, cure="leave that contract file out")
    message = f"{shown(first)} and {shown(path)} are both about the module '{dotted}'"
    raise UsageError(message, cure="leave one of them out")


class _File:
    """One file, and its text for messages."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._text = ""

    def document(self) -> dict[str, Any]:
        """Return what the file says.

        Raises:
            UsageError: it cannot be read, or is no contract.
        """
        self._text = self._read()
        try:
            document = json.loads(self._text)
        except json.JSONDecodeError as error:
            place = f"{shown(self._path)[1:-1]}:{error.lineno}:{error.colno}"
            raise UsageError(f"it is not JSON: {error.msg}", where=place, cure=self._anew()) from None
        except (RecursionError, ValueError) as error:
            raise UsageError(f"{shown(self._path)} cannot be read: {error}", cure=self._anew()) from None
        if not isinstance(document, dict) or document.get("format") != _FORMAT:
            self._refuse((), f'this is no contract: it has no "format": "{_FORMAT}"')
        self._check_version(document.get("version"))
        from panther_gen.lint.contracts.schema_check import faults_of

        schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
        for faults in (faults_of(document, schema), _faults_beyond(document)):
            for path, fault in faults:
                name = " → ".join(map(str, path)) or "the contract"
                self._refuse(path, f"{name} {fault}")
        return document

    def _read(self) -> str:
        try:
            return self._path.read_bytes().decode("utf-8-sig")
        except FileNotFoundError:
            cure = f"make it: panther-gen contract PACKAGE_DIR -o {self._path}"
            raise UsageError(f"the contract {shown(self._path)} does not exist", cure=cure) from None
        except OSError as error:
            message = f"the contract {shown(self._path)} cannot be read: {error.strerror}"
            raise UsageError(message, cure="name a file that can be read") from None
        except UnicodeDecodeError as error:
            message = f"the contract {shown(self._path)} is not UTF-8: {error.reason}"
            raise UsageError(message, cure=self._anew()) from None

    def _check_version(self, version: object) -> None:
        if type(version) is int and version > _VERSION:
            cure = "update panther-gen, or make the file anew with this one"
            newer = f"its version is {version}, and this panther-gen knows version {_VERSION}"
            self._refuse(("version",), f"it was made by a newer panther-gen: {newer}", cure)
        if type(version) is not int or version != _VERSION:
            self._refuse(("version",), f"its version is {version!r}, not {_VERSION}")

    def _anew(self) -> str:
        return _ANEW.format(self._path)

    def _refuse(self, path: tuple[str | int, ...], message: str, cure: str = "") -> NoReturn:
        from panther_gen.lint.contracts.json_places import place_in_json

        line, column = place_in_json(self._text, path)
        where = f"{shown(self._path)[1:-1]}:{line}:{column}"
        raise UsageError(message, where=where, cure=cure or self._anew())


def _faults_beyond(document: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield what a schema cannot say: a class without the one around it, what is no Python."""
    import ast

    from panther_gen.lint.contracts.modules import parse_parameters

    for dotted, facts in document["modules"].items():
        outer = {""}
        for key, details in facts.get("classes", {}).items():
            place = ("modules", dotted, "classes", key)
            name = key.partition("#")[0]
            if name.rpartition(".")[0] not in outer:
                yield place, "stands before the class around it"
            outer.add(name)
            for method, entry in details.get("methods", {}).items():
                here = (*place, "methods", method)
                try:
                    parse_parameters(entry["parameters"])
                except ValueError:
                    yield (*here, "parameters"), "is no list of parameters"
                try:
                    ast.parse(entry["returns"] or "None", mode="eval")
                except (SyntaxError, ValueError, RecursionError, MemoryError):
                    yield (*here, "returns"), "is no annotation"
