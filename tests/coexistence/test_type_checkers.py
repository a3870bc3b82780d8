"""mypy and pyright see a plugin beside the installed runtime, and refuse what the contract forbids."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

PLUGIN = "panther/plugins/services/iut/quic/my_impl"
SOURCES = ("__init__.py", "my_impl.py", "config_schema.py")

VIOLATION = """
from typing import Any

from panther.plugins.services.base import BaseQUICServiceManager, overrides_workflow


class Rewired(BaseQUICServiceManager):
    def _get_implementation_name(self) -> str:
        return "rewired"

    def _get_binary_name(self) -> str:
        return "rewired"

    def generate_run_command(self, role: str | None = None, **overrides: Any) -> str:
        return "rewired"


class Allowed(Rewired):
    @overrides_workflow(reason="type checkers still object")
    def prepare(self, plugin_manager: Any = None) -> None:
        pass


class Incomplete(BaseQUICServiceManager):
    def _get_implementation_name(self) -> str:
        return "incomplete"


Incomplete()
"""


@pytest.fixture(scope="module")
def workspace(new_workspace, fill):
    workspace = new_workspace()
    fill(workspace)
    # What a plugin's tests may say about the fixture is typed as well.
    workspace.write(
        f"{PLUGIN}/tests/test_typed.py",
        "from panther.plugins.services.base import BaseServiceManager\n\n\n"
        "def test_it(service_manager: BaseServiceManager) -> None:\n"
        "    reveal_type(service_manager.generate_run_command())\n",
    )
    workspace.write("violation.py", VIOLATION)
    return workspace


@pytest.fixture(scope="module")
def mypy(workspace, tmp_path_factory):
    pytest.importorskip("mypy")
    caches = tmp_path_factory.mktemp("mypy")

    def run(*arguments, cwd=".", **variables):
        options = ("--strict", f"--cache-dir={caches}", "--no-color-output")
        command = ("python", "-m", "mypy", *options, *arguments)
        return workspace.run(*command, cwd=workspace.root / cwd, **variables)

    return run


class TestMypy:
    @pytest.mark.parametrize("options", [(), ("--explicit-package-bases",)], ids=["plain", "explicit"])
    def test_from_the_root(self, mypy, options):
        mine = [f"{PLUGIN}/{name}" for name in (*SOURCES, "tests/test_typed.py")]
        run = mypy(*options, *mine, "panther/plugins/services/iut/http/web_impl/web_impl.py")
        assert run.stdout.endswith("Success: no issues found in 5 source files\n"), run.stdout + run.stderr
        assert 'Revealed type is "str"' in run.stdout

    def test_from_the_plugins_directory(self, mypy):
        run = mypy(*SOURCES, "tests/test_typed.py", cwd=PLUGIN)
        assert run.stdout.endswith("Success: no issues found in 4 source files\n"), run.stdout + run.stderr

    def test_from_the_plugins_directory_with_explicit_bases(self, mypy, workspace):
        # Of the directory's own __init__.py mypy would make a top-level module: it is named as a package.
        run = mypy("--explicit-package-bases", "my_impl.py", "config_schema.py", cwd=PLUGIN)
        assert run.stdout == "Success: no issues found in 2 source files\n", run.stderr
        run = mypy(
            "-p", "panther.plugins.services.iut.quic.my_impl", cwd=PLUGIN, MYPYPATH=str(workspace.root)
        )
        assert "my_impl/my_impl.py" not in run.stdout
        assert "[import-" not in run.stdout

    def test_a_violating_plugin_is_an_error(self, mypy):
        run = mypy("violation.py")
        assert run.returncode == 1
        assert 'violation.py:14: error: Cannot override final attribute "generate_run_command"' in run.stdout
        assert 'violation.py:19: error: Cannot override final attribute "prepare"' in run.stdout
        assert (
            'Cannot instantiate abstract class "Incomplete" with abstract attribute "_get_binary_name"'
            in run.stdout
        )
        assert "Found 3 errors" in run.stdout


class TestPyright:
    @pytest.fixture
    def pyright(self, workspace):
        program = Path(workspace.python).with_name("pyright")
        found = str(program) if program.exists() else shutil.which("pyright")
        if found is None:
            pytest.skip("pyright is not installed")

        def run(*arguments, cwd="."):
            result = workspace.run(
                found, "--pythonpath", workspace.python, *arguments, cwd=workspace.root / cwd
            )
            if "error" not in result.stdout:
                pytest.skip(f"pyright cannot run here: {(result.stdout + result.stderr)[-300:]}")
            return result

        return run

    @pytest.mark.parametrize("cwd", [".", PLUGIN], ids=["root", "plugin"])
    def test_a_plugin_is_clean(self, pyright, cwd):
        prefix = PLUGIN if cwd == "." else "."
        run = pyright(*(f"{prefix}/{name}" for name in (*SOURCES, "tests/test_typed.py")), cwd=cwd)
        assert "0 errors" in run.stdout, run.stdout
        assert 'Type of "service_manager.generate_run_command()" is "str"' in run.stdout

    def test_a_violating_plugin_is_an_error(self, pyright):
        run = pyright("violation.py")
        assert run.returncode == 1
        for method in ("generate_run_command", "prepare"):
            assert (
                f'Method "{method}" cannot override final method defined in class "BaseServiceManager"'
                in run.stdout
            )
        assert 'Cannot instantiate abstract class "Incomplete"' in run.stdout
        assert "3 errors" in run.stdout
