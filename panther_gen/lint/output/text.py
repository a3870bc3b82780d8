"""Findings for a person: one line, the source with a caret, the second place, the cure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from panther_gen.lint.model import Finding, Place
from panther_gen.lint.output.place_names import named_place
from panther_gen.lint.reading.source import Lines
from panther_gen.lint.report import Report

__all__ = ["render_summary", "render_text"]

_TAB = "    "
# Embeddings, overrides and isolates of the Unicode bidirectional algorithm.
_TURNS = frozenset(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))
# Of a longer line, this many code points are shown, so many of them before the finding.
_WIDEST = 160
_BEFORE = 60
_STYLES = {"path": "1", "error": "1;31", "note": "1;33", "frame": "34", "help": "36", "clean": "1;32"}


def render_text(
    report: Report,
    *,
    color: bool = False,
    strict: bool = False,
    unsafe_fixes: bool = False,
    encoding: str = "utf-8",
) -> str:
    """Return the findings and the summary as text that ends in a line feed.

    Args:
        report: what was found.
        color: use ANSI colours.
        strict: notes count as errors.
        unsafe_fixes: the command line asks for unsafe fixes, so that they need not be told apart.
        encoding: of the stream that it is for; what that cannot say is escaped, and carets stand below it.
    """
    paint = _Paint(color, encoding)
    lines: list[str] = []
    for finding in report.findings:
        lines += [*_finding(finding, report.sources.get(finding.path), paint, strict), ""]
    return "\n".join([*lines, _summary(report, paint, strict), *_fixes(report, unsafe_fixes)]) + "\n"


def _fixes(report: Report, unsafe_fixes: bool) -> Iterator[str]:
    """Yield how much was fixed, and how much more can be."""
    if report.fixed:
        yield f"Fixed {_count(report.fixed, 'finding')} in {_count(report.fixed_files, 'file')}"
    if report.has_uncounted_fixes:
        yield "[*] many may be fixable: --diff shows what --fix would change"
    kinds = [finding.fix.applicability for finding in report.findings if finding.fix is not None]
    unsafe = kinds.count("unsafe")
    if unsafe_fixes and kinds:
        yield f"[*] {len(kinds)} fixable with --fix --unsafe-fixes"
    elif safe := len(kinds) - unsafe:
        yield f"[*] {safe} fixable with --fix" + (f", {unsafe} more with --unsafe-fixes" if unsafe else "")
    elif unsafe:
        yield f"[*] {unsafe} fixable with --fix --unsafe-fixes"


def render_summary(report: Report, *, strict: bool = False) -> str:
    """Return what was checked and how it ended, on one line without its end."""
    return _summary(report, _Paint(color=False), strict)


class _Paint:
    def __init__(self, color: bool, encoding: str = "utf-8") -> None:
        self._color = color
        self._encoding = encoding

    def __call__(self, style: str, text: str) -> str:
        return f"\033[{_STYLES[style]}m{text}\033[0m" if self._color else text

    def visible(self, line: str) -> str:
        """Return a line of source as it can be shown."""
        return _visible(line).encode(self._encoding, "backslashreplace").decode(self._encoding)

    def width(self, text: str) -> int:
        """Return how many columns of a terminal the text takes as it is shown."""
        return sum(_columns(character) for character in self.visible(text))


def _finding(finding: Finding, source: Lines | None, paint: _Paint, strict: bool) -> Iterator[str]:
    severity = "error" if strict else finding.severity
    where = f"{_printable(finding.path)}:{finding.span.line}:{max(finding.span.column, 1)}"
    label = "" if finding.severity == "error" else f"{severity}: "
    yield f"{paint('path', where)}: {paint(severity, finding.code)} {label}{_printable(finding.message)}"
    width = len(
        str(max([finding.span.line, *(number for place in finding.places for number, _ in place.lines)]))
    )
    if source is not None and (line := source.line(finding.span.line)):
        yield from _frame(finding, line, width, paint, severity)
    for place in finding.places:
        yield from _place(place, width, paint)
    if finding.help:
        yield f"{paint('help', 'help')}: {_printable(finding.help)}"


def _frame(finding: Finding, line: str, width: int, paint: _Paint, severity: str) -> Iterator[str]:
    bar = paint("frame", "|")
    start = max(finding.span.column - 1, 0)
    cut = max(min(start - _BEFORE, len(line) - _WIDEST), 0)
    line = line[cut : cut + _WIDEST]
    yield f"{' ' * width} {bar}"
    yield f"{paint('frame', str(finding.span.line).rjust(width))} {bar} {paint.visible(line)}".rstrip()
    if finding.span.column:
        before = paint.width(line[: start - cut])
        length = paint.width(line[start - cut : finding.span.end_column - 1 - cut])
        yield f"{' ' * width} {bar} {' ' * before}{paint(severity, '^' * max(length, 1))}"


def _place(place: Place, width: int, paint: _Paint) -> Iterator[str]:
    bar = paint("frame", "|")
    yield f"{' ' * width} {bar}"
    where = paint("path", _printable(named_place(place)))
    yield f"{' ' * width} {bar} {where}: {_printable(place.label)}"
    for number, text in place.lines:
        yield f"{paint('frame', str(number).rjust(width))} {bar} {paint.visible(text)}".rstrip()


def _visible(line: str) -> str:
    """Return a line with its tabs as spaces and what a terminal would act upon replaced."""
    spaced = line.replace("\t", _TAB)
    return "".join("\N{REPLACEMENT CHARACTER}" if _is_acted_upon(char) else char for char in spaced)


def _is_acted_upon(character: str) -> bool:
    """Tell whether a character moves the cursor, ends a line, or turns the direction of writing."""
    return unicodedata.category(character) in {"Cc", "Zl", "Zp"} or character in _TURNS


def _printable(text: str) -> str:
    """Return what names a file, or quotes the source, with line ends and control characters escaped."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"F", "W"} else 1


def _summary(report: Report, paint: _Paint, strict: bool) -> str:
    if not report.files:
        return f"Nothing checked: {_count(report.excluded, 'file')} excluded"
    checked = _count(report.files, "file") + " checked"
    notes = report.count("note")
    errors = report.count("error") + (notes if strict else 0)
    left_out = _left_out(report)
    unverified = _unverified(report)
    if errors:
        return f"{checked}, {paint('error', _count(errors, 'error'))}{unverified}{left_out}"
    if notes:
        return f"{checked}, no errors{unverified}{left_out}"
    if strict and report.stale:
        return f"{checked}, {paint('error', 'no new findings')}{left_out}"
    return f"{paint('clean', 'All clean')}: {checked}{left_out}"


def _left_out(report: Report) -> str:
    apart = {
        "suppressed": report.suppressed,
        "excluded": report.excluded,
        "in the baseline": report.known,
        "stale in the baseline": report.stale,
    }
    return "".join(f", {number} {word}" for word, number in apart.items() if number)


def _unverified(report: Report) -> str:
    """Say of how many classes, and of how many whole files, something could not be verified."""
    notes = [one for one in report.findings if one.severity == "note"]
    classes = {(one.path, one.fact("class")) for one in notes if one.fact("class")}
    files = {one.path for one in notes if not one.fact("class")}
    found = [_count(len(classes), "class", "classes")] if classes else []
    found += [_count(len(files), "file")] if files else []
    return f", {' and '.join(found)} could not be verified" if found else ""


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
