"""Merging: as git does it, and no line that an author wrote is lost, whatever the edits are."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import PurePosixPath

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from panther_gen.generate.merge import has_markers, lines_of, merge
from panther_gen.generate.reconcile import Found, reconcile
from panther_gen.generate.state import RecordedFile, hash_of

LABELS = {"mine_label": "yours", "theirs_label": "new"}

#: Few different lines, so that they repeat: blank ones, those that look like markers, trailing spaces.
LINES = st.sampled_from(
    ["", " ", "a", "a  ", "b", "=======", "def f():", "    return 1", "é\u2028x", "\x0c", "long " * 9]
)
TEXTS = st.lists(LINES, max_size=25)


@st.composite
def edited(draw, lines):
    """Insert, delete and replace lines, change their ends, and leave the last one out."""
    lines = list(lines)
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(lines)))
        removed = draw(st.integers(0, 3))
        added = [f"mine {draw(st.integers(0, 5))}" for _ in range(draw(st.integers(0, 2)))]
        lines[at : at + removed] = added + draw(st.lists(LINES, max_size=2))
    return lines


def text_of(draw, lines):
    end = draw(st.sampled_from([b"\n", b"\n", b"\r\n"]))
    content = b"".join(line.encode() + end for line in lines)
    return content.removesuffix(end) if draw(st.booleans()) else content


def bare(content):
    """Count the lines of a text without their ends; markers of conflicts are left out."""
    lines = [line.rstrip(b"\r\n") for line in lines_of(content)]
    return Counter(line for line in lines if line[:8] not in {b"<<<<<<< ", b">>>>>>> "})


@settings(max_examples=400, deadline=None)
@given(st.data(), TEXTS)
def test_no_line_of_either_side_is_lost(data, lines):
    base = text_of(data.draw, lines)
    mine = text_of(data.draw, data.draw(edited(lines)))
    theirs = text_of(data.draw, data.draw(edited(lines)))
    merged = merge(base, mine, theirs, **LABELS)
    before, after = bare(base), bare(merged.content)
    for side in (mine, theirs):
        for line, count in (bare(side) - before).items():
            assert after[line] >= min(1, count), (line, merged.content)
    written = bare(mine).keys() - before.keys()
    assert all(after[line] >= bare(mine)[line] for line in written), "each time that it was written"


@settings(max_examples=200, deadline=None)
@given(st.data(), TEXTS)
def test_where_one_side_is_unchanged_the_other_wins(data, lines):
    base = b"".join(line.encode() + b"\n" for line in lines)
    other = b"".join(line.encode() + b"\n" for line in data.draw(edited(lines)))
    assert merge(base, base, other, **LABELS).content == other
    assert merge(base, other, base, **LABELS).content == other
    assert merge(base, other, other, **LABELS).content == other


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_it_agrees_with_git(tmp_path_factory, data):
    """On texts whose lines differ, where both find the same places; git joins conflicts that are close."""
    lines = [f"line {number}" for number in range(20)]
    sides = []
    for side in ("mine", "theirs"):
        changed = list(lines)
        at = data.draw(st.integers(0, 19))
        changed[at : at + data.draw(st.integers(0, 2))] = data.draw(
            st.lists(st.sampled_from(["same", side]), max_size=2)
        )
        sides.append(changed)
    directory = tmp_path_factory.mktemp("git")
    texts = ["".join(f"{line}\n" for line in text) for text in (sides[0], lines, sides[1])]
    for name, text in zip(("mine", "base", "theirs"), texts, strict=True):
        directory.joinpath(name).write_text(text)
    command = ["git", "merge-file", "-p", "-L", "yours", "-L", "base", "-L", "new", "mine", "base", "theirs"]
    expected = subprocess.run(command, cwd=directory, capture_output=True)
    assume(expected.returncode <= 1)
    merged = merge(texts[1].encode(), texts[0].encode(), texts[2].encode(), **LABELS)
    assert merged.content == expected.stdout
    assert merged.conflicts == expected.returncode


@settings(max_examples=150, deadline=None)
@given(st.data(), st.dictionaries(st.sampled_from(["a.md", "b.md", "c/d.md", "e.md"]), TEXTS, min_size=1))
def test_no_line_is_lost_in_a_whole_plugin(data, rendered):
    """Edit, rename, delete and make files; what was written is in some file afterwards."""
    base = {path: "".join(f"{line}\n" for line in lines).encode() for path, lines in rendered.items()}
    found: dict[str, Found] = {}
    for path, lines in rendered.items():
        fate = data.draw(st.sampled_from(["keep", "edit", "edit", "rename", "delete"]))
        content = base[path] if fate == "keep" else text_of(data.draw, data.draw(edited(lines)))
        if fate != "delete":
            found[f"moved/{path}" if fate == "rename" else path] = Found(content, data.draw(st.booleans()))
    if data.draw(st.booleans()):
        found["new.md"] = Found(text_of(data.draw, data.draw(TEXTS)))
    new = {
        path: (text_of(data.draw, data.draw(edited(rendered.get(path, [])))), False)
        for path in data.draw(st.sets(st.sampled_from([*rendered, "new.md", "other.md"])))
    }
    recorded = {path: RecordedFile(hash_of(text)) for path, text in base.items()}
    known = {path: text for path, text in base.items() if data.draw(st.integers(0, 4))}
    outcome = reconcile(recorded, known, found, new, "new")
    after = {path: file.content for path, file in found.items()}
    for decision in outcome.decisions:
        assert ".." not in PurePosixPath(decision.path).parts
        if decision.status == "remove":
            after.pop(decision.path)
        elif decision.content is not None:
            after[decision.path] = decision.content
    left = sum((bare(content) for content in after.values()), Counter())
    rendered_lines = sum((bare(text) for text in base.values()), Counter())
    written = sum((bare(file.content) for file in found.values()), Counter())
    for line in written.keys() - rendered_lines.keys():
        assert left[line] >= 1, (line, outcome.decisions)
    assert outcome.files.keys() == new.keys()


@settings(max_examples=150, deadline=None)
@given(st.data(), st.dictionaries(st.sampled_from(["a.md", "b.md", "c/d.md"]), TEXTS, min_size=1))
def test_no_line_is_lost_in_one_update_after_the_other(data, rendered):
    """Between updates the author edits and renames again, also to names that a blueprint begins to have."""
    base = {path: "".join(f"{line}\n" for line in lines).encode() for path, lines in rendered.items()}
    recorded = {path: RecordedFile(hash_of(text)) for path, text in base.items()}
    there = dict(base)
    for step in range(3):
        own = f"written in step {step}"
        for path in sorted(there):
            if data.draw(st.booleans()):
                there[path] += f"{own}, in {path}\n".encode()
            if data.draw(st.integers(0, 3)) == 0:
                target = data.draw(st.sampled_from(["new.md", f"moved/{path}", "c/other.md"]))
                there.setdefault(target, there.pop(path))
        mine = [line for text in there.values() for line in lines_of(text) if line.startswith(b"written in")]
        new = {
            path: ("".join(f"{line}\n" for line in data.draw(edited(lines))).encode(), False)
            for path, lines in data.draw(
                st.sampled_from(
                    [rendered, {**rendered, "new.md": ["a", "b"]}, dict(list(rendered.items())[1:])]
                )
            ).items()
        }
        outcome = reconcile(recorded, base, {path: Found(text) for path, text in there.items()}, new, "new")
        for decision in outcome.decisions:
            if decision.status == "remove":
                del there[decision.path]
            elif decision.content is not None:
                there[decision.path] = decision.content
        left = {line for text in there.values() for line in lines_of(text)}
        assert left.issuperset(mine), (step, outcome.decisions)
        recorded, base = dict(outcome.files), {path: text for path, (text, _) in new.items()}
        there = {path: without_markers(text) for path, text in there.items()}


def without_markers(text):
    """Resolve conflicts by keeping both sides."""
    markers = (b"<<<<<<< ", b">>>>>>> ", b"=======\n")
    return b"".join(line for line in lines_of(text) if not line.startswith(markers))


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("<<<<<<< a\n=======\n>>>>>>> b\n", True),
        ("x\r\n<<<<<<< a\r\n=======\r\n>>>>>>> b\r\n", True),
        ("Title\n=======\n>>>>>>> quoted\n", False),
        ("<<<<<<< a\n>>>>>>> b\n=======\n", False),
        ("<<<<<<<<<<\n=======\n>>>>>>> b\n", False),
        ("", False),
    ],
)
def test_markers_are_three_in_their_order(text, marked):
    assert has_markers(text.encode()) is marked
