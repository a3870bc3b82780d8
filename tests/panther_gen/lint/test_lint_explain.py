"""``--explain``: what a rule says of itself."""

from __future__ import annotations

import pytest

from panther_gen.__main__ import main
from panther_gen.lint.rules import RULES


@pytest.mark.parametrize("word", ["PG101", "pg101", "workflow-overridden"])
def test_a_rule_is_explained_with_its_reason_and_its_cases(word, capsys):
    assert main(["lint", "--explain", word]) == 0
    out = capsys.readouterr().out
    assert out.startswith("PG101 workflow-overridden (contract, error)\n\n")
    rule = next(rule for rule in RULES if rule.code == "PG101")
    assert rule.explanation.strip() in out
    assert "Found:\n\n    from panther." in out
    assert "Fine:\n\n    from panther." in out
    assert out.endswith("# panther-gen: ignore[PG101] the reason\n")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_can_be_explained(rule, capsys):
    assert main(["lint", "--explain", rule.code]) == 0
    out = capsys.readouterr().out
    assert out.count("\nFound:\n") == len(rule.invalid)
    for case in rule.invalid:
        assert all(line.strip() in out for line in case.code.splitlines())


@pytest.mark.parametrize(
    ("word", "cure"),
    [
        ("PG112", "the rules on contract are PG101, "),
        ("PGl01", "did you mean 'PG101'?"),
        ("workflow-overriden", "did you mean 'workflow-overridden'?"),
    ],
)
def test_an_unknown_rule_is_refused_with_the_nearest(word, cure, capsys):
    assert main(["lint", "--explain", word]) == 2
    err = capsys.readouterr().err
    assert f"there is no rule '{word}'" in err
    assert cure in err


def test_a_word_that_is_like_no_rule_leads_to_the_list(capsys):
    assert main(["lint", "--explain", "42"]) == 2
    assert "cure: `panther-gen explain` lists them all" in capsys.readouterr().err
    assert main(["explain", "PG6"]) == 2
    assert "one of PG601, PG602, PG603; " in capsys.readouterr().err
