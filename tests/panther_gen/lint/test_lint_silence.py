"""What the linter must not pass over in silence, and what it must not cry about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from panther_gen.__main__ import main

BASE = "from panther.plugins.services.base import BaseServiceManager as B\n"
CLASS = f"{BASE}class P(B):\n    def own(self):\n"


@pytest.mark.parametrize(
    "body",
    [
        "self.prepare \\\n            = 1",
        "self. prepare = 1",
        "(self.\n            prepare) = 1",
        "(self.prepare  # why\n        ) = 1",
        "vars (self)['prepare'] = 1",
        "self.\N{FULLWIDTH LATIN SMALL LETTER P}repare = 1",
    ],
)
def test_a_patch_is_found_however_it_is_written(body, tree, check):
    tree({"a.py": f"{CLASS}        {body}\n"})
    assert [one.code for one in check("a.py").findings] == ["PG107"]


def test_a_name_is_read_as_python_reads_it(tree, check):
    tree({"a.py": f"{BASE}class P(B):\n    def \N{FULLWIDTH LATIN SMALL LETTER P}repare(self): ...\n"})
    [found] = check("a.py").findings
    assert (found.code, found.span.line, found.span.column, found.span.end_column) == ("PG101", 3, 9, 16)


@pytest.mark.parametrize("before", ["", "class Own: ...\n"])
def test_a_patch_in_a_module_without_such_a_class_is_found(before, tree, check):
    tree({"a.py": f"{BASE}{before}B.prepare = lambda self: None\n"})
    assert [one.code for one in check("a.py").findings] == ["PG111"]


@pytest.mark.parametrize("call", ["exec(input())", "def f(text):\n    exec(text, globals())"])
def test_executed_text_that_cannot_be_read_is_noted(call, tree, check):
    tree({"a.py": f"{CLASS}        pass\n{call}\n"})
    assert [one.code for one in check("a.py").findings] == ["PG207"]
    tree({"a.py": f"class P: ...\n{call}\n"})
    assert check("a.py").findings == []


def test_a_base_class_in_a_container_is_not_taken_for_one_that_is_known(tree, check):
    tree({"a.py": 'import sys\nX = sys.modules["pkg"].Mid\nclass U(X):\n    def prepare(self): ...\n'})
    assert [one.code for one in check("a.py").findings] == ["PG201"]


def test_a_baseline_never_knows_a_file_that_cannot_be_parsed(tree, capsys):
    tree({"a.py": "def f(:\n"})
    assert main(["lint", "a.py", "--baseline", "b.json", "--write-baseline"]) == 0
    assert json.loads(Path("b.json").read_text())["findings"] == []
    assert main(["lint", "a.py", "--baseline", "b.json"]) == 1
    assert "PG001" in capsys.readouterr().out


@pytest.mark.usefixtures("not_root")
@pytest.mark.parametrize("words", [["lint"], ["lint", "."], ["lint", "panther"]])
def test_a_directory_that_cannot_be_searched_is_one_finding(words, tree, plugin, capsys):
    tree({f"{plugin}/sample.py": f"{BASE}class P(B):\n    prepare = 1\n", "panther/locked/a.py": ""})
    Path("panther/locked").chmod(0)
    try:
        assert main([*words, "--no-cache"]) == 1
    finally:
        Path("panther/locked").chmod(0o755)
    out = capsys.readouterr().out
    assert "PG101" in out
    assert ("PG001" in out) is (words != ["lint"])


@pytest.mark.parametrize("name", ["README.md", "Dockerfile", "templates/server_command.jinja"])
def test_a_file_of_a_plugin_that_cannot_be_read_is_a_finding(name, tree, check, plugin):
    tree({f"{plugin}/sample.py": "x = 1\n", f"{plugin}/{name}": b"\xff\xfe bad"})
    found = [(one.code, one.path) for one in check(f"{plugin}/sample.py").findings]
    assert found == [("PG001", f"{plugin}/{name}")]


@pytest.mark.parametrize(
    "name", ["README.md", "Dockerfile", "templates/a.jinja", "endpoint/requirements.txt"]
)
def test_a_file_of_a_plugin_that_is_no_python_is_not_read_as_python(name, tree, check, plugin):
    tree({f"{plugin}/__init__.py": "", f"{plugin}/{name}": "aioquic>=1.2,<2\n"})
    assert check(f"{plugin}/{name}").findings == []
    tree({f"{plugin}/{name}": "<<<<<<< yours\na\n=======\nb\n>>>>>>> theirs\n"})
    assert [one.code for one in check(f"{plugin}/{name}").findings] == ["PG002"]


def test_only_the_given_python_files_have_findings(tree, check, plugin):
    registered = "from panther.plugins.plugin_decorators import register_plugin\n" + BASE
    registered += (
        "@register_plugin('iut', 'sample', '1.0.0')\nclass P(B):\n"
        "    def _get_implementation_name(self): return 'sample'\n"
        "    def _get_binary_name(self): return 'sample'\n"
        "    def _get_server_specific_args(self, **kwargs): return ['-x']\n"
    )
    tree({f"{plugin}/sample.py": registered, f"{plugin}/__init__.py": "", f"{plugin}/test_sample.py": ""})
    assert {one.path for one in check(f"{plugin}/test_sample.py").findings} <= {f"{plugin}/test_sample.py"}
    assert f"{plugin}/sample.py" in {one.path for one in check(f"{plugin}/sample.py").findings}


def test_a_template_may_ask_whether_a_name_is_there(tree, check, plugin):
    code = "from panther.plugins.plugin_decorators import register_plugin\n"
    code += "from panther.plugins.services.base.quic_service_base import BaseQUICServiceManager\n"
    code += "@register_plugin('iut', 'sample', '1.0.0')\nclass P(BaseQUICServiceManager): ...\n"
    template = "{% if foo is defined %}{{ foo }}{% endif %} {{ bar | default('x') }} {{ baz }}\n"
    tree({f"{plugin}/sample.py": code, f"{plugin}/templates/server_command.jinja": template})
    found = [one.message for one in check(f"{plugin}/sample.py").findings if one.code == "PG902"]
    assert len(found) == 1
    assert "'baz'" in found[0]


def test_a_directory_does_not_hide_the_runtimes_package(tree, check):
    text = "from panther.plugins.services.base.quic_service_base import BaseQUICServiceManager as Q\n"
    tree({"a.py": f"{text}class P(Q):\n    prepare = 1\n"})
    assert [one.code for one in check("a.py").findings] == ["PG101"]
    tree({"panther/plugins/services/base/quic_service_base.py": "class BaseQUICServiceManager: ...\n"})
    assert [one.code for one in check("a.py").findings] == ["PG101"]


ESCAPE = "from panther.plugins.services.base import BaseServiceManager as B, overrides_workflow\n"
METHOD = "    def prepare(self, plugin_manager=None): ...\n"


@pytest.mark.parametrize(
    "code",
    [
        f"{ESCAPE}class P(B):\n    def f(self): ...\n    prepare = overrides_workflow(reason='x')(f)\n",
        f"{ESCAPE}by_hand = overrides_workflow(reason='x')\nclass P(B):\n    @by_hand\n{METHOD}",
        f"{ESCAPE}by_hand = overrides_workflow(reason='x')\nclass P(B):\n    prepare = by_hand(print)\n",
        f"{ESCAPE}class P(B):\n    by_hand = overrides_workflow(reason='x')\n    @by_hand\n{METHOD}",
    ],
)
def test_an_escape_counts_however_it_is_applied(code, tree, check):
    tree({"a.py": code})
    assert check("a.py").findings == []
    tree({"a.py": code.replace("'x'", "make()")})
    assert "PG101" not in {one.code for one in check("a.py").findings}
    assert "PG102" in {one.code for one in check("a.py").findings}
    tree({"a.py": code.replace("prepare", "own")})
    assert [one.code for one in check("a.py").findings] == ["PG106"]
