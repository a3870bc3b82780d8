"""Ports and addresses with their transport in the same word: ``4443/udp``, ``127.0.0.1:4443:tcp``."""

from __future__ import annotations

import re
from dataclasses import replace

from panther_gen.generate.command_line.named import by_name
from panther_gen.generate.command_line.pieces import Piece, Text, Use
from panther_gen.generate.command_line.proposals import RELATED, Known, Proposal, addressed
from panther_gen.generate.command_line.shapes import as_address, as_port
from panther_gen.generate.command_line.slots import Slot

__all__ = ["by_transport"]

_TRANSPORT = "(?:tcp|udp|quic)[46]?"
_BESIDE = re.compile(
    rf"(?P<front>(?:{_TRANSPORT}[:/])?)(?P<inner>[^/]+?)(?P<back>(?:[:/]{_TRANSPORT})?)", re.IGNORECASE
)


def by_transport(slot: Slot, known: Known) -> Proposal | None:
    """Propose a port, or host and port, where the transport stands in the same word."""
    parts = _BESIDE.fullmatch(slot.value)
    if parts is None or bool(parts["front"]) == bool(parts["back"]):
        return None
    inner = replace(slot, value=parts["inner"])
    proposal = by_name(inner, known) if slot.name else _by_itself(inner, known)
    if proposal is None:
        return None
    front: list[Piece] = [Text(parts["front"])] if parts["front"] else []
    back: list[Piece] = [Text(parts["back"])] if parts["back"] else []
    return replace(proposal, slot=slot, pieces=(*front, *proposal.pieces, *back))


def _by_itself(slot: Slot, known: Known) -> Proposal | None:
    address, number = as_address(slot.value), as_port(slot.value)
    if address is not None:
        return addressed(slot, known, address, RELATED, "host and port, with the transport")
    if number is None:
        return None
    use = Use("port", slot.value, number)
    return Proposal(slot, (use,), RELATED, "a port number, with the transport")
