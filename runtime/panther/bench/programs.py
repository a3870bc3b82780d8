"""Which programs a run has started, and in which versions: for those who want to run it again.

A program is what the kernel executed (``/proc/PID/exe``), noted when its service has been started; where a
wrapper stands around the service, what the kernel is going to execute. When the run ends each is described
once: SHA-256, Debian package, what it answers to ``--version``; for a Python program also its file, and the
versions of the distributions that the file imports.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from panther.bench.cells import NamespaceCell
from panther.bench.observers import Observer, RunScope, TestScope
from panther.bench.python_programs import imported_distributions, is_python, python_source, python_version
from panther.core.events import ServiceStartedEvent

__all__ = ["ProgramsObserver", "StartedProgram"]


#: How long a program may take to say its version, and how much of what it says is kept.
_SECONDS, _CHARACTERS = 0.5, 200
#: execve(2).
_LONGEST_FIRST_LINE = 256


@dataclass(frozen=True)
class StartedProgram:
    """A program, and as much of how it was started as its versions depend on."""

    path: str
    """What the kernel executed; links resolved."""

    invoked: str
    """The first word of the command, as a path where it is one or is found on PATH."""

    source: str = ""
    """For a Python program: the file that it began with."""


@dataclass
class ProgramsObserver(Observer):
    """Notes every program that a service is started with."""

    started: dict[StartedProgram, None] = field(default_factory=dict)
    _began: float = 0.0

    @contextlib.contextmanager
    def watch_run(self, scope: RunScope) -> Iterator[None]:
        """Note when the run began; see the base class."""
        self._began = time.time()
        yield

    @contextlib.contextmanager
    def watch_test(self, scope: TestScope) -> Iterator[None]:
        """Note the programs of a test; see the base class."""
        found = scope.findings.setdefault("programs", {})

        def note(event: ServiceStartedEvent) -> None:
            program = None if event.container else _program_of(event)
            if program is not None:
                self.started[program] = None
                found[event.service_name] = program.path

        end = scope.bus.subscribe(ServiceStartedEvent, note)
        try:
            yield
        finally:
            end()

    def describe(self, *, ask: bool) -> list[dict[str, Any]]:
        """Return a description of each program, in the order of their first start.

        Args:
            ask: ask programs for their version, where this machine has namespaces to do so in.
        """
        packages = _debian_packages(
            tuple(sorted({each.path for each in self.started if not is_python(each.path)}))
        )
        return [self._describe(program, packages, ask) for program in self.started]

    def _describe(self, program: StartedProgram, packages: dict[str, str], ask: bool) -> dict[str, Any]:
        described: dict[str, Any] = {
            **_describe_file(program.path, self._began),
            "package": packages.get(program.path),
            "version": None,
            "source": None,
            "distributions": {},
        }
        if is_python(program.path):
            described["version"] = python_version(program.path)
            if program.source:
                described["source"] = _describe_file(program.source, self._began)
                described["distributions"] = imported_distributions(program.invoked, program.source)
        elif ask:
            described["version"] = _answer(program.path)
        return described


def _program_of(event: ServiceStartedEvent) -> StartedProgram | None:
    process = Path(f"/proc/{event.pid}")
    try:
        path, directory = os.readlink(process / "exe"), os.readlink(process / "cwd")  # noqa: PTH115 — text
        environment = dict(_variables((process / "environ").read_bytes()))
    except OSError:  # it has ended already, or belongs to another user
        path, directory, environment = "", str(Path.cwd()), dict(os.environ)
    word, search = event.argv[0], environment.get("PATH", os.defpath)
    invoked = str(Path(directory, word)) if os.sep in word else shutil.which(word, path=search) or word
    path = "" if event.wrapped else path.removesuffix(" (deleted)")
    path = path or _executed(invoked, search)
    source = python_source(event.argv, directory, environment) if is_python(path) else ""
    return StartedProgram(path, invoked, source)


def _executed(file: str, search: str) -> str:
    """Return what the kernel executes when a file is started: of a script, the interpreter that it names."""
    try:
        with Path(file).open("rb") as script:
            line = script.readline(_LONGEST_FIRST_LINE)
    except OSError:
        line = b""
    words = os.fsdecode(line[2:]).split() if line.startswith(b"#!") else []
    if words and Path(words[0]).name == "env":
        words = [word for word in words[1:] if not word.startswith("-")]
    interpreter = shutil.which(words[0], path=search) if words else None
    return os.path.realpath(interpreter or file)


def _variables(environment: bytes) -> Iterator[tuple[str, str]]:
    for variable in os.fsdecode(environment).split("\0"):
        name, equals, value = variable.partition("=")
        if equals:
            yield name, value


def _describe_file(path: str, began: float) -> dict[str, Any]:
    """Return a file's path, size, SHA-256 and date; where it cannot be read, null."""
    try:
        status = Path(path).stat()
        with Path(path).open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return {"path": path, "sha256": None, "bytes": None, "modified": None, "changed_during_run": None}
    return {
        "path": path,
        "sha256": sha256,
        "bytes": status.st_size,
        "modified": datetime.fromtimestamp(status.st_mtime, UTC).isoformat(timespec="seconds"),
        "changed_during_run": status.st_ctime > began,
    }


def _answer(program: str) -> str | None:
    """Return the first line that a program prints when asked for its version; None: it tells none.

    It may do anything instead, such as to serve: it runs in namespaces of its own, in an empty directory,
    with a time limit, and is killed with everything that it has started. Without namespaces it is not asked.
    """
    try:
        cell = NamespaceCell().enter()
    except OSError:
        return None
    try:
        with tempfile.TemporaryDirectory() as empty, tempfile.TemporaryFile() as out:
            asked = cell.spawn(
                [program, "--version"], env={"PATH": os.defpath}, cwd=Path(empty), stdout=out, stderr=out
            )
            try:
                status = asked.wait(_SECONDS)
            except subprocess.TimeoutExpired:
                asked.kill()
                asked.wait()
                return None
            out.seek(0)
            text = out.read(4096).decode("utf-8", "replace").strip()
    except (OSError, subprocess.SubprocessError):
        return None
    finally:
        cell.close()
        cell.wait()
    line = text.splitlines()[0][:_CHARACTERS] if text else ""
    told = status == 0 and any(letter.isdigit() for letter in line)
    return "".join(letter if letter.isprintable() else "?" for letter in line) if told else None


@lru_cache(maxsize=8)
def _debian_packages(paths: tuple[str, ...]) -> dict[str, str]:
    """Return the package and version of each file that dpkg knows, as ``name version``."""
    owners = dict(_owners(paths))
    names = sorted(set(owners.values()))
    lines = _dpkg("--show", "--showformat", "${Package} ${Version}\\n", *names) if names else []
    versions = {line.partition(" ")[0]: line for line in lines}
    return {path: versions[name] for path, name in owners.items() if name in versions}


def _owners(paths: Sequence[str]) -> Iterator[tuple[str, str]]:
    if not paths:
        return
    for line in _dpkg("--search", *paths):
        packages, colon, path = line.partition(": ")
        if colon and path in paths:
            yield path, packages.partition(",")[0].partition(":")[0]


def _dpkg(*words: str) -> list[str]:
    program = shutil.which("dpkg-query")
    if program is None:
        return []
    try:
        # One of several files that no package owns makes the status 1; the others are told all the same.
        done = subprocess.run(
            [program, *words], stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return []
    return done.stdout.decode("utf-8", "replace").splitlines()
