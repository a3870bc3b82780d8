"""A document compared with a JSON Schema, as far as our own schema uses the language.

The schema of contract files is what documents them and what they are checked with; a validator for the
whole language would be a dependency of every installation. A test compares both on many documents.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

__all__ = ["Fault", "faults_of"]

_Path = tuple[str | int, ...]

#: Where a fault is, from the top, and what it is.
Fault = tuple[_Path, str]

_TYPES: dict[str, tuple[type, str]] = {
    "object": (dict, "an object"),
    "array": (list, "a list"),
    "string": (str, "a string"),
    "integer": (int, "a whole number"),
    "boolean": (bool, "true or false"),
}


def faults_of(document: Any, schema: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield where a document is not what a schema says.

    Args:
        document: as ``json`` reads it.
        schema: it uses ``type``, ``const``, ``enum``, ``pattern``, ``minimum``, ``maxLength``, ``minItems``,
            ``maxItems``, ``items``, ``prefixItems``, ``properties``, ``required``, ``propertyNames`` with a
            pattern, ``additionalProperties`` and ``$ref`` into its own ``$defs``.
    """
    yield from _Checker(schema).faults(document, schema, ())


class _Checker:
    def __init__(self, root: Mapping[str, Any]) -> None:
        self._definitions: Mapping[str, Any] = root.get("$defs", {})
        self._checks: dict[type, Callable[[Any, Mapping[str, Any], _Path], Iterator[Fault]]] = {
            dict: self._object,
            list: self._array,
            str: self._string,
            int: self._integer,
        }

    def faults(self, value: Any, schema: Mapping[str, Any], path: _Path) -> Iterator[Fault]:
        """Yield the faults of one value."""
        schema = self._resolved(schema)
        wanted = schema.get("type")
        if wanted is not None and not _is_of(value, wanted):
            names = " or ".join(_TYPES[one][1] for one in ([wanted] if isinstance(wanted, str) else wanted))
            yield path, f"is {_kind(value)}, not {names}"
        elif "const" in schema and value != schema["const"]:
            yield path, f"is {value!r}, not {schema['const']!r}"
        elif "enum" in schema and value not in schema["enum"]:
            yield path, f"is {value!r}, not one of {', '.join(map(repr, schema['enum']))}"
        elif (check := self._checks.get(type(value))) is not None:
            yield from check(value, schema, path)

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        if "$ref" not in schema:
            return schema
        found: Mapping[str, Any] = self._definitions[schema["$ref"].rpartition("/")[2]]
        return found

    def _object(self, value: Any, schema: Mapping[str, Any], path: _Path) -> Iterator[Fault]:
        known: Mapping[str, Any] = schema.get("properties", {})
        more = schema.get("additionalProperties", True)
        names = schema.get("propertyNames")
        matches = _pattern(names["pattern"]).search if names else None
        for name in schema.get("required", ()):
            if name not in value:
                yield path, f"has no '{name}'"
        for name, member in value.items():
            if matches is not None and matches(name) is None:
                yield (*path, name), "has a name that is not possible here"
            elif name in known:
                yield from self.faults(member, known[name], (*path, name))
            elif more is False:
                yield (*path, name), "is not known"
            elif more is not True:
                yield from self.faults(member, more, (*path, name))

    def _array(self, value: Any, schema: Mapping[str, Any], path: _Path) -> Iterator[Fault]:
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            yield path, f"has {len(value)} elements"
            return
        first, items = schema.get("prefixItems", ()), self._resolved(schema.get("items", {}))
        if _are_fine(value, items):
            return
        for index, element in enumerate(value):
            yield from self.faults(element, first[index] if index < len(first) else items, (*path, index))

    def _string(self, value: Any, schema: Mapping[str, Any], path: _Path) -> Iterator[Fault]:
        if len(value) > schema.get("maxLength", len(value)):
            yield path, f"is longer than {schema['maxLength']} characters"
        elif "pattern" in schema and _pattern(schema["pattern"]).search(value) is None:
            yield path, "is not written as it should be"

    def _integer(self, value: Any, schema: Mapping[str, Any], path: _Path) -> Iterator[Fault]:
        if value < schema.get("minimum", value):
            yield path, f"is {value}, less than {schema['minimum']}"


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """Return a schema's pattern as Python writes it; in a schema, ``$`` is the very end."""
    return re.compile(re.sub(r"\$$", r"\\Z", text))


def _are_fine(values: list[Any], schema: Mapping[str, Any]) -> bool:
    """Tell at once that all elements are texts of a pattern, as most lists are."""
    if schema.keys() - {"description"} != {"type", "pattern"} or schema["type"] != "string":
        return False
    matches = _pattern(schema["pattern"]).search
    return all(type(value) is str and matches(value) for value in values)


def _is_of(value: Any, wanted: str | list[str]) -> bool:
    names = [wanted] if isinstance(wanted, str) else wanted
    return any(
        isinstance(value, _TYPES[name][0]) and (name != "integer" or not isinstance(value, bool))
        for name in names
    )


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, float):
        return "a number with a fraction"
    return dict(_TYPES.values())[type(value)]
