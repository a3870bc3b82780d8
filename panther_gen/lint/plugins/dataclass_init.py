"""Whether ``@dataclass`` writes the ``__init__`` of a class."""

from __future__ import annotations

import ast

from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.classes.look import class_node

__all__ = ["writes_init"]

_DATACLASS = "dataclasses.dataclass"


def writes_init(view: ClassView) -> bool:
    """Tell whether a class is decorated with ``@dataclass``, without ``init=False``."""
    node = class_node(view) if view.has_decorator(_DATACLASS) else None
    calls = [one for one in node.decorator_list if isinstance(one, ast.Call)] if node is not None else []
    given = [keyword for call in calls for keyword in call.keywords if keyword.arg == "init"]
    refused = any(isinstance(one.value, ast.Constant) and not one.value.value for one in given)
    return node is not None and not refused
