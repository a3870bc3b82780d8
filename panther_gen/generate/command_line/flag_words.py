"""What the name of an option, a variable or a file says, word by word.

A name means something only if *every* word of it is accounted for: ``--cert-file`` is a certificate,
``--cert-expiry`` is not, and ``--metrics-port`` is some other port. The words are those that programs in
general use; no program is known by name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

__all__ = ["Meaning", "is_switch", "meanings_of", "names_other_number", "names_other_url", "words_of"]

#: What a value may be.
Meaning = str


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: Words that say nothing about which value it is.
_NEUTRAL = _set("file path name tls ssl quic http https h2 h3 http2 http3 pem x509 default the to for use")
_PROTOCOL_WORDS = _set("tls ssl quic http https h2 h3 http2 http3 udp tcp ipv4 ipv6")

#: An option with one of these takes no value: what follows it is an argument of its own.
_SWITCH_WORDS = _set(
    "no not quiet verbose debug insecure silent daemon foreground enable disable enabled disabled without "
    "only force skip help version v vv vvv q"
)
#: Numbers that are no ports, whatever number it is.
_OTHER_NUMBERS = _set(
    "timeout size window max min num number count level threads thread workers worker rate limit bytes "
    "seconds sec ms time retries backlog buffer mtu streams conns connections requests depth length bits ttl "
    "delay duration interval weight priority id pid uid gid user local source src client metrics admin "
    "config conf configuration verbosity log loglevel"
)
#: URLs that are not what a client fetches.
_OTHER_URLS = _set(
    "proxy proxies referer referrer origin dns doh header metrics telemetry webhook callback issuer ocsp log "
    "upstream backend tracing agent user"
)


@dataclass(frozen=True)
class _Concept:
    """A meaning, the words that each make it, and those that may stand beside them."""

    meaning: Meaning
    cores: str
    """Alternatives, with commas between; each is one or more words that must all be there."""

    beside: str = ""
    roles: tuple[str, ...] = ("server", "client")


#: In this order, as ``--cert-key`` is a key.
_CONCEPTS = (
    _Concept("keylog", "keylog, key log, secrets log, secrets, sslkeylog", "export master output out write"),
    _Concept("qlog", "qlog, quic log", "output out dir directory folder"),
    _Concept("log", "log, logs, logging", "dir directory folder"),
    _Concept(
        "ca",
        "ca, cas, cacert, trust, trusted, truststore, root cert, root certs, root certificate, anchor",
        "cert certs certificate certificates bundle root roots store chain verify trust anchor list",
    ),
    _Concept(
        "key", "key, pkey, privkey, priv, privatekey", "private priv cert certificate server rsa ecdsa ec"
    ),
    _Concept(
        "cert", "cert, certs, certificate, certificates, crt, fullchain", "chain public full leaf server"
    ),
    _Concept("sni", "sni, servername, server name, tls hostname", "server indication", ("client",)),
    _Concept("alpn", "alpn", "protocol protocols proto protos list"),
    _Concept("port", "port", "listen listening bind udp tcp server service local on", ("server",)),
    _Concept(
        "port", "port", "udp tcp server service remote peer dest destination target connect", ("client",)
    ),
    _Concept(
        "listen",
        "listen, listener, listening, bind, addr, address, accept, host, ip, endpoint",
        "listen bind host ip addr address udp tcp server local on v4 v6 ipv4 ipv6",
        ("server",),
    ),
    _Concept(
        "connect",
        "connect, host, hostname, server, remote, peer, target, addr, address, ip, destination, endpoint",
        "host hostname addr address ip udp tcp server remote peer target v4 v6 ipv4 ipv6",
        ("client",),
    ),
    _Concept(
        "www",
        "www, root, htdocs, docroot, webroot, wwwroot, serve, static, public, site, html, content, dir, "
        "directory, folder, doc, docs, document, documents, files",
        "doc docs document documents web base content static files dir directory folder root serve site www "
        "public server",
        ("server",),
    ),
    _Concept(
        "download",
        "output, out, download, downloads, dest, destination, save, dir, directory, folder",
        "out output download downloads dest destination save dir directory folder into document documents",
        ("client",),
    ),
    _Concept(
        "url", "url, urls, uri, uris, request, requests", "fetch get target server request", ("client",)
    ),
    _Concept("count", "count, pings, packets", "ping packet", ("client",)),
    _Concept("interval", "interval, period", "ping packet", ("client",)),
    _Concept("payload", "send, payload, input, data", "in data payload input", ("client",)),
    _Concept("path", "path, resource, request", "request uri url", ("client",)),
)
#: What one letter may mean, if the value agrees.
_LETTERS = {
    "server": {"p": "port", "c": "cert", "k": "key", "d": "www", "r": "www", "w": "www", "l": "listen",
               "b": "listen", "a": "listen", "h": "listen", "i": "listen", "s": "listen"},
    "client": {"p": "port", "c": "cert", "k": "key", "d": "download", "o": "download", "h": "connect",
               "s": "connect", "a": "connect", "u": "url"},
}  # fmt: skip

#: Longer words are no names of options or files, and are not taken apart.
_LONGEST_NAME = 64
_VOCABULARY = (
    frozenset(
        word
        for concept in _CONCEPTS
        for word in re.findall(r"[a-z0-9]+", f"{concept.cores} {concept.beside}")
        if len(word) > 1
    )
    | _NEUTRAL
    | frozenset(["web", "full", "leaf", "local"])
)


@cache
def meanings_of(name: str, role: str) -> tuple[Meaning, ...]:
    """Return what the name of an option or a variable may mean, the likeliest first.

    Args:
        name: as it was written, with its dashes.
        role: ``server`` or ``client``, which decides on ``-d`` and ``--host``.
    """
    bare = name.lstrip("-")
    if len(bare) == 1:
        meaning = _LETTERS[role].get(bare.lower())
        return (meaning,) if meaning else ()
    words = words_of(bare)
    found = (concept.meaning for concept in _CONCEPTS if role in concept.roles and _fits(concept, words))
    return tuple(dict.fromkeys(found))


def _fits(concept: _Concept, words: frozenset[str]) -> bool:
    allowed = _NEUTRAL | frozenset(concept.beside.split())
    cores = (frozenset(core.split()) for core in concept.cores.split(","))
    return any(core <= words and words - core <= allowed for core in cores)


def is_switch(name: str) -> bool:
    """Tell whether the name of an option says that it takes no value: ``--no-tls``, ``-v``, ``--http3``."""
    words = words_of(name.lstrip("-"))
    return bool(words) and (bool(words & _SWITCH_WORDS) or words <= _PROTOCOL_WORDS)


def names_other_number(name: str) -> bool:
    """Tell whether a number under this name is surely no server's port."""
    return not words_of(name.lstrip("-")).isdisjoint(_OTHER_NUMBERS)


def names_other_url(name: str) -> bool:
    """Tell whether a URL under this name is surely not what a client fetches."""
    return not words_of(name.lstrip("-")).isdisjoint(_OTHER_URLS)


@cache
def words_of(name: str) -> frozenset[str]:
    """Return the words of a name, in lower case: of ``certFile``, ``cert_file`` and ``CERTFILE`` the same."""
    words: set[str] = set()
    for chunk in re.findall(r"[A-Za-z0-9]+", name):
        words.update(_segments(chunk.lower()) or _by_capitals(chunk))
    return frozenset(words)


def _by_capitals(chunk: str) -> list[str]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", chunk).lower()
    # A number at the end of a word counts copies: cert1, server2.
    return [word.rstrip("0123456789") or word for word in spaced.split()]


def _segments(text: str) -> tuple[str, ...]:
    """Return the fewest known words that ``text`` is put together from; empty if it is not."""
    if len(text) > _LONGEST_NAME:
        return ()
    best: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(1, len(text) + 1):
        made = [
            (*best[start], text[start:end])
            for start in range(end)
            if start in best and text[start:end] in _VOCABULARY
        ]
        if made:
            best[end] = min(made, key=len)
    return best.get(len(text), ())
