"""Files that no Python accepts and that a native, recursive parser would crash on: a finding, no signal."""

from __future__ import annotations

import pytest

from panther_gen.lint.reading.reader import summarise
from panther_gen.lint.reading.source import UnreadableError


@pytest.mark.parametrize(
    "source",
    [
        "x = " + "(" * 5_000 + ")" * 5_000,
        "x = a" + ".a" * 50_000 + "\ndef (",
        "x = 1" + "+1" * 20_000 + "\ndef (",
        "x = " + "[" * 100_000,
    ],
    ids=["brackets", "attributes", "operators", "brackets left open"],
)
def test_what_is_nested_too_deeply_is_unreadable(source):
    with pytest.raises(UnreadableError):
        summarise(source)


def test_the_place_is_that_of_the_syntax_error():
    with pytest.raises(UnreadableError) as caught:
        summarise("x = a" + ".a" * 50_000 + "\ndef (")
    assert caught.value.line == 2
