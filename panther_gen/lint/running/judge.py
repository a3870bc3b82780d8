"""From a group of files to a verdict: read them fast, find what may be wrong, derive each finding exactly."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from panther_gen.lint.choosing.suppression import Comment, comments_in
from panther_gen.lint.classes.hierarchy import Hierarchy
from panther_gen.lint.classes.names import Names
from panther_gen.lint.contracts.snapshot import load_snapshot
from panther_gen.lint.disk.evidence import Fact
from panther_gen.lint.disk.modules import Module, Modules, shown
from panther_gen.lint.model import Finding, Span
from panther_gen.lint.plugins.plugin_view import PluginView, is_text
from panther_gen.lint.reading.parsing import forget
from panther_gen.lint.reading.source import Lines, Source, UnreadableError
from panther_gen.lint.rules import (
    CLASS_RULES,
    MODULE_RULES,
    NAMES_RULES,
    NEWER_SYNTAX,
    PLUGIN_RULES,
    RULES,
    UNREADABLE_FILE,
)
from panther_gen.lint.running.exact import make_exact
from panther_gen.plugin.tree import PluginDirectory

if TYPE_CHECKING:
    from panther_gen.lint.disk.summaries import Summaries

__all__ = ["CODES", "Group", "Judge", "Verdict"]

_BASES = "panther.plugins.services.base"
_REGISTRATION = "panther.plugins.plugin_decorators"

#: The codes of all rules, and of those that look at whole plugins.
CODES = frozenset(rule.code for rule in RULES)
_PLUGIN_CODES = frozenset(rule.code for rule in PLUGIN_RULES)

# Modules that are kept between groups; a base class that many files share is among them.
_KEPT = 128


@dataclass(frozen=True, slots=True)
class Group:
    """Files that are judged together: some of one plugin directory's, or any single one.

    Attributes:
        name: what tells the group from others.
        plugin: the plugin directory; None if the file belongs to none.
        files: the files to check.
    """

    name: str
    plugin: PluginDirectory | None
    files: tuple[Path, ...]


@dataclass(slots=True)
class Verdict:
    """What a group's files came to, before comments leave anything out.

    Attributes:
        findings: in no particular order.
        comments: the suppressions in the files, by printed path.
        judged: the codes of the rules that looked at a checked file that has comments, by printed path.
        grounds: the evidence that the verdict rests on; None if it cannot be told.
    """

    findings: list[Finding] = field(default_factory=list)
    comments: dict[str, list[Comment]] = field(default_factory=dict)
    judged: dict[str, frozenset[str]] = field(default_factory=dict)
    grounds: dict[str, Fact] | None = None


class Judge:
    """Judges groups of files, and keeps what they share.

    Args:
        contents: what to take for the content of files that are not saved.
        contracts: the files with the contracts of other packages than the runtime.
        summaries: of earlier runs.

    Attributes:
        portions: how many times it has judged.

    Raises:
        UsageError: a contract cannot be used.
    """

    def __init__(
        self,
        contents: Mapping[Path, bytes] | None = None,
        contracts: Sequence[Path] = (),
        summaries: Summaries | None = None,
    ) -> None:
        self.portions = 0
        self._shipped = load_snapshot()
        if contracts:
            from panther_gen.lint.contracts.file import add_contracts

            add_contracts(self._shipped, contracts)
        self._modules = Modules(self._shipped, contents, summaries)
        names = Names(self._modules, self._defaults())
        self._hierarchy = Hierarchy(
            names, self._shipped.runtime_names(), self._shipped.runtime_classes(), self._shipped.packages
        )

    def judge(self, groups: Iterable[Group]) -> list[Verdict]:
        """Return a verdict for each group."""
        self.portions += 1
        hierarchy = self._hierarchy
        with warnings.catch_warnings():  # of the checked code, such as an invalid escape sequence
            warnings.simplefilter("ignore")
            verdicts = [self._verdict(hierarchy, group) for group in groups]
        self._modules.keep_summaries()
        self._modules.forget(_KEPT)
        hierarchy.keep(self._modules.known())
        return verdicts

    def _verdict(self, hierarchy: Hierarchy, group: Group) -> Verdict:
        hierarchy.asked.clear()
        case = _Case(self._modules, hierarchy, group)
        try:
            return case.verdict()
        finally:
            case.forget()

    def _defaults(self) -> dict[str, tuple[Module, str]]:
        """Return what a name of the runtime means in a fragment that does not import it."""
        modules = [self._shipped[dotted] for dotted in (_BASES, _REGISTRATION) if dotted in self._shipped]
        return {name: (module, name) for module in modules for name in module.summary.scopes[0].bindings}


class _Case:
    """One group on its way to a verdict."""

    def __init__(self, modules: Modules, hierarchy: Hierarchy, group: Group) -> None:
        self._modules = modules
        self._hierarchy = hierarchy
        self._group = group
        self._checked: list[Module] = []
        self._verdict = Verdict()
        self._sources: dict[str, Lines] = {}

    def verdict(self) -> Verdict:
        """Read the files, check them, and return what came of it."""
        for path in self._group.files:
            if self._group.plugin is None or not is_text(path):  # the rules for plugins read other text
                self._read(path)
        view = self._view()
        self._check(view)
        self._note_refused(view)
        self._note_unreadable(view)
        self._add_comments(view)
        self._verdict.grounds = self._grounds(view)
        return self._verdict

    def forget(self) -> None:
        """Let go of the syntax trees of the files."""
        for module in self._checked:
            if isinstance(module.source, Source):
                forget(module.source.text)

    def _read(self, path: Path) -> None:
        """Read one of the files to be checked, or report why that cannot be done."""
        source = Source("")
        try:
            source = self._modules.source(path)
            self._checked.append(self._modules.read(path, source))
        except UnreadableError as error:
            name = shown(path)
            self._sources[name] = source
            self._verdict.findings.append(UNREADABLE_FILE.report(name, error))

    def _view(self) -> PluginView | None:
        if self._group.plugin is None:
            return None
        return PluginView(self._group.plugin, self._modules, self._hierarchy)

    def _check(self, view: PluginView | None) -> None:
        modules = {module: found for module in self._checked if (found := self._findings(module))}
        in_plugin = _in_plugin(view)
        if not modules and not in_plugin:
            return
        for module in dict.fromkeys([*modules, *(view.code() if view and in_plugin else ())]):
            every = [*modules.get(module, ()), *in_plugin]
            lines = {found.span.line for found in every if found.path == module.shown}
            before = module.summary.spans.copy()
            if not make_exact(module, lines):
                self._hierarchy = self._hierarchy.anew()
            if module.summary.spans != before:
                self._modules.changed(module)
        for module in modules:
            self._collect(module.shown, module.source, self._findings(module))
        if in_plugin:
            self._collect_from(self._view())

    def _findings(self, module: Module) -> list[Finding]:
        try:
            found = [finding for rule in MODULE_RULES for finding in rule.check(module)]
            for rule in NAMES_RULES:
                found += rule.check(module, self._hierarchy)
            for summary in module.summary.classes:
                if summary.bases:
                    view = self._hierarchy.view(module, summary)
                    found += [finding for rule in CLASS_RULES for finding in rule.check(view)]
        except RecursionError:  # hundreds of names that lead from one to the next
            return [_too_deep(module)]
        return found

    def _collect_from(self, view: PluginView | None) -> None:
        by_path: dict[str, list[Finding]] = {}
        given = {module.shown for module in self._checked}
        for finding in _in_plugin(view):
            if finding.path in given or not finding.path.endswith(".py"):
                by_path.setdefault(finding.path, []).append(finding)
        sources = view.sources() if view else {}
        for path, findings in by_path.items():
            self._collect(path, sources[path], findings)

    def _collect(self, path: str, source: Lines, findings: list[Finding]) -> None:
        self._verdict.findings.extend(_placed(finding, source) for finding in findings)
        self._sources[path] = source

    def _note_refused(self, view: PluginView | None) -> None:
        """Note the files that a rule wanted to look into and could not."""
        for module in dict.fromkeys([*self._checked, *(view.modules if view else ())]):
            if module.refused is not None:
                self._collect(
                    module.shown, module.source, [NEWER_SYNTAX.report(module.shown, *module.refused)]
                )

    def _note_unreadable(self, view: PluginView | None) -> None:
        """Report the files of a plugin that are not Python and cannot be read."""
        for path, error in view.unreadable.items() if view and view.texts is not None else ():
            self._verdict.findings.append(UNREADABLE_FILE.report(path, error))

    def _add_comments(self, view: PluginView | None) -> None:
        """Note the suppressions of what was looked at, and of files in which something was found."""
        texts = {text.shown: text.source for text in view.texts} if view else {}
        checked = {module.shown: module.source for module in self._checked} | texts
        complete = view is None or view.is_complete
        for path, source in (checked | self._sources).items():
            if comments := comments_in(path, source):
                self._verdict.comments[path] = comments
                if path in checked:
                    self._verdict.judged[path] = CODES if complete else CODES - _PLUGIN_CODES

    def _grounds(self, view: PluginView | None) -> dict[str, Fact] | None:
        keys = self._modules.grounds([*self._checked, *(view.code() if view else ())])
        keys |= {f"content {path}" for path in self._group.files} | (view.keys if view else set())
        keys |= self._hierarchy.asked
        facts = self._modules.evidence.facts
        return {key: facts[key] for key in keys} if keys <= facts.keys() else None


def _in_plugin(view: PluginView | None) -> list[Finding]:
    """Return what is wrong with a plugin as a whole; a file of it that cannot be parsed comes first."""
    if view is None or not view.is_complete:
        return []
    try:
        return [finding for rule in PLUGIN_RULES for finding in rule.check(view)]
    except RecursionError:
        return [_too_deep(module) for module in view.modules[:1]]


def _too_deep(module: Module) -> Finding:
    reason = "the names and base classes in it lead on too far to be followed"
    return UNREADABLE_FILE.report(module.shown, UnreadableError(reason))


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
