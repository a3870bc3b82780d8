"""The guide's experiment and the commands that it prints for it, in containers: nothing is added."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from guidebook.contexts import PROTOCOL_DIRECTORY, PROTOCOL_PLUGIN, YOUR_BINARY
from guidebook.workshop import Printed

pytestmark = [pytest.mark.docker, pytest.mark.slow]

#: Of the block "4. Run Tests".
COMMANDS = 832
#: The guide's program in an image: it is no part of the guide.
DOCKERFILE = """\
FROM debian:bookworm-slim
RUN apt-get update && apt-get install --yes --no-install-recommends python3 && rm -rf /var/lib/apt/lists/*
COPY your_binary /usr/local/bin/
"""


@pytest.fixture
def engine():
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "info"], capture_output=True).returncode:
        pytest.skip("no Docker engine answers")
    if subprocess.run([docker, "image", "inspect", "debian:bookworm-slim"], capture_output=True).returncode:
        pytest.skip("there is no image debian:bookworm-slim: .ci/run makes it")


@pytest.mark.usefixtures("engine")
def test_the_printed_commands_run_the_printed_file(guide, workshop):
    image = {
        f"{PROTOCOL_DIRECTORY}/Dockerfile": DOCKERFILE,
        f"{PROTOCOL_DIRECTORY}/your_binary": YOUR_BINARY,
    }
    workshop.install({**PROTOCOL_PLUGIN, "test_config.yaml": Printed(780), **image})
    (workshop.root / PROTOCOL_DIRECTORY / "your_binary").chmod(0o755)
    printed = workshop.root / "printed.sh"
    printed.write_text(guide.placed(COMMANDS))
    lines = [line for line in printed.read_text().splitlines() if line.startswith("python")]
    assert len(lines) == 3
    for line in lines:
        done = workshop.shell(line)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    results = json.loads((workshop.root / "panther-results/latest/results.json").read_text())
    (test,) = results["tests"]
    assert test["outcome"] == "passed"
    for service in test["services"]:
        assert service["details"]["image_id"].startswith("sha256:")
        assert [profile["environment"] for profile in service["profiles"]] == ["gperf_cpu"]
    server = test["services"][0]["profiles"][0]
    assert not server["problem"]
    assert "'py-spy' sees Python's functions" in server["note"]
    directory = Path(workshop.root, "panther-results/latest", test["directory"])
    assert all((directory / product).is_file() for product in server["products"])
    assert (directory / "compose.yaml").is_file()
    assert list(directory.glob("metrics*")), "--enable-metrics was the last command"
