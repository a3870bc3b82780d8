"""The linter's run: read the files fast, find what may be wrong, derive each finding exactly."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from panther_gen.lint.hierarchy import Hierarchy
from panther_gen.lint.model import Finding, Span
from panther_gen.lint.modules import Module, Modules, shown
from panther_gen.lint.names import Names
from panther_gen.lint.plugin_view import PluginView, is_text
from panther_gen.lint.reading import read_exactly, summarise
from panther_gen.lint.rules import CLASS_RULES, MODULE_RULES, PLUGIN_RULES, RULES, UNREADABLE_FILE
from panther_gen.lint.snapshot import load_snapshot
from panther_gen.lint.source import Lines, Source, UnreadableError
from panther_gen.lint.summary import ModuleSummary
from panther_gen.plugin.tree import PluginDirectory, directory_of

__all__ = ["Report", "check_files"]

_BASES = "panther.plugins.services.base"
_REGISTRATION = "panther.plugins.plugin_decorators"
_CODES = frozenset(rule.code for rule in RULES)
_PLUGIN_CODES = frozenset(rule.code for rule in PLUGIN_RULES)


@dataclass(slots=True)
class Report:
    """What a run found.

    Attributes:
        findings: in the order of path and line.
        files: how many files were checked.
        suppressed: how many findings a comment asked to leave out.
        excluded: how many files the configuration asked to leave out.
        known: how many findings were left out because they are in the baseline.
        sources: the lines of the files that findings are in, by printed path.
    """

    findings: list[Finding] = field(default_factory=list)
    files: int = 0
    suppressed: int = 0
    excluded: int = 0
    known: int = 0
    sources: dict[str, Lines] = field(default_factory=dict)

    def count(self, severity: str) -> int:
        """Return how many findings have that severity."""
        return sum(finding.severity == severity for finding in self.findings)


def check_files(
    paths: Iterable[Path],
    contents: Mapping[Path, bytes] | None = None,
    contracts: Sequence[Path] = (),
) -> Report:
    """Check files; other files are read where a base class stands in one.

    Args:
        paths: the files whose findings are reported.
        contents: what to take for the content of files that are not saved.
        contracts: the files with the contracts of other packages than the runtime.

    Raises:
        UsageError: a contract cannot be used.
    """
    run = _Run(contents or {}, contracts)
    with warnings.catch_warnings():  # of the checked code, such as an invalid escape sequence
        warnings.simplefilter("ignore")
        for path in paths:
            run.read(path)
        run.check()
    return run.report


class _Run:
    def __init__(self, contents: Mapping[Path, bytes], contracts: Sequence[Path]) -> None:
        self.report = Report()
        self._shipped = load_snapshot()
        if contracts:
            from panther_gen.lint.contract_file import add_contracts

            add_contracts(self._shipped, contracts)
        self._modules = Modules(self._shipped, contents)
        self._checked: list[Module] = []
        self._plugins: dict[PluginDirectory, None] = {}

    def read(self, path: Path) -> None:
        """Read one of the files to be checked, or report why that cannot be done."""
        self.report.files += 1
        plugin = directory_of(path)
        if plugin is not None:
            self._plugins[plugin] = None
            if is_text(path):  # no Python: the rules for plugins read it
                return
        source = Source("")
        try:
            source = self._modules.source(path)
            self._checked.append(self._modules.add(path, source, summarise(source.text)))
        except UnreadableError as error:
            name = shown(path)
            self.report.sources[name] = source
            self.report.findings.append(UNREADABLE_FILE.report(name, error))

    def check(self) -> None:
        """Check the classes of the files that were read, and the plugins that they belong to."""
        hierarchy = self._hierarchy()
        modules = [module for module in self._checked if self._findings(module, hierarchy)]
        plugins = [one for one in self._views(self._plugins, hierarchy) if _in_plugin(one)]
        if modules or plugins:
            for module in dict.fromkeys([*modules, *(one for view in plugins for one in view.code())]):
                module.summary = _exact(module)
            hierarchy = self._hierarchy()
            for module in modules:
                self._collect(module.shown, module.source, self._findings(module, hierarchy))
            for view in self._views((view.directory for view in plugins), hierarchy):
                self._collect_from(view)
        if self.report.findings or any(_is_commented(module.source) for module in self._checked):
            views = self._views(self._plugins, hierarchy)
            self._settle(_CODES if all(view.is_complete for view in views) else _CODES - _PLUGIN_CODES)

    def _views(self, plugins: Iterable[PluginDirectory], hierarchy: Hierarchy) -> Iterator[PluginView]:
        return (PluginView(plugin, self._modules, hierarchy) for plugin in plugins)

    def _findings(self, module: Module, hierarchy: Hierarchy) -> list[Finding]:
        views = [hierarchy.view(module, summary) for summary in module.summary.classes if summary.bases]
        of_module = [finding for rule in MODULE_RULES for finding in rule.check(module)]
        return of_module + [finding for view in views for rule in CLASS_RULES for finding in rule.check(view)]

    def _collect_from(self, view: PluginView) -> None:
        by_path: dict[str, list[Finding]] = {}
        for finding in _in_plugin(view):
            by_path.setdefault(finding.path, []).append(finding)
        sources = view.sources()
        for path, findings in by_path.items():
            self._collect(path, sources[path], findings)

    def _collect(self, path: str, source: Lines, findings: list[Finding]) -> None:
        self.report.findings.extend(_placed(finding, source) for finding in findings)
        self.report.sources[path] = source

    def _settle(self, judged: frozenset[str]) -> None:
        """Take out what comments ask to leave out, and put in comments that leave nothing out."""
        from panther_gen.lint.suppression import settle  # a clean file has no use for it

        sources = {module.shown: module.source for module in self._checked} | self.report.sources
        findings, self.report.suppressed = settle(
            self.report.findings, sources, {module.shown: judged for module in self._checked}
        )
        self.report.findings = sorted(findings, key=lambda finding: finding.order)
        self.report.sources |= {one.path: sources[one.path] for one in findings if one.path in sources}

    def _hierarchy(self) -> Hierarchy:
        names = Names(self._modules, self._defaults())
        shipped = self._shipped
        return Hierarchy(names, shipped.runtime_names(), shipped.runtime_classes(), shipped.packages)

    def _defaults(self) -> dict[str, tuple[Module, str]]:
        """Return what a name of the runtime means in a fragment that does not import it."""
        modules = [self._shipped[dotted] for dotted in (_BASES, _REGISTRATION) if dotted in self._shipped]
        return {name: (module, name) for module in modules for name in module.summary.scopes[0].bindings}


def _is_commented(source: Lines) -> bool:
    """Tell whether there may be a suppression in a file."""
    return isinstance(source, Source) and "panther-gen:" in source.text


def _in_plugin(view: PluginView) -> list[Finding]:
    """Return what is wrong with a plugin as a whole; a file of it that cannot be parsed comes first."""
    if not view.is_complete:
        return []
    return [finding for rule in PLUGIN_RULES for finding in rule.check(view)]


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
