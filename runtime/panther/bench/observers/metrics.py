"""The observer ``metrics``: what each service uses, as a time series in ``metrics.jsonl`` of its test.

Samples are taken between the runner's own steps, by a timer of its event loop: no thread, nothing in the
services' way. The first ones are close together, because many tests are over in a tenth of a second; the
longer a test runs, the further apart they are, so that an hour leaves no more than a few thousand lines.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import IO

from panther.bench.observers.base import Observer, TestScope
from panther.bench.observers.containers import ContainerSampler
from panther.bench.observers.process_table import ProcessTable
from panther.bench.observers.samplers import Packets, ProcessTreeSampler, Sampler, Usage
from panther.core.events import ServiceStartedEvent

__all__ = ["METRICS_FILE", "METRICS_SCHEMA_VERSION", "MetricsObserver"]

METRICS_FILE = "metrics.jsonl"

#: Raised when a key of a line changes its name or its meaning; not when one is added.
METRICS_SCHEMA_VERSION = 1

#: Seconds between two samples: a share of the time that the test has run, within bounds.
_SHORTEST, _LONGEST, _SHARE = 0.04, 1.0, 0.05
#: Seconds that a listing of all processes, the dearest part of a sample, is good for.
_LISTED = 0.1
_NO_PACKETS = dict.fromkeys(field.name for field in fields(Packets))


class MetricsObserver(Observer):
    """Samples CPU time, memory, I/O and packets while tests run. Use it inside a running event loop."""

    def __init__(self) -> None:
        self._table = ProcessTable(_LISTED)

    @contextlib.contextmanager
    def watch_test(self, scope: TestScope) -> Iterator[None]:
        """Sample the services of a test; see the base class."""
        path = scope.directory / METRICS_FILE
        try:
            file = path.open("w", encoding="ascii")
        except OSError:  # a full disk: the test says so itself
            yield
            return
        series = _Series(scope, file, self._table)
        end = scope.bus.subscribe(ServiceStartedEvent, series.add)
        try:
            yield
        finally:
            end()
            series.close()
            scope.findings["metrics"] = {"file": METRICS_FILE, "samples": series.samples, **series.peaks()}


class _Series:
    """The samples of one test."""

    def __init__(self, scope: TestScope, file: IO[str], table: ProcessTable) -> None:
        self._scope, self._file, self._table = scope, file, table
        self._began = scope.run.elapsed()
        self._samplers: dict[str, Sampler] = {}
        self._peaks: dict[str, int] = {}
        self._timer: asyncio.TimerHandle | None = None
        self.samples = 0

    def add(self, event: ServiceStartedEvent) -> None:
        """Begin to measure a service that has been started, or started again."""
        sampler: Sampler
        if event.container:
            sampler = ContainerSampler(event.pid)
        else:
            sampler = ProcessTreeSampler(event.pid, self._table)
        if event.service_name in self._samplers:
            self._samplers.pop(event.service_name).close()
        self._samplers[event.service_name] = sampler
        if self._timer is None:
            self._tick()
        else:  # now: a short client has ended by the next time
            self._sample([event.service_name])

    def close(self) -> None:
        """Take no further sample."""
        if self._timer is not None:
            self._timer.cancel()
        for sampler in self._samplers.values():
            sampler.close()
        with contextlib.suppress(OSError):  # a full disk
            self._file.close()

    def peaks(self) -> dict[str, dict[str, int]]:
        """Return the most memory that each service was seen to use at once, in bytes."""
        return {"peak_memory_bytes": self._peaks}

    def _tick(self) -> None:
        self._sample([*self._samplers])
        pause = min(max((self._scope.run.elapsed() - self._began) * _SHARE, _SHORTEST), _LONGEST)
        self._timer = asyncio.get_running_loop().call_later(pause, self._tick)

    def _sample(self, services: Sequence[str]) -> None:
        elapsed = self._scope.run.elapsed()
        shared: Packets | None = None
        for service in services:
            sampler = self._samplers[service]
            usage = sampler.sample()
            if usage is None:
                self._samplers.pop(service).close()
                continue
            packets = sampler.packets() if sampler.has_own_network or shared is None else None
            if not sampler.has_own_network:
                shared, packets = shared or packets, None
            self._peaks[service] = max(self._peaks.get(service, 0), usage.memory_bytes or 0)
            self._write(elapsed, service, usage, packets)
        if shared is not None:
            self._write(elapsed, None, Usage(), shared)

    def _write(self, elapsed: float, service: str | None, usage: Usage, packets: Packets | None) -> None:
        line = {
            "schema_version": METRICS_SCHEMA_VERSION,
            "elapsed": elapsed,
            "test": self._scope.name,
            "service": service,
            **vars(usage),
            **(vars(packets) if packets is not None else _NO_PACKETS),
        }
        self.samples += 1
        with contextlib.suppress(OSError):  # a full disk: the test says so itself
            self._file.write(json.dumps(line) + "\n")
