"""Text of services, plugins and users, in which every character can be seen.

A client chooses the names of its files, and a terminal or a browser obeys what stands in them: it would be
told to clear the screen, to rename the window, or to show a line backwards.
"""

from __future__ import annotations

import re

__all__ = ["visible"]

#: Control characters but tab and newline, what has no glyph, what turns the direction of the text after it,
#: and what stands for the bytes of a name that is no UTF-8.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]"
)


def visible(text: str) -> str:
    """Return text with an escape, such as ``\\x1b``, in the place of each character that cannot be seen."""
    return _UNSEEN.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
