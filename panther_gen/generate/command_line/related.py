"""Values that other values of the examples say something about: their place, or the same value elsewhere."""

from __future__ import annotations

import posixpath
import re

from panther_gen.generate.command_line.flag_words import names_other_number, words_of
from panther_gen.generate.command_line.pieces import Piece, Text, Use
from panther_gen.generate.command_line.proposals import (
    LIKELY,
    NAMED,
    RELATED,
    Known,
    Proposal,
    Rule,
    addressed,
    one,
)
from panther_gen.generate.command_line.shapes import (
    as_address,
    as_port,
    as_url,
    file_holds,
    is_host,
    is_ip,
    looks_like_directory,
)
from panther_gen.generate.command_line.slots import Slot

__all__ = ["BY_PLACE", "BY_SAME_VALUE"]

#: Ports that ordinary users may bind begin here; two more are the web's own (RFC 9110, section 4.2).
_FIRST_USER_PORT = 1024
_WEB_PORTS = {80, 443}
#: Directories that are served; by itself, a bare word such as "static" may be a command of the program.
_SERVED = {"www", "htdocs", "wwwroot", "webroot", "docroot"}
_RECEIVED = {"out", "output", "outputs", "download", "downloads", "received"}
_SERVED_BELOW = {"public", "html", "static", "site", "web", "files"}


def _address(slot: Slot, known: Known) -> Proposal | None:
    """``127.0.0.1:4443`` by itself."""
    address = as_address(slot.value) if slot.is_positional else None
    if address is None:
        return None
    return addressed(slot, known, address, RELATED, "host and port")


def _host_before_port(slot: Slot, known: Known) -> Proposal | None:
    """``127.0.0.1 4443``, the port standing by itself."""
    following = known.positional_after(slot)
    if slot.is_variable or slot.before or following is None or as_port(following.value) is None:
        return None
    literal = is_ip(slot.value) or slot.value == "localhost" or slot.value in known.hosts
    named = slot.is_positional and known.role == "client" and is_host(slot.value) and "." in slot.value
    if not literal and not (named and not known.files.kind(slot.value)):
        return None
    return one(
        slot, known, known.address_parameter, slot.value, RELATED, "a host, and a port number behind it"
    )


def _port_behind_host(slot: Slot, known: Known) -> Proposal | None:
    number = as_port(slot.value) if slot.is_positional else None
    before = next(
        (each for each in known.slots if each.index == slot.index - 1 and not each.is_variable), None
    )
    if number is None or before is None or _host_before_port(before, known) is None:
        return None
    return one(slot, known, "port", number, RELATED, "a port number behind a host")


def _lone_host(slot: Slot, known: Known) -> Proposal | None:
    """An address by itself that no port follows."""
    if not slot.is_positional or not (is_ip(slot.value) or slot.value in known.hosts | {"localhost"}):
        return None
    return one(slot, known, known.address_parameter, slot.value, RELATED, "an address by itself")


def _lone_number(slot: Slot, known: Known) -> Proposal | None:
    """The only number by itself, where no other value is the port."""
    number = as_port(slot.value) if slot.is_positional else None
    if number is None or any(
        each.is_positional and each is not slot and as_port(each.value) is not None for each in known.slots
    ):
        return None
    if number < _FIRST_USER_PORT and number not in _WEB_PORTS:
        return None
    return one(slot, known, "port", number, LIKELY, "the only number by itself")


def _tls_file(slot: Slot, known: Known) -> Proposal | None:
    """A certificate or a key by itself."""
    if not slot.is_positional:
        return None
    names = {"certificate": "cert_file", "key": "key_file", "ca": "ca_file"}
    holds = file_holds(slot.value, known.files)
    if holds == "certificate" and known.role == "client":
        if slot.value not in known.certificates:
            known.why_kept[slot] = "the client's own certificate, or one that it trusts: that cannot be told"
            return None
        holds = "ca"
    if not holds:
        return _beside_a_key(slot, known)
    what = {"certificate": "a certificate", "key": "a key", "ca": "a certificate authority"}[holds]
    return one(slot, known, names[holds], slot.value, RELATED, f"{what}, as its name or content says")


def _beside_a_key(slot: Slot, known: Known) -> Proposal | None:
    """The one PEM file beside a key that nothing else tells is the key's certificate."""
    unclear = [
        each
        for each in known.slots
        if each.is_positional
        and re.fullmatch(r"[^,:;=|]+\.pem", each.value)
        and not file_holds(each.value, known.files)
    ]
    beside = [
        each
        for each in known.slots
        if each.is_positional
        and abs(each.index - slot.index) == 1
        and file_holds(each.value, known.files) == "key"
    ]
    if unclear != [slot] or len(beside) != 1 or known.role == "client":
        if slot in unclear:
            known.why_kept[slot] = "a certificate or a key: neither its name nor its content says which"
        return None
    return one(slot, known, "cert_file", slot.value, RELATED, "the file beside the key")


def _lone_directory(slot: Slot, known: Known) -> Proposal | None:
    """The only directory by itself, or under a letter, on a server; its name says that it is served."""
    if known.role != "server" or not _is_lone_directory(slot, known, _SERVED):
        return None
    below = "/" in slot.value
    sure = below and (known.files.kind(slot.value) == "directory" or slot.value.endswith("/"))
    words = words_of(posixpath.basename(slot.value.rstrip("/")))
    if not (sure and slot.is_positional) and words.isdisjoint(_SERVED | _SERVED_BELOW if below else _SERVED):
        if slot.is_positional:
            known.why_kept[slot] = "a file, a directory or a word; if it is a directory, end it in a slash"
        return None
    return one(slot, known, "www_dir", slot.value, RELATED, "the only directory, as its name says")


