"""Files and directories that the name beside them and their own shape agree on."""

from __future__ import annotations

import posixpath
import re

from panther_gen.generate.command_line.flag_words import meanings_of, words_of
from panther_gen.generate.command_line.pieces import Text, Use
from panther_gen.generate.command_line.proposals import LIKELY, NAMED, RELATED, Known, Proposal, Rule, one
from panther_gen.generate.command_line.shapes import file_holds, looks_like_directory, looks_like_file
from panther_gen.generate.command_line.slots import Slot

__all__ = ["NO_VALUE", "ca", "cert", "directory", "download", "file", "key", "www"]

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
NO_VALUE = frozenset({"-", "true", "false", "yes", "no", "on", "off", "auto", "none", ""})
#: What the name of a certificate's or key's file has, where it has no extension.
_FILE_WORDS = {"key", "privkey", "cert", "certificate", "chain", "fullchain", "crt", "ca"}


def cert(slot: Slot, known: Known) -> Proposal | None:
    """Propose a certificate: of the server, or of a client that has a key too."""
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


def key(slot: Slot, known: Known) -> Proposal | None:
    """Propose a private key."""
    if not _is_file_named(slot, known, "key"):
        return None
    return one(slot, known, "key_file", slot.value, NAMED, f"a file, named {slot.name}")


def ca(slot: Slot, known: Known) -> Proposal | None:
    """Propose the authority that is trusted."""
    if not _is_file_named(slot, known, "ca"):
        return None
    return one(slot, known, "ca_file", slot.value, NAMED, f"a file, named {slot.name}")


def _is_file_named(slot: Slot, known: Known, holds: str) -> bool:
    """Tell whether a value is a file; under a name of one letter, one that holds what the letter says."""
    value = slot.value
    # More than a path, or none: "cert.pem,key.pem", "cert.pem:password", "https://…".
    if value.lower() in NO_VALUE or value.isdigit() or re.search(r"[\n:,;=|]", value):
        return False
    if known.files.kind(value) == "directory" or value.endswith("/"):
        return False
    if len(slot.name.lstrip("-")) == 1:
        return file_holds(value, known.files) == holds
    said = "file" in words_of(slot.name) or words_of(posixpath.basename(value)) & _FILE_WORDS
    return bool(said) or looks_like_file(value, known.files)


def www(slot: Slot, known: Known) -> Proposal | None:
    """Propose the directory that a server serves."""
    if not known.scheme and words_of(slot.name) <= {"dir", "directory", "folder", "d", "r", "w"}:
        return None  # a server that serves no files may have any directory
    # A name such as --root says enough; of -d and one bare word, the word must say something too.
    told = len(slot.name.lstrip("-")) > 1 and _is_bare_word(slot.value)
    if not told and not looks_like_directory(slot.value, known.files, _SERVED):
        return None
    if told and looks_like_file(slot.value, known.files):
        return None
    return one(slot, known, "www_dir", slot.value, NAMED, f"a directory, named {slot.name}")


def download(slot: Slot, known: Known) -> Proposal | None:
    """Propose where a client writes what it fetches."""
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
    if any(path.endswith(f"/{name}") for path in known.paths):
        return None  # it follows from the URL: see related.py
    reason = f"a file, named {slot.name}; its name stays, whatever is fetched"
    use = Use("download_dir", slot.value.removesuffix(name), directory, "directory")
    return Proposal(slot, (use, Text(name)), LIKELY, reason) if use.parameter in known.parameters else None


def _is_bare_word(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z_][\w-]*", text))


def directory(parameter: str) -> Rule:
    """Return the rule for a directory that is the parameter of this name."""

    def rule(slot: Slot, known: Known) -> Proposal | None:
        told = bool(words_of(slot.name) & {"dir", "directory", "folder"}) and _is_bare_word(slot.value)
        if not told and not looks_like_directory(
            slot.value, known.files, {"logs", "log", "qlog", "qlogs", "out"}
        ):
            return None
        return one(slot, known, parameter, slot.value, NAMED, f"a directory, named {slot.name}")

    return rule


def file(parameter: str) -> Rule:
    """Return the rule for a file that is the parameter of this name."""

    def rule(slot: Slot, known: Known) -> Proposal | None:
        if slot.value.startswith("/dev/") or not looks_like_file(slot.value, known.files):
            return None
        return one(slot, known, parameter, slot.value, NAMED, f"a file, named {slot.name}")

    return rule
