"""The form of a document: pydantic checks it, and here its errors become sentences about YAML."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from panther.bench.experiment.document import Document
from panther.bench.experiment.models import Experiment
from panther.bench.experiment.problems import Finding, YamlPath, closest, did_you_mean
from panther.config.core.validation import problem_of

__all__ = ["described", "wrong_form"]

_LONGEST = 60
#: The last key above an item that is a program with its arguments.
_COMMAND_LISTS = (("pre_commands",), ("post_commands",))
_TYPE_ERRORS = frozenset({"string_type", "bool_type", "float_type", "tuple_type", "model_type", "dict_type"})


def wrong_form(document: Document, error: ValidationError) -> list[Finding]:
    """Return what pydantic has found in a document."""
    found = error.errors(include_url=False)
    misspelt = {
        (*details["loc"][:-1], closest(str(details["loc"][-1]), _keys_at(details["loc"][:-1])))
        for details in found
        if details["type"] == "extra_forbidden"
    }
    return [
        _finding(document, details)
        for details in found
        # A key that is there, misspelt, is not missing as well.
        if not (details["type"] == "missing" and details["loc"] in misspelt)
        # pydantic counts items that are wrong as absent.
        and not (details["type"] == "too_short" and details["input"])
    ]


def described(value: Any, source: str | None = None) -> str:
    """Return a value as a person sees it in YAML; ``source`` is what a number was written as."""
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return "a list"
    text = str(value) if source is None else source
    return f"'{text}'" if len(text) <= _LONGEST else f"'{text[: _LONGEST - 1]}…'"


def _finding(document: Document, details: ErrorDetails) -> Finding:
    path: YamlPath = details["loc"]
    value = details["input"]
    shown = described(value, document.scalars.get(path))
    if value is None and details["type"] in _TYPE_ERRORS:
        what = f"'{path[-1]}'" if isinstance(path[-1], str) else "this item"
        return Finding(path, f"{what} has no value", "give it one")
    match details["type"]:
        case "extra_forbidden":
            return _unknown_key(path)
        case "missing":
            return Finding(path, f"the key '{path[-1]}' is missing", f"add '{path[-1]}:'")
        case "literal_error":
            return _unknown_word(path, value, shown)
        case "string_type":
            return Finding(path, f"text is needed here, not {shown}", _quoted(document, path))
        case "bool_type":
            return Finding(path, f"true or false is needed here, not {shown}")
        case "float_type" if isinstance(value, int) and not isinstance(value, bool):
            return Finding(path, f"the number {shown} is too large")
        case "float_type" | "finite_number":
            return Finding(path, f"a number is needed here, not {shown}", _unquoted(value))
        case "greater_than":
            least = f"greater than {details['ctx']['gt']:g}"
            return Finding(path, f"the number must be {least}, not {shown}", f"write a number {least}")
        case "tuple_type" if isinstance(value, str) and path[-2:-1] in _COMMAND_LISTS:
            return Finding(path, f"a list of words is needed here, not {shown}", _as_words(value))
        case "tuple_type":
            return Finding(
                path, f"a list is needed here, not {shown}", "write one line with '- ' for each item"
            )
        case "model_type" | "dict_type":
            return Finding(path, f"a mapping is needed here, not {shown}", _inner_keys(path))
        case "too_short" | "string_too_short":
            return _empty(path)
    return Finding(path, f"{problem_of(details)}, not {shown}")


def _unknown_key(path: YamlPath) -> Finding:
    key, keys = str(path[-1]), _keys_at(path[:-1])
    cure = did_you_mean(key, keys)
    if not closest(key, keys):
        below = [name for name in keys if key in _keys_at((*path[:-1], name))]
        if below and isinstance(_type_at(path[:-1]), type):
            cure = f"write it under '{below[0]}:'"
    return Finding(path, f"unknown key '{key}'", cure, of_key=True)


def _unknown_word(path: YamlPath, value: Any, shown: str) -> Finding:
    known = [str(word) for word in get_args(_type_at(path))]
    if value is None or isinstance(value, (list, Mapping)):
        return Finding(path, f"one word is needed here, not {shown}", did_you_mean("", known))
    return Finding(path, f"unknown {path[-1]} {shown}", did_you_mean(str(value), known))


def _quoted(document: Document, path: YamlPath) -> str:
    """Return the cure for a number where text belongs: as it was written, in quotation marks."""
    source = document.scalars.get(path)
    return f'put it into quotation marks: "{source}"' if source is not None else ""


def _empty(path: YamlPath) -> Finding:
    if isinstance(path[-1], int):
        return Finding(path, f"this item of '{path[-2]}' is empty", "remove it, or give it words")
    cures = {
        "tests": "write at least one: '- name: …'",
        "services": "write at least one: a name, and below it its keys",
    }
    return Finding(path, f"'{path[-1]}' is empty", cures.get(str(path[-1]), "give it a value"))


def _unquoted(value: Any) -> str:
    try:
        number = isinstance(value, str) and float(value) > 0
    except ValueError:
        number = False
    return f"write {value} without quotation marks" if number else "write it in digits, such as 30"


def _as_words(value: str) -> str:
    """Return the cure for a command in one piece: its words, where a shell would only split it."""
    try:
        words = shlex.split(value)
    except ValueError:
        words = value.split()
    return f"no shell reads it; write {json.dumps(words, ensure_ascii=False)}"


def _inner_keys(path: YamlPath) -> str:
    keys = _keys_at(path)
    return f"its keys are: {', '.join(keys)}" if keys else ""


def _keys_at(path: YamlPath) -> list[str]:
    """Return the keys that the model at a path knows; none if there is no model."""
    model = _type_at(path)
    return list(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else []


def _type_at(path: YamlPath) -> Any:
    """Return the type of what stands at a path."""
    found: Any = Experiment
    for part in path:
        if isinstance(found, type) and issubclass(found, BaseModel):
            field = found.model_fields.get(str(part))
            found = field.annotation if field is not None else None
        else:  # of a mapping the values' type, of a list the items'
            arguments = [
                argument for argument in get_args(found) if argument not in (str, Ellipsis, type(None))
            ]
            found = arguments[-1] if arguments else None
    return found
