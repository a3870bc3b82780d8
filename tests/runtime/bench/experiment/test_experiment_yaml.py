"""YAML of every kind: what cannot be read is refused in one sentence, at its line and column."""

from __future__ import annotations

import sys

import pytest
import yaml

from panther.bench.experiment import ExperimentError, load_experiment
from panther.bench.experiment.nodes import MAX_DEPTH, MAX_NODES, UnusableYaml, compose
from panther.bench.experiment.source import MAX_BYTES

MINIMAL = """\
tests:
- name: a
  services:
    s:
      implementation: {name: fast}
      protocol: {name: quic, role: server}
"""

# Each with a § where the problem is.
SYNTAX = {
    "tab": ("tests:\n§\t- name: a\n", "a line is indented with a tab", "indent with spaces"),
    "open bracket": ("tests: §[1, 2", "expected ',' or ']'", "close the bracket"),
    "open brace": ("tests: §{a: 1\n\n", "expected ',' or '}'", "close the bracket"),
    "open quotation mark": (
        'tests: §"a\nb: 1\n',
        "while scanning a quoted scalar",
        "close the quotation mark",
    ),
    "colon in text": ("tests:\n  - name: a§: b\n", "mapping values are not allowed", "quotation marks"),
    "at sign": ("tests: §@a\n", "cannot start any token", "put the text into quotation marks"),
    "no anchor": ("tests: §*a\n", "the alias '*a' has no anchor before it", "write '&a'"),
    "ring": ("tests: &a [§*a]\n", "the alias '*a' refers to itself", "write it out"),
    "ring by merging": ("tests: &a {<<: §*a}\n", "the alias '*a' refers to itself", "write it out"),
    "control character": ("tests: §\x07\n", "the character U+0007 cannot stand in YAML", "remove it"),
    "too deep": (f"tests: {'[' * MAX_DEPTH}§[", f"more than {MAX_DEPTH} levels", ""),
}

# What is wrong with single keys and values. All of the file is still looked at: the name § of the plugin.
SINGLE = {
    "two keys": (
        "logging: {}\n§logging: {}",
        "the key 'logging' stands twice, first at line 1, column 1",
        "",
    ),
    "two keys in quotes": (
        "logging: {level: INFO, §'level': INFO}",
        "stands twice, first at line 1, column 11",
        "",
    ),
    "key that is a list": ("? §[a]\n: 1", "a key is not text", "write a name"),
    "tag": ("logging: §!mine {}", "unknown tag '!mine'", "remove it"),
    "tag of a list": ("logging: {level: §!!set {INFO}}", "unknown tag '!!set'", "remove it"),
    "tag that runs": (
        "logging: §!!python/object/apply:os.system ['exit 1']",
        "unknown tag '!!python/",
        "remove it",
    ),
    "tag of a key": ("§!!python/name:os.system : 1", "a key is not text", ""),
    "binary": ("logging: {level: §!!binary SU5GTw==}", "unknown tag '!!binary'", "remove it"),
    "no number": ("logging: {level: §!!int five}", "'five' is no int", "quotation marks"),
    "number without digits": ("logging: {level: §0x_}", "'0x_' is no int", "quotation marks"),
    "no truth value": ("logging: {level: §!!bool perhaps}", "'perhaps' is no bool", "quotation marks"),
    "endless digits": (f"logging: {{level: §{'1' * 5000}}}", "is no int", "quotation marks"),
    "escape sequence": ('logging: {level: §"\\e[31m"}', "the text holds the character U+001B", "remove it"),
    "NUL": ('logging: {level: §"\\0"}', "the text holds the character U+0000", "remove it"),
    "merging text": ("logging: {<<: §INFO}", "'<<' merges mappings only", "name an alias"),
}


@pytest.mark.parametrize("name", SYNTAX)
def test_text_that_is_no_yaml(name, refused):
    text, message, cure = SYNTAX[name]
    (problem,) = refused(text)
    assert message in problem.message
    assert cure in problem.suggestion


