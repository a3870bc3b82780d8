"""Places of the linter and positions of the protocol: each is found again from the other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from panther_gen.lint.model import Span
from panther_gen.server.positions import Positions, units

CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
TEXTS = st.text(
    alphabet="a\t\r\n\f\ufeff\N{COMBINING ACUTE ACCENT}\N{EURO SIGN}\N{GRINNING FACE}\x85", max_size=20
)


@given(TEXTS, st.sampled_from(sorted(CODECS)))
def test_every_place_is_found_again(text, encoding):
    positions = Positions(text, encoding)
    for number in range(1, len(positions.lines) + 1):
        line = positions.line(number)
        for column in range(1, len(line) + 2):
            position = positions.position(number, column)
            assert positions.place(position) == (number, column)
            codec, width = CODECS[encoding]
            mark = "\ufeff" if number == 1 and text.startswith("\ufeff") else ""
            before = f"{mark}{line[: column - 1]}"
            assert position == types.Position(number - 1, len(before.encode(codec)) // width)


@given(TEXTS, st.integers(0, 30), st.integers(0, 60))
def test_a_position_outside_of_the_text_is_its_nearest_place(text, line, character):
    positions = Positions(text, "utf-16")
    number, column = positions.place(types.Position(line, character))
    assert 1 <= number <= len(positions.lines)
    assert 1 <= column <= len(positions.line(number)) + 1


def test_a_position_within_a_character_is_the_place_before_it():
    assert Positions("a\N{GRINNING FACE}b", "utf-16").place(types.Position(0, 2)) == (1, 2)
    assert Positions("a\N{GRINNING FACE}b", "utf-8").place(types.Position(0, 4)) == (1, 2)


@pytest.mark.parametrize(("encoding", "width"), [("utf-8", 3), ("utf-16", 1), ("utf-32", 1)])
def test_a_lone_surrogate_counts_as_what_it_is(encoding, width):
    assert units("\udce9", encoding) == width


def test_of_a_line_that_alone_is_known_the_text_is_meant():
    positions = Positions("x\n\t a b  \n\n", "utf-16")
    assert positions.range(Span(2)) == types.Range(types.Position(1, 2), types.Position(1, 5))
    assert positions.range(Span(3)) == types.Range(types.Position(2, 0), types.Position(2, 0))
    assert positions.range(Span(9)) == types.Range(positions.end, positions.end)
