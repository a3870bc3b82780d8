"""Values that the name beside them and their own shape agree on."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from panther_gen.generate.command_line.flag_words import meanings_of, names_other_url, words_of
from panther_gen.generate.command_line.named_files import (
    NO_VALUE,
    ca,
    cert,
    directory,
    download,
    file,
    key,
    www,
)
from panther_gen.generate.command_line.pieces import Use
from panther_gen.generate.command_line.proposals import (
    NAMED,
    RELATED,
    Known,
    Proposal,
    addressed,
    one,
)
from panther_gen.generate.command_line.shapes import (
    Address,
    Url,
    as_address,
    as_port,
    as_url,
    is_host,
    is_ip,
)
from panther_gen.generate.command_line.slots import Slot

__all__ = ["by_name", "by_url"]

#: Ports that ordinary users may bind (RFC 6335, section 6), and the web's own two.
_PORTS_IN_USE = {80, 443, *range(1024, 65536)}
#: Where OpenSSL, Go and others look for the authorities that they trust.
_TRUST_VARIABLES = {"SSL_CERT_FILE"}


def by_name(slot: Slot, known: Known) -> Proposal | None:
    """Propose what the name of a value's option or variable says, if the value has the shape of it."""
    if slot.is_variable and slot.name in _TRUST_VARIABLES:
        return ca(slot, known)
    for meaning in meanings_of(slot.name, known.role) if slot.name else ():
        proposal = _RULES[meaning](slot, known)
        if proposal is not None:
            return proposal
    return None


def by_url(slot: Slot, known: Known) -> Proposal | None:
    """Propose what a URL is: what a client fetches, or where a server listens."""
    url = as_url(slot.value)
    if url is None or names_other_url(slot.name):
        return _without_scheme(slot, known)
    meanings = meanings_of(slot.name, known.role)
    if known.role == "server":
        if url.address is None or not (slot.is_positional or {"listen", "port"} & set(meanings)):
            return None
        return _composed(slot, known, url, NAMED)
    others = [each for each, _ in known.urls if each is not slot and not names_other_url(each.name)]
    meant = slot.is_positional or bool({"url", "connect"} & set(meanings))
    # A letter such as -k may take no value; a longer name that means something else has the URL for value.
    elsewhere = bool(meanings) and len(slot.name.lstrip("-")) > 1
    if not meant and (others or elsewhere or slot.before.startswith("--") or slot.is_variable):
        return None
    if any(other.value != slot.value for other in others):
        known.why_kept[slot] = "there are several URLs: which of them is fetched cannot be told"
        return _composed(slot, known, url, RELATED) if url.address else None
    if "url" not in known.parameters:
        return _composed(slot, known, url, NAMED) if url.address else None
    reason = "a URL" if meant else "the only URL"
    same = url.scheme == known.scheme
    use = Use("url", slot.value, slot.value, "plain" if same else "scheme", "" if same else url.scheme)
    return Proposal(slot, (use,), NAMED if meant else RELATED, reason)


def _without_scheme(slot: Slot, known: Known) -> Proposal | None:
    """Take ``localhost:8080/index.html``, by itself on a client, apart."""
    url = dict(known.bare_urls).get(slot)
    if url is None or url.address is None or url.path != url.rest or known.urls:
        return None
    around = addressed(slot, known, url.address, NAMED, "a URL without its scheme")
    return replace(around, pieces=(*around.pieces, Use("url", url.rest, None, "path")))


def _composed(slot: Slot, known: Known, url: Url, strength: int) -> Proposal:
    assert url.address is not None
    around = {"before": f"{url.scheme}://", "after": url.rest}
    return addressed(slot, known, url.address, strength, "a URL with host and port", **around)


def _port(slot: Slot, known: Known) -> Proposal | None:
    number = as_port(slot.value)
    if number is not None:
        return one(slot, known, "port", number, NAMED, f"a port number, named {slot.name}")
    address = as_address(slot.value)
    return _named_address(slot, known, address) if address else None


