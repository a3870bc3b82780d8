"""What ``panther image build|run|inspect`` do, once the command line is read."""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypedDict

from panther.bench.engine.connection import connected
from panther.bench.experiment import split_settings
from panther.bench.images.build import Image, build_image, image_reference
from panther.bench.images.command import in_container
from panther.bench.images.facts import ImageFacts, facts_of
from panther.bench.images.running import ContainerEnd, run_container
from panther.bench.progress import printable
from panther.bench.session import find_and_load, read_setting
from panther.errors import InputError
from panther.plugins.discovery import FoundPlugin
from panther.plugins.services.base import BaseServiceManager
from panther.plugins.services.base.docker_build_base import UnpinnedSourcesWarning, local_sources

__all__ = ["Wanted", "build", "dockerfile", "inspect", "run"]

_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Wanted:
    """Which image is meant."""

    plugin: str
    protocol: str | None = None
    settings: Sequence[str] = ()
    build_arguments: Sequence[str] = ()
    source: Path | None = None
    again: bool = False
    quiet: bool = False


def dockerfile(wanted: Wanted) -> None:
    """Print what the image is built by."""
    _, manager = _load(wanted)
    with _said_warnings(), local_sources() if wanted.source else nullcontext():
        sys.stdout.write(manager.generate_dockerfile_content())


def build(wanted: Wanted, *, as_json: bool) -> None:
    """Build the image, if it is not there, and print its name."""
    found, manager = _load(wanted)
    started = time.monotonic()
    image = _build(wanted, found, manager)
    if as_json:
        record = {**asdict(_facts(image.reference, wanted.plugin)), "was_built": image.was_built}
        print(json.dumps(record, indent=2))
        return
    print(image.reference)
    if not wanted.quiet:
        what = f"built in {time.monotonic() - started:.1f} s" if image.was_built else "was there already"
        print(what, file=sys.stderr)


def inspect(wanted: Wanted, *, as_json: bool) -> None:
    """Print the facts of the image that was built.

    Raises:
        InputError: it was not built.
    """
    found, manager = _load(wanted)
    with _said_warnings():
        reference = image_reference(manager, **_of(wanted, found))
    facts = _facts(reference, wanted.plugin)
    print(json.dumps(asdict(facts), indent=2) if as_json else _table(facts))


def run(wanted: Wanted, arguments: Sequence[str], *, role: str | None, network: str | None) -> int:
    """Run a container of the image, built if need be; return the exit status, 128 + N after signal N."""
    found, manager = _load(wanted)
    command = None
    if role is not None:
        command = in_container(manager.build_command(role), found.directory)
    image = _build(wanted, found, manager)
    with connected(f"the image '{image.reference}' cannot be run") as client:
        end = run_container(
            client,
            image.reference,
            [*(command.argv[1:] if command else ()), *arguments],
            entrypoint=command.argv[:1] if command else None,
            environment=dict(command.environment) if command else None,
            network=network,
            write=_write,
        )
    if not wanted.quiet:
        print(_summary(end), file=sys.stderr)
    if end.signal is not None:
        return 128 + end.signal
    return 1 if end.status else 0


def _load(wanted: Wanted) -> tuple[FoundPlugin, BaseServiceManager]:
    found, info = find_and_load(wanted.plugin, wanted.protocol)
    manager_class = info.manager_class
    config, _ = split_settings(manager_class, dict(read_setting(text) for text in wanted.settings))
    return found, manager_class(config)


def _build(wanted: Wanted, found: FoundPlugin, manager: BaseServiceManager) -> Image:
    report = _say_nothing if wanted.quiet else _say
    with _said_warnings():
        return build_image(manager, **_of(wanted, found), again=wanted.again, report=report)


def _of(wanted: Wanted, found: FoundPlugin) -> _What:
    return {
        "directory": found.directory,
        "sources": wanted.source,
        "build_arguments": _arguments(wanted),
    }


class _What(TypedDict):
    directory: Path
    sources: Path | None
    build_arguments: Mapping[str, str]


def _arguments(wanted: Wanted) -> Mapping[str, str]:
    arguments = {}
    for text in wanted.build_arguments:
        name, equals, value = text.partition("=")
        if not equals:
            raise InputError(f"--build-arg {text!r} has no '='", cure="write --build-arg NAME=VALUE")
        arguments[name] = value
    return arguments


def _facts(reference: str, plugin: str) -> ImageFacts:
    with connected(f"the image '{reference}' cannot be looked at") as client:
        facts = facts_of(client, reference)
    if facts is None:
        raise InputError(
            f"the image of '{plugin}' is not built as the plugin is now: there is no {reference}",
            cure=f"panther-gen image build {plugin}",
        )
    return facts


def _table(facts: ImageFacts) -> str:
    rows = {
        "image": facts.reference,
        "id": facts.identifier,
        "created": facts.created,
        "size": f"{facts.bytes / _MEGABYTE:.0f} MB in {facts.layers} layers",
        "user": facts.user,
        "starts": json.dumps(facts.entrypoint),
        "stops by": facts.stop_signal,
        **facts.labels,
    }
    width = max(map(len, rows))
    return "\n".join(f"{name:<{width}}  {value}" for name, value in rows.items())


def _summary(end: ContainerEnd) -> str:
    used = ""
    if end.peak_memory_bytes:
        memory = end.peak_memory_bytes / _MEGABYTE
        used = f", at most {memory:.1f} MB of memory, {end.cpu_seconds:.2f} s of processor time"
    return f"exit status {end.status} after {end.seconds:.1f} s{used}"


def _say(line: str) -> None:
    print(printable(line), file=sys.stderr, flush=True)


def _say_nothing(line: str) -> None:
    """Drop a line of the progress."""


def _write(chunk: bytes) -> None:
    sys.stdout.buffer.write(chunk)
    sys.stdout.buffer.flush()


@contextmanager
def _said_warnings() -> Iterator[None]:
    """Say what the builders warn of as the command line says things."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UnpinnedSourcesWarning)
        yield
    for warning in caught:
        print(f"{warning.filename}:{warning.lineno}: warning: {warning.message}", file=sys.stderr)
