"""Fixes applied in memory, pass after pass, until none is left; nothing unverified is kept.

A pass applies the fixes that do not touch each other, and the linter checks the result. It stands if every
fixed file still compiles, each mended finding is gone and no other has come up. Otherwise the fixes to blame
are found by trying them apart. What such a fix brings may be mended in turn, as a renamed method's
parameters are; if that does not help, the fix is left out, and that is said. Each pass leaves fewer
findings or fewer fixes to try, so the passes end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from panther_gen.lint.edits.document import UnfixableError
from panther_gen.lint.fixing.available import Documents
from panther_gen.lint.fixing.verification import (
    Change,
    Checked,
    Proposal,
    broken_file,
    change_of,
    key_of,
    news,
    objection,
    touch,
)
from panther_gen.lint.model import Edit, Finding

__all__ = ["Checked", "Fixing", "Outcome"]

_PASSES = 100
_STEPS = 4

Check = Callable[[Mapping[Path, bytes]], Checked]


@dataclass(slots=True)
class Outcome:
    """What fixing came to.

    Attributes:
        before: the content of each changed file as it was, by the path that findings print.
        after: as it shall be.
        fixed: the findings that are mended.
        remarks: a sentence for each fix that could not be applied, and why.
    """

    before: dict[str, bytes] = field(default_factory=dict)
    after: dict[str, bytes] = field(default_factory=dict)
    fixed: list[Finding] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


class Fixing:
    """One run of fixes.

    Args:
        check: checks the files with contents in place of what is saved.
        unsafe: applies unsafe fixes as well.
        contents: of files that are not saved; if there are any, no other file is changed.
    """

    def __init__(self, check: Check, *, unsafe: bool, contents: Mapping[Path, bytes] | None = None) -> None:
        self._check = check
        self._unsafe = unsafe
        self._only = frozenset(map(str, contents or ()))
        self._contents = dict(contents or {})
        self._refused: set[tuple[str, ...]] = set()
        self.outcome = Outcome()

    def run(self) -> Outcome:
        """Apply what can be applied, and return what came of it."""
        current = self._check(self._contents)
        for _ in range(_PASSES):
            documents = Documents(self._contents)
            batch = self._batch(current.wanted, documents)
            self._remark_files(documents)
            if not batch:
                return self.outcome
            current = self._apply(batch, current, documents)
        if self._batch(current.wanted, Documents(self._contents)):
            self.outcome.remarks.append(f"stopped after {_PASSES} passes; run it again for the rest")
        return self.outcome

    def _batch(self, findings: Iterable[Finding], documents: Documents) -> list[Proposal]:
        """Return fixes that do not touch each other, in the order of their findings."""
        taken: list[Edit] = []
        batch: list[Proposal] = []
        for finding in findings:
            fix = None if self._identity(finding, documents) in self._refused else documents.fix(finding)
            if fix is None or (fix.applicability == "unsafe" and not self._unsafe):
                continue
            if self._only and any(edit.path not in self._only for edit in fix.edits):
                continue
            if not any(touch(edit, other) for edit in fix.edits for other in taken):
                taken += fix.edits
                batch.append((finding, fix))
        return batch

    def _apply(self, batch: list[Proposal], current: Checked, documents: Documents) -> Checked:
        """Keep a batch, or what of it does no harm; return what is found then."""
        trial = self._try(batch, current, documents)
        if not isinstance(trial, str):
            return self._keep(change_of(batch, documents), batch, trial)
        guilty = self._guilty(batch, current, documents, trial)
        accused = [id(finding) for finding, _ in guilty]
        rest = [one for one in batch if id(one[0]) not in accused]
        for part in (rest, rest[:1]):  # each alone does no harm; together they may
            trial = self._try(part, current, documents) if part else ""
            if not isinstance(trial, str):
                return self._keep(change_of(part, documents), part, trial)
        finding, reason = guilty[0] if guilty else (batch[0][0], trial)
        suspect = next(one for one in batch if one[0] is finding)
        followed = self._follow(suspect, current, documents)
        if followed is not None:
            return self._keep(followed[0], [suspect], followed[1])
        self._refused.add(self._identity(finding, documents))
        place = f"{finding.path}:{finding.span.line}"
        self.outcome.remarks.append(f"{place}: {finding.code} is not fixed: {reason}")
        return current

    def _guilty(
        self, batch: list[Proposal], current: Checked, documents: Documents, reason: str
    ) -> list[tuple[Finding, str]]:
        """Return the findings whose fixes do harm by themselves, each with what it does."""
        if len(batch) == 1:
            return [(batch[0][0], reason)]
        half = len(batch) // 2
        found: list[tuple[Finding, str]] = []
        for part in (batch[:half], batch[half:]):
            trial = self._try(part, current, documents)
            if isinstance(trial, str):
                found += self._guilty(part, current, documents, trial)
        return found

    def _try(self, batch: list[Proposal], current: Checked, documents: Documents) -> Checked | str:
        """Return what a check finds with a batch applied, or why the batch does not hold."""
        try:
            change = change_of(batch, documents)
        except UnfixableError as error:
            return str(error)
        if broken := broken_file(change):
            return f"'{broken}' could not be compiled then"
        trial = self._check(self._with(change))
        return objection([finding for finding, _ in batch], current, trial) or trial

    def _follow(
        self, suspect: Proposal, current: Checked, documents: Documents
    ) -> tuple[Change, Checked] | None:
        """Return a change that also mends what a fix brings, and what is found then; None: there is none."""
        change: Change = {}
        batch = [suspect]
        for _ in range(_STEPS):
            try:
                step = change_of(batch, documents)
            except UnfixableError:
                return None
            change |= {path: (change.get(path, (old,))[0], new) for path, (old, new) in step.items()}
            if broken_file(change):
                return None
            trial = self._check(self._with(change))
            if not objection([suspect[0]], current, trial):
                return change, trial
            documents = Documents(self._with(change))
            wanted = {key_of(finding) for finding in trial.wanted}
            brought = news(current, trial)
            batch = self._batch(brought, documents)
            if not batch or any(key_of(finding) not in wanted for finding in brought):
                return None
        return None

    def _with(self, change: Change) -> dict[Path, bytes]:
        return self._contents | {Path(path): new for path, (_, new) in change.items()}

    def _keep(self, change: Change, batch: list[Proposal], found: Checked) -> Checked:
        for path, (old, new) in change.items():
            self.outcome.before.setdefault(path, old)
            self.outcome.after[path] = self._contents[Path(path)] = new
        self.outcome.fixed += [finding for finding, _ in batch]
        return found

    def _remark_files(self, documents: Documents) -> None:
        for path, reason in documents.refused.items():
            remark = f"{path} is not fixed: {reason}"
            if remark not in self.outcome.remarks:
                self.outcome.remarks.append(remark)

    def _identity(self, finding: Finding, documents: Documents) -> tuple[str, ...]:
        """Return what a finding whose fix was refused is known by: its line's text tells it from others."""
        document = documents.get(finding.path)
        number = finding.span.line - 1
        line = document.lines[number].strip() if document and number < len(document.lines) else ""
        return (*key_of(finding), line)
