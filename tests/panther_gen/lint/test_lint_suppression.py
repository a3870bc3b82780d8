"""A finding that its line asks, with a reason, to leave out."""

from __future__ import annotations

import json

import pytest

from panther_gen.__main__ import main

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
        "  # panther-gen: ignore[workflow-overridden] tried by hand",
        "  # panther-gen: ignore[pg101] tried by hand",
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


TEXTS = {
    "Dockerfile": ("# panther-gen: ignore[{}] why\nFROM debian:12\nUSER me\n", "1:23"),
    "README.md": ("é <!-- panther-gen: ignore[{}] why -->\n", "1:28"),
    "templates/server_command.jinja": ("serve\n{{# panther-gen: ignore[{}] why #}}\n", "2:24"),
}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("by", ["its plugin", "itself"])
def test_a_suppression_in_another_file_of_a_plugin_can_be_unused(name, by, tree, check, plugin):
    text, place = TEXTS[name]
    tree({f"{plugin}/sample.py": "", f"{plugin}/{name}": text.format("PG602")})
    report = check(f"{plugin}/{name if by == 'itself' else 'sample.py'}")
    assert unused(report) == [f"{place} the suppression of 'PG602' leaves nothing out"]
    assert report.findings[0].path == f"{plugin}/{name}"
    tree({f"{plugin}/{name}": text.format("PG602, PG003")})
    report = check(f"{plugin}/sample.py")
    assert (report.findings, report.suppressed) == ([], 1)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Dockerfile", "FROM debian:12\nRUN echo '# panther-gen: ignore[PG602] why'\nUSER me\n"),
        ("README.md", "Write `# panther-gen: ignore[PG602] why` there.\n"),
        ("templates/server_command.jinja", "serve # panther-gen: ignore[PG602] why\n"),
    ],
)
def test_text_that_is_no_comment_there_is_left_alone(name, text, tree, check, plugin):
    tree({f"{plugin}/sample.py": "", f"{plugin}/{name}": text})
    assert check(f"{plugin}/sample.py").findings == []


def test_other_files_are_judged_by_what_was_looked_at(tree, check, plugin):
    text, _ = TEXTS["Dockerfile"]
    tree(
        {
            f"{plugin}/sample.py": "",
            f"{plugin}/broken.py": "x = (",
            f"{plugin}/Dockerfile": text.format("PG602"),
        }
    )
    assert check(f"{plugin}/sample.py").findings == []


def counted(capsys, *options):
    assert main(["lint", "--format", "json", *options]) in {0, 1}
    summary = json.loads(capsys.readouterr().out)["summary"]
    return summary["suppressed"], summary["errors"]


def test_what_is_not_selected_is_not_counted_as_left_out(tree, capsys):
    reason = "  # panther-gen: ignore[PG101, PG104, PG003] tried by hand"
    tree({"a.py": CODE.format(comment=reason)})
    assert counted(capsys, "a.py") == (2, 0)
    assert counted(capsys, "a.py", "--select", "PG1") == (1, 0)
    assert counted(capsys, "a.py", "--ignore", "PG101") == (1, 0)
    assert counted(capsys, "a.py", "--select", "PG2") == (0, 0)


def test_what_the_configuration_ignores_in_a_file_is_not_counted_as_left_out(tree, capsys):
    reason = "  # panther-gen: ignore[PG101] tried by hand"
    settings = '[tool.panther-gen.lint.per-file-ignores]\n"a.py" = ["PG101"]\n'
    tree(
        {"a.py": CODE.format(comment=reason), "b.py": CODE.format(comment=reason), "pyproject.toml": settings}
    )
    assert counted(capsys, "a.py", "b.py") == (1, 0)


@pytest.mark.parametrize(
    "comment", ["ignore", "ignore PG101", "ignore[]", "noqa: PG101 why", "disable=PG101"]
)
def test_a_suppression_that_names_no_rule_is_told_how_to(comment, tree, check):
    tree({"a.py": CODE.format(comment=f"  # panther-gen: {comment}")})
    found = check("a.py").findings
    assert [one.code for one in found] == ["PG101", "PG003"]
    assert found[1].message == "the suppression leaves nothing out: it names no rule"
    assert found[1].help == "write # panther-gen: ignore[PG101] and the reason, or remove it"