def test_half_a_surrogate_pair_is_refused_whoever_finds_it(load):
    with pytest.raises(ExperimentError) as caught:  # libyaml calls it bad YAML, PyYAML makes text of it
        load(MINIMAL.replace("name: a", 'name: "\\ud800"'))
    assert [problem.line for problem in caught.value.problems] == [2]


def test_a_bad_escape(load):
    with pytest.raises(ExperimentError) as caught:
        load('tests: "a\\qb"\n')
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) in ((1, 10), (1, 11)), "PyYAML's two parsers differ by one"
    assert "write a backslash twice" in problem.suggestion


@pytest.mark.parametrize("name", SINGLE)
def test_a_key_or_value_that_is_no_use_hides_nothing_else(name, refused):
    text, message, cure = SINGLE[name]
    problem, other = refused(f"{text}\n{MINIMAL.replace('fast', '§nobody')}")
    assert message in problem.message
    assert cure in problem.suggestion
    assert "there is no plugin 'nobody'" in other.message


def test_of_a_key_that_stands_twice_the_first_counts(load):
    with pytest.raises(ExperimentError) as caught:
        load(f"logging: {{level: x}}\nlogging: 1\n{MINIMAL}")
    assert [problem.message for problem in caught.value.problems] == [
        "unknown level 'x'",
        "the key 'logging' stands twice, first at line 1, column 1",
    ]


@pytest.mark.parametrize("loader", [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)])
@pytest.mark.parametrize("deep", ["[", "- ", "{a: ", "? ", "&a [", "!!seq ["])
def test_no_depth_is_too_much_for_the_stack(loader, deep):
    with pytest.raises(UnusableYaml, match="levels"):
        compose(deep * 50_000, loader)


def test_aliases_may_not_make_the_document_deep(load):
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [[[[*a{n - 1}]]]]" for n in range(1, 2000))]
    with pytest.raises(ExperimentError, match="levels") as caught:
        load("\n".join(lines))
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize(
    "use", ["[{a}, {a}, {a}, {a}, {a}, {a}, {a}, {a}, {a}, {a}]", "{{<<: [{a}, {a}, {a}, {a}, {a}, {a}]}}"]
)
def test_aliases_may_not_make_the_document_large(load, use):
    lines = ["a0: &a0 {x: 1}", *(f"a{n}: &a{n} " + use.format(a=f"*a{n - 1}") for n in range(1, 12))]
    with pytest.raises(ExperimentError, match="too large"):
        load("\n".join(lines))


def test_mappings_merged_in_a_chain_do_not_exhaust_the_stack(load):
    chain = "\n".join(f"a{n}: &a{n} {{<<: *a{n - 1}}}" for n in range(1, 5000))
    with pytest.raises(ExperimentError, match="merged into one another"):
        load(f"a0: &a0 {{x: 1}}\n{chain}")


def test_a_file_of_many_values_is_refused_before_they_are_made(load):
    with pytest.raises(ExperimentError, match="too large"):
        load(f"tests: [{'1,' * (MAX_NODES + 1)}]")


@pytest.mark.parametrize("loader", [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)])
def test_both_parsers_of_pyyaml_see_the_same(loader, pair):
    text = f"# é ü\n{pair}'ä': é\nß: &ä [1, *ä2]\n".replace("&ä [1, *ä2]", "&a [1, 'x']\ny: *a")
    assert compose(text, loader) == compose(text, yaml.SafeLoader)


def test_columns_count_characters(refused):
    (problem,) = refused(MINIMAL.replace("{name: fast}", "{custom_options: {'ä 漢字 🐆': ''}, name: §fats}"))
    assert "'fats'" in problem.message


