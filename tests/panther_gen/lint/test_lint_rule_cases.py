"""Every rule finds what its own INVALID cases show, where they show it, and nothing in its VALID ones."""

from __future__ import annotations

import re

import pytest

from panther_gen.__main__ import main
from panther_gen.lint.rule import FAMILIES
from panther_gen.lint.rules import RULES

VALID = [
    pytest.param(rule, case, id=f"{rule.code}-{i}") for rule in RULES for i, case in enumerate(rule.valid)
]
INVALID = [
    pytest.param(rule, case, id=f"{rule.code}-{i}") for rule in RULES for i, case in enumerate(rule.invalid)
]


def span_of(finding):
    span = finding.span
    return f"{span.line}:{span.column}-{span.end_line}:{span.end_column}"


@pytest.mark.parametrize(("rule", "case"), VALID)
def test_a_rule_finds_nothing_in_its_valid_case(rule, case, tree, check):
    tree({**case.files, case.path: case.code})
    assert [one for one in check(case.path).findings if one.code == rule.code] == []


@pytest.mark.parametrize(("rule", "case"), INVALID)
def test_a_rule_finds_its_invalid_case(rule, case, tree, check):
    tree({**case.files, case.path: case.code})
    found = [one for one in check(case.path).findings if one.code == rule.code]
    assert tuple(span_of(one) for one in found) == case.at
    assert case.message in found[0].message
    assert found[0].severity == rule.severity


@pytest.mark.parametrize(("rule", "case"), INVALID)
def test_a_fix_does_what_its_case_shows_and_nothing_the_second_time(rule, case, tree, check, capsys):
    file = tree({**case.files, case.path: case.code}) / case.path
    fix = ["lint", "--fix", "--select", rule.code, case.path]
    if case.unsafe:
        main(fix)
        assert file.read_bytes().decode() == case.code
        assert "fixable with --fix --unsafe-fixes" in capsys.readouterr().out
    words = fix if case.fixed is not None and not case.unsafe else [*fix, "--unsafe-fixes"]
    main(words)
    expected = case.code if case.fixed is None else case.fixed
    assert file.read_bytes().decode() == expected, capsys.readouterr().err
    if case.fixed is None:
        assert "fixable" not in capsys.readouterr().out
        return
    capsys.readouterr()
    assert main([*words, "--diff"]) == 0
    assert capsys.readouterr() == ("", "Would fix 0 findings in 0 files\n")
    assert [one for one in check(case.path).findings if one.code == rule.code] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_has_its_words(rule):
    assert re.fullmatch(r"PG\d{3}", rule.code)
    assert int(rule.code[2]) in FAMILIES
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.name)
    assert len(rule.explanation.split()) > 20
    assert rule.valid
    assert rule.invalid


def test_codes_and_names_are_used_once():
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_an_error_of_the_contract_shows_the_base_class(tree, check, plugin):
    contract = [rule for rule in RULES if rule.code.startswith("PG1") and rule.code != "PG106"]
    for rule in contract:
        case = rule.invalid[0]
        tree({**case.files, case.path: case.code})
        finding = next(one for one in check(case.path).findings if one.code == rule.code)
        assert finding.help
        assert re.search(r"\b(def|class) ", finding.places[0].lines[-1][1])
