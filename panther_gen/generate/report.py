"""What ``new-iut`` says when it is done: to a person, and to a script."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from panther_gen.generate.plan import ChangePlan, PlannedFile
from panther_gen.generate.request import NewIut
from panther_gen.names import KNOWN_PROTOCOLS, close_protocol

__all__ = ["as_json", "as_text", "recognised"]

#: Version of the JSON document; it changes when a key changes its meaning or goes.
_SCHEMA_VERSION = 1


def as_text(
    request: NewIut,
    plan: ChangePlan,
    written: Sequence[PlannedFile],
    *,
    runtime_installed: bool,
    above: bool = False,
) -> str:
    """Return what examples were taken for, what was made, and the next commands.

    Args:
        request: what was asked for.
        plan: what was planned.
        written: the files that landed.
        runtime_installed: whether the runtime, which the last two commands need, is there.
        above: whether the plugin went to a root above the working directory that nobody named.
    """
    following = _next(request, plan, runtime_installed=runtime_installed)
    notes = (*_note_of_root(plan, above=above), *_notes(request))
    return "\n".join((*recognised(request), *_made(plan, written), *notes, "", *following))


def as_json(request: NewIut, plan: ChangePlan, written: Sequence[PlannedFile]) -> str:
    """Return the same as a JSON document."""
    document: dict[str, Any] = {
        "version": _SCHEMA_VERSION,
        "root": str(plan.root.resolve()),
        "kind": "iut",
        "protocol": request.protocol,
        "name": request.name,
        "directory": str(plan.directory),
        "created": [{"path": str(file.path), "bytes": len(file.content)} for file in written],
        "next": [command for command, _ in _commands(request, plan)],
    }
    if request.command_lines:
        from panther_gen.generate.command_line import as_document

        document["commands"] = {role: as_document(each) for role, each in request.command_lines.items()}
    return json.dumps(document, indent=2)


def recognised(request: NewIut) -> Iterator[str]:
    """Yield the lines that say what the values of examples were taken for."""
    if request.command_lines:
        from panther_gen.generate.command_line import described

        yield from described(request.command_lines)
        yield ""


def _made(plan: ChangePlan, written: Sequence[PlannedFile]) -> Iterator[str]:
    yield f"created {_below(plan, str(plan.directory))}/"
    for file in written:
        if file.path.is_relative_to(plan.directory):
            yield f"          {file.path.relative_to(plan.directory)}"
    for file in written:
        if not file.path.is_relative_to(plan.directory):
            yield f"created {_below(plan, str(file.path))}"


def _note_of_root(plan: ChangePlan, *, above: bool) -> Iterator[str]:
    if above:
        yield ""
        yield f"note: the plugins of '{plan.root}', which lies above, have got another one"
        yield "      (--output . begins a collection of its own here)"


def _notes(request: NewIut) -> Iterator[str]:
    programs = [each.program for each in request.command_lines.values()]
    if len(set(programs)) > 1:
        yield ""
        yield f"note: the Dockerfile builds '{programs[0]}'; '{programs[1]}' is for you to add to it"
    if request.own_protocol is not None:
        yield ""
        yield f"note: the plugin stands on {request.own_protocol.base_class}, the base class of your protocol"
        if request.own_protocol.left_to_define:
            yield f"      which also asks for: {', '.join(request.own_protocol.left_to_define)}"
        return
    close = close_protocol(request.protocol)
    if close:
        yield ""
        yield f"note: '{request.protocol}' is taken for a protocol of your own; did you mean '{close}'?"
    elif request.protocol not in KNOWN_PROTOCOLS:
        yield ""
        yield f"note: '{request.protocol}' is a protocol of your own: the plugin stands on BaseServiceManager"
        yield f"      (panther-gen new-protocol {request.protocol}, before, gives it a base class of its own)"


def _next(request: NewIut, plan: ChangePlan, *, runtime_installed: bool) -> Iterator[str]:
    commands = _commands(request, plan)
    width = max(len(command) for command, _ in commands)
    yield "next:"
    for command, purpose in commands:
        yield f"  {command:{width}}  {purpose}" if purpose else f"  {command}"
    if not runtime_installed:
        from panther_gen.missing import requirement_of

        install = shlex.quote(requirement_of("runtime"))
        yield ""
        yield f"pytest and try need the runtime: python -m pip install {install}"


def _commands(request: NewIut, plan: ChangePlan) -> list[tuple[str, str]]:
    change = [] if _is_here(plan.root) else [(f"cd {shlex.quote(str(plan.root))}", "")]
    tried = [(f"panther-gen try {request.name}", "run its server against its client")]
    return [
        *change,
        ("panther-gen lint", "check it against its base class"),
        (f"pytest {plan.directory}", "run its own tests"),
        *(tried if request.has_both_roles else []),
    ]


def _below(plan: ChangePlan, path: str) -> str:
    return path if _is_here(plan.root) else str(plan.root / path)


def _is_here(root: Path) -> bool:
    return root.resolve() == Path.cwd()
