"""What was taken for what, for a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from panther_gen.generate.command_line.command_lines import CommandLine
from panther_gen.generate.command_line.pieces import printable, shown_pieces
from panther_gen.generate.command_line.proposals import LIKELY, Proposal
from panther_gen.generate.command_line.recognise import Finding

__all__ = ["described"]

_WIDTH = 40


def described(command_lines: Mapping[str, CommandLine]) -> list[str]:
    """Return lines that show what each value became and why, what was kept, and what is missing."""
    return [line for each in command_lines.values() for line in (*_one(each), *_missing(each))]


def _one(command_line: CommandLine) -> Iterator[str]:
    yield f"{command_line.role}: {printable(command_line.text)}"
    taken = [finding for finding in command_line.findings if finding.proposal is not None]
    kept = [finding for finding in command_line.findings if finding.proposal is None]
    rows = [
        (_written(finding), shown_pieces(finding.proposal.pieces), _reason(finding.proposal))
        for finding in taken
        if finding.proposal
    ]
    yield from _aligned(rows)
    if kept:
        yield "  kept as it is:"
        yield from _aligned([(_written(finding), "", finding.reason) for finding in kept])
    alone = _options_alone(command_line)
    if alone:
        yield f"  kept as they are, options without a value: {' '.join(map(printable, alone))}"


def _missing(command_line: CommandLine) -> Iterator[str]:
    """Say what a bench would want to set and cannot."""
    if "port" not in command_line.values and "url" not in command_line.values:
        does = "listens" if command_line.role == "server" else "connects"
        yield f"  note: no port was found; the {command_line.role} {does} where its own configuration says"
    fetches = command_line.role == "client" and "url" in command_line.values
    if fetches and "download_dir" not in command_line.values:
        yield "  note: no place for what is fetched was found; a test that compares files finds none"


def _aligned(rows: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    rows = [(printable(written), printable(became), reason) for written, became, reason in rows]
    first = min(max((len(row[0]) for row in rows), default=0), _WIDTH)
    second = min(max((len(row[1]) for row in rows), default=0), _WIDTH)
    for written, became, reason in rows:
        middle = f"{became:{second}}  " if second else ""
        yield f"    {written:{first}}  {middle}{reason}"


def _written(finding: Finding) -> str:
    slot = finding.slot
    front = f"{slot.name} " if slot.flag_index is not None else slot.before
    return f"{front}{slot.value}"


def _reason(proposal: Proposal) -> str:
    return f"probably: {proposal.reason}" if proposal.strength == LIKELY else proposal.reason


def _options_alone(command_line: CommandLine) -> list[str]:
    places = {
        place
        for finding in command_line.findings
        if not finding.slot.is_variable
        for place in (finding.slot.index, finding.slot.flag_index)
    }
    words = command_line.example.arguments
    return [word.text for index, word in enumerate(words) if index not in places]
