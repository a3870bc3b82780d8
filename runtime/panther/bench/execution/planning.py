"""From what an experiment asks for to environments around the services of a plan."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from math import prod
from pathlib import Path
from typing import Any

from panther.bench.execution import environment_class
from panther.bench.execution.base import ExecutionEnvironment, Tool
from panther.bench.execution.iterations import Iterations
from panther.errors import InputError, MachineError

__all__ = ["check_tools", "cost_of", "is_there", "iterations_of", "make_environments", "tool_path"]


def make_environments(asked: Iterable[tuple[str, Mapping[str, Any]]]) -> tuple[ExecutionEnvironment, ...]:
    """Return environments by their names and what stands under ``config:``, which has been checked."""
    made = []
    for name, config in asked:
        cls = environment_class(name)
        if cls is None:
            raise InputError(f"there is no execution environment '{name}' any more")
        made.append(cls(cls.settings_class.model_validate(dict(config))))
    return tuple(made)


def cost_of(environments: Iterable[ExecutionEnvironment]) -> float:
    """Return how many times longer a service takes with its environments."""
    return prod(one.cost for one in environments)


def iterations_of(environments: Iterable[ExecutionEnvironment]) -> int:
    """Return how many times a test is run."""
    return prod(one.count for one in environments if isinstance(one, Iterations))


def tool_path(path: str | None) -> str:
    """Return where tools are looked for: on the services' ``PATH``, and beside this Python."""
    return os.pathsep.join([path or os.defpath, str(Path(sys.executable).parent)])


def check_tools(
    service: str, environments: Iterable[ExecutionEnvironment], path: str | None, *, beside: bool = False
) -> None:
    """Look for the tools of a service's environments.

    Args:
        service: the service's name.
        environments: its environments.
        path: its ``PATH``.
        beside: only what runs beside the service is looked for: it has an image, which gets the others.

    Raises:
        MachineError: a tool is missing; all that are, with the packages that bring them.
    """
    missing = [
        (one.name, tool)
        for one in environments
        for tool in one.tools
        if (tool.beside or not beside) and not is_there(tool, tool_path(path))
    ]
    if missing:
        names = " and ".join(dict.fromkeys(f"'{name}'" for name, _ in missing))
        tools = " and ".join(f"'{tool.name}'" for _, tool in missing)
        raise MachineError(
            f"service '{service}' is to run with {names}; {tools} is not found on this machine",
            cure="; ".join(dict.fromkeys(tool.install for _, tool in missing)),
        )


def is_there(tool: Tool, path: str) -> bool:
    """Tell whether a tool is on ``path`` or, if it is a library, where libraries are looked for."""
    if not tool.library:
        return shutil.which(tool.name, path=path) is not None
    from ctypes.util import find_library

    return find_library(tool.name.partition(".so")[0].removeprefix("lib")) == tool.name
