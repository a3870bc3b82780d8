"""``doctor``: what this machine can do, what the bench does where it cannot, and what mends it."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from panther.bench import namespaces
from panther.errors import MachineError, PantherError
from panther.version import __version__

__all__ = ["Check", "examine", "report"]

_PATIENCE_SECONDS = 20.0


@dataclass(frozen=True)
class Check:
    """One thing that a machine can or cannot do."""

    name: str
    works: bool
    found: str
    """What was found, as a phrase."""

    instead: str = ""
    """What the bench does without it."""

    cure: str = ""
    """The command that mends it; empty: it works, or none is known."""


def examine() -> list[Check]:
    """Look at this machine, and at the plugins on the plugin path; nothing is compiled."""
    return [*_system(), *_containers(), *_impairment(), *_profilers(), *_implementations()]


def report(checks: Sequence[Check], *, as_json: bool = False) -> str:
    """Return what was found, as a table or as JSON.

    Args:
        checks: what was found.
        as_json: JSON, for a script.
    """
    if as_json:
        return json.dumps({"version": __version__, "checks": [asdict(check) for check in checks]}, indent=2)
    width = max(len(check.name) for check in checks)
    lines = []
    for check in checks:
        lines.append(f"{'ok' if check.works else '--'}  {check.name:<{width}}  {check.found}")
        indent = " " * (width + 6)
        if not check.works and check.instead:
            lines.append(f"{indent}instead: {check.instead}")
        if not check.works and check.cure:
            lines.append(f"{indent}cure: {check.cure}")
    return "\n".join(lines)


def _system() -> Iterator[Check]:
    yield Check("Python", True, f"{platform.python_version()}, {os.cpu_count()} processors")
    needs_user_namespace, reason = namespaces.why_not()
    how = "with a user namespace, as this user" if needs_user_namespace else "as this user"
    yield Check(
        "namespaces",
        not reason,
        reason or how,
        "tests run on free ports, one at a time, and the wire is not observed",
        "sysctl -w kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000, or run as root",
    )


def _containers() -> Iterator[Check]:
    from panther.bench.engine.connection import connected
    from panther.bench.images.clients import find_client

    without = "network environment localhost"
    try:
        with connected("the engine's version cannot be read") as client:
            version = str(client.version().get("Version", "of unknown version"))
        yield Check("Docker engine", True, version)
    except MachineError as error:
        yield Check("Docker engine", False, error.message, without, error.cure)
    try:
        builder = find_client()
        yield Check(
            "BuildKit",
            builder.has_buildkit,
            f"{builder.program} {' '.join(builder.build_words[:2]).partition(' --')[0]}",
            "images are built without cache mounts",
            "apt-get install docker-buildx",
        )
    except MachineError as error:
        cure = error.cure if shutil.which("docker") else "apt-get install docker.io"
        yield Check("BuildKit", False, error.message, "no image is built", cure)
    compose = _first_line("docker", "compose", "version") or _first_line("docker-compose", "--version")
    yield Check(
        "compose",
        bool(compose),
        compose or "neither 'docker compose' nor 'docker-compose'",
        "runs need none; their compose files are not brought up by hand",
        "apt-get install docker-compose",
    )


def _impairment() -> Iterator[Check]:
    works, found, cure = _netem()
    instead = "a relay in user space delays, drops and limits what passes"
    yield Check("netem", works, found, instead, cure)


def _netem() -> tuple[bool, str, str]:
    """Try it on the loopback interface of a network namespace that ends at once; return the cure, too."""
    tc, unshare = shutil.which("tc"), shutil.which("unshare")
    if tc is None or unshare is None:
        name, package = ("tc", "iproute2") if tc is None else ("unshare", "util-linux")
        return False, f"{name} is not on PATH", f"apt-get install {package}"
    netem = ("qdisc", "add", "dev", "lo", "root", "netem", "delay", "1ms")
    done = _run(unshare, "--map-root-user", "--net", tc, *netem)
    if done is None:
        return False, f"'{unshare}' does not run", ""
    said = (done.stderr.strip().splitlines() or ["it failed"])[-1]
    if done.returncode == 0:
        return True, "this kernel has it", ""
    # A module that is not there cannot be loaded: then it takes another kernel, which no command brings.
    there = any(Path("/lib/modules", os.uname().release).rglob("sch_netem.ko*"))
    return False, said, "modprobe sch_netem" if there else ""


def _profilers() -> Iterator[Check]:
    """Say of each execution environment that needs a tool whether the tool is there."""
    from panther.bench.execution import environment_class, environment_names
    from panther.bench.execution.planning import is_there, tool_path

    path = tool_path(os.environ.get("PATH"))
    for name in environment_names():
        try:
            environment = environment_class(name)
        except PantherError as error:
            yield Check(name, False, error.message, "a test that asks for it is refused", error.cure)
            continue
        assert environment is not None  # it is one of those that there are
        for tool in environment.tools:
            there = is_there(tool, path)
            what = f"a test that asks for {name} is refused"
            if not tool.beside:
                what += "; docker_compose puts it into the image"
            title, found = f"{environment.name}: {tool.name}", "found" if there else "not found"
            yield Check(title, there, found, what, tool.install)


def _implementations() -> Iterator[Check]:
    """Say of each plugin whether the programs of its roles are on this machine."""
    from panther.plugins.discovery import find_plugins

    protocols = sorted({plugin.protocol for plugin in find_plugins() if plugin.kind == "iut"})
    for protocol in protocols:
        yield from _implementations_of(protocol)


def _implementations_of(protocol: str) -> Iterator[Check]:
    from panther.bench.matrix.sides import Side, find_sides
    from panther.plugins.services.base.local_build import only_looking

    plugins: dict[str, list[Side]] = {}
    try:
        with only_looking():
            for side in (*find_sides(protocol, "server"), *find_sides(protocol, "client")):
                plugins.setdefault(side.name, []).append(side)
    except PantherError as error:
        yield Check(protocol, False, error.message, "its plugins are not looked at", error.cure)
    instead = "network environment docker_compose, which builds an image; a matrix leaves it out"
    for name, sides in sorted(plugins.items()):
        missing = next((side.missing for side in sides if side.missing), "")
        found, _, cure = missing.partition(": ")
        roles = " and ".join(side.role for side in sides)
        if not all(side.is_built for side in sides):
            roles += ", compiled at their first use"
        yield Check(f"{protocol}/{name}", not missing, found or roles, instead, cure)


def _first_line(*words: str) -> str:
    done = _run(*words)
    return done.stdout.splitlines()[0] if done and done.returncode == 0 and done.stdout else ""


def _run(*words: str) -> subprocess.CompletedProcess[str] | None:
    """Run a program to its end; None: it cannot be started, or does not end."""
    try:
        return subprocess.run(words, capture_output=True, text=True, check=False, timeout=_PATIENCE_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return None
