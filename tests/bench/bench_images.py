"""Images of plugins: a rebuild with nothing changed against the first build, and an image against its base.

Both need a Docker engine, and the image that ``BENCH_PYTHON_IMAGE`` names or else the one of the tests.
The whole command is measured, Python's start included; the first build goes without the engine's cache.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from harness import BrokenError, Comparison, Side, UnavailableError, at_most, benchmark

from panther.bench.images import BuildError, Image, build_image
from panther.bench.images.clients import find_client
from panther.errors import MachineError
from panther.plugins.discovery import find_plugin, load_plugin
from panther.plugins.roots import add_plugin_root

EXAMPLES = Path(__file__).parents[2] / "generated_examples"
BASE = os.environ.get("BENCH_PYTHON_IMAGE", "panther-test/python:bookworm")
MEGABYTE = 1_000_000


@benchmark("rebuild of an image with nothing changed", target=at_most(0.1), unit="ms", rounds=3)
def rebuild(workplace: Path) -> Comparison:
    engine()
    first: list[float] = []

    def build(again: bool) -> float:
        words = [
            sys.executable,
            "-m",
            "panther",
            "image",
            "build",
            "aioquic",
            f"--build-arg=RUNTIME_IMAGE={BASE}",
        ]
        started = time.perf_counter()
        done = subprocess.run([*words, *(["--again"] if again else [])], cwd=EXAMPLES, capture_output=True)
        milliseconds = (time.perf_counter() - started) * 1000
        if done.returncode or (b"built in" in done.stderr) != again:
            raise BrokenError(done.stderr.decode()[-2000:])
        return milliseconds

    def nothing_changed() -> float:
        if not first:
            first.append(build(again=True))
        return build(again=False)

    def from_nothing() -> float:
        return first.pop() if first else build(again=True)

    return Comparison(
        ours=Side("image build, nothing changed", nothing_changed), reference=Side("the first", from_nothing)
    )


@benchmark("size of the image of aioquic", target=at_most(1.15), unit="MB", rounds=1)
def size(workplace: Path) -> Comparison:
    docker = engine()
    image = aioquic()
    requirements = EXAMPLES / "panther/plugins/services/iut/quic/aioquic/endpoint/requirements.txt"

    def of_wheels() -> float:
        with tempfile.TemporaryDirectory() as directory:
            words = [
                "python3",
                "-m",
                "pip",
                "download",
                "--quiet",
                "--dest",
                directory,
                "-r",
                str(requirements),
            ]
            if subprocess.run(words, capture_output=True).returncode:
                raise UnavailableError("pip cannot download aioquic")
            return sum(path.stat().st_size for path in Path(directory).iterdir()) / MEGABYTE

    return Comparison(
        ours=Side("the image", lambda: size_of(docker, image.reference)),
        reference=Side("its base and its wheels", lambda: size_of(docker, BASE) + of_wheels()),
    )


def engine() -> str:
    if importlib.util.find_spec("docker") is None:
        raise UnavailableError("the Docker SDK is not installed: panther-gen-runtime[docker]")
    try:
        docker = find_client().program
    except MachineError as error:
        raise UnavailableError(error.message) from None
    if subprocess.run([docker, "image", "inspect", BASE], capture_output=True).returncode:
        raise UnavailableError(f"there is no image {BASE}")
    return docker


def aioquic() -> Image:
    add_plugin_root(EXAMPLES)
    found = find_plugin("aioquic", "quic")
    manager = load_plugin(found).manager_class()
    try:
        return build_image(manager, directory=found.directory, build_arguments={"RUNTIME_IMAGE": BASE})
    except BuildError as error:
        raise BrokenError(str(error)) from None


def size_of(docker: str, reference: str) -> float:
    words = [docker, "image", "inspect", "--format={{.Size}}", reference]
    return int(subprocess.run(words, capture_output=True, check=True).stdout) / MEGABYTE
