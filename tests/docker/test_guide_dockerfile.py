"""The guide's own Dockerfile, section 5, option B, as printed: it builds a small Rust program, which runs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from panther.bench.images.clients import find_client

pytestmark = [pytest.mark.docker, pytest.mark.slow]

REPOSITORY = Path(__file__).resolve().parents[2]
GUIDE = REPOSITORY.parent / "shared" / "guide" / "iut-development-guide.md"
PROGRAM = REPOSITORY / "tests" / "assets" / "echoes" / "rust"
#: What the block starts from.
RUST = "rust:1.75"


@pytest.fixture
def block():
    """Return the block's text; skip where the guide, which is no part of this repository, is not."""
    path = Path(os.environ.get("PANTHER_GUIDE", GUIDE))
    if not path.is_file():
        pytest.skip("the guide is not beside the repository; PANTHER_GUIDE names it elsewhere")
    return re.search(r"```dockerfile\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)[1]


@pytest.fixture
def rust(docker, base_image):
    """Let the engine have the image that the block starts from: its own, or Debian's compiler."""
    if subprocess.run([docker, "image", "inspect", RUST], capture_output=True).returncode == 0:
        yield
        return
    subprocess.run([docker, "tag", base_image("rust"), RUST], check=True)
    yield
    subprocess.run([docker, "image", "rm", RUST], capture_output=True)


@pytest.mark.usefixtures("rust")
def test_the_guides_own_dockerfile_builds_a_rust_program(docker, block, tmp_path):
    context = shutil.copytree(PROGRAM, tmp_path / "program")
    manifest = context / "Cargo.toml"
    manifest.write_text(manifest.read_text().replace('name = "echoes"', 'name = "your_binary"'))
    (context / "Dockerfile").write_text(block)
    client, tag = find_client(), f"panther-test/guide:{os.getpid()}"
    build = [docker, *client.build_words, f"--tag={tag}", str(context)]
    done = subprocess.run(build, env=client.environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    try:
        ran = subprocess.run([docker, "run", "--rm", tag], capture_output=True, text=True)
        assert "usage: echoes server PORT" in ran.stderr
        who = [docker, "run", "--rm", "--entrypoint=id", tag, "--user", "--name"]
        assert subprocess.run(who, capture_output=True, text=True).stdout == "panther\n"
    finally:
        subprocess.run([docker, "image", "rm", "--force", tag], capture_output=True)