def test_a_byte_order_mark_and_windows_line_ends_are_taken(file, shelf):
    file.write_bytes(b"\xef\xbb\xbf" + MINIMAL.replace("\n", "\r\n").encode())
    assert load_experiment(file, shelf).tests[0].name == "a"


def test_positions_are_right_in_a_file_with_windows_line_ends(file, shelf):
    file.write_bytes(MINIMAL.replace("fast", "fats").replace("\n", "\r\n").encode())
    with pytest.raises(ExperimentError) as caught:
        load_experiment(file, shelf)
    assert [(problem.line, problem.column) for problem in caught.value.problems] == [(5, 30)]


def test_anchors_and_merged_mappings_spare_repetition(load):
    experiment = load(
        """\
tests:
  - &first
    name: "one"
    services: &services
      server: &server
        implementation: &fast {name: fast, window: 5}
        protocol: {name: quic, role: server}
      client:
        <<: *server
        implementation: {<<: *fast, performance_mode: throughput}
        protocol: {name: quic, role: client}
  - <<: [{name: "two"}, *first]
  - <<: *first
    name: "three"
"""
    )
    assert [test.name for test in experiment.tests] == ["one", "two", "three"]
    client = experiment.tests[1].services["client"].implementation
    assert client.extras == {"window": 5, "performance_mode": "throughput"}


def test_what_is_merged_is_named_where_it_stands(problems):
    text = MINIMAL.replace("    s:\n", "    s: &s\n      timout: 1\n")
    found = problems(f"{text}    other: {{<<: *s, protocol: {{name: quic, role: client}}}}\n")
    assert {(problem.line, problem.column) for problem in found} == {(5, 7)}
    assert [problem.path.split(".")[2] for problem in found] == ["other", "s"]


UNREADABLE = {
    "missing": (lambda path: None, "no such file"),
    "directory": (lambda path: path.mkdir(), "it is a directory"),
    "link to itself": (lambda path: path.symlink_to(path), "Too many levels of symbolic links"),
    "large": (lambda path: path.write_bytes(b"#" * (MAX_BYTES + 1)), f"larger than {MAX_BYTES} bytes"),
    "endless": (lambda path: path.symlink_to("/dev/zero"), f"larger than {MAX_BYTES} bytes"),
    "Latin-1": (lambda path: path.write_bytes(b"a: \xe9\n"), "yaml:1:4: the file is not UTF-8: byte 0xe9"),
    "Latin-1 after UTF-8": (
        lambda path: path.write_bytes("é\né \xe9".encode()[:-1]),
        ":2:3: the file is not",
    ),
    "UTF-16": (lambda path: path.write_bytes("tests: []".encode("utf-16")), ":1:1: the file is not UTF-8"),
    "an archive": (lambda path: path.write_bytes(b"PK\x03\x04\x00"), ":1:3: the character U+0003"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_read_is_one_sentence(name, file, shelf):
    make, words = UNREADABLE[name]
    make(file)
    with pytest.raises(ExperimentError) as caught:
        load_experiment(file, shelf)
    assert words in str(caught.value)
    assert caught.value.cure or caught.value.problems[0].suggestion
    assert caught.value.exit_code == 2


def test_a_file_that_may_not_be_read(file, shelf, request):
    file.write_text(MINIMAL)
    file.chmod(0)
    request.getfixturevalue("not_root")
    with pytest.raises(ExperimentError, match="no permission"):
        load_experiment(file, shelf)


@pytest.mark.parametrize("path", ["a/b", "x" * 5000, "nul\0"])
def test_a_path_that_leads_nowhere(path, file, shelf):
    file.with_name("a").write_text("")
    with pytest.raises(ExperimentError, match="cannot be read"):
        load_experiment(file.with_name("a").parent / path if "\0" not in path else type(file)(path), shelf)


def test_reading_leaves_the_recursion_limit_alone(load):
    limit = sys.getrecursionlimit()
    load(MINIMAL)
    assert sys.getrecursionlimit() == limit
