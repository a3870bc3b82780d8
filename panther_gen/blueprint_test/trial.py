"""Trying the combinations of a blueprint: each is rendered, linted, and its own tests are run.

What is rendered lies in a directory for temporary files, each combination below a root of its own. The tests
run in processes of their own, as many at once as there are processors; the next combinations are rendered
meanwhile.
"""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from panther_gen.blueprint_test.combinations import Combinations
from panther_gen.blueprints import Blueprint
from panther_gen.errors import BlueprintError, MachineError, UsageError
from panther_gen.generate.interruption import in_scratch
from panther_gen.generate.render import Rendered, render
from panther_gen.lint.disk.files import python_files
from panther_gen.lint.running.engine import check_files, usable_processors
from panther_gen.runtime import check_runtime

__all__ = ["Outcome", "check_machine", "try_all"]

#: Seconds that the tests of one combination have.
_PATIENCE = 300
#: How pytest ends where it has found no test.
_NO_TESTS = 5
_FAILURE = re.compile(r"^(?:FAILED|ERROR) .*", re.MULTILINE)
_PASSED = re.compile(r"^(\d+) passed", re.MULTILINE)


@dataclass(frozen=True)
class Outcome:
    """What became of one combination."""

    label: str
    """What tells it from the others."""

    answers: Mapping[str, Any]
    """The answers that it was rendered with."""

    files: int = 0
    """How many files were rendered."""

    tests: int = 0
    """How many of its tests passed."""

    stage: str = ""
    """Where it failed: ``render``, ``lint`` or ``tests``; empty if it passed."""

    failure: str = ""
    """What failed first, with its place; empty if it passed."""

    @property
    def passed(self) -> bool:
        """Whether nothing failed."""
        return not self.stage


def check_machine() -> None:
    """Refuse to go on where generated tests cannot run.

    Raises:
        MachineError: the runtime or pytest is not installed.
    """
    check_runtime()
    if find_spec("pytest") is None:
        raise MachineError(
            "generated tests need pytest, which is not installed", cure="python -m pip install pytest"
        )


def try_all(blueprint: Blueprint, combinations: Combinations) -> list[Outcome]:
    """Try every combination.

    Raises:
        UsageError: a combination has no place below a root.
        MachineError: there is no room for temporary files.
    """

    def work(scratch: Path) -> list[Outcome]:
        with ThreadPoolExecutor(usable_processors()) as pool:
            try:
                begun = [
                    _begin(blueprint, combinations, answers, scratch / str(number), pool)
                    for number, answers in enumerate(combinations)
                ]
                return [one if isinstance(one, Outcome) else one.result() for one in begun]
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    return in_scratch(Path(tempfile.gettempdir(), f"panther-gen-{secrets.token_hex(8)}"), work)


def _begin(
    blueprint: Blueprint,
    combinations: Combinations,
    answers: Mapping[str, Any],
    root: Path,
    pool: ThreadPoolExecutor,
) -> Outcome | Future[Outcome]:
    outcome = Outcome(combinations.label(answers), answers)
    place = combinations.directory(answers)
    try:
        rendered = render(blueprint, answers, place.name, ask=False)
    except (BlueprintError, UsageError) as error:
        said = f"{error.message} ({error.cure})" if error.cure else error.message
        return replace(outcome, stage="render", failure=f"{error.where}: {said}" if error.where else said)
    directory = root / place
    _write(directory, rendered)
    outcome = replace(outcome, files=len(rendered.files))
    fault = _first_finding(root, directory)
    if fault:
        return replace(outcome, stage="lint", failure=fault)
    return pool.submit(_run_tests, outcome, root, directory)


def _write(directory: Path, rendered: Rendered) -> None:
    for path, (content, executable) in rendered.files.items():
        file = directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        if executable:
            file.chmod(0o755)


def _first_finding(root: Path, directory: Path) -> str:
    report = check_files(python_files([directory]))
    errors = (finding for finding in report.findings if finding.severity == "error")
    for finding in errors:
        path = os.path.relpath(finding.path, root)
        return f"{path}:{finding.span.line}: {finding.code} {finding.message}"
    return ""


def _run_tests(outcome: Outcome, root: Path, directory: Path) -> Outcome:
    command = [sys.executable, "-m", "pytest", "-q", "-rfE", "--tb=short", "-p", "no:cacheprovider"]
    command += ["-c", os.devnull, f"--rootdir={root}", str(directory)]
    environment = {**os.environ, "COLUMNS": "200", "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"}
    environment.pop("PYTEST_ADDOPTS", None)
    try:
        ended = subprocess.run(
            command,
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return replace(outcome, stage="tests", failure=f"they did not end within {_PATIENCE} s")
    passed = _PASSED.search(ended.stdout)
    if ended.returncode == 0:
        return replace(outcome, tests=int(passed[1]) if passed else 0)
    if ended.returncode == _NO_TESTS:
        return replace(outcome, stage="tests", failure="it has no tests")
    return replace(outcome, stage="tests", failure=_first_failure(ended.stdout, ended.stderr))


def _first_failure(output: str, errors: str) -> str:
    found = _FAILURE.search(output)
    return found[0] if found else _last((*output.splitlines(), *errors.splitlines()))


def _last(lines: Iterable[str]) -> str:
    return next((line for line in reversed(list(lines)) if line.strip()), "pytest said nothing")
