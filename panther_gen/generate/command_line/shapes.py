"""What a value looks like, apart from what stands beside it."""

from __future__ import annotations

import ipaddress
import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from panther_gen.generate.command_line.flag_words import words_of

__all__ = [
    "Address",
    "Files",
    "FilesHere",
    "Url",
    "as_address",
    "as_port",
    "as_url",
    "file_holds",
    "is_host",
    "is_ip",
    "looks_like_directory",
    "looks_like_file",
]

_LAST_PORT = 65535
#: The longest host name in text, RFC 1035, section 2.3.4.
_HOST_LENGTH = 253
_LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")
_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#\s]*)(?P<rest>[/?#]\S*)?")
_HOST_AND_PORT = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s:/\[\]@]*):(?P<port>\d{1,5})")
_EXTENSION = re.compile(r"[^/.][^/]*\.[A-Za-z0-9]{1,8}")
_CONTENT_READ = 1 << 16

_KEY_WORDS = {"key", "priv", "private", "privkey", "secret", "pkey"}
_CA_WORDS = {"ca", "cacert", "cacerts", "authority", "root", "rootca", "trust", "trusted", "bundle"}
_CERT_WORDS = {"cert", "certs", "certificate", "crt", "chain", "fullchain", "leaf"}
_EXTENSIONS = {"key": "key", "crt": "certificate", "cer": "certificate"}
_ENCODINGS = {"pem", "der"}


class Files(Protocol):
    """What can be seen of the files that an example names."""

    def kind(self, path: str) -> str:
        """Return ``file``, ``directory`` or, where there is nothing, the empty string."""

    def beginning(self, path: str) -> str:
        """Return the beginning of a file, as text; empty if it cannot be read."""


class FilesHere:
    """The files of the working directory, in which the person would start the example."""

    def kind(self, path: str) -> str:
        """Return ``file``, ``directory`` or, where there is nothing, the empty string."""
        try:
            # The empty text is no path, though pathlib takes it for the working directory.
            return (
                ""
                if not path
                else "directory"
                if Path(path).is_dir()
                else "file"
                if Path(path).is_file()
                else ""
            )
        except (OSError, ValueError):
            return ""

    def beginning(self, path: str) -> str:
        """Return the beginning of a file, as text; empty if it cannot be read."""
        try:
            with Path(path).open("rb") as file:
                return file.read(_CONTENT_READ).decode("ascii", "replace")
        except (OSError, ValueError):
            return ""


@dataclass(frozen=True)
class Address:
    """``HOST:PORT``, as it was written."""

    host: str
    """Without brackets; empty in ``:4443``, and ``*`` where that is written."""

    bracketed: bool
    port: int


@dataclass(frozen=True)
class Url:
    """A URL with an authority."""

    scheme: str
    address: Address | None
    """None where the URL names no port."""

    host: str
    rest: str
    """What follows the authority: path, query and fragment."""

    @property
    def path(self) -> str:
        """What follows the authority, up to the query."""
        return re.split(r"[?#]", self.rest)[0]


def as_port(text: str) -> int | None:
    """Return the port that ``text`` is the number of, or None."""
    if re.fullmatch(r"[1-9][0-9]{0,4}", text) and int(text) <= _LAST_PORT:
        return int(text)
    return None


def as_address(text: str) -> Address | None:
    """Return ``text`` as host and port, or None; the host may be missing, as in ``:4443``."""
    match = _HOST_AND_PORT.fullmatch(text)
    port = as_port(match["port"]) if match else None
    if match is None or port is None:
        return None
    host = match["host"]
    bracketed = host.startswith("[")
    bare = host[1:-1] if bracketed else host
    if bracketed and not (is_ip(bare) and ":" in bare):
        return None
    # Two numbers are a range, or ports inside and outside of a container.
    usable = bare in {"", "*"} or (is_host(bare) and not bare.isdigit())
    return Address(bare, bracketed, port) if usable else None


def as_url(text: str) -> Url | None:
    """Return ``text`` as a URL, or None."""
    match = _URL.fullmatch(text)
    if match is None:
        return None
    authority, rest = match["authority"], match["rest"] or ""
    address = as_address(authority)
    host = address.host if address else authority.removeprefix("[").removesuffix("]")
    try:
        urlsplit(text)
    except ValueError:
        return None
    return Url(match["scheme"], address, host, rest) if host and is_host(host) else None


def is_ip(text: str) -> bool:
    """Tell whether ``text`` is an IP address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_host(text: str) -> bool:
    """Tell whether ``text`` can be the name or address of a host."""
    if is_ip(text):
        return True
    labels = text.removesuffix(".").split(".")
    return len(text) <= _HOST_LENGTH and all(_LABEL.fullmatch(label) for label in labels)


def looks_like_file(text: str, files: Files) -> bool:
    """Tell whether ``text`` is the path of a file: one that is there, or a name with an extension."""
    kind = files.kind(text)
    return kind == "file" or (not kind and bool(_EXTENSION.fullmatch(posixpath.basename(text))))


def looks_like_directory(text: str, files: Files, names: Iterable[str] = ()) -> bool:
    """Tell whether ``text`` is the path of a directory.

    Args:
        text: the value.
        files: what is there.
        names: words that the name of such a directory has, where the text is one bare word.
    """
    kind = files.kind(text)
    if kind or not text or text.startswith("/dev/"):
        return kind == "directory"
    # A sentence, a list or a setting, until something is there under that name.
    if re.search(r"[\n\t:=,;|<>'\"]", text) or as_port(text) is not None or text.isdigit():
        return False
    if text.endswith("/") or text in {".", ".."}:
        return True
    if looks_like_file(text, files) or is_ip(text):
        return False
    return "/" in text or not words_of(text).isdisjoint(names)


def file_holds(text: str, files: Files) -> str:
    """Return what a file holds: ``certificate``, ``key``, ``ca``, or the empty string if nothing tells.

    What stands in the file goes before what its name says.
    """
    # Several files in one word, or a file with something else, is none: "cert.pem,key.pem".
    if re.search(r"[\n:,;=|]|\s[^/]*$", text) and files.kind(text) != "file":
        return ""
    content = files.beginning(text) if files.kind(text) == "file" else ""
    by_name = _name_says(text)
    if "PRIVATE KEY-----" in content:
        return "" if "BEGIN CERTIFICATE-----" in content else "key"
    if "BEGIN CERTIFICATE-----" in content:
        return "ca" if by_name == "ca" else "certificate"
    return by_name


def _name_says(text: str) -> str:
    stem, _, extension = posixpath.basename(text).rpartition(".")
    if not stem or extension.lower() not in {*_EXTENSIONS, *_ENCODINGS}:
        return ""
    words = words_of(stem)
    if extension.lower() == "key" or words & _KEY_WORDS:
        return "key"
    if words & _CA_WORDS:
        return "ca"
    return "certificate" if words & _CERT_WORDS or extension.lower() in _EXTENSIONS else ""