def _lone_place(slot: Slot, known: Known) -> Proposal | None:
    """The only directory under a letter, on a client, whose name says that something is received there."""
    if known.role != "client" or slot.is_positional or not _is_lone_directory(slot, known, _RECEIVED):
        return None
    if words_of(posixpath.basename(slot.value.rstrip("/"))).isdisjoint(_RECEIVED):
        return None
    return one(slot, known, "download_dir", slot.value, RELATED, "the only directory, as its name says")


def _is_lone_directory(slot: Slot, known: Known, names: set[str]) -> bool:
    others = (each for each in known.slots if each is not slot)
    return _may_be_directory(slot, known, names) and not any(
        _may_be_directory(each, known, names) for each in others
    )


def _may_be_directory(slot: Slot, known: Known, names: set[str]) -> bool:
    lettered = len(slot.name) == 2 and "/" in slot.value
    return (slot.is_positional or lettered) and looks_like_directory(slot.value, known.files, names)


def _path_behind_port(slot: Slot, known: Known) -> Proposal | None:
    """``localhost 4443 /index.html``: the path of what is fetched."""
    if known.role != "client" or known.urls or "url" not in known.parameters or not slot.is_positional:
        return None
    before = [each for each in known.slots if each.index == slot.index - 1 and each.is_positional]
    if not before or (_port_behind_host(before[0], known) is None and _address(before[0], known) is None):
        return None
    if not re.fullmatch(r"/[^?#\s]*", slot.value) or known.files.kind(slot.value):
        return None
    return Proposal(slot, (Use("url", slot.value, None, "path"),), RELATED, "a path below the server's root")


def _same_port(slot: Slot, known: Known) -> Proposal | None:
    """A number that is the port elsewhere."""
    number = as_port(slot.value)
    if number is None or number not in known.ports or names_other_number(slot.name):
        return None
    if number < _FIRST_USER_PORT and not slot.is_positional:
        return None
    return one(slot, known, "port", number, RELATED, "the same number is the port elsewhere")


def _same_address(slot: Slot, known: Known) -> Proposal | None:
    """``HOST:PORT`` with the port that is known from elsewhere."""
    address = as_address(slot.value)
    if address is None or address.port not in known.ports or names_other_number(slot.name):
        return None
    return addressed(slot, known, address, RELATED, "its number is the port elsewhere")


def _same_authority(slot: Slot, known: Known) -> Proposal | None:
    """A URL that is not fetched, but has the host and the port of the one that is."""
    url = as_url(slot.value)
    if url is None or url.address is None or url.address.port not in known.ports:
        return None
    if known.role != "client" or url.host not in known.hosts:
        return None
    around = {"before": f"{url.scheme}://", "after": url.rest}
    return addressed(slot, known, url.address, RELATED, "host and port of the URL", **around)


def _port_within(slot: Slot, known: Known) -> Proposal | None:
    """``localhost:4443:127.0.0.1`` and ``TCP-LISTEN:4443,fork``: the known port behind a colon."""
    if re.search(r"\s", slot.value) or "://" in slot.value:
        return None
    for port in sorted(known.ports):
        parts = re.split(rf"(?<=:){port}(?![\w.])", slot.value)
        if port >= _FIRST_USER_PORT and len(parts) == 2 and slot.value.count(str(port)) == 1:
            pieces: list[Piece] = [*_host_within(parts[0], known), Use("port", str(port), port)]
            pieces += [Text(parts[1])] if parts[1] else []
            return Proposal(slot, tuple(pieces), RELATED, "its number is the port elsewhere")
    return None


def _host_within(text: str, known: Known) -> list[Piece]:
    """Take a host out of the text before the port's colon: ``TCP:localhost:``."""
    front, colon, host = text.removesuffix(":").rpartition(":")
    literal = host == "localhost" or (is_ip(host) and "." in host)
    if literal or (host in known.hosts and ":" not in host):
        before: list[Piece] = [Text(front + colon)] if colon else []
        return [*before, Use(known.address_parameter, host, host), Text(":")]
    return [Text(text)]


def _file_of_url(slot: Slot, known: Known) -> Proposal | None:
    """``-o out/index.html`` beside ``https://localhost/index.html``: where the client writes the file."""
    directory, name = posixpath.split(slot.value)
    if known.role != "client" or not name or slot.value != posixpath.join(directory, name):
        return None
    same = [path for path in known.paths if path.rpartition("/")[2] == name and path != slot.value]
    if not same or "url" not in known.parameters or "://" in slot.value:
        return None
    where = Use("download_dir", slot.value.removesuffix(name), directory, "directory")
    return Proposal(slot, (where, Use("url", name, None, "last_part")), NAMED, "the file that the URL names")


#: What a value's place says.
BY_PLACE: tuple[Rule, ...] = (
    _address, _host_before_port, _port_behind_host, _tls_file, _lone_host, _lone_number, _lone_directory,
    _lone_place, _path_behind_port,
)  # fmt: skip
#: What the same value elsewhere says, once the port is known.
BY_SAME_VALUE: tuple[Rule, ...] = (_file_of_url, _same_port, _same_address, _same_authority, _port_within)
