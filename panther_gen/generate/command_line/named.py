"""Values that the name beside them and their own shape agree on."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from panther_gen.generate.command_line.flag_words import meanings_of, names_other_url, words_of
from panther_gen.generate.command_line.pieces import Text, Use
from panther_gen.generate.command_line.proposals import (
    LIKELY,
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
    file_holds,
    is_host,
    is_ip,
    looks_like_directory,
    looks_like_file,
)
from panther_gen.generate.command_line.slots import Slot

__all__ = ["by_name", "by_url"]

#: What directories are called that are served, and those that are written into.
_SERVED = {
    "www", "htdocs", "public", "html", "static", "site", "web", "content", "docs", "root", "wwwroot",
    "webroot", "files", "srv", "data",
}  # fmt: skip
_RECEIVED = {
    "out", "output", "outputs", "download", "downloads", "dl", "received", "recv", "results", "tmp", "temp",
    "dest", "destination", "saved", "save", "files",
}  # fmt: skip
#: Options whose value is said to be something else than a file, or none.
_NO_FILE = frozenset({"-", "true", "false", "yes", "no", "on", "off", "auto", "none", ""})
#: Where OpenSSL, Go and others look for the authorities that they trust.
_TRUST_VARIABLES = {"SSL_CERT_FILE"}


def by_name(slot: Slot, known: Known) -> Proposal | None:
    """Propose what the name of a value's option or variable says, if the value has the shape of it."""
    if slot.is_variable and slot.name in _TRUST_VARIABLES:
        return _ca(slot, known)
    for meaning in meanings_of(slot.name, known.role) if slot.name else ():
        proposal = _RULES[meaning](slot, known)
        if proposal is not None:
            return proposal
    return None


def by_url(slot: Slot, known: Known) -> Proposal | None:
    """Propose what a URL is: what a client fetches, or where a server listens."""
    url = as_url(slot.value)
    if url is None or names_other_url(slot.name):
        return None
    meanings = meanings_of(slot.name, known.role)
    if known.role == "server":
        if url.address is None or not (slot.is_positional or {"listen", "port"} & set(meanings)):
            return None
        return _composed(slot, known, url, NAMED)
    others = [each for each, _ in known.urls if each is not slot and not names_other_url(each.name)]
    meant = slot.is_positional or bool({"url", "connect"} & set(meanings))
    if not meant and (others or slot.before.startswith("--") or slot.is_variable):
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
        # "--ip 5" and "-a 5" mean a number of something; below 1024 only a longer name is believed.
        sure = not words_of(slot.name) <= {"ip", "host", "a", "h", "i", "s", "b"}
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
    return one(slot, known, known.address_parameter, slot.value, NAMED, f"a host, named {slot.name}")


def _names_a_host(name: str) -> bool:
    """Tell whether a name is that of a host for sure; a "server" or "target" may be a file as well."""
    return bool(words_of(name) & {"host", "hostname", "addr", "address", "connect", "bind", "listen", "ip"})


def _may_be_host(text: str, known: Known) -> bool:
    other = text.lower() in _NO_FILE | {"all", "any"} or text.isdigit() or bool(known.files.kind(text))
    return is_host(text) and not other


def _named_address(slot: Slot, known: Known, address: Address) -> Proposal:
    return addressed(slot, known, address, NAMED, f"host and port, named {slot.name}")


def _cert(slot: Slot, known: Known) -> Proposal | None:
    if not _is_file_named(slot, known, "certificate"):
        return None
    if known.role == "server":
        return one(slot, known, "cert_file", slot.value, NAMED, f"a file, named {slot.name}")
    has_key = any("key" in meanings_of(each.name, known.role) for each in known.slots if each.name)
    if has_key:
        return one(
            slot, known, "cert_file", slot.value, NAMED, f"a file, named {slot.name}, with a key beside it"
        )
    if slot.value in known.certificates or file_holds(slot.value, known.files) == "ca":
        return one(slot, known, "ca_file", slot.value, RELATED, "the certificate that the client trusts")
    known.why_kept[slot] = "the client's own certificate, or one that it trusts: that cannot be told"
    return None


def _key(slot: Slot, known: Known) -> Proposal | None:
    if not _is_file_named(slot, known, "key"):
        return None
    return one(slot, known, "key_file", slot.value, NAMED, f"a file, named {slot.name}")


