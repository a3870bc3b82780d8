"""The guide's own Dockerfile, section 5, option B, as printed: it builds a small Rust program, which runs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from panther.bench.images.clients import find_client
from panther.errors import MachineError

pytestmark = [pytest.mark.docker, pytest.mark.slow]

PROGRAM = Path(__file__).resolve().parents[1] / "assets" / "echoes" / "rust"
#: What the block starts from, and what stands for it: Debian's own compiler.
RUST = "rust:1.75"
RUST_DOCKERFILE = """\
FROM debian:bookworm-slim
RUN apt-get update -qq \\
    && apt-get install -y -qq --no-install-recommends cargo ca-certificates >/dev/null \\
    && rm -rf /var/lib/apt/lists/*
"""


@pytest.fixture
def client():
    """Return what builds, with the image that the block starts from; skip where there is none."""
    try:
        client = find_client()
    except MachineError as error:
        pytest.skip(f"no Docker engine: {error.message}")
    base = ["image", "inspect", "debian:bookworm-slim"]
    if subprocess.run([client.program, *base], capture_output=True).returncode:
        pytest.skip("there is no image debian:bookworm-slim: .ci/run makes it")
    was_there = not subprocess.run([client.program, "image", "inspect", RUST], capture_output=True).returncode
    if not was_there:
        words = [client.program, "build", "--quiet", f"--tag={RUST}", "-"]
        subprocess.run(words, input=RUST_DOCKERFILE, text=True, check=True, env=client.environment)
    yield client
    if not was_there:
        subprocess.run([client.program, "image", "rm", RUST], capture_output=True)


def test_the_block_builds_a_rust_program(guide, client, tmp_path):
    block = next(block for block in guide.blocks if block.language == "dockerfile")
    context = shutil.copytree(PROGRAM, tmp_path / "program")
    manifest = context / "Cargo.toml"
    manifest.write_text(manifest.read_text().replace('name = "echoes"', 'name = "your_binary"'))
    (context / "Dockerfile").write_text(block.text)
    tag = f"panther-test/guide:{tmp_path.name.replace('_', '-').lower()}"
    build = [client.program, *client.build_words, f"--tag={tag}", str(context)]
    done = subprocess.run(build, env=client.environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    try:
        ran = subprocess.run([client.program, "run", "--rm", tag], capture_output=True, text=True)
        assert "usage: echoes server PORT" in ran.stderr
        who = [client.program, "run", "--rm", "--entrypoint=id", tag, "--user", "--name"]
        assert subprocess.run(who, capture_output=True, text=True).stdout == "panther\n"
    finally:
        subprocess.run([client.program, "image", "rm", "--force", tag], capture_output=True)
