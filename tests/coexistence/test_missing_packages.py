"""An environment that lacks a package is the machine's fault, and the cure is a line for pip."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

import panther_gen

RUNTIME = Path(__file__).resolve().parents[2] / "runtime"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    root = tmp_path_factory.mktemp("project")
    command = [sys.executable, "-m", "panther_gen", "new-iut", "quic", "mine", "--defaults"]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    return root


@pytest.fixture
def python_without(tmp_path):
    """Make a Python that has everything that this one has, but for some packages."""

    def make(*names):
        venv.create(tmp_path / "venv", with_pip=False, symlinks=True)
        (target,) = (tmp_path / "venv").glob("lib/python*/site-packages")
        for entry in Path(sysconfig.get_path("purelib")).iterdir():
            package = entry.name.partition("-")[0].lower()
            ours = entry.name in {"panther", "panther_gen"} or entry.suffix == ".pth"
            if not ours and package not in names and not package.startswith(("_panther", "__")):
                (target / entry.name).symlink_to(entry)
        for package in (RUNTIME / "panther", Path(panther_gen.__file__).parent):
            (target / package.name).symlink_to(package)
        return tmp_path / "venv" / "bin" / "python"

    return make


def run(python, cwd, *words):
    environment = {**os.environ, "PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [python, "-m", *words], cwd=cwd, env=environment, capture_output=True, text=True, timeout=300
    )
    assert "Traceback" not in done.stderr
    return done


@pytest.mark.parametrize(
    ("missing", "requirement"),
    [
        (("cryptography",), "cryptography>="),
        (("pydantic",), "pydantic>="),
        (("jinja2",), "jinja2>="),
        (("yaml", "pyyaml"), "pyyaml>="),
        (("typer",), "typer>="),
    ],
)
def test_the_runtime_names_what_is_missing(python_without, project, missing, requirement):
    python = python_without(*missing)
    done = run(python, project, "panther", "try", "mine")
    assert done.returncode == 4, done.stdout + done.stderr
    assert f"'{missing[0]}', which is not installed" in done.stderr
    assert f"cure: {python} -m pip install '{requirement}" in done.stderr


def test_a_package_that_is_damaged_is_installed_anew(python_without, project):
    python = python_without("pydantic")
    (site,) = python.parents[1].glob("lib/python*/site-packages")
    (information,) = Path(sysconfig.get_path("purelib")).glob("pydantic-*.dist-info")
    (site / information.name).symlink_to(information)
    done = run(python, project, "panther", "try", "mine")
    assert done.returncode == 4, done.stdout + done.stderr
    assert "-m pip install --force-reinstall --no-deps 'pydantic>=" in done.stderr


@pytest.mark.parametrize("missing", ["copier", "typer"])
def test_the_generator_names_what_is_missing(python_without, tmp_path, missing):
    done = run(python_without(missing), tmp_path, "panther_gen", "new-iut", "quic", "x", "--defaults")
    assert done.returncode == 4, done.stdout + done.stderr
    assert f"'{missing}', which is not installed" in done.stderr
    assert f"-m pip install '{missing}>=" in done.stderr
