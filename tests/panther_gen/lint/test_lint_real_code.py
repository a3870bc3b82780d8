"""The linter on code that was not written to test it: our own examples, and what is installed beside us."""

from __future__ import annotations

import sysconfig
from pathlib import Path

import pytest

from panther_gen.lint.reading.reader import summarise
from panther_gen.lint.reading.source import UnreadableError, read_source
from panther_gen.lint.running.engine import check_files

ROOT = Path(__file__).resolve().parents[3]
OURS = [
    path
    for directory in ("generated_examples", "runtime/panther", "panther_gen")
    for path in sorted((ROOT / directory).rglob("*.py"))
]
INSTALLED = sorted(
    path
    for path in Path(sysconfig.get_paths()["purelib"]).rglob("*.py")
    if "panther" not in path.relative_to(sysconfig.get_paths()["purelib"]).parts[0]
)
#: One could-not-verify for so many classes is few enough to be read.
CLASSES_PER_NOTE = 100


def classes_in(paths: list[Path]) -> int:
    """Count the classes in some files."""
    count = 0
    for path in paths:
        try:
            count += len(summarise(read_source(path).text).classes)
        except UnreadableError:
            continue
    return count


def test_our_own_classes_are_verified(monkeypatch):
    monkeypatch.chdir(ROOT)
    findings = check_files([path.relative_to(ROOT) for path in OURS]).findings
    notes = [one for one in findings if one.severity == "note"]
    assert [one for one in findings if one.severity == "error"] == []
    assert len(notes) * CLASSES_PER_NOTE <= classes_in(OURS)


def unexpected(paths: list[Path]) -> list[str]:
    """Lint files in which there is no class of panther; return what is found, syntax errors left out."""
    found = check_files(paths).findings
    return [f"{one.path}:{one.span.line} {one.code} {one.message}" for one in found if one.code != "PG001"]


@pytest.mark.parametrize("start", range(2))
def test_a_sample_of_what_is_installed_is_clean(start, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    sample = INSTALLED[start * 10 :: 40]
    assert sample
    found = unexpected(sample)
    assert len(found) * CLASSES_PER_NOTE <= classes_in(sample), found
    assert [one for one in found if " PG2" not in one] == []


@pytest.mark.slow
def test_all_that_is_installed_is_clean(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    found = unexpected(INSTALLED)
    assert len(found) * CLASSES_PER_NOTE <= classes_in(INSTALLED), found
    assert [one for one in found if " PG2" not in one] == []
