"""The compose file of a test: what a person brings up by hand, ``docker compose up``, to get the same run."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from panther.bench.containers.spec import ContainerSpec, TestSpec
from panther.bench.engine.labels import RUN_LABEL
from panther.bench.yaml_text import yaml_text

__all__ = ["STOP_GRACE_SECONDS", "compose_text", "write_compose_files"]

_COMPOSE_FILE = "compose.yaml"
#: Every compose reads it in the directory of the compose file, also those that know no ``name:``.
_VARIABLES_FILE = ".env"
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9]+")
#: Seconds between the image's stop signal and SIGKILL.
STOP_GRACE_SECONDS = 2

_HEADING = """\
# The containers of this test, as panther ran them. In this directory:
{commands}
# What clients fetch lands below their services' directories, as in the run.
"""
_WITH_ONE_CLIENT = "#   docker compose up --abort-on-container-exit; docker compose down"
#: There is no option of compose for this: the first container that exits would end the others.
_WITH_SEVERAL = """\
#   docker compose up   # Ctrl-C once {clients} have exited
#   docker compose down"""


def write_compose_files(spec: TestSpec, run_directory: Path, directory: Path) -> None:
    """Write a test's compose file, and what gives its project a name: every run of a test has one of its own.

    Args:
        spec: the test.
        run_directory: the run's.
        directory: the test's, below the run's.

    Raises:
        OSError: one cannot be written.
    """
    (directory / _COMPOSE_FILE).write_text(compose_text(spec, directory), encoding="utf-8")
    words = ("panther", run_directory.name, *directory.relative_to(run_directory).parts)
    name = "-".join(_NOT_IN_A_NAME.sub("-", word.lower()).strip("-") for word in words)
    (directory / _VARIABLES_FILE).write_text(f"COMPOSE_PROJECT_NAME={name}\n", encoding="utf-8")


def compose_text(spec: TestSpec, directory: Path) -> str:
    """Return the text of a compose file.

    Args:
        spec: the test.
        directory: where the file will be; paths are written relative to it.
    """
    own = _own_labels(spec)
    document = {
        "services": {
            container.name: _service(container, spec, directory) for container in spec.containers.values()
        },
        "networks": {"test": {"internal": spec.internal, "labels": own}},
    }
    clients = [container.name for container in spec.containers.values() if container.health is None]
    several = _WITH_SEVERAL.format(clients=" and ".join(clients))
    heading = _HEADING.format(commands=several if len(clients) > 1 else _WITH_ONE_CLIENT)
    return heading + yaml_text(document, width=110)


def _service(container: ContainerSpec, spec: TestSpec, directory: Path) -> dict[str, Any]:
    service: dict[str, Any] = {
        "image": container.image,
        "entrypoint": [_literal(word) for word in container.argv],
        "command": [],
        "working_dir": _literal(container.working_directory),
        "user": container.user,
        "environment": {name: _literal(value) for name, value in container.environment.items()},
        "volumes": [_bind(source, *target, directory) for source, target in container.binds.items()],
        "networks": ["test"],
        "init": True,
        "stop_signal": "SIGINT",
        "stop_grace_period": f"{STOP_GRACE_SECONDS}s",
        "labels": _own_labels(spec),
    }
    if container.capabilities:
        service["cap_add"] = list(container.capabilities)
    if container.every_system_call:
        service["security_opt"] = ["seccomp:unconfined"]
    if container.published:
        service["ports"] = [_published(mapping) for mapping in container.published]
    if container.health is not None:
        service["healthcheck"] = {
            "test": container.health.test(),
            "interval": "1s",
            "timeout": "2s",
            "retries": 30,
        }
    waits = {name: {"condition": "service_healthy"} for name in container.after_ready}
    waits |= {name: {"condition": "service_completed_successfully"} for name in container.after_end}
    return {**service, "depends_on": waits} if waits else service


def _own_labels(spec: TestSpec) -> dict[str, str]:
    """Return the labels without the run's: what a person brings up is no leftover of the run."""
    return {name: _literal(value) for name, value in spec.labels.items() if name != RUN_LABEL}


def _bind(source: Path, target: str, read_only: bool, directory: Path) -> str:
    relative = os.path.relpath(source, directory)
    relative = relative if relative.startswith(".") else f"./{relative}"
    return f"{_literal(relative)}:{_literal(target)}{':ro' if read_only else ''}"


def _published(mapping: str) -> str:
    return f"127.0.0.1:{mapping}"


def _literal(text: str) -> str:
    """Return text that compose takes as it is: it would replace ``$NAME``."""
    return text.replace("$", "$$")
