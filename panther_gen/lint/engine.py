"""The linter's run: read the files fast, find what may be wrong, derive each finding exactly."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from panther_gen.lint.hierarchy import Hierarchy
from panther_gen.lint.model import Finding, Span
from panther_gen.lint.modules import Module, Modules, shown
from panther_gen.lint.names import Names
from panther_gen.lint.reading import read_exactly, summarise
from panther_gen.lint.rules import CLASS_RULES, MODULE_RULES, UNREADABLE_FILE
from panther_gen.lint.snapshot import load_snapshot
from panther_gen.lint.source import Lines, Source, UnreadableError, read_source
from panther_gen.lint.summary import ModuleSummary, Shipped
from panther_gen.lint.suppression import suppressed

__all__ = ["Report", "check_files"]

_BASES = "panther.plugins.services.base"
_REGISTRATION = "panther.plugins.plugin_decorators"


@dataclass(slots=True)
class Report:
    """What a run found.

    Attributes:
        findings: in the order of path and line.
        files: how many files were checked.
        suppressed: how many findings a comment asked to leave out.
        sources: the lines of the files that findings are in, by printed path.
    """

    findings: list[Finding] = field(default_factory=list)
    files: int = 0
    suppressed: int = 0
    sources: dict[str, Lines] = field(default_factory=dict)

    def count(self, severity: str) -> int:
        """Return how many findings have that severity."""
        return sum(finding.severity == severity for finding in self.findings)


def check_files(paths: Iterable[Path]) -> Report:
    """Check files; other files are read where a base class stands in one.

    Args:
        paths: the files whose findings are reported.
    """
    run = _Run()
    with warnings.catch_warnings():  # of the checked code, such as an invalid escape sequence
        warnings.simplefilter("ignore")
        for path in paths:
            run.read(path)
        run.check()
    return run.report


class _Run:
    def __init__(self) -> None:
        self.report = Report()
        self._shipped = load_snapshot()
        self._modules = Modules(self._shipped)
        self._checked: list[Module] = []

    def read(self, path: Path) -> None:
        """Read one of the files to be checked, or report why that cannot be done."""
        self.report.files += 1
        source = Source("")
        try:
            source = read_source(path)
            self._checked.append(self._modules.add(path, source, summarise(source.text)))
        except UnreadableError as error:
            name = shown(path)
            self.report.sources[name] = source
            self.report.findings.append(UNREADABLE_FILE.report(name, error))

    def check(self) -> None:
        """Check the classes of the files that were read."""
        suspects = self._suspects(self._checked)
        if suspects:
            for module in suspects:
                module.summary = _exact(module)
            for module in suspects:
                self._collect(module, self._findings(module, self._hierarchy()))
        self.report.findings.sort(key=lambda finding: finding.order)

    def _suspects(self, modules: list[Module]) -> list[Module]:
        hierarchy = self._hierarchy()
        return [module for module in modules if self._findings(module, hierarchy)]

    def _findings(self, module: Module, hierarchy: Hierarchy) -> list[Finding]:
        views = [hierarchy.view(module, summary) for summary in module.summary.classes if summary.bases]
        of_module = [finding for rule in MODULE_RULES for finding in rule.check(module)]
        return of_module + [finding for view in views for rule in CLASS_RULES for finding in rule.check(view)]

    def _collect(self, module: Module, findings: list[Finding]) -> None:
        kept, left_out = suppressed([_placed(finding, module.source) for finding in findings], module.source)
        self.report.findings.extend(kept)
        self.report.suppressed += left_out
        self.report.sources[module.shown] = module.source

    def _hierarchy(self) -> Hierarchy:
        names = Names(self._modules, self._defaults())
        return Hierarchy(names, _contract_names(self._shipped), _shipped_classes(self._shipped))

    def _defaults(self) -> dict[str, tuple[Module, str]]:
        """Return what a name of the runtime means in a fragment that does not import it."""
        modules = [self._shipped[dotted] for dotted in (_BASES, _REGISTRATION) if dotted in self._shipped]
        return {name: (module, name) for module in modules for name in module.summary.scopes[0].bindings}


def _exact(module: Module) -> ModuleSummary:
    """Return the exact summary; where libcst cannot parse the file, the fast one stands."""
    if not isinstance(module.source, Source):
        return module.summary
    try:
        return read_exactly(module.source.text)
    except UnreadableError:
        return module.summary


def _placed(finding: Finding, source: Lines) -> Finding:
    """Give a finding of which the line alone is known the column of the name that its message quotes."""
    if finding.span.column:
        return finding
    line = source.line(finding.span.line)
    quoted = re.findall(r"'(\w+)'", finding.message)
    match = next((found for name in quoted if (found := re.search(rf"\b{name}\b", line))), None)
    start, end = match.span() if match else (len(line) - len(line.lstrip()), len(line))
    number = finding.span.line
    return replace(finding, span=Span(number, start + 1, number, end + 1))


def _contract_names(shipped: dict[str, Module]) -> frozenset[str]:
    return frozenset(
        name
        for module in shipped.values()
        for summary in module.summary.classes
        for name, bindings in module.summary.scopes[summary.body].bindings.items()
        if bindings[-1].mark is not None
    )


def _shipped_classes(shipped: dict[str, Module]) -> dict[tuple[str, str], Shipped]:
    return {
        (dotted, summary.name): summary.shipped
        for dotted, module in shipped.items()
        for summary in module.summary.classes
        if summary.shipped is not None
    }
