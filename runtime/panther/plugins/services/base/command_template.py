"""Command templates: ``templates/<role>_command.jinja`` beside a plugin's class.

The text that a template yields is split into words as a shell would split it, and no shell ever sees
it. Values are shell-quoted as they are put in, so none of them can become two arguments, and the
template's code runs in Jinja's sandbox.
"""

from __future__ import annotations

import inspect
import re
import shlex
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment

from panther.errors import CommandTemplateError

__all__ = ["find_template", "render_argv"]

# Both are taken out of the template's source, never out of values, and leave line numbers as they are.
_CONTINUATION = re.compile(r"\\[ \t]*\r?$", re.MULTILINE)
_COMMENT_LINE = re.compile(r"^[ \t]*#.*$", re.MULTILINE)


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
        try:
            source = inspect.getsourcefile(cls)
        except TypeError:
            continue
        if source is not None and (template := Path(source).parent / "templates" / name).is_file():
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
        source = _CONTINUATION.sub("", _COMMENT_LINE.sub("", template.read_text(encoding="utf-8")))
        words = shlex.split(_environment().from_string(source).render(variables))
    except TemplateSyntaxError as error:
        raise CommandTemplateError(
            f"the template does not parse: {error.message}", where=f"{template}:{error.lineno}"
        ) from None
    except TemplateError as error:
        names = ", ".join(sorted(variables))
        raise CommandTemplateError(
            str(error), cure=f"a template may use: {names}", where=_where(template, error)
        ) from None
    except (OSError, ValueError, TypeError, ArithmeticError) as error:
        raise CommandTemplateError(
            f"the template yields no command: {error}", where=_where(template, error)
        ) from None
    if not words:
        raise CommandTemplateError("the template yields no command: it is empty", where=str(template))
    return words


@cache
def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(
        undefined=StrictUndefined, finalize=_quoted, autoescape=False, keep_trailing_newline=True
    )


def _quoted(value: Any) -> str:
    """Quote a value for the split that follows; each item of a list becomes a word of its own."""
    if isinstance(value, StrictUndefined):
        return str(value)
    if isinstance(value, (list, tuple)):
        return shlex.join(str(item) for item in value)
    return shlex.quote(str(value))


def _where(template: Path, error: BaseException) -> str:
    """Return the template's place in the innermost frame that belongs to it."""
    line, traceback = 0, error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == "<template>":
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return f"{template}:{line}" if line else str(template)
