"""The linter's run: which files belong together, which must be judged anew, and by how many processes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from panther_gen.lint.disk.modules import shown
from panther_gen.lint.reading.source import LateLines, Lines, Source, UnreadableError, decode
from panther_gen.lint.report import Report
from panther_gen.lint.running.judge import Group, Judge, Verdict
from panther_gen.lint.running.portions import judge_portion, portions_of, seldom_collected
from panther_gen.plugin.tree import PluginDirectory, directory_of

if TYPE_CHECKING:
    from panther_gen.lint.disk.summaries import Summaries
    from panther_gen.lint.running.cache import Cache

__all__ = ["Report", "check_files", "usable_processors"]

# Below so many files a second process costs more than it saves.
_WORTH_A_PROCESS = 150

# Fewer are parsed as soon as the summaries of all files would be read and written.
_WORTH_SUMMARIES = 150


def check_files(
    paths: Iterable[Path],
    contents: Mapping[Path, bytes] | None = None,
    contracts: Sequence[Path] = (),
    *,
    cache: Cache | None = None,
    jobs: int = 1,
) -> Report:
    """Check files; other files are read where a base class stands in one.

    Args:
        paths: the files whose findings are reported.
        contents: what to take for the content of files that are not saved; what is found then is not kept.
        contracts: the files with the contracts of other packages than the runtime.
        cache: the verdicts of earlier runs.
        jobs: how many processes may share the work.

    Raises:
        UsageError: a contract cannot be used.
    """
    groups = _groups(paths)
    known = cache.verdicts(groups, contents or ()) if cache else {}
    unknown = [group for group in groups if group.name not in known]
    if contents:
        unsaved = dict(zip(unknown, Judge(contents, contracts).judge(unknown), strict=True))
        return _report(groups, [known.get(group.name) or unsaved[group] for group in groups], contents)
    summaries = _summaries(cache, unknown)
    judged = _judged(unknown, contracts, jobs, summaries)
    new = dict(zip((group.name for group in unknown), judged, strict=True))
    if cache and new:
        cache.enter({group.name: (group, new[group.name]) for group in unknown})
    if summaries is not None:
        summaries.write()
    return _report(groups, [known.get(group.name) or new[group.name] for group in groups], {})


def _groups(paths: Iterable[Path]) -> list[Group]:
    plugins: dict[PluginDirectory, list[Path]] = {}
    single: list[Path] = []
    places: dict[str, PluginDirectory | None] = {}
    for path in paths:
        parent = os.path.dirname(path)
        if parent not in places:
            places[parent] = directory_of(path)
        plugin = places[parent]
        if plugin is None:
            single.append(path)
        else:
            plugins.setdefault(plugin, []).append(path)
    groups = [Group(str(plugin.path), plugin, tuple(files)) for plugin, files in plugins.items()]
    return groups + [Group(str(path), None, (path,)) for path in single]


def _summaries(cache: Cache | None, groups: Sequence[Group]) -> Summaries | None:
    """Return the summaries of earlier runs if so many files are to be judged that they are worth it."""
    if cache is None or _count(groups) < _WORTH_SUMMARIES:
        return None
    summaries = cache.summaries()
    summaries.load()
    return summaries


def _count(groups: Sequence[Group]) -> int:
    return sum(len(group.files) for group in groups)


def _judged(
    groups: Sequence[Group], contracts: Sequence[Path], jobs: int, summaries: Summaries | None = None
) -> list[Verdict]:
    jobs = min(jobs, _count(groups) // _WORTH_A_PROCESS)
    if not groups:
        return []
    portions = portions_of(groups)
    if jobs < 2:
        with seldom_collected():
            judge = Judge(contracts=contracts, summaries=summaries)
            return [verdict for portion in portions for verdict in judge_portion(judge, portion)]
    from panther_gen.lint.running.workers import judge_together

    return judge_together(portions, contracts, jobs, summaries)


def _report(groups: Sequence[Group], verdicts: Sequence[Verdict], contents: Mapping[Path, bytes]) -> Report:
    report = Report(files=_count(groups))
    findings = [finding for verdict in verdicts for finding in verdict.findings]
    comments = {path: found for verdict in verdicts for path, found in verdict.comments.items()}
    if comments:
        from panther_gen.lint.choosing.suppression import settle  # a clean file has no use for it

        judged = {path: codes for verdict in verdicts for path, codes in verdict.judged.items()}
        findings, report.left_out = settle(findings, comments, judged)
    report.findings = sorted(findings, key=lambda finding: finding.order)
    unsaved = {shown(path): content for path, content in contents.items()}
    for path in {finding.path for finding in report.findings}:
        report.sources[path] = _lines(path, unsaved.get(path))
    return report


def _lines(path: str, content: bytes | None) -> Lines:
    if content is None:
        return LateLines(Path(path))
    try:
        return Source(decode(content))
    except UnreadableError:
        return Source("")


def usable_processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0))
