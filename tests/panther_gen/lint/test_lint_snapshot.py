"""The shipped contract is the runtime's, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from panther_gen.lint.contracts.snapshot import SNAPSHOT, load_snapshot, main
from panther_gen.lint.contracts.snapshot_source import snapshot_of

BASE_CLASSES = [
    "BaseServiceManager",
    "BaseQUICServiceManager",
    "PythonQUICServiceManager",
    "RustQUICServiceManager",
    "BaseHTTPServiceManager",
    "PythonHTTPServiceManager",
    "BaseMinipServiceManager",
    "BaseTCPServiceManager",
]
RUNTIME = Path(__file__).resolve().parents[3] / "runtime"


def test_the_snapshot_has_not_drifted_from_the_runtime():
    cure = "the base classes changed: run `python -m panther_gen.lint.contracts.snapshot runtime`"
    assert SNAPSHOT.read_text(encoding="utf-8") == snapshot_of(RUNTIME), cure


def test_every_base_class_of_the_guide_is_in_it():
    modules = load_snapshot()
    exported = modules["panther.plugins.services.base"].summary.scopes[0].bindings
    assert set(exported) >= {*BASE_CLASSES, "overrides_workflow", "template_method", "workflow_method"}
    assert "register_plugin" in modules["panther.plugins.plugin_decorators"].summary.scopes[0].bindings


def test_it_knows_what_is_required_and_what_is_used_instead():
    module = load_snapshot()["panther.plugins.services.base.service_manager_base"]
    body = module.summary.scopes[
        next(one for one in module.summary.classes if one.name == "BaseServiceManager").body
    ]
    marks = {name: found[-1].mark for name, found in body.bindings.items() if found[-1].mark}
    required = {name for name, mark in marks.items() if mark.abstract}
    assert required == {"_get_implementation_name", "_get_binary_name"}
    assert marks["generate_run_command"].kind == "workflow"
    assert marks["prepare"].instead == ("_do_prepare",)


@pytest.mark.parametrize("arguments", [[], ["nowhere"], ["one", "two"]])
def test_the_script_needs_the_runtimes_directory(arguments, capsys):
    assert main(arguments) == 2
    assert "RUNTIME_DIR" in capsys.readouterr().err
