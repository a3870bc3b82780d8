"""``panther-gen image build|run|inspect``, as whole commands."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "generated_examples"
#: The program and the text of a plugin; its image needs no base image.
PLUGIN = """
from panther.plugins.plugin_decorators import register_plugin
from panther.plugins.services.base import BaseTCPServiceManager, DockerBuilderFactory

@register_plugin(plugin_type="iut", name="worded", version="1.0", supported_protocols=["tcp"])
class Manager(BaseTCPServiceManager):
    def _get_implementation_name(self):
        return "worded"

    def _get_binary_name(self):
        return "worded"
"""


def image(*words, cwd, **variables):
    command = [sys.executable, "-m", "panther_gen", "image", *words]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, env={**os.environ, **variables}, timeout=300
    )


@pytest.fixture
def plugin(tmp_path):
    """Return a plugin's directory; its root is the directory of the test."""
    directory = tmp_path / "panther/plugins/services/iut/tcp/worded"
    directory.mkdir(parents=True)
    (directory / "worded.py").write_text(PLUGIN)
    (directory / "__init__.py").write_text("from .worded import *\n")
    return directory


@pytest.mark.docker
@pytest.mark.slow
def test_an_image_is_built_inspected_and_run(plugin, docker, base_image, tmp_path):
    base = base_image("c")
    (plugin / "Dockerfile").write_text(
        f"ARG RUNTIME_IMAGE={base}\nFROM ${{RUNTIME_IMAGE}}\nUSER 10001\nSTOPSIGNAL SIGINT\n"
        f'ARG WORD=hello\nENV WORD=$WORD\nENTRYPOINT ["sh", "-c", "echo $WORD $0; exit ${{1:-0}}"]\n'
    )
    missing = image("inspect", "worded", cwd=tmp_path)
    assert missing.returncode == 2
    assert missing.stderr.endswith("\n  cure: panther-gen image build worded\n")
    made = image("build", "worded", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    reference = made.stdout.strip()
    try:
        assert reference.startswith("panther/worded:")
        assert "\nbuilt in " in made.stderr
        again = image("build", "worded", "--json", cwd=tmp_path)
        assert json.loads(again.stdout)["was_built"] is False
        facts = json.loads(image("inspect", "worded", "--json", cwd=tmp_path).stdout)
        assert (facts["reference"], facts["user"], facts["stop_signal"]) == (reference, "10001", "SIGINT")
        ran = image("run", "worded", "--", "you", cwd=tmp_path)
        assert (ran.stdout, ran.returncode) == ("hello you\n", 0)
        assert "exit status 0 after " in ran.stderr
        failed = image("run", "worded", "-q", "--", "you", "7", cwd=tmp_path)
        assert (failed.stdout, failed.returncode, failed.stderr) == ("hello you\n", 1, "")
    finally:
        subprocess.run([docker, "image", "rm", "--force", reference], capture_output=True)
    left = [docker, "ps", "--all", "--quiet", f"--filter=label=org.panther-gen.test={reference}"]
    assert subprocess.run(left, capture_output=True).stdout == b""


@pytest.mark.docker
@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_container_ends_with_the_command_that_runs_it(plugin, docker, base_image, tmp_path, number):
    base = base_image("c")
    (plugin / "Dockerfile").write_text(
        f"ARG RUNTIME_IMAGE={base}\nFROM ${{RUNTIME_IMAGE}}\n"
        'ENTRYPOINT ["sh", "-c", "trap \'exit 3\' TERM; echo runs; while :; do sleep 0.1; done"]\n'
    )
    command = [sys.executable, "-m", "panther_gen", "image", "run", "worded"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    runner = subprocess.Popen(command, cwd=tmp_path, **pipes)
    assert runner.stdout.readline() == "runs\n"
    runner.send_signal(number)
    _, errors = runner.communicate(timeout=120)
    reference = json.loads(image("inspect", "worded", "--json", cwd=tmp_path).stdout)["reference"]
    left = [docker, "ps", "--all", "--quiet", f"--filter=label=org.panther-gen.test={reference}"]
    found = subprocess.run(left, capture_output=True).stdout
    subprocess.run([docker, "image", "rm", "--force", reference], capture_output=True)
    assert (runner.returncode, found) == (128 + number, b""), errors
    assert "exit status 3 after " in errors


def test_what_an_image_would_be_built_by(plugin, tmp_path):
    printed = image("build", "worded", "--print-dockerfile", cwd=tmp_path)
    assert printed.returncode == 0, printed.stderr
    assert 'ENTRYPOINT ["/usr/local/bin/worded"]\n' in printed.stdout
    override = "base_image_override=debian:trixie-slim"
    other = image("build", "worded", "--print-dockerfile", "--set", override, cwd=tmp_path)
    assert "ARG RUNTIME_IMAGE=debian:trixie-slim\n" in other.stdout


def test_a_source_takes_the_place_of_the_repository(plugin, tmp_path):
    source = (
        PLUGIN
        + """
    def generate_dockerfile_content(self):
        builder = DockerBuilderFactory.create_builder("worded", "go", "https://example.org/it.git")
        return builder.generate_complete_dockerfile()
"""
    )
    (plugin / "worded.py").write_text(source)
    cloned = image("build", "worded", "--print-dockerfile", cwd=tmp_path)
    assert "git fetch" in cloned.stdout
    warned = cloned.stderr.partition(": warning: ")
    assert re.fullmatch(rf"{re.escape(str(plugin))}/worded\.py:\d+", warned[0])
    assert warned[2].startswith("'https://example.org/it.git' is built from its default branch")
    local = image("build", "worded", "--print-dockerfile", "--source", str(tmp_path), cwd=tmp_path)
    assert "git fetch" not in local.stdout
    assert local.stderr == ""


@pytest.mark.parametrize(
    ("words", "status", "problem"),
    [
        (["build", "wordde"], 2, "there is no plugin 'wordde'"),
        (["build", "worded", "--protocol", "quic"], 2, "the plugin 'worded' does not speak 'quic'"),
        (["build", "worded", "--build-arg", "COLOUR"], 2, "--build-arg 'COLOUR' has no '='"),
        (["build", "worded", "--build-arg", "A=x\nRUN id"], 2, "the build argument 'A' has the value"),
        (["build", "worded", "--set", "base_image_override=b:1\nRUN id"], 2, "the base image"),
        (
            ["build", "worded", "--set", "dockerfile_template=../../x"],
            2,
            "lies outside the plugin's directory",
        ),
        (
            ["build", "worded", "--source", "nowhere"],
            2,
            "the build context 'nowhere' is no directory\n  cure: ",
        ),
        (["inspect"], 2, "Missing argument"),
        (["biuld", "worded"], 2, "No such command"),
    ],
)
def test_what_cannot_be_built_is_refused_in_words(plugin, docker, tmp_path, words, status, problem):
    done = image(*words, cwd=tmp_path)
    assert done.returncode == status
    assert problem in done.stderr
    assert "Traceback" not in done.stderr


def test_without_an_engine_it_says_so(plugin, tmp_path):
    done = image("build", "worded", cwd=tmp_path, DOCKER_HOST="unix:///nowhere.sock")
    assert done.returncode == 4
    done = image("build", "worded", cwd=tmp_path, PATH="/nowhere")
    assert (done.returncode, "'docker', which is not on PATH" in done.stderr) == (4, True)
