"""Splitting an example into words: as a shell does it, and a refusal of what only a shell could do."""

from __future__ import annotations

import re
import shlex

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from panther_gen.errors import UsageError
from panther_gen.generate.command_line.example import read_example
from panther_gen.generate.command_line.words import split_words

TROUBLESOME = "ab=/ '\"\\\n\t\r-:[]?~#$`{},.*|1é"


def texts(text):
    return [word.text for word in split_words(text, "--server")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("srv -p 4443", ["srv", "-p", "4443"]),
        ("  srv\t-p\n", ["srv", "-p"]),
        ("srv 'a b' \"c d\" e\\ f ''", ["srv", "a b", "c d", "e f", ""]),
        ("srv --x='a\"b' \"a\\\"b\\$c\\\\\" '$HOME'", ["srv", '--x=a"b', 'a"b$c\\', "$HOME"]),
        ("srv [::1]:4443 --at=[fe80::1%eth0]:1", ["srv", "[::1]:4443", "--at=[fe80::1%eth0]:1"]),
        ("srv https://h/x?y=1", ["srv", "https://h/x?y=1"]),
        ("srv --url=https://h/x?y=1", ["srv", "--url=https://h/x?y=1"]),
        ("srv \\\n  -p \\\n 4443\n", ["srv", "-p", "4443"]),
        ("srv '{{ x }}' a{b}c x#y a~b 5$ 100%", ["srv", "{{ x }}", "a{b}c", "x#y", "a~b", "5$", "100%"]),
        ("srv '*.pem' \\*.pem \"?\"", ["srv", "*.pem", "*.pem", "?"]),
    ],
)
def test_words_are_those_of_a_shell(text, words):
    assert texts(text) == words


@settings(max_examples=1000, deadline=None)
@given(
    st.text(
        st.one_of(st.sampled_from(TROUBLESOME), st.characters(codec="utf-8", exclude_characters="\0")),
        max_size=25,
    )
)
def test_what_is_not_refused_is_split_as_the_standard_library_does_it(text):
    assume("\\\n" not in text)  # a continued line, which shlex does not know
    try:
        words = texts(text)
    except UsageError:
        return
    assert words == shlex.split(text)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12), max_size=8))
def test_every_word_can_be_written(words):
    assert texts(shlex.join(words)) == words


@pytest.mark.parametrize(
    ("text", "column", "fault"),
    [
        ("srv 'www", 5, "the quotation mark ' is not closed: ''www'"),
        ('srv --root="my www', 12, 'the quotation mark " is not closed'),
        ("srv x\\", 6, "a backslash ends the text"),
        ("srv | tee log", 5, "'|' is a pipe"),
        ("srv; rm -rf /", 4, "';' is a second command"),
        ("srv && other", 5, "'&' is a second command"),
        ("srv &", 5, "in the background"),
        ("srv > log", 5, "'>' is a redirection"),
        ("srv 2>&1", 5, "'2>' is a redirection"),
        ("srv < in", 5, "'<' is a redirection"),
        ("srv a\nother", 6, "a second command on a new line"),
        ("(srv)", 1, "'(' is a subshell"),
        ("srv $(id)", 5, "'$(…)' runs another command"),
        ('srv "a $(id)"', 8, "'$(…)' runs another command"),
        ("srv `id`", 5, "'`' runs another command"),
        ("srv --cert=$CERT", 12, "'$CERT' stands for something else"),
        ('srv "${CERT}"', 6, "'${CERT}' stands for something else"),
        ("srv *.pem", 5, "a pattern of file names"),
        ("srv a?", 6, "a pattern of file names"),
        ("srv [ab].pem", 5, "a pattern of file names"),
        ("srv {a,b}.pem", 5, "'{a,b}' stands for several words"),
        ("srv ~/www", 5, "a home directory"),
        ("A=~/x srv", 3, "a home directory"),
        ("srv # comment", 5, "begins a comment"),
    ],
)
def test_what_needs_a_shell_is_refused_with_its_column(text, column, fault):
    with pytest.raises(UsageError) as refused:
        split_words(text, "--server")
    assert refused.value.where == f"--server, column {column}"
    assert fault in refused.value.message
    assert refused.value.cure


@pytest.mark.parametrize("text", ["srv \0", "srv \udcff"])
def test_what_is_no_text_is_refused(text):
    with pytest.raises(UsageError, match="a byte that no text has"):
        split_words(text, "--client")


@pytest.mark.parametrize(
    ("text", "variables", "program", "arguments"),
    [
        ("A=1 B='x y' srv -p 1", ["A=1", "B=x y"], "srv", ["-p", "1"]),
        ("env A=1 srv C=2", ["A=1"], "srv", ["C=2"]),
        ("A=1 A=2 srv", ["A=2"], "srv", []),
        ("env 'A=b c' srv", ["A=b c"], "srv", []),
        ("./build/srv", [], "./build/srv", []),
    ],
)
def test_the_parts_of_an_example(text, variables, program, arguments):
    example = read_example(text, "--server")
    assert [word.text for word in example.variables] == variables
    assert example.program == program
    assert [word.text for word in example.arguments] == arguments


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "holds no program"),
        ("   ", "holds no program"),
        ("A=1", "holds variables, but no program"),
        ("'A=1'", "is no program's name"),
        ("'my srv' -p 1", "is no program's name"),
        ("env -i srv", "changes the environment"),
        ("-p 4443", "is no program's name"),
        ("''", "is no program's name"),
        ("sh -c 'srv -p 1'", 'starts a shell(.|\n)*--server "srv -p 1"'),
        ("/bin/bash -euc 'srv -p 1'", "starts a shell"),
        ("exec srv -p 1", "is a word of the shell"),
        (r"C:\Tools\srv.exe -p 1", "write / instead"),
        ("srv " + "x" * 32_765, "has 32769 characters; at most 32768"),
        ("srv" + " x" * 512, "has 513 words; at most 512"),
    ],
)
def test_an_example_without_a_program_is_refused(text, fault):
    with pytest.raises(UsageError) as refused:
        read_example(text, "--server")
    assert re.search(fault, str(refused.value))
