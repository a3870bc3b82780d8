"""Files that only libcst can parse: their contracts are checked, and what rules passed over is said."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from panther_gen.lint.command import run_lint

CONTRACT = (
    "from panther.plugins.services.base import BaseServiceManager as B\n"
    "class P(B):\n    def prepare(self): ...\n"
)
CONFIG = (
    "from dataclasses import dataclass\nfrom panther.config.core.models import IUTConfig\n"
    "@dataclass\nclass C(IUTConfig):\n    words: list = []\n"
)
PLAIN = "class Other:\n    words: list = []\n"
NEWER = {
    "f-string quotes (3.12)": 'x = f"{"a"}"\n',
    "f-string nesting (3.12)": 'x = f"{f"{f"{1}"}"}"\n',
    "f-string comment (3.12)": "x = f'''{\n1 # one\n}'''\n",
    "type alias (3.12)": "type X = int\n",
    "type parameters (3.12)": "def f[T](x: T) -> T: ...\n",
    "type parameter default (3.13)": "class G[T = int]: ...\n",
    "except without brackets (3.14)": "try: ...\nexcept A, E: ...\n",
    "a name of a later Unicode": "x = '\\N{A CHARACTER THAT IS NOT THERE YET}'\n",
}


def is_newer(text):
    """Tell whether the running interpreter refuses a text."""
    try:
        ast.parse(text)
    except SyntaxError:
        return True
    return False


REFUSED = {name: text for name, text in NEWER.items() if is_newer(text)}


def test_at_least_one_form_is_newer_than_this_interpreter():
    assert REFUSED


@pytest.fixture(params=NEWER)
def newer(request):
    return NEWER[request.param]


def test_the_contract_is_checked_in_newer_syntax(newer, tree, check, places):
    tree({"a.py": newer + CONTRACT})
    line = newer.count("\n") + 3
    found = check("a.py").findings  # with a note that what may patch the method could not be looked for
    assert places(one for one in found if one.code != "PG206") == [f"a.py:{line}:9 PG101"]


def test_newer_syntax_in_which_no_rule_looks_is_no_finding(newer, tree, check):
    tree({"a.py": newer + PLAIN})
    assert check("a.py").findings == []


def test_a_rule_looks_or_the_file_is_noted_once(newer, tree, check):
    tree({"a.py": newer + CONFIG + CONFIG})
    codes = [one.code for one in check("a.py").findings]
    assert codes == (["PG206"] if is_newer(newer) else ["PG402", "PG402"])


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_the_note_names_the_line_and_fails_when_strict(text, tree, check):
    tree({"a.py": PLAIN + text + CONFIG})
    found = check("a.py").findings[0]
    assert (found.code, found.severity) == ("PG206", "note")
    assert found.span.line in range(3, 3 + text.count("\n") + 1)
    assert "could not verify the file: Python 3." in found.message
    assert run_lint([Path("a.py")]) == 0
    assert run_lint([Path("a.py")], strict=True) == 1


def test_the_note_on_another_file_of_the_plugin_is_given(tree, check, plugin):
    manager = (
        "from panther.plugins.plugin_decorators import register_plugin\n"
        "from panther.plugins.services.base import BaseServiceManager\n"
        "@register_plugin('iut', 'sample', '1.0.0')\nclass P(BaseServiceManager): ...\n"
    )
    tree(
        {f"{plugin}/config_schema.py": next(iter(REFUSED.values())) + CONFIG, f"{plugin}/sample.py": manager}
    )
    found = check(f"{plugin}/sample.py").findings
    assert [one.path for one in found if one.code == "PG206"] == [f"{plugin}/config_schema.py"]


def test_the_note_can_be_left_out_with_a_reason(tree, check):
    text = "x = '\\N{A CHARACTER THAT IS NOT THERE YET}'  # panther-gen: ignore[PG206] the bench has it\n"
    tree({"a.py": text + CONFIG})
    report = check("a.py")
    assert (report.findings, [one.code for one in report.left_out]) == ([], ["PG206"])
