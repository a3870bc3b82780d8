"""Below the root that holds the plugins every command means that root, as git and cargo do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PLUGIN = "panther/plugins/services/iut/tcp/mine"
BELOW = [
    ".",
    "panther",
    "panther/plugins",
    "panther/plugins/services",
    "panther/plugins/services/iut",
    "panther/plugins/services/iut/tcp",
    PLUGIN,
    f"{PLUGIN}/tests",
    "docs/deep",
]


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A root with one plugin, as new-iut makes it, and a directory beside the plugins."""
    root = tmp_path_factory.mktemp("root")
    done = panther_gen(root, "new-iut", "tcp", "mine", "--defaults")
    assert done.returncode == 0, done.stderr
    (root / "docs" / "deep").mkdir(parents=True)
    return root


def panther_gen(cwd: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the console script: ``python -m`` would put the working directory on Python's path."""
    return subprocess.run(
        [Path(sys.executable).with_name("panther-gen"), *words],
        cwd=cwd,
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.mark.parametrize("below", BELOW)
def test_try_finds_the_plugin(root, tmp_path, below):
    done = panther_gen(root / below, "try", "mine", "--results", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "SHA-256 equal" in done.stdout


@pytest.mark.parametrize("below", BELOW)
def test_validate_finds_the_plugin(root, below):
    done = panther_gen(root / below, "validate", str(root / "test_config.yaml"))
    assert done.returncode == 0, done.stdout + done.stderr


def test_run_finds_the_plugin(root, tmp_path):
    done = panther_gen(
        root / "docs/deep", "run", "../../test_config.yaml", "--quiet", "--results", str(tmp_path)
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_so_does_the_runtime_itself(root, tmp_path):
    command = [sys.executable, "-m", "panther", "try", "mine", "--results", str(tmp_path)]
    done = subprocess.run(command, cwd=root / "docs/deep", capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("below", BELOW)
def test_lint_finds_the_plugin(root, below):
    done = panther_gen(root / below, "lint")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("below", BELOW[1:])
def test_new_iut_uses_the_root_and_says_so(root, below):
    name = f"plugin_{BELOW.index(below)}"
    done = panther_gen(root / below, "new-iut", "quic", name, "--defaults")
    assert done.returncode == 0, done.stderr
    made = root / "panther/plugins/services/iut/quic" / name
    assert f"created {made}/" in done.stdout
    assert f"note: the plugins of '{root}', which lies above, have got another one" in done.stdout
    assert (made / "__init__.py").is_file()
    assert not (root / below / "panther/plugins/panther").exists()
    assert len(list(root.rglob("panther/plugins"))) == 1


def test_new_iut_says_so_in_json(root):
    done = panther_gen(root / "docs", "new-iut", "quic", "in_json", "--json")
    assert json.loads(done.stdout)["root"] == str(root)


def test_new_iut_where_the_plugins_lie_says_nothing_of_it(root):
    done = panther_gen(root, "new-iut", "quic", "here", "--defaults")
    assert "note:" not in done.stdout
    assert "created panther/plugins/services/iut/quic/here/" in done.stdout


def test_an_output_that_is_said_is_what_is_meant(root):
    inner = root / "inner"
    inner.mkdir()
    done = panther_gen(inner, "new-iut", "quic", "x", "--defaults", "--output", ".")
    assert done.returncode == 0, done.stderr
    assert (inner / "panther/plugins/services/iut/quic/x").is_dir()
    assert panther_gen(inner, "try", "mine").returncode == 2, "the nearest root is the one that is meant"


def test_the_nearest_root_is_found_through_a_link(root, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(root / PLUGIN)
    done = panther_gen(link, "try", "mine", "--results", str(tmp_path / "results"))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["json", "typing", "logging"])
def test_a_plugin_called_like_a_module_of_python_runs_from_its_own_directory(tmp_path, name):
    assert panther_gen(tmp_path, "new-iut", "tcp", name, "--defaults").returncode == 0
    plugin = tmp_path / "panther/plugins/services/iut/tcp" / name
    for place in (plugin, plugin.parent, tmp_path):
        done = panther_gen(place, "try", name)
        assert done.returncode == 0, done.stdout + done.stderr


def test_completion_knows_the_plugins_of_the_root(root):
    asked = {"COMP_WORDS": "panther-gen try min", "COMP_CWORD": "2"}
    done = panther_gen(root / "docs", _PANTHER_GEN_COMPLETE="complete_bash", **asked)
    assert done.stdout.split() == ["mine"]
