"""The same with wheels in fresh environments: what a person gets who installs from an index."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """Wheels of both distributions, by the start of their names."""
    directory = tmp_path_factory.mktemp("wheels")
    pip(sys.executable, "wheel", "--no-deps", "--wheel-dir", directory, CHECKOUT, CHECKOUT / "runtime")
    return {path.name.partition("-")[0]: path for path in directory.glob("*.whl")}


def pip(python, *arguments):
    command = [str(word) for word in (python, "-m", "pip", "--disable-pip-version-check", *arguments)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if "NewConnectionError" in run.stderr or "Could not find a version that satisfies" in run.stderr:
        pytest.skip("no package index is reachable")
    assert run.returncode == 0, run.stderr


def environment(directory, *requirements):
    """Make a virtual environment with the requirements in it; return its interpreter."""
    subprocess.run([sys.executable, "-m", "venv", directory], check=True, timeout=300)
    python = str(directory / "bin" / "python")
    pip(python, "install", "-q", *requirements)
    return python


class TestTheRuntime:
    @pytest.fixture(scope="class")
    @classmethod
    def workspace(cls, wheels, tmp_path_factory, new_workspace, fill):
        requirements = (wheels["panther_gen_runtime"], "pytest", "mypy", "aioquic")
        python = environment(tmp_path_factory.mktemp("runtime") / "venv", *requirements)
        workspace = new_workspace("wheels", python)
        fill(workspace)
        return workspace

    def test_the_runtime_is_the_wheels(self, workspace):
        probe = (
            "import panther_pytest, panther.errors; print(panther_pytest.__file__, panther.errors.__file__)"
        )
        run = workspace.run("python", "-c", probe)
        assert run.stdout.count("site-packages") == 2, run.stderr
        assert f"{CHECKOUT}/" not in run.stdout

    def test_python_imports_a_plugin_beside_it(self, workspace):
        workspace.write(
            "probe.py",
            "import panther.plugins.services.iut.quic.my_impl as plugin\n"
            "from panther.plugins.discovery import find_plugins\n"
            "print(plugin.MyServiceManager().generate_run_command(port=7), len(find_plugins()))\n",
        )
        run = workspace.run("python", "-m", "probe")
        assert run.stdout == "my_impl-binary --port 7 --mode balanced 3\n", run.stderr

    def test_its_templates_are_in_the_wheel(self, workspace):
        probe = (
            "from panther.plugins.services.base import DockerBuilderFactory as F\n"
            "for language in ('python', 'rust', 'c', 'go'):\n"
            "    print(F.create_builder('x', language).generate_complete_dockerfile().count('FROM'))\n"
        )
        run = workspace.run("python", "-c", probe)
        assert run.returncode == 0, run.stderr
        assert "0" not in run.stdout.split()

    def test_the_command_line_starts(self, workspace):
        run = workspace.run("python", "-m", "panther", "--help")
        assert run.returncode == 0, run.stderr
        assert "--experiment-config" in run.stdout

    @pytest.mark.parametrize("mode", ["prepend", "append", "importlib"])
    @pytest.mark.parametrize("start", [("pytest",), ("python", "-m", "pytest")], ids=" ".join)
    @pytest.mark.parametrize(("cwd", "number"), [(".", 11), ("panther/plugins/services/iut/quic/my_impl", 4)])
    def test_pytest(self, workspace, mode, start, cwd, number):
        command = [str(Path(workspace.python).with_name("pytest"))] if start == ("pytest",) else start
        options = ("-q", "-p", "no:cacheprovider", f"--import-mode={mode}")
        run = workspace.run(*command, *options, cwd=workspace.root / cwd)
        assert f"{number} passed" in run.stdout, run.stdout + run.stderr

    @pytest.mark.parametrize("options", [(), ("--explicit-package-bases",)], ids=["plain", "explicit"])
    def test_mypy(self, workspace, options):
        plugin = "panther/plugins/services/iut/quic/my_impl"
        files = [f"{plugin}/{name}" for name in ("__init__.py", "my_impl.py", "config_schema.py")]
        run = workspace.run("python", "-m", "mypy", "--strict", *options, *files)
        assert run.stdout == "Success: no issues found in 3 source files\n", run.stdout + run.stderr

    def test_mypy_refuses_an_overridden_workflow_method(self, workspace):
        workspace.write(
            "violation.py",
            "from panther.plugins.services.base import BaseServiceManager\n"
            "class Rewired(BaseServiceManager):\n"
            "    def prepare(self, plugin_manager: object = None) -> None: ...\n",
        )
        run = workspace.run("python", "-m", "mypy", "violation.py")
        assert 'violation.py:3: error: Cannot override final attribute "prepare"' in run.stdout


class TestTheGeneratorAlone:
    @pytest.fixture(scope="class")
    @classmethod
    def workspace(cls, wheels, tmp_path_factory, new_workspace):
        python = environment(tmp_path_factory.mktemp("generator") / "venv", wheels["panther_gen"])
        return new_workspace("generator", python)

    def panther_gen(self, workspace, *arguments):
        return workspace.run(Path(workspace.python).with_name("panther-gen"), *arguments)

    def test_a_plugin_is_made_and_is_clean_without_any_panther(self, workspace):
        run = self.panther_gen(workspace, "new-iut", "quic", "x", "--defaults")
        assert run.returncode == 0, run.stdout + run.stderr
        directory = workspace.root / "panther/plugins/services/iut/quic/x"
        assert (directory / "x.py").is_file()
        run = self.panther_gen(workspace, "lint")
        assert run.returncode == 0, run.stdout + run.stderr
        for package in ("panther", "panther_pytest"):
            run = workspace.run("python", "-c", f"import {package}", cwd=Path("/"))
            assert f"No module named '{package}'" in run.stderr

    def test_what_needs_the_runtime_says_how_to_get_it(self, workspace):
        run = self.panther_gen(workspace, "run", "test_config.yaml")
        assert run.returncode == 4, run.stdout + run.stderr
        assert "panther-gen[runtime]" in run.stdout + run.stderr
        assert "Traceback" not in run.stdout + run.stderr
