"""The rules' pages and ``panther-gen explain``: made from the rules, complete, and current."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from panther_gen.__main__ import main
from panther_gen.lint.pages.explanation import describe, explain, short_description
from panther_gen.lint.pages.rule_pages import main as pages_main
from panther_gen.lint.pages.rule_pages import rule_pages
from panther_gen.lint.rule import FAMILIES
from panther_gen.lint.rules import RULES

ROOT = Path(__file__).resolve().parents[3]
PAGES = ROOT / "docs" / "rules"
PRACTICE = re.compile(r"[Bb]est\s+practices?\s+[1-7]\b")
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


def test_the_pages_are_what_the_rules_say():
    assert pages_main([str(PAGES), "--check"]) == 0


def test_a_page_that_is_stale_missing_or_left_over_is_named_and_mended(tmp_path, capsys):
    pages = tmp_path / "rules"
    shutil.copytree(PAGES, pages)
    (pages / "PG101.md").write_text("old")
    (pages / "PG102.md").unlink()
    (pages / "PG099.md").write_text("of a rule that is gone")
    assert pages_main([str(pages), "--check"]) == 1
    err = capsys.readouterr().err
    assert [name for name in ("PG099", "PG101", "PG102", "PG103") if f"{name}.md is not" in err] == [
        "PG099",
        "PG101",
        "PG102",
    ]
    assert "cure: nox -s rules" in err
    assert pages_main([str(pages)]) == 0
    assert pages_main([str(pages), "--check"]) == 0
    assert sorted(path.name for path in pages.iterdir()) == sorted(path.name for path in PAGES.iterdir())


@each_rule
def test_a_page_and_the_terminal_say_the_same(rule):
    page, text = rule_pages()[f"{rule.code}.md"], explain(rule.code)
    for part in (rule.code, rule.name, short_description(rule), rule.explanation.strip()):
        assert part in page
        assert part in text
    for case in (*rule.valid, *rule.invalid):
        for code in (case.code, *case.files.values()):
            assert code.rstrip() in page
            assert all(line.strip() in text for line in code.rstrip("\n").split("\n"))


@each_rule
def test_every_fence_of_a_page_is_closed(rule):
    fence = ""
    for line in rule_pages()[f"{rule.code}.md"].split("\n"):
        if not fence and (opened := re.match(r"(`{3,})[a-z]+$", line)):
            fence = opened[1]
        elif line == fence:
            fence = ""
    assert fence == ""


@each_rule
def test_a_rule_says_which_best_practice_it_guards(rule):
    assert PRACTICE.search(rule.explanation)


def test_rules_that_are_mentioned_exist():
    text = "\n".join(rule_pages().values()).replace("PG999", "")  # a case about a code that no rule has
    assert set(re.findall(r"\bPG\d{3}\b", text)) <= {rule.code for rule in RULES}


def test_the_index_has_every_rule_and_its_links_lead_somewhere():
    index = (PAGES / "index.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| \[(PG\d{3})\]\(\1\.md\)", index, re.MULTILINE) == [rule.code for rule in RULES]
    targets = re.findall(r"\]\(([^)#:]+)\)", index)
    assert [target for target in targets if not (PAGES / target).is_file()] == []
    heads = [line[3:].lower() for line in index.split("\n") if line.startswith("## ")]
    assert heads == list(dict.fromkeys(FAMILIES[int(rule.code[2])] for rule in RULES))


def test_explain_without_a_code_lists_every_rule(capsys):
    assert main(["explain"]) == 0
    out = capsys.readouterr().out
    for rule in RULES:
        assert re.search(rf"^  {rule.code}  {rule.name} +\S", out, re.MULTILINE)


def test_explain_in_json_lists_every_rule(capsys):
    assert main(["explain", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [one["code"] for one in listed] == [rule.code for rule in RULES]
    assert {tuple(one) for one in listed} == {("code", "name", "family", "severity", "summary")}


@pytest.mark.parametrize("word", ["PG101", "pg101", "workflow-overridden"])
def test_explain_says_what_lint_explain_says(word, capsys):
    assert main(["lint", "--explain", word]) == 0
    expected = capsys.readouterr().out
    assert main(["explain", word]) == 0
    assert capsys.readouterr().out == expected


@each_rule
def test_a_rule_explained_in_json_is_complete(rule, capsys):
    assert main(["explain", rule.code, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["explanation"] == describe(rule).explanation
    assert [example["files"][0]["code"] for example in document["found"]] == [
        one.code for one in rule.invalid
    ]
    assert [example["files"][0]["path"] for example in document["fine"]] == [one.path for one in rule.valid]


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_explain_refuses_an_unknown_rule_with_the_nearest(options, capsys):
    assert main(["explain", "workflow-overriden", *options]) == 2
    assert "did you mean 'workflow-overridden'?" in capsys.readouterr().err
