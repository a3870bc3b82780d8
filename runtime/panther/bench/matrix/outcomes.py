"""What became of a cell, in one word, with the reason and how often it passed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path

from panther.bench.evidence import Outcome
from panther.bench.interop_contract import CONTRACT_FEATURE, NOT_SUPPORTED
from panther.bench.matrix.judging import UNSEEN
from panther.bench.matrix.pairing import Cell
from panther.bench.results import ServiceResult, TestResult

__all__ = ["Verdict", "evidence_of", "exit_code", "hand_out", "pass_rate", "reason_of", "verdict_of"]

_FAILED, _MACHINE = 1, 4


class Verdict(StrEnum):
    """How a cell ended; the first three are words of the QUIC interop runner."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNSUPPORTED = "unsupported"
    NOT_INSTALLED = "not installed"
    NOT_PROVED = "not proved"
    NOT_RUN = "not run"


def hand_out(cells: Iterable[Cell], tests: Sequence[TestResult]) -> None:
    """Give each cell the results of its test."""
    by_name: dict[str, list[TestResult]] = {}
    for test in tests:
        by_name.setdefault(test.name, []).append(test)
    for cell in cells:
        cell.tests = by_name.get(cell.plan.name, []) if cell.plan else []


def verdict_of(cell: Cell) -> Verdict:
    """Return the verdict; of a repeated test, that of all its runs."""
    if cell.missing:
        return Verdict.NOT_INSTALLED
    if cell.plan is None or any(_refuser(cell, test) for test in cell.tests):
        return Verdict.UNSUPPORTED
    outcomes = {test.outcome for test in cell.tests}
    if not outcomes or outcomes & {Outcome.INTERRUPTED, Outcome.NOT_RUN}:
        return Verdict.NOT_RUN
    against = [test for test in cell.tests if test.outcome is not Outcome.PASSED]
    if against and all(map(_is_unseen, against)):
        return Verdict.NOT_PROVED
    return Verdict.FAILED if against else Verdict.SUCCEEDED


def reason_of(cell: Cell) -> str:
    """Return why a cell is what it is; of several runs, the first that did not pass says it."""
    if cell.missing or cell.plan is None:
        return cell.missing or cell.unsupported
    refuser = next(filter(None, (_refuser(cell, test) for test in cell.tests)), None)
    if refuser is not None:
        who = f"{refuser.role} {refuser.implementation}"
        return f"{who} ended with status {NOT_SUPPORTED}: it does not support this case"
    against = next((test for test in cell.tests if test.outcome is not Outcome.PASSED), None)
    if against is not None:
        return against.reason + _last_words(against)
    return cell.tests[0].reason if cell.tests else ""


def pass_rate(cell: Cell) -> tuple[int, int]:
    """Return how many of its runs passed, and how many there were."""
    ended = [test for test in cell.tests if test.outcome not in {Outcome.INTERRUPTED, Outcome.NOT_RUN}]
    return sum(test.outcome is Outcome.PASSED for test in ended), len(ended)


def evidence_of(cell: Cell) -> list[Path]:
    """Return the directories of its runs; one that was not begun has none."""
    return [test.directory for test in cell.tests if test.outcome is not Outcome.NOT_RUN]


def exit_code(cells: Iterable[Cell], run: int) -> int:
    """Return the program's exit status: 1 where a cell failed, 4 where one could not be proved here, else 0.

    The run's own goes before them, if it says more than that a test failed.

    Args:
        cells: those of the matrix.
        run: the exit status of the run; a refused case has failed its test, and is none here.
    """
    if run not in {0, _FAILED}:
        return run
    verdicts = set(map(verdict_of, cells))
    if Verdict.FAILED in verdicts:
        return _FAILED
    return _MACHINE if Verdict.NOT_PROVED in verdicts else 0


def _last_words(test: TestResult) -> str:
    """Return what the first client that failed said last, to go behind a reason."""
    for service in test.services:
        lines = service.log_tail.splitlines()
        if service.role == "client" and service.exit_status and lines:
            return f" ({''.join(char if char.isprintable() else '?' for char in lines[-1])[:200]})"
    return ""


def _is_unseen(test: TestResult) -> bool:
    """Tell whether a test has failed for nothing but that this machine cannot capture packets."""
    against = [item.detail for item in test.evidence if item.passed is False]
    return test.outcome is Outcome.FAILED and set(against) == {UNSEEN}


def _refuser(cell: Cell, test: TestResult) -> ServiceResult | None:
    """Return the service that answered that it does not support the case; None: none did.

    Of a program that does not obey the contract status 127 says nothing: a shell that does not find a
    command ends with it.
    """
    obey = {side.role for side in (cell.server, cell.client) if side.can(CONTRACT_FEATURE)}
    refusers = (one for one in test.services if one.role in obey and one.exit_status == NOT_SUPPORTED)
    return next(refusers, None)
