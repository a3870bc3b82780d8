"""Choosing between values that are proposed for the same parameter, and taking proposals back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from urllib.parse import urlsplit

from panther_gen.generate.command_line.flag_words import names_other_number, words_of
from panther_gen.generate.command_line.parameters import Value
from panther_gen.generate.command_line.pieces import Text, Use, parameters_in
from panther_gen.generate.command_line.proposals import NAMED, Known, Proposal
from panther_gen.generate.command_line.slots import Slot

__all__ = ["chosen", "chosen_port", "own_url", "without"]

#: Ports that ordinary users may bind (RFC 6335, section 6).
_USER_PORTS = range(1024, 65536)
#: A name with one of these words is about the protocol that is asked for.
_PROTOCOL_NAMES = {"quic": {"quic", "h3", "http3"}}


def chosen_port(
    proposals: Mapping[str, Sequence[Proposal]], known: Mapping[str, Known], protocol: str
) -> dict[str, frozenset[int]]:
    """Return the server's port as each example has it, or no port where that cannot be told.

    Args:
        proposals: by role.
        known: of each role.
        protocol: what the programs speak: ``--quic-port`` is the port of a QUIC server.
    """
    strengths = {role: _ports(each, known[role], protocol) for role, each in proposals.items()}
    common = frozenset.intersection(*(frozenset(ports) for ports in strengths.values()))
    if len(strengths) > 1 and len(common) == 1:
        return dict.fromkeys(strengths, common)
    own = {role: frozenset(_strongest(ports)) for role, ports in strengths.items()}
    shared = frozenset().union(*own.values()) or _in_both(known)
    # An example that shows no port has the one of the other, if it has it at all.
    return {role: ports if strengths[role] else shared for role, ports in own.items()}


def _in_both(known: Mapping[str, Known]) -> frozenset[int]:
    """Return the one number that both examples have where a port can stand."""
    numbers = [
        {
            int(number)
            for slot in each.slots
            for number in re.findall(r"(?:^|(?<=:))[1-9][0-9]{3,4}(?![\w.])", slot.value)
            if not names_other_number(slot.name) and int(number) in _USER_PORTS
        }
        for each in known.values()
    ]
    common = frozenset(set.intersection(*numbers)) if len(numbers) > 1 else frozenset()
    return common if len(common) == 1 else frozenset()


def _ports(proposals: Sequence[Proposal], known: Known, protocol: str) -> dict[int, int]:
    """Return how sure each number is that is taken for a port."""
    own_words = _PROTOCOL_NAMES.get(protocol, {protocol})
    found: dict[int, int] = {}
    for proposal in proposals:
        extra = 1 if words_of(proposal.slot.name) & own_words else 0
        for use in _uses(proposal, "port"):
            if isinstance(use.value, int):
                found[use.value] = max(found.get(use.value, 0), proposal.strength + extra)
    for slot, url in known.urls if known.role == "client" else ():
        if url.address is not None and any(each.slot is slot for each in proposals):
            found[url.address.port] = max(found.get(url.address.port, 0), NAMED)
    return found


def _strongest(ports: Mapping[int, int]) -> list[int]:
    """Return the one port that is surer than all others."""
    most = max(ports.values(), default=0)
    best = [port for port, strength in ports.items() if strength == most]
    return best if len(best) == 1 else []


def chosen(found: Mapping[Slot, Proposal], known: Known) -> dict[Slot, Proposal]:
    """Return the proposals in which no parameter has two values, and each follows from one that stays."""
    kept = dict(found)
    for parameter in sorted({name for proposal in found.values() for name in parameters_in(proposal.pieces)}):
        values: dict[Value, int] = {}
        for proposal in kept.values():
            for use in _uses(proposal, parameter):
                if use.value is not None:
                    values[use.value] = max(values.get(use.value, 0), proposal.strength)
        if len(values) > 1:
            most = max(values.values())
            best = {value for value, strength in values.items() if strength == most}
            why = f"which of several values is '{parameter}'"
            kept = without(kept, parameter, best if len(best) == 1 else set(), known, why)
    return _following(kept, known)


def _following(found: Mapping[Slot, Proposal], known: Known) -> dict[Slot, Proposal]:
    """Take back what follows from a URL that is not there, or does not follow from the one that is."""
    url = own_url(found.values(), known.scheme)
    parts = {"path": urlsplit(url).path, "last_part": url.rpartition("/")[2]}
    kept = {}
    for slot, proposal in found.items():
        follows = [use for use in _uses(proposal, "url") if use.value is None]
        if all(parts[use.form] == use.text for use in follows):
            kept[slot] = proposal
        else:
            known.why_kept[slot] = "it looks like a part of the URL, but is none"
    return kept


def own_url(proposals: Iterable[Proposal], scheme: str) -> str:
    """Return the URL that an example fetches; where it has only the path of one, a URL with that path.

    Args:
        proposals: what its values are taken for.
        scheme: of the URLs that the runtime composes.
    """
    uses = [use for proposal in proposals for use in _uses(proposal, "url")]
    whole = [str(use.value) for use in uses if use.value is not None]
    paths = [use.text for use in uses if use.form == "path"]
    if whole:
        return whole[0]
    return f"{scheme}://localhost{paths[0]}" if paths else ""


def without(
    found: Mapping[Slot, Proposal], parameter: str, values: AbstractSet[Value], known: Known, why: str
) -> dict[Slot, Proposal]:
    """Return proposals in which only ``values`` are taken for ``parameter``; other text stays text.

    Args:
        found: the proposals.
        parameter: its name.
        values: those that are believed.
        known: notes why a value is kept.
        why: what cannot be told.
    """
    kept = {}
    for slot, proposal in found.items():
        wrong = [
            use for use in _uses(proposal, parameter) if use.value is not None and use.value not in values
        ]
        if not wrong:
            kept[slot] = proposal
            continue
        # The host beside another port is that of another listener.
        pieces = () if parameter == "port" else proposal.pieces
        mended = tuple(Text(piece.text) if piece in wrong else piece for piece in pieces)
        if parameters_in(mended):
            kept[slot] = replace(proposal, pieces=mended)
        else:
            known.why_kept[slot] = f"{why}: another one is surer" if values else f"{why} cannot be told"
    return kept


def _uses(proposal: Proposal, parameter: str) -> list[Use]:
    return [piece for piece in proposal.pieces if isinstance(piece, Use) and piece.parameter == parameter]