def _ca(slot: Slot, known: Known) -> Proposal | None:
    if not _is_file_named(slot, known, "ca"):
        return None
    return one(slot, known, "ca_file", slot.value, NAMED, f"a file, named {slot.name}")


def _is_file_named(slot: Slot, known: Known, holds: str) -> bool:
    """Tell whether a value is a file; under a name of one letter, one that holds what the letter says."""
    value = slot.value
    if value.lower() in _NO_FILE or as_port(value) is not None or value.isdigit() or "://" in value:
        return False
    if known.files.kind(value) == "directory" or value.endswith("/"):
        return False
    if len(slot.name.lstrip("-")) == 1:
        return file_holds(value, known.files) == holds
    return "." in value or "/" in value or known.files.kind(value) == "file"


def _www(slot: Slot, known: Known) -> Proposal | None:
    # A name such as --root says enough; of -d and one bare word, the word must say something too.
    told = len(slot.name.lstrip("-")) > 1 and _is_bare_word(slot.value)
    if not told and not looks_like_directory(slot.value, known.files, _SERVED):
        return None
    if told and looks_like_file(slot.value, known.files):
        return None
    return one(slot, known, "www_dir", slot.value, NAMED, f"a directory, named {slot.name}")


def _download(slot: Slot, known: Known) -> Proposal | None:
    told = bool(words_of(slot.name) & {"dir", "directory", "folder"}) and _is_bare_word(slot.value)
    if told or looks_like_directory(slot.value, known.files, _RECEIVED):
        there = known.files.kind(slot.value) == "directory" or told or slot.value.endswith("/")
        strength, doubt = (NAMED, "") if there else (RELATED, " (end it in a slash to be sure)")
        return one(
            slot, known, "download_dir", slot.value, strength, f"a directory, named {slot.name}{doubt}"
        )
    if not looks_like_file(slot.value, known.files) or slot.value.startswith("/dev/"):
        if _is_bare_word(slot.value):
            known.why_kept[slot] = "a file or a directory; if it is a directory, end it in a slash"
        return None
    directory, name = posixpath.split(slot.value)
    if posixpath.join(directory, name) != slot.value:
        return None
    if any(url.rest.endswith(f"/{name}") for _, url in known.urls):
        return None  # it follows from the URL: see related.py
    reason = f"a file, named {slot.name}; its name stays, whatever is fetched"
    use = Use("download_dir", slot.value.removesuffix(name), directory, "directory")
    return Proposal(slot, (use, Text(name)), LIKELY, reason) if use.parameter in known.parameters else None


def _is_bare_word(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z_][\w-]*", text))


def _directory(parameter: str) -> Callable[[Slot, Known], Proposal | None]:
    def rule(slot: Slot, known: Known) -> Proposal | None:
        told = bool(words_of(slot.name) & {"dir", "directory", "folder"}) and _is_bare_word(slot.value)
        if not told and not looks_like_directory(
            slot.value, known.files, {"logs", "log", "qlog", "qlogs", "out"}
        ):
            return None
        return one(slot, known, parameter, slot.value, NAMED, f"a directory, named {slot.name}")

    return rule


def _file(parameter: str) -> Callable[[Slot, Known], Proposal | None]:
    def rule(slot: Slot, known: Known) -> Proposal | None:
        if slot.value.startswith("/dev/") or not looks_like_file(slot.value, known.files):
            return None
        return one(slot, known, parameter, slot.value, NAMED, f"a file, named {slot.name}")

    return rule


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
    if (
        not re.fullmatch(r"/[^?#\s]*", slot.value)
        or known.files.kind(slot.value)
        or "url" not in known.parameters
    ):
        return None
    use = Use("url", slot.value, None, "path")
    return Proposal(slot, (use,), NAMED, f"a path below the server's root, named {slot.name}")


def _no_rule(slot: Slot, known: Known) -> Proposal | None:
    return None  # a URL has the shape of nothing else: by_url


_RULES: dict[str, Callable[[Slot, Known], Proposal | None]] = {
    "alpn": _alpn,
    "ca": _ca,
    "cert": _cert,
    "connect": _listen,
    "count": _count,
    "download": _download,
    "interval": _interval,
    "key": _key,
    "keylog": _file("keylog_file"),
    "listen": _listen,
    "log": _directory("log_dir"),
    "path": _path,
    "payload": _file("payload_file"),
    "port": _port,
    "qlog": _directory("qlog_dir"),
    "sni": _sni,
    "url": _no_rule,
    "www": _www,
}
