"""A plugin below the working directory is importable beside the installed runtime."""

from __future__ import annotations

import pytest

PROBE = """
import panther.plugins.services.iut.quic.my_impl as plugin
import panther.plugins.services.base, panther.config.core.models, panther.core.events
from panther.plugins.discovery import find_plugin, find_plugins, load_plugin
print(plugin.__name__, plugin.MyServiceManager().generate_run_command(port=7))
print([found.name for found in find_plugins()])
info = load_plugin(find_plugin("my_impl"))
print(info.manager_class is plugin.MyServiceManager)
"""
SEEN = (
    "panther.plugins.services.iut.quic.my_impl my_impl-binary --port 7 --mode balanced\n"
    "['web_impl', 'aioquic', 'my_impl']\n"
    "True\n"
)


@pytest.fixture(scope="module")
def workspace(new_workspace, fill):
    workspace = new_workspace()
    fill(workspace)
    workspace.write("probe.py", PROBE)
    return workspace


@pytest.mark.parametrize("start", [("-c", PROBE), ("-m", "probe"), ("probe.py",)], ids=["-c", "-m", "script"])
def test_from_the_root(workspace, start):
    run = workspace.run("python", *start)
    assert (run.stdout, run.stderr) == (SEEN, "")


@pytest.mark.parametrize("from_plugin", [True, False], ids=["plugin", "elsewhere"])
def test_from_another_directory_by_the_plugin_path(workspace, tmp_path, from_plugin):
    directory = workspace.root / "panther/plugins/services/iut/quic/my_impl" if from_plugin else tmp_path
    probe = """
from panther.plugins.discovery import find_plugin, load_plugin
print(load_plugin(find_plugin("my_impl")).manager_class().generate_run_command(port=7))
"""
    run = workspace.run("python", "-c", probe, cwd=directory, PANTHER_PLUGIN_PATH=str(workspace.root))
    assert run.stdout == "my_impl-binary --port 7 --mode balanced\n", run.stderr


def test_a_class_that_no_file_defines_is_a_manager_too(workspace):
    probe = """
from panther.plugins.services.base import BaseQUICServiceManager
class Manager(BaseQUICServiceManager):
    def _get_implementation_name(self): return "typed-in"
    def _get_binary_name(self): return "typed-in"
manager = Manager()
print(manager.generate_run_command(), "FROM" in manager.generate_dockerfile_content())
class Wrong(Manager):
    prepare = None
"""
    run = workspace.run("python", "-c", probe)
    assert run.stdout == "typed-in True\n", run.stderr
    assert "ContractError: 'Wrong' overrides the workflow method 'prepare'" in run.stderr


def test_plugins_of_two_roots_are_merged(workspace, new_workspace):
    other = new_workspace("other")
    other.plugin("quic", "far_away", "FarServiceManager", {})
    probe = """
from panther.plugins.discovery import find_plugin, load_plugin
for name in ("far_away", "my_impl"):
    print(load_plugin(find_plugin(name)).source)
"""
    run = workspace.run("python", "-c", probe, PANTHER_PLUGIN_PATH=str(other.root))
    far, near = run.stdout.splitlines()
    assert far.startswith(str(other.root))
    assert near.startswith(str(workspace.root))


def test_an_init_file_in_a_root_of_the_plugin_path_is_refused(workspace, new_workspace, tmp_path):
    other = new_workspace("other")
    other.plugin("quic", "far_away", "FarServiceManager", {})
    init = other.write("panther/__init__.py", "")
    probe = 'from panther.plugins.discovery import *; load_plugin(find_plugin("far_away"))'
    run = workspace.run("python", "-c", probe, cwd=tmp_path, PANTHER_PLUGIN_PATH=str(other.root))
    assert f"InputError: {init} hides the runtime from the plugins below it" in run.stderr


def test_an_init_file_of_a_protocol_directory_is_named_where_it_hides_another_root(workspace, new_workspace):
    other = new_workspace("other")
    other.plugin("quic", "far_away", "FarServiceManager", {})
    near = new_workspace("near")
    near.plugin("quic", "near", "NearServiceManager", {})
    init = near.write("panther/plugins/services/iut/quic/__init__.py", "")
    probe = """
from panther.plugins.discovery import find_plugin, load_plugin
print(load_plugin(find_plugin("near")).name)
load_plugin(find_plugin("far_away"))
"""
    run = near.run("python", "-c", probe, PANTHER_PLUGIN_PATH=str(other.root))
    assert run.stdout == "near\n"
    assert (
        "the plugin 'far_away' cannot be imported as 'panther.plugins.services.iut.quic.far_away'"
        in run.stderr
    )
    assert f"cure: delete {init}" in run.stderr
