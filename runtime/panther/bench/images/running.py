"""One container of an image, in the foreground: its output streamed, its use of the machine measured."""

from __future__ import annotations

import contextlib
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from panther.bench.engine.labels import run_labels
from panther.bench.interruption import Interrupted, Interruption
from panther.bench.marks import own_mark

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container

__all__ = ["ContainerEnd", "run_container"]

_SECONDS_BETWEEN_SAMPLES = 0.2
_STOP_SECONDS = 5
_NANOSECONDS = 1e9


@dataclass
class ContainerEnd:
    """How a container ended, and what it used."""

    status: int = 0
    """Its exit status."""

    signal: int | None = None
    """What this process was sent while it ran; None: it ended by itself."""

    seconds: float = 0.0
    """How long it ran."""

    peak_memory_bytes: int = 0
    """The most memory that was seen in use; 0: it ended before the first look."""

    cpu_seconds: float = 0.0
    """Processor time up to the last look."""


def run_container(
    client: DockerClient,
    reference: str,
    arguments: Sequence[str],
    *,
    entrypoint: Sequence[str] | None = None,
    environment: dict[str, str] | None = None,
    network: str | None = None,
    write: Callable[[bytes], object],
) -> ContainerEnd:
    """Run a container until it ends, and remove it.

    SIGINT, SIGTERM or SIGHUP here sends it the image's stop signal, and kills it after five seconds.

    Args:
        client: the engine.
        reference: the image.
        arguments: what follows the entry point.
        entrypoint: what takes the place of the image's own; None: that.
        environment: variables beside the image's own.
        network: the Docker network to run in; None: the engine's default.
        write: is told what the container prints.
    """
    container = client.containers.create(
        reference,
        list(arguments),
        entrypoint=None if entrypoint is None else list(entrypoint),
        environment=environment or {},
        network=network,
        name=f"panther-image-{uuid.uuid4().hex[:12]}",
        labels=run_labels(own_mark(), reference),
        init=True,
    )
    end, interruption = ContainerEnd(), Interruption()
    watch = threading.Thread(target=_watch, args=(container, end), daemon=True)
    try:
        started = time.monotonic()
        container.start()
        watch.start()
        with contextlib.suppress(Interrupted), interruption.heeded():
            for chunk in container.logs(stream=True, follow=True):
                write(chunk)
        container.stop(timeout=_STOP_SECONDS)  # an interrupted one; nothing where it has ended
        end.signal = interruption.number
        end.status = int(container.wait()["StatusCode"])
        end.seconds = time.monotonic() - started
        watch.join(timeout=_STOP_SECONDS)
    finally:
        container.remove(force=True, v=True)
    return end


def _watch(container: Container, end: ContainerEnd) -> None:
    """Look at what a container uses until it has ended; one look costs the engine a few milliseconds."""
    with contextlib.suppress(Exception):  # it ended between two looks
        while True:
            _take(end, cast("dict[str, Any]", container.stats(stream=False, one_shot=True)))
            container.reload()
            if container.status != "running":
                return
            time.sleep(_SECONDS_BETWEEN_SAMPLES)


def _take(end: ContainerEnd, usage: dict[str, Any]) -> None:
    memory = usage.get("memory_stats") or {}
    processor = (usage.get("cpu_stats") or {}).get("cpu_usage") or {}
    end.peak_memory_bytes = max(end.peak_memory_bytes, memory.get("usage", 0), memory.get("max_usage", 0))
    end.cpu_seconds = max(end.cpu_seconds, processor.get("total_usage", 0) / _NANOSECONDS)