def _listen(slot: Slot, known: Known) -> Proposal | None:
    address = as_address(slot.value)
    if address is not None:
        return _named_address(slot, known, address)
    number = as_port(slot.value)
    if number is not None:
        # "--endpoint 5" and "-a 5000" are numbers of something.
        sure = number in _PORTS_IN_USE and not words_of(slot.name) <= {"ip", "host", "a", "h", "i", "s", "b"}
        return one(slot, known, "port", number, NAMED, f"a port number, named {slot.name}") if sure else None
    return _host(slot, known)


def _host(slot: Slot, known: Known) -> Proposal | None:
    bare = slot.value[1:-1] if slot.value.startswith("[") and slot.value.endswith("]") else slot.value
    literal = is_ip(bare) or bare == "localhost" or bare in known.hosts
    if not literal and not (_names_a_host(slot.name) and _may_be_host(bare, known)):
        return None
    if bare != slot.value:
        reason = f"an address in brackets, named {slot.name}"
        use = Use(known.address_parameter, slot.value, bare, "before_port")
        return Proposal(slot, (use,), NAMED, reason) if ":" in bare else None
    # Of -H localhost and -s 127.0.0.1:4443, the second says more.
    strength = NAMED if len(slot.name.lstrip("-")) > 1 else RELATED
    return one(slot, known, known.address_parameter, slot.value, strength, f"a host, named {slot.name}")


def _names_a_host(name: str) -> bool:
    """Tell whether a name is that of a host for sure; a "server" or "target" may be a file as well."""
    return bool(words_of(name) & {"host", "hostname", "addr", "address", "connect", "bind", "listen", "ip"})


def _may_be_host(text: str, known: Known) -> bool:
    other = text.lower() in NO_VALUE | {"all", "any"} or text.isdigit() or bool(known.files.kind(text))
    return is_host(text) and not other


def _named_address(slot: Slot, known: Known, address: Address) -> Proposal:
    return addressed(slot, known, address, NAMED, f"host and port, named {slot.name}")


def _sni(slot: Slot, known: Known) -> Proposal | None:
    usable = is_host(slot.value) and not slot.value.isdigit()
    return (
        one(slot, known, "server_name", slot.value, NAMED, f"a name, named {slot.name}") if usable else None
    )


def _alpn(slot: Slot, known: Known) -> Proposal | None:
    usable = re.fullmatch(r"[A-Za-z][\w./-]*", slot.value)
    return one(slot, known, "alpn", slot.value, NAMED, f"a protocol, named {slot.name}") if usable else None


def _count(slot: Slot, known: Known) -> Proposal | None:
    usable = re.fullmatch(r"[1-9][0-9]{0,8}", slot.value) and "count" in known.parameters
    return (
        one(slot, known, "count", int(slot.value), NAMED, f"a number, named {slot.name}") if usable else None
    )


def _interval(slot: Slot, known: Known) -> Proposal | None:
    usable = re.fullmatch(r"[0-9]{1,6}\.[0-9]{1,6}", slot.value) and str(float(slot.value)) == slot.value
    if not usable or "interval" not in known.parameters:
        return None
    return one(slot, known, "interval", float(slot.value), NAMED, f"seconds, named {slot.name}")


def _path(slot: Slot, known: Known) -> Proposal | None:
    """Take a path for that of the URL that is fetched, where the example has no URL."""
    usable = re.fullmatch(r"/[^?#\s]*", slot.value) and not known.files.kind(slot.value)
    if not usable or slot.is_variable or "url" not in known.parameters:
        return None
    use = Use("url", slot.value, None, "path")
    return Proposal(slot, (use,), NAMED, f"a path below the server's root, named {slot.name}")


def _no_rule(slot: Slot, known: Known) -> Proposal | None:
    return None  # a URL has the shape of nothing else: by_url


_RULES: dict[str, Callable[[Slot, Known], Proposal | None]] = {
    "alpn": _alpn,
    "ca": ca,
    "cert": cert,
    "connect": _listen,
    "count": _count,
    "download": download,
    "interval": _interval,
    "key": key,
    "keylog": file("keylog_file"),
    "listen": _listen,
    "log": directory("log_dir"),
    "path": _path,
    "payload": file("payload_file"),
    "port": _port,
    "qlog": directory("qlog_dir"),
    "sni": _sni,
    "url": _no_rule,
    "www": www,
}
