"""What a value may be taken for, with how sure that is and why; and what is known beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from panther_gen.generate.command_line.parameters import Parameter, Value
from panther_gen.generate.command_line.pieces import Form, Piece, Text, Use
from panther_gen.generate.command_line.shapes import Address, Files, Url, as_url
from panther_gen.generate.command_line.slots import Slot

__all__ = ["LIKELY", "NAMED", "RELATED", "Known", "Proposal", "Rule", "addressed", "one"]

#: How sure: its name and its shape agree; other values of the example confirm it; nothing else can be meant.
NAMED, RELATED, LIKELY = 3, 2, 1


@dataclass(frozen=True)
class Proposal:
    """What one value is taken for."""

    slot: Slot
    pieces: tuple[Piece, ...]
    """The value, without what stands before it in the same word."""

    strength: int
    reason: str


@dataclass
class Known:
    """What is known of one example when a value is looked at."""

    role: str
    scheme: str
    """Of the URLs that the runtime composes; empty: it composes none."""

    parameters: Mapping[str, Parameter]
    files: Files
    slots: Sequence[Slot]
    texts: Sequence[str]
    """The arguments as they were written."""

    ports: frozenset[int] = frozenset()
    """Of the server, as far as this example or the other one says."""

    hosts: frozenset[str] = frozenset()
    certificates: frozenset[str] = frozenset()
    """What the server's example names as its certificate."""

    why_kept: dict[Slot, str] = field(default_factory=dict)
    """For values that look like something: why they are kept all the same."""

    @property
    def address_parameter(self) -> str:
        """The parameter that an address is: where a server listens, or where a client finds it."""
        return "bind_address" if self.role == "server" else "host"

    @property
    def urls(self) -> list[tuple[Slot, Url]]:
        """The values that are URLs."""
        found = ((slot, as_url(slot.value)) for slot in self.slots)
        return [(slot, url) for slot, url in found if url is not None]

    @property
    def bare_urls(self) -> list[tuple[Slot, Url]]:
        """A client's values that are URLs but for the scheme: ``localhost:8080/index.html``."""
        if self.role != "client" or not self.scheme:
            return []
        found = [(slot, as_url(f"{self.scheme}://{slot.value}")) for slot in self.slots if slot.is_positional]
        return [(slot, url) for slot, url in found if url and url.address and len(url.path) > 1]

    @property
    def paths(self) -> list[str]:
        """What follows the host in each URL, with a scheme or without."""
        return [url.rest for _, url in (*self.urls, *self.bare_urls)]

    def positional_after(self, slot: Slot, steps: int = 1) -> Slot | None:
        """Return the value that stands ``steps`` words behind, if it stands by itself."""
        following = (each for each in self.slots if not each.is_variable and each.index == slot.index + steps)
        found = next(following, None)
        return found if found is not None and found.is_positional and not slot.is_variable else None


Rule = Callable[[Slot, Known], Proposal | None]


def one(
    slot: Slot,
    known: Known,
    parameter: str,
    value: Value,
    strength: int,
    reason: str,
    *,
    form: Form = "plain",
) -> Proposal | None:
    """Propose that the whole value is one parameter; None, with a note, if the protocol has it not."""
    if parameter not in known.parameters:
        known.why_kept.setdefault(slot, f"it would be '{parameter}', which this protocol has not")
        return None
    return Proposal(slot, (Use(parameter, slot.value, value, form),), strength, reason)


def addressed(
    slot: Slot, known: Known, address: Address, strength: int, reason: str, **around: str
) -> Proposal:
    """Propose that a value is host and port; ``before`` and ``after`` are text around the two."""
    name = known.address_parameter
    written = f"[{address.host}]" if address.bracketed else address.host
    host: list[Piece] = []
    if address.host in {"", "*"}:
        host = [Text(address.host)] if address.host else []
    else:
        host = [Use(name, written, address.host, "before_port" if _can_return(address) else "plain")]
        if address.bracketed and not _can_return(address):
            host = [Text("["), *host, Text("]")]
    pieces = [
        Text(around.get("before", "")), *host, Text(":"), Use("port", str(address.port), address.port),
        Text(around.get("after", "")),
    ]  # fmt: skip
    kept = tuple(piece for piece in pieces if not isinstance(piece, Text) or piece.text)
    return Proposal(slot, kept, strength, reason)


def _can_return(address: Address) -> bool:
    """Tell whether brackets stand exactly where an IPv6 address has them."""
    return address.bracketed == (":" in address.host)
