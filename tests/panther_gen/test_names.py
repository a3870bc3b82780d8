"""Names: what is refused, with which sentence, and what is suggested instead."""

from __future__ import annotations

import pytest

from panther_gen.errors import UsageError
from panther_gen.names import KNOWN_PROTOCOLS, check_line, check_name, check_protocol, close_protocol


@pytest.mark.parametrize("name", ["x", "my_impl", "aioquic", "impl2", "a" * 64, "null", "json", "quic"])
def test_a_lower_case_identifier_is_a_name(name):
    assert check_name(name) == name
    assert check_protocol(name) == name


@pytest.mark.parametrize(
    ("name", "part_of_message", "suggestion"),
    [
        ("my-impl", "has a hyphen", "my_impl"),
        ("My Impl", "' ' (U+0020 SPACE)", "my_impl"),
        ("MyImpl", "has capital letters", "my_impl"),
        ("QUICServer", "has capital letters", "quicserver"),
        ("my.impl", "'.' (U+002E FULL STOP)", "my_impl"),
        ("1st", "begins with a digit", "impl_1st"),
        ("_hidden", "begins with an underscore", "hidden"),
        ("class", "is a keyword of Python", "class_impl"),
        ("match", "is a keyword of Python", "match_impl"),
        ("tests", "is what a file of every plugin is called", "tests_impl"),
        ("config_schema", "is what a file of every plugin is called", "config_schema_impl"),
        ("test_peer", "would make pytest take test_peer.py for a file of tests", "peer"),
        ("caf\N{LATIN SMALL LETTER E WITH ACUTE}", "LATIN SMALL LETTER E WITH ACUTE", "cafe"),
        ("\N{FULLWIDTH LATIN SMALL LETTER A}b", "FULLWIDTH LATIN SMALL LETTER A", "ab"),
    ],
)
def test_a_misspelt_name_is_refused_with_one_that_would_do(name, part_of_message, suggestion):
    with pytest.raises(UsageError) as refusal:
        check_name(name)
    assert part_of_message in refusal.value.message
    assert refusal.value.cure == f"did you mean '{suggestion}'?"
    assert check_name(suggestion) == suggestion


@pytest.mark.parametrize(
    ("name", "part_of_message"),
    [
        ("../../etc/x", "'../../etc/x' has a character that a name cannot have: '.'"),
        ("a;rm -rf /", "'a;rm -rf /' has a character that a name cannot have: ';'"),
        ("{{7*7}}", "'{{7*7}}' has a character that a name cannot have: '{'"),
        ("a" * 300, "aaa...' has 300 characters; at most 64 are allowed"),
        ("a\x1b[31mb\n", r"'a\x1b[31mb\n' has a character that a name cannot have: '\x1b'"),
        ("a\x00", r"'a\x00' has a character that a name cannot have: '\x00'"),
        ("qu\N{CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I}c", "U+0456 CYRILLIC SMALL LETTER"),
        ("a\N{RIGHT-TO-LEFT OVERRIDE}b", r"'a\u202eb'"),
        ("\udcff", r"'\udcff'"),
        ("", "is empty"),
        ("-", "has a hyphen"),
        ("___", "begins with an underscore"),
    ],
)
def test_a_name_that_nothing_resembles_is_refused_with_the_rule(name, part_of_message):
    for check in (check_name, check_protocol):
        with pytest.raises(UsageError) as refusal:
            check(name)
        assert part_of_message in refusal.value.message
        assert refusal.value.cure
        assert "did you mean" not in refusal.value.cure
        assert str(refusal.value).isprintable() or "\n  cure: " in str(refusal.value)


def test_a_misspelling_of_a_known_protocol_is_recognised():
    assert close_protocol("qiuc") == "quic"
    assert close_protocol("mqtt") == ""
    assert [close_protocol(protocol) for protocol in KNOWN_PROTOCOLS] == [""] * 4


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "tab\there", "\x00", "\u2028", "\u202e", "\udc80"])
def test_a_line_of_text_holds_no_control_character(text):
    with pytest.raises(
        UsageError, match=r"--description '.*' has a character that no line of text has: '.*' "
    ):
        check_line(text, "--description")


@pytest.mark.parametrize(
    "text", ["", "quotes \" ' and \\", "{{ 7*7 }}", "\N{SNOWMAN}", "\u0645\u06cc\u200c\u0631"]
)
def test_a_line_of_text_may_hold_everything_else(text):
    assert check_line(text, "--description") == text
