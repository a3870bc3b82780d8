"""Images that really build: once for each content."""

from __future__ import annotations

import subprocess
import sys
import uuid

import pytest

from panther.bench.images import BuildError, build_image, in_container
from panther.config.core.models import IUTConfig
from panther.errors import InputError
from panther.plugins.services.base import RustQUICServiceManager
from panther.plugins.services.base.command import Command

pytestmark = pytest.mark.docker


class _Manager(RustQUICServiceManager):
    def _get_implementation_name(self):
        return self.config.custom_options["name"]

    def _get_binary_name(self):
        return "unused"

    def generate_dockerfile_content(self):
        return self.config.custom_options["dockerfile"]


@pytest.fixture
def name():
    """Return a plugin's name that no other test has: all tests have one engine, and look for images there."""
    return f"Images_Test_{uuid.uuid4().hex}"


@pytest.fixture
def manager(name):
    def make(*lines):
        text = "\n".join(["FROM scratch", *lines, ""])
        return _Manager(IUTConfig(custom_options={"dockerfile": text, "name": name}))

    return make


@pytest.fixture
def context(tmp_path):
    directory = tmp_path / "plugin"
    directory.mkdir()
    (directory / "program").write_text("one")
    return directory


def test_nothing_is_built_twice(built, docker, context, manager, name):
    copies = manager("COPY program /program")
    lines = []
    first = built(copies, directory=context, report=lines.append)
    assert first.was_built
    assert first.reference.startswith(f"panther/{name.lower().replace('_', '-')}:")
    assert lines
    again = built(copies, directory=context)
    assert (again.reference, again.was_built) == (first.reference, False)
    labels = subprocess.run(
        [docker, "inspect", "--format", "{{json .Config.Labels}}", first.reference], capture_output=True
    ).stdout
    assert f'"org.panther-gen.plugin":"{name}"'.encode() in labels


def test_building_again_leaves_no_nameless_image(built, docker, context, manager, name):
    def identifiers():
        label = f"--filter=label=org.panther-gen.plugin={name}"
        words = [docker, "image", "ls", "--all", "--quiet", "--no-trunc", label]
        return subprocess.run(words, capture_output=True, text=True).stdout.split()

    copies = manager("COPY program /program")
    built(copies, directory=context)
    assert built(copies, directory=context, again=True).was_built
    assert len(identifiers()) == 1


def test_other_content_is_another_image(built, context, manager):
    copies = manager("ARG COLOUR=red", "COPY program /program")
    first = built(copies, directory=context)
    (context / "tests").mkdir()
    (context / "tests" / "test_it.py").write_text("no part of the image")
    assert built(copies, directory=context) == type(first)(first.reference, was_built=False)
    coloured = built(copies, directory=context, build_arguments={"COLOUR": "blue"})
    (context / "program").write_text("two")
    changed = built(copies, directory=context)
    assert len({first.reference, coloured.reference, changed.reference}) == 3


def test_a_step_that_fails_is_named(built, context, manager, name):
    with pytest.raises(
        BuildError, match=rf"the image of '{name}' .* failed at \[.*\] COPY missing /"
    ) as error:
        built(manager("COPY missing /"), directory=context)
    assert error.value.exit_code == 1
    assert "missing" in str(error.value).splitlines()[-1]


@pytest.mark.parametrize(
    ("argument", "value"), [("A B", "x"), ("", "x"), ("A", "x\nRUN id"), ("A", "\x1b[2J")]
)
def test_a_build_argument_is_one_line(context, manager, argument, value):
    with pytest.raises(InputError, match="the build argument"):
        build_image(manager(), directory=context, build_arguments={argument: value})


def test_a_command_in_a_container_has_the_containers_paths(tmp_path):
    plugin, run = tmp_path / "mine", tmp_path / "mine" / "run"
    argv = (sys.executable, "-m", "x", f"--a={plugin}/a,{plugin}", f"{plugin}2", f"{run}/k")
    command = Command(argv, {"PYTHONPATH": f"{plugin}/endpoint:{plugin}/lib"})
    moved = in_container(command, plugin, {run: "/run/it"})
    assert moved.argv == ("python", "-m", "x", "--a=/app/a,/app", f"{plugin}2", "/run/it/k")
    assert moved.environment == {"PYTHONPATH": "/app/endpoint:/app/lib"}
    assert in_container(Command(("/usr/bin/served",)), plugin).argv == ("served",)
