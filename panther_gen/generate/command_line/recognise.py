"""Recognising: what the values of one or two examples are taken for, and what is kept as it was written.

A value is replaced only where the evidence leaves one meaning. First come the values whose name and shape
agree, then those whose place says it; together they decide which port is the server's. That number, hosts
and files that are named twice then tell more. Of two different values for one parameter neither is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from panther_gen.generate.command_line.choosing import chosen, chosen_port, without
from panther_gen.generate.command_line.flag_words import meanings_of
from panther_gen.generate.command_line.named import by_name, by_url
from panther_gen.generate.command_line.parameters import default_scheme, parameters_of
from panther_gen.generate.command_line.pieces import parameters_in
from panther_gen.generate.command_line.proposals import Known, Proposal, Rule
from panther_gen.generate.command_line.related import BY_PLACE, BY_SAME_VALUE
from panther_gen.generate.command_line.shapes import Files
from panther_gen.generate.command_line.slots import Slot, slots_of
from panther_gen.generate.command_line.transports import by_transport
from panther_gen.generate.command_line.words import Word

__all__ = ["Finding", "recognised"]


@dataclass(frozen=True)
class Finding:
    """A value of an example: what it is taken for, or why it is kept."""

    slot: Slot
    proposal: Proposal | None
    """None: it is kept as it was written."""

    reason: str


def recognised(
    protocol: str, roles: Mapping[str, tuple[Sequence[Word], Sequence[Word]]], files: Files
) -> dict[str, list[Finding]]:
    """Return what the values of examples are taken for, by role and in their order.

    Args:
        protocol: what the programs speak.
        roles: for each role that has an example, its arguments and the variables in front of it.
        files: what is there of the files that are named.
    """
    known = {role: _known(protocol, role, words, files) for role, words in roles.items()}
    _share_hosts(known)
    found = {role: _first(each) for role, each in known.items()}
    _share_certificates(known, found)
    for role, each in known.items():
        _look(found[role], each, (by_name, by_transport))
        _look(found[role], each, BY_PLACE)
    ports = chosen_port({role: list(each.values()) for role, each in found.items()}, known, protocol)
    for role, each in known.items():
        each.ports = ports[role]
        found[role] = without(found[role], "port", each.ports, each, "which of several ports is the server's")
        _look(found[role], each, BY_SAME_VALUE)
        found[role] = chosen(found[role], each)
    return {role: list(_findings(each, found[role])) for role, each in known.items()}


def _known(protocol: str, role: str, words: tuple[Sequence[Word], Sequence[Word]], files: Files) -> Known:
    arguments, variables = words
    return Known(
        role=role,
        scheme=default_scheme(protocol),
        parameters=parameters_of(protocol, role),
        files=files,
        slots=slots_of(arguments, variables),
        texts=[word.text for word in arguments],
    )


def _share_hosts(known: Mapping[str, Known]) -> None:
    """Let a client's URLs say which words are hosts."""
    client = known.get("client")
    if client is not None:
        client.hosts = frozenset(url.host for _, url in client.urls)


def _first(known: Known) -> dict[Slot, Proposal]:
    found: dict[Slot, Proposal] = {}
    _look(found, known, (by_url, by_name))
    return found


def _share_certificates(known: Mapping[str, Known], found: Mapping[str, Mapping[Slot, Proposal]]) -> None:
    """Let the server's certificate be known to the client that trusts it."""
    if {"server", "client"} <= known.keys():
        known["client"].certificates = frozenset(
            slot.value
            for slot, proposal in found["server"].items()
            if parameters_in(proposal.pieces) == ["cert_file"]
        )


def _look(found: dict[Slot, Proposal], known: Known, rules: Iterable[Rule]) -> None:
    for slot in known.slots:
        for rule in rules if slot not in found else ():
            proposal = rule(slot, known)
            if proposal is not None:
                found[slot] = proposal
                break


def _findings(known: Known, found: Mapping[Slot, Proposal]) -> Iterable[Finding]:
    for slot in known.slots:
        proposal = found.get(slot)
        if proposal is None:
            yield Finding(slot, None, known.why_kept.get(slot) or _unplaced(slot, known.role))
        else:
            yield Finding(slot, replace(proposal, slot=slot), proposal.reason)


def _unplaced(slot: Slot, role: str) -> str:
    if "port" in meanings_of(slot.name, role) and re.fullmatch(r"[+-]?\d+", slot.value):
        return "no port that a server can be given: a number from 1 to 65535, without zeros in front"
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*@", slot.value):
        return "a URL with a user's name; no parameter holds one, and it stands in the plugin's source"
    if slot.value.startswith("unix:") or re.search(r"/[^/]*\.sock(?:et)?$", slot.value):
        return "a socket in the file system; what the bench gives is a port"
    relative = "/" in slot.value and not slot.value.startswith("/") and "://" not in slot.value
    where = "; a relative path, from where a run is started" if relative else ""
    return f"nothing says what it is{where}"
