"""A finding that its line asks, with a reason, to leave out."""

from __future__ import annotations

import pytest

CODE = (
    "from panther.plugins.services.base import BaseServiceManager as B\n"
    "class P(B):\n    def prepare(self): ...{comment}\n"
)


@pytest.mark.parametrize(
    "comment",
    [
        "  # panther-gen: ignore[PG101] tried by hand",
        "  # panther-gen:ignore[PG101 ,PG101]  tried by hand",
        "  # noqa  # panther-gen: ignore[PG101] tried by hand",
    ],
)
def test_a_suppression_with_a_reason_leaves_the_finding_out(comment, tree, check):
    tree({"a.py": CODE.format(comment=comment)})
    report = check("a.py")
    assert report.findings == []
    assert report.suppressed == 1


@pytest.mark.parametrize(
    "comment",
    [
        "  # panther-gen: ignore[PG102] tried by hand",
        "  # panther-gen: ignore tried by hand",
        '; x = "# panther-gen: ignore[PG101] x"',
    ],
)
def test_other_text_leaves_nothing_out(comment, tree, check):
    tree({"a.py": CODE.format(comment=comment)})
    assert "PG101" in [one.code for one in check("a.py").findings]


def test_a_suppression_without_a_reason_is_told_so(tree, check):
    tree({"a.py": CODE.format(comment="  # panther-gen: ignore[PG101]")})
    assert check("a.py").findings[0].help.startswith("say why: # panther-gen: ignore[PG101] reason; ")


def unused(report):
    return [
        f"{one.span.line}:{one.span.column} {one.message}" for one in report.findings if one.code == "PG003"
    ]


@pytest.mark.parametrize(
    ("comment", "found"),
    [
        ("[PG103] why", ["3:51 the suppression of 'PG103' leaves nothing out"]),
        ("[PG101, PG103] why", ["3:58 the suppression of 'PG103' leaves nothing out"]),
        ("[PG103]", ["3:51 the suppression of 'PG103' leaves nothing out"]),
        ("[PG9] why", ["3:51 the suppression of 'PG9' leaves nothing out: there is no such rule"]),
        ("[PG101]", []),
        ("[PG101, PG103, PG003] why", []),
        ("[PG101, PG003] why", ["3:58 the suppression of 'PG003' leaves nothing out"]),
    ],
)
def test_a_suppression_that_leaves_nothing_out_is_found(comment, found, tree, check):
    tree({"a.py": CODE.format(comment=f"  # panther-gen: ignore{comment}")})
    assert unused(check("a.py")) == found


def test_in_a_clean_file_too(tree, check):
    tree({"a.py": "\n\nx = 1  # panther-gen: ignore[PG101] no longer so\n"})
    report = check("a.py")
    assert unused(report) == ["3:30 the suppression of 'PG101' leaves nothing out"]
    assert report.sources["a.py"].line(3).startswith("x = 1")


def test_it_is_judged_by_what_was_looked_at(tree, check, plugin):
    """A rule for whole plugins does not run on a plugin of which a module cannot be parsed."""
    from panther_gen.lint.rules import PLUGIN_RULES

    code = PLUGIN_RULES[0].code
    files = {
        f"{plugin}/sample.py": f"x = 1  # panther-gen: ignore[{code}] not now\n",
        f"{plugin}/__init__.py": "",
    }
    tree(files)
    assert len(unused(check(f"{plugin}/sample.py"))) == 1
    tree({f"{plugin}/broken.py": "def f(:\n"})
    assert unused(check(f"{plugin}/sample.py")) == []
