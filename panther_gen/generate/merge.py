"""Merging two descendants of one text, line by line, so that no line of either is lost.

The algorithm is diff3 (Khanna, Kunal and Pierce, "A Formal Investigation of Diff3", 2007): what both kept
of the base holds the three texts together, and between such places the side that changed something wins.
Where both changed it differently, both stand between markers, as ``git merge-file`` writes them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

__all__ = ["Merged", "has_markers", "is_text", "lines_of", "merge"]

_START, _MIDDLE, _END = b"<<<<<<<", b"=======", b">>>>>>>"

Lines = Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Merged:
    """The outcome of a merge: the text, and how many conflicts are marked in it."""

    content: bytes
    conflicts: int


def merge(base: bytes, mine: bytes, theirs: bytes, *, mine_label: str, theirs_label: str) -> Merged:
    """Merge two texts that come from ``base``; the line ends of the result are those of ``mine``.

    Args:
        base: what both come from.
        mine: the author's text.
        theirs: the new text.
        mine_label: stands behind the marker above the author's lines.
        theirs_label: stands behind the marker below the new lines.
    """
    ends = _line_end(mine) or _line_end(theirs)
    if ends:  # one kind throughout: whether it is that of the base is no edit of its own
        base, mine, theirs = (text.replace(b"\r\n", b"\n") for text in (base, mine, theirs))
    regions = _regions(lines_of(base), lines_of(mine), lines_of(theirs))
    out: list[bytes] = []
    conflicts = 0
    for ours, others in regions:
        if others is None:
            out += ours
        else:
            conflicts += 1
            out += _marked(ours, others, mine_label, theirs_label)
    content = b"".join(out)
    return Merged(content.replace(b"\n", b"\r\n") if ends == b"\r\n" else content, conflicts)


def is_text(content: bytes) -> bool:
    """Tell whether a content can be merged by lines: UTF-8 without zero bytes."""
    try:
        return "\0" not in content.decode("utf-8")
    except UnicodeDecodeError:
        return False


def lines_of(content: bytes) -> list[bytes]:
    r"""Split at ``\n`` alone, which stays; joined, the lines are the content again."""
    lines = [line + b"\n" for line in content.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def has_markers(content: bytes) -> bool:
    """Tell whether a conflict is marked in a text: the three markers, in their order."""
    if _START not in content:
        return False
    wanted = [_END, _MIDDLE, _START]
    for line in content.split(b"\n"):
        marker = wanted[-1]
        rest = line.removeprefix(marker).rstrip(b"\r")
        if line.startswith(marker) and (not rest or (rest[:1] == b" " and marker != _MIDDLE)):
            wanted.pop()
            if not wanted:
                return True
    return False


def _line_end(content: bytes) -> bytes:
    """Return what every line ends in, or nothing if they differ or there is none."""
    all_ends, with_return = content.count(b"\n"), content.count(b"\r\n")
    if not all_ends or with_return not in {0, all_ends}:
        return b""
    return b"\r\n" if with_return else b"\n"


def _regions(base: Lines, mine: Lines, theirs: Lines) -> Iterator[tuple[Lines, Lines | None]]:
    """Yield the merged text in pieces: lines, or the author's and the others that they conflict with."""
    at_base = at_mine = at_theirs = 0
    for in_base, in_mine, in_theirs, length in _kept_by_both(base, mine, theirs):
        yield from _decide(base[at_base:in_base], mine[at_mine:in_mine], theirs[at_theirs:in_theirs])
        yield base[in_base : in_base + length], None
        at_base, at_mine, at_theirs = in_base + length, in_mine + length, in_theirs + length


def _decide(base: Lines, mine: Lines, theirs: Lines) -> Iterator[tuple[Lines, Lines | None]]:
    if mine in (base, theirs):
        yield theirs, None
    elif theirs == base:
        yield mine, None
    else:
        head = _common(mine, theirs)
        tail = _common(mine[head:][::-1], theirs[head:][::-1])
        yield mine[:head], None
        yield mine[head : len(mine) - tail], theirs[head : len(theirs) - tail]
        yield mine[len(mine) - tail :], None


def _common(one: Lines, other: Lines) -> int:
    """Return how many lines two sequences have in common at their beginning."""
    pairs = zip(one, other, strict=False)
    return next((count for count, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _kept_by_both(base: Lines, mine: Lines, theirs: Lines) -> Iterator[tuple[int, int, int, int]]:
    """Yield the runs of base lines that both kept: where they are in each text, and their length.

    The last run is the empty one at the ends of the texts.
    """
    ours, others = _matches(base, mine), _matches(base, theirs)
    one = other = 0
    while one < len(ours) and other < len(others):
        (base_a, in_mine, length_a), (base_b, in_theirs, length_b) = ours[one], others[other]
        start, end = max(base_a, base_b), min(base_a + length_a, base_b + length_b)
        if start < end:
            yield start, in_mine + start - base_a, in_theirs + start - base_b, end - start
        if base_a + length_a < base_b + length_b:
            one += 1
        else:
            other += 1
    yield len(base), len(mine), len(theirs), 0


def _matches(base: Lines, other: Lines) -> list[tuple[int, int, int]]:
    from difflib import SequenceMatcher

    blocks = SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()
    return [(block.a, block.b, block.size) for block in blocks if block.size]


def _marked(mine: Lines, theirs: Lines, mine_label: str, theirs_label: str) -> Iterator[bytes]:
    yield b"%s %s\n" % (_START, mine_label.encode())
    yield from _whole_lines(mine)
    yield _MIDDLE + b"\n"
    yield from _whole_lines(theirs)
    yield b"%s %s\n" % (_END, theirs_label.encode())


def _whole_lines(lines: Lines) -> Iterator[bytes]:
    r"""Yield lines, the last with a ``\n`` even if it ended the text without one."""
    for line in lines:
        yield line if line.endswith(b"\n") else line + b"\n"
