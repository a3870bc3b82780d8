"""Recognised examples as plain data: the blueprint's answer, and what ``--json`` prints."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from panther_gen.generate.command_line.command_lines import CommandLine
from panther_gen.generate.command_line.parameters import Value
from panther_gen.generate.command_line.pieces import Piece, Text, printable, shown_pieces
from panther_gen.generate.command_line.proposals import LIKELY, NAMED, RELATED

__all__ = ["answers_of", "as_document"]


_CONFIDENCE = {NAMED: "named", RELATED: "confirmed", LIKELY: "likely"}
_PLACES = "Each parameter has its place, and all else stays."


def answers_of(command_lines: Mapping[str, CommandLine]) -> dict[str, str]:
    """Return the blueprint's answers that examples give: by question, as text.

    The program that is named first is the plugin's binary; where the two differ, each example says its own.
    """
    answers = {f"{role}_example": json.dumps(_answer(each)) for role, each in command_lines.items()}
    for each in command_lines.values():
        return {"binary_name": each.example.binary_name, **answers}
    return {}


def as_document(command_line: CommandLine) -> dict[str, Any]:
    """Return what an example was taken for, for a script."""
    return {
        "example": command_line.text,
        "program": command_line.program,
        "parameters": command_line.values,
        "arguments": [
            {"as": shown_pieces(word), "pieces": _pieces(word), "unless_empty": group.unless_empty}
            for group in command_line.groups
            for word in group.words
        ],
        "environment": [
            {
                "name": variable.name,
                "as": shown_pieces(variable.pieces),
                "pieces": _pieces(variable.pieces),
                "unless_empty": variable.unless_empty,
            }
            for variable in command_line.variables
        ],
        "values": [
            {
                "column": finding.slot.column,
                "name": finding.slot.name,
                "value": finding.slot.value,
                "taken_for": shown_pieces(finding.proposal.pieces) if finding.proposal else None,
                "confidence": _CONFIDENCE[finding.proposal.strength] if finding.proposal else None,
                "reason": finding.reason,
            }
            for finding in command_line.findings
        ],
    }


def _answer(command_line: CommandLine) -> dict[str, Any]:
    """Return what the blueprint's templates read; copier.yml says what each key means."""
    values, other = command_line.values, command_line.other_values
    conditions = [group.unless_empty for group in command_line.groups]
    conditions += [variable.unless_empty for variable in command_line.variables]
    off = set(conditions) - {""}
    without: dict[str, Value] = {**other, **dict.fromkeys(sorted(off), "")}
    return {
        "program": command_line.program,
        "port": command_line.port,
        "groups": [
            {"unless_empty": group.unless_empty, "words": [_pieces(word) for word in group.words]}
            for group in command_line.groups
        ],
        "environment": [
            {
                "name": variable.name,
                "unless_empty": variable.unless_empty,
                "pieces": _pieces(variable.pieces),
            }
            for variable in command_line.variables
        ],
        "cases": [
            _case("example", "With the example's own values it is the example again.", command_line, values),
            *([_case("parameters", _PLACES, command_line, other)] if other else []),
            *([_case("off", "What is empty is left out.", command_line, without)] if off else []),
        ],
        "options": list(_options(command_line)),
    }


def _case(
    name: str, documentation: str, command_line: CommandLine, values: Mapping[str, Value]
) -> dict[str, Any]:
    environment = command_line.environment(values)
    return {
        "name": name,
        "documentation": documentation,
        "values": dict(values),
        "arguments": command_line.arguments(values),
        "environment": environment,
        "unset": [each.name for each in command_line.variables if each.name not in environment],
    }


def _options(command_line: CommandLine) -> Iterable[dict[str, str]]:
    """Return the rows of the README's table."""
    for finding in command_line.findings:
        if finding.proposal is not None:
            written = f"{finding.slot.before}{shown_pieces(finding.proposal.pieces)}"
            flag = finding.slot.name if finding.slot.flag_index is not None else ""
            yield {"written": printable(f"{flag} {written}".strip())}


def _pieces(pieces: Iterable[Piece]) -> list[dict[str, Any]]:
    return [described for piece in pieces for described in _described(piece)]


def _described(piece: Piece) -> Iterator[dict[str, Any]]:
    if isinstance(piece, Text):
        yield {"text": piece.text}
        return
    form: str = piece.form
    if form == "scheme":
        yield {"text": f"{piece.scheme}:"}
        form = "after_scheme"
    yield {"use": piece.parameter, "form": form, "number": isinstance(piece.value, int | float)}
