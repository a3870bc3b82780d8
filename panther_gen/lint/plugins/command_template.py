"""What a command template uses and writes, read without Jinja where it is as plain as most are.

A plain template has only ``{{ name }}``, conditions on names and loops over them. Its names, scopes and
nesting are read here, in microseconds; Jinja, which takes a twentieth of a second to import, is asked
only about the others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

__all__ = ["TemplateFacts", "flags_of", "read_template"]

_JINJA_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_COMMENT_LINE = re.compile(r"^[ \t]*#.*$", re.MULTILINE)
_TAG = re.compile(r"\{\{[-+]?(?P<value>.*?)[-+]?\}\}|\{%[-+]?(?P<statement>.*?)[-+]?%\}", re.DOTALL)
_OPENING = re.compile(r"\{[{%#]|[}%#]\}")
_WORD = r"(?!(?:not|and|or|in|is|if|else|true|false|none|True|False|None)\b)[A-Za-z_]\w*"
_LITERAL = r"""(?:-?\d+(?:\.\d+)?|"[^"\\]*"|'[^'\\]*'|True|False|None|true|false|none)"""
_TERM = rf"(?:not\s+)?{_WORD}(?:\s*(?:==|!=|<=|>=|<|>)\s*{_LITERAL})?"
_CONDITION = rf"{_TERM}(?:\s+(?:and|or)\s+{_TERM})*"
_VALUE = re.compile(rf"\s*({_WORD})\s*")
_IF = re.compile(rf"\s*(if|elif)\s+({_CONDITION})\s*")
_FOR = re.compile(rf"\s*for\s+({_WORD})\s+in\s+({_WORD})\s*")
_END = re.compile(r"\s*(else|endif|endfor)\s*")
_NAMES = re.compile(rf"\b{_WORD}\b")
_FLAG = re.compile(r"(?<![^\s'\"])--?[A-Za-z][\w-]*")


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    """What is known of a template.

    Attributes:
        error: why it does not parse; empty if it does.
        line: of the error.
        names: the variables that it uses and does not set itself, with the offset of each in the text.
    """

    error: str = ""
    line: int = 1
    names: tuple[tuple[str, int], ...] = ()


# A template asks whether a name is there, or gives a value for when it is not.
_GUARDED = re.compile(r"\bis\s+(?:not\s+)?(?:un)?defined\b|\|\s*d(?:efault)?\b")


@lru_cache(maxsize=8)  # two rules ask one after the other
def read_template(text: str) -> TemplateFacts:
    """Return the variables that a command template uses, or why it does not parse."""
    blanked = _without_comments(text)
    names = _plain(blanked)
    return TemplateFacts(names=tuple(names)) if names is not None else _by_jinja(blanked)


def flags_of(text: str) -> dict[str, int]:
    """Return the options that a template writes, with the offset of the first of each."""
    found: dict[str, int] = {}
    for match in _FLAG.finditer(_TAG.sub(lambda tag: " " * len(tag[0]), _without_comments(text))):
        found.setdefault(match[0], match.start())
    return found


def _without_comments(text: str) -> str:
    """Return the text with comments as spaces, so that every offset stays."""

    def blank(match: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", match[0])

    return _COMMENT_LINE.sub(blank, _JINJA_COMMENT.sub(blank, text))


def _plain(text: str) -> list[tuple[str, int]] | None:
    """Return the free variables of a plain template; None if it is not plain, or may be wrong."""
    if _OPENING.search(_TAG.sub("", text)) or _GUARDED.search(text):
        return None
    found: list[tuple[str, int]] = []
    blocks: list[str] = []
    for tag in _TAG.finditer(text):
        if tag["value"] is not None:
            match = _VALUE.fullmatch(tag["value"])
            names = [(match[1], tag.start("value") + match.start(1))] if match else None
        else:
            names = _statement(tag["statement"], tag.start("statement"), blocks)
        if names is None:
            return None
        bound = {block[4:] for block in blocks if block.startswith("for ")}
        found += [(name, offset) for name, offset in names if name not in bound]
    return None if blocks else found


def _statement(statement: str, offset: int, blocks: list[str]) -> list[tuple[str, int]] | None:
    """Return the names that a statement uses and note the block that it opens or closes."""
    if match := _IF.fullmatch(statement):
        if match[1] == "if":
            blocks.append("if")
        elif not blocks or blocks[-1] != "if":
            return None
        blanked = re.sub(r""""[^"]*"|'[^']*'""", lambda text: " " * len(text[0]), match[2])
        return [(one[0], offset + match.start(2) + one.start()) for one in _NAMES.finditer(blanked)]
    if match := _FOR.fullmatch(statement):
        blocks.append(f"for {match[1]}")
        return [(match[2], offset + match.start(2))] if match[2] != match[1] else None
    match = _END.fullmatch(statement)
    if match is None or not blocks:
        return None
    if match[1] == "else":
        return [] if blocks[-1] == "if" else None
    return [] if blocks.pop().partition(" ")[0] == match[1].removeprefix("end") else None


def _by_jinja(text: str) -> TemplateFacts:
    from jinja2 import Environment, TemplateSyntaxError, meta, nodes

    environment = Environment(autoescape=False)  # noqa: S701 — nothing is rendered, and no HTML
    try:
        tree = environment.parse(text)
        environment.compile(text)  # knows which filters and tests there are
    except TemplateSyntaxError as error:
        return TemplateFacts(error.message or "it is no template", error.lineno)
    except RecursionError:
        return TemplateFacts("it is nested too deeply")
    free = meta.find_undeclared_variables(tree) - set(environment.globals) - _guarded(tree)
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    places: dict[tuple[str, int], None] = {}
    for node in tree.find_all(nodes.Name):
        if node.name in free and node.ctx == "load":
            match = re.compile(rf"\b{node.name}\b").search(text, starts[node.lineno - 1])
            places[node.name, match.start() if match else starts[node.lineno - 1]] = None
    return TemplateFacts(names=tuple(places))


def _guarded(tree: Any) -> set[str]:
    """Return the names that a template can do without."""
    from jinja2 import nodes

    asked = [one.node for one in tree.find_all(nodes.Test) if one.name in {"defined", "undefined"}]
    given = [one.node for one in tree.find_all(nodes.Filter) if one.name in {"default", "d"}]
    return {node.name for node in (*asked, *given) if isinstance(node, nodes.Name)}
