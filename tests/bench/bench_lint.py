"""The linter against linters and type checkers, on the same generated corpus; a tenth of it violates."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from corpus import BASE, write_corpus
from harness import BrokenError, Comparison, Side, at_most, benchmark, program, time_process

RUNTIME = Path(__file__).parents[2] / "runtime"
FILES = 3000
# Compiled modules are kept on both sides, as after any installation.
COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}
LINT = [program("panther-gen"), "lint", "."]
FINDS = 1


class Corpus:
    """A corpus with a cache for each tool beside it."""

    def __init__(self, workplace: Path, files: int = FILES) -> None:
        self.root = workplace / f"corpus-{files}"
        self.root.mkdir()
        write_corpus(self.root, files)
        self._caches = {name: workplace / f"{name}-{files}" for name in ("lint", "mypy", "ruff")}
        self._edits = 0

    def forget(self) -> None:
        """Remove all caches."""
        for path in self._caches.values():
            shutil.rmtree(path, ignore_errors=True)

    def change_the_base(self) -> None:
        """Change the base class that every module inherits from."""
        self._edits += 1
        with (self.root / BASE).open("a", encoding="utf-8") as file:
            file.write(f"\n    def edit_{self._edits}(self) -> int:\n        return {self._edits}\n")

    def lint(self) -> float:
        environment = {**COMPILED, "PANTHER_GEN_CACHE_DIR": str(self._caches["lint"])}
        return time_process(LINT, cwd=self.root, environment=environment, status=FINDS)

    def mypy(self) -> float:
        words = ["--namespace-packages", "--explicit-package-bases", "--cache-dir", str(self._caches["mypy"])]
        environment = {"MYPYPATH": f"{self.root}:{RUNTIME}"}
        argv = [program("mypy"), *words, "."]
        return time_process(argv, cwd=self.root, environment=environment, status=FINDS)

    def ruff(self) -> float:
        argv = [program("ruff"), "check", "--isolated", "--cache-dir", str(self._caches["ruff"]), "."]
        return time_process(argv, cwd=self.root)

    def cold(self, tool: Callable[[], float]) -> Callable[[], float]:
        def measure() -> float:
            self.forget()
            return tool()

        return measure

    def after_change(self, tool: Callable[[], float]) -> Callable[[], float]:
        def measure() -> float:
            tool()
            self.change_the_base()
            return tool()

        return measure


@benchmark("lint 3,000 files cold, against mypy", target=at_most(0.06), unit="ms", rounds=3)
def cold_mypy(workplace: Path) -> Comparison:
    corpus = Corpus(workplace)
    return Comparison(
        ours=Side("panther-gen lint", corpus.cold(corpus.lint)),
        reference=Side("mypy", corpus.cold(corpus.mypy)),
        note="every tenth file overrides a workflow method; both report each of them",
    )


@benchmark("lint 3,000 files cold, against ruff", target=at_most(2.5), unit="ms", rounds=7)
def cold_ruff(workplace: Path) -> Comparison:
    corpus = Corpus(workplace)
    return Comparison(
        ours=Side("panther-gen lint", corpus.cold(corpus.lint)),
        reference=Side("ruff check", corpus.cold(corpus.ruff)),
        note="ruff has no such rule: it checks its defaults and finds nothing",
    )


@benchmark("lint 3,000 files warm, against mypy", target=at_most(0.7), unit="ms", rounds=9)
def warm_mypy(workplace: Path) -> Comparison:
    corpus = Corpus(workplace)
    for tool in (corpus.lint, corpus.mypy):
        tool()
    return Comparison(
        ours=Side("panther-gen lint", corpus.lint),
        reference=Side("mypy", corpus.mypy),
        note="nothing has changed since the run before",
    )


@benchmark("lint after a change of the shared base class", target=at_most(0.05), unit="ms", rounds=3)
def base_changed(workplace: Path) -> Comparison:
    corpus = Corpus(workplace)
    return Comparison(
        ours=Side("panther-gen lint", corpus.after_change(corpus.lint)),
        reference=Side("mypy", corpus.after_change(corpus.mypy)),
        note="3,000 files inherit from the class; every verdict has to be found anew",
    )


@benchmark("lint one clean file", target=at_most(1.3), unit="ms", rounds=15)
def one_file(workplace: Path) -> Comparison:
    corpus = Corpus(workplace, 2)
    words = [program("panther-gen"), "lint", "group_000/impl_0001.py"]

    def lint() -> float:
        corpus.forget()
        environment = {**COMPILED, "PANTHER_GEN_CACHE_DIR": str(workplace / "lint-2")}
        return time_process(words, cwd=corpus.root, environment=environment)

    reference = [sys.executable, "-c", "import libcst"]
    return Comparison(
        ours=Side("panther-gen lint FILE", lint),
        reference=Side("import libcst", lambda: time_process(reference, environment=COMPILED)),
        note="from a cold start, without a kept verdict",
    )


@benchmark("lint: peak memory on 3,000 files", target=at_most(1.0), unit="MB", rounds=3)
def memory(workplace: Path) -> Comparison:
    corpus = Corpus(workplace)

    def lint() -> float:
        corpus.forget()
        environment = {**COMPILED, "PANTHER_GEN_CACHE_DIR": str(workplace / "lint-3000")}
        return peak_memory(LINT, corpus.root, environment)

    return Comparison(
        ours=Side("panther-gen lint", lint),
        reference=Side("100 MB", lambda: 100.0),
        note="all its processes together, shared pages counted once; sampled",
    )


@benchmark("lint: time of 3,000 files to ten times that of 300", target=at_most(1.1), unit="ms", rounds=5)
def linear(workplace: Path) -> Comparison:
    large, small = Corpus(workplace), Corpus(workplace, FILES // 10)
    few = small.cold(small.lint)
    return Comparison(
        ours=Side("3,000 files", large.cold(large.lint)),
        reference=Side("300 files, ten times", lambda: sum(few() for _ in range(10))),
    )


def peak_memory(argv: list[str], cwd: Path, environment: dict[str, str]) -> float:
    """Run a program and return the most memory that it and its children had, in MB."""
    run = subprocess.Popen(
        argv,
        cwd=cwd,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    peak = 0
    while run.poll() is None:
        peak = max(peak, sum(_proportional_kib(pid) for pid in _session(run.pid)))
        time.sleep(0.01)
    if run.returncode != FINDS:
        raise BrokenError(f"exit status {run.returncode}: {argv}")
    return peak / 1000 * 1.024


def _session(leader: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.getsid(int(entry.name)) == leader:
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def _proportional_kib(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    lines = dict(line.split(":", 1) for line in text.splitlines() if line.startswith("Pss:"))
    return int(lines.get("Pss", "0 kB").split()[0])
