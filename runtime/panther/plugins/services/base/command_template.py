"""Command templates: ``templates/<role>_command.jinja`` beside a plugin's class.

The text that a template yields is split into words as a shell would split it, and no shell ever sees
it. A value is a mark while the text is split and is put in its place afterwards: whatever it
contains, and whether or not the template's author wrote quotation marks around it, it never becomes
two words or loses a character. The template's code runs in Jinja's sandbox.
"""

from __future__ import annotations

import re
import shlex
import uuid
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, Undefined, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from panther.errors import CommandTemplateError
from panther.plugins.sources import source_file

__all__ = ["find_template", "render_argv"]

# A line that starts with # is a comment, but "#}" ends one of Jinja's, which may span lines.
_JINJA_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_COMMENT_LINE = re.compile(r"^[ \t]*#.*$", re.MULTILINE)
# As in a shell, an even number of backslashes before it leaves the newline alone.
_CONTINUATION = re.compile(r"(?<!\\)((?:\\\\)*)\\[ \t]*(?:\n|\Z)")
#: What a rendering is called among its variables: no template can write that name.
_RENDERING = "\0rendering"
_SERIAL = uuid.uuid4().int
_MARK = re.compile(rf"\x00{_SERIAL}:(\d+)\x00")  # \0 and a digit would be octal


def find_template(manager_class: type, role: str) -> Path | None:
    """Return the command template of the class, or of the base it inherits one from.

    Args:
        manager_class: a service manager's class.
        role: ``server`` or ``client``.
    """
    return _find(manager_class, f"{role}_command.jinja")


@cache
def _find(manager_class: type, name: str) -> Path | None:
    for cls in manager_class.__mro__:
        source = source_file(cls)
        if source is not None and (template := source.parent / "templates" / name).is_file():
            return template
    return None


def render_argv(template: Path, variables: Mapping[str, Any]) -> list[str]:
    """Return the words of the command that ``template`` spells.

    Args:
        template: path of the template; lines that start with ``#`` are comments.
        variables: what the template may use; a list among them becomes one word an item.

    Raises:
        CommandTemplateError: the template cannot be read, does not parse, uses a name that is not
            among ``variables``, or leaves a quotation mark open.
    """
    try:
        words = _Rendering().words(_without_comments(template), variables)
    except TemplateSyntaxError as error:
        raise CommandTemplateError(
            f"the template does not parse: {error.message}", where=f"{template}:{error.lineno}"
        ) from None
    except TemplateError as error:
        names = ", ".join(sorted(variables))
        raise CommandTemplateError(
            str(error), cure=f"a template may use: {names}", where=_where(template, error)
        ) from None
    except Exception as error:  # noqa: BLE001 — a template's expressions may raise anything
        is_open = str(error) == "No closing quotation"  # of shlex, which has no error of its own
        raise CommandTemplateError(
            f"the template yields no command: {error}",
            cure="close the quotation mark; one that is meant has a backslash before it" if is_open else "",
            where=_where(template, error),
        ) from None
    if not words:
        raise CommandTemplateError("the template yields no command: it is empty", where=str(template))
    return words


def _without_comments(template: Path) -> str:
    """Return the template's text; every line keeps its number."""
    text = template.read_text(encoding="utf-8")
    if "\0" in text:
        raise ValueError("it contains a NUL character")
    blanked = _JINJA_COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text)
    return _COMMENT_LINE.sub("", blanked)


@pass_context
def _mark_in(context: Context, value: Any) -> Any:
    """Write the mark of a value; with a context, so that no constant's is written where code is made."""
    rendering: _Rendering = context[_RENDERING]
    return rendering.mark_for(value)


_environment = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined, finalize=_mark_in, autoescape=False, keep_trailing_newline=True
)


@lru_cache(maxsize=128)
def _compiled(source: str) -> Template:
    """Return a template: making it takes ten times as long as rendering it."""
    return _environment.from_string(source)


@lru_cache(maxsize=128)
def _split(text: str) -> tuple[str, ...]:
    """Return the words of what a template yields, in which marks stand for the values."""
    return tuple(shlex.split(_CONTINUATION.sub(r"\1", text)))


class _Rendering:
    """One rendering: its values, and the marks that stand for them.

    A mark is written in NUL, which no argument may contain, and a number that no value can guess.
    """

    def __init__(self) -> None:
        self._values: list[str] = []

    def words(self, source: str, variables: Mapping[str, Any]) -> list[str]:
        text = _compiled(source).render({**variables, _RENDERING: self})
        return [self._with_values(word) for word in _split(text)]

    def mark_for(self, value: Any) -> Any:
        if isinstance(value, Undefined):
            return value  # a strict one raises when it is written; an {{ … if … }} without else is no word
        if isinstance(value, (list, tuple, Iterator)):
            return " ".join(self.mark_for(item) for item in value)
        if value is None:
            raise ValueError("a value is None: write {% if … %} around it")
        self._values.append(str(value))
        return f"\0{_SERIAL}:{len(self._values) - 1}\0"

    def _with_values(self, word: str) -> str:
        while _MARK.search(word):  # text that a template captured and wrote again contains marks
            word = _MARK.sub(lambda found: self._values[int(found[1])], word)
        if "\0" in word:
            raise ValueError(f"the argument {word!r} contains a NUL character")
        return word


def _where(template: Path, error: BaseException) -> str:
    """Return the template's place in the innermost frame that belongs to it."""
    line, traceback = 0, error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == "<template>":
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return f"{template}:{line}" if line else str(template)
