"""The parameters that an example's values can be taken for.

They are those of the runtime's base classes, in ``panther.plugins.services.base.parameters``, which the
generator does not import; a test compares the two. What a protocol has decides what a value can become.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Parameter", "Value", "default_scheme", "parameters_of"]

Value = str | int | float

_ROLES = ("server", "client")


@dataclass(frozen=True)
class Parameter:
    """A parameter of a service's command line."""

    name: str
    other: Value
    """A value for tests, which an example is unlikely to have."""

    roles: tuple[str, ...] = _ROLES
    """Whose examples it can be found in."""

    may_be_off: bool = False
    """Its default is the empty text, which means that the option is left out."""


_SERVER, _CLIENT = ("server",), ("client",)

_COMMON = (
    Parameter("host", "2001:db8::7", _CLIENT),
    Parameter("port", 14433),
    Parameter("bind_address", "192.0.2.1", _SERVER),
    Parameter("www_dir", "/srv/files", _SERVER),
    Parameter("download_dir", "/srv/received", _CLIENT),
    Parameter("log_dir", "/srv/logs"),
)
_TLS = (
    Parameter("cert_file", "/srv/tls/chain-1.pem"),
    Parameter("key_file", "/srv/tls/secret-1.pem"),
    Parameter("ca_file", "/srv/tls/authority-1.pem"),
    Parameter("server_name", "name.example", _CLIENT),
)
_QUIC = (
    *_TLS,
    Parameter("url", "https://peer.example:14433/path/one.bin", _CLIENT),
    Parameter("alpn", "h3-29"),
    Parameter("qlog_dir", "/srv/qlog", may_be_off=True),
    Parameter("keylog_file", "/srv/secrets.log", may_be_off=True),
)
_HTTP = (*_TLS, Parameter("url", "http://peer.example:14433/path/one.bin", _CLIENT))
_MINIP = (Parameter("count", 1009, _CLIENT), Parameter("interval", 0.375, _CLIENT))
_ECHO = (Parameter("payload_file", "/srv/sent.bin", _CLIENT, may_be_off=True),)

_BY_PROTOCOL = {"quic": _QUIC, "http": _HTTP, "minip": _MINIP}
_SCHEMES = {"quic": "https", "http": "http"}


def parameters_of(protocol: str, role: str) -> dict[str, Parameter]:
    """Return the parameters that an example of a role can have, by name.

    Args:
        protocol: a known protocol, or any other word: one of a person's own is like TCP.
        role: ``server`` or ``client``.
    """
    known = (*_COMMON, *_BY_PROTOCOL.get(protocol, _ECHO))
    return {parameter.name: parameter for parameter in known if role in parameter.roles}


def default_scheme(protocol: str) -> str:
    """Return the scheme of the URLs that the runtime composes for a protocol; empty: it composes none."""
    return _SCHEMES.get(protocol, "")
