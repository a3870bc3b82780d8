"""What a rebuild does again, what a build gets from the host, and what it keeps of that."""

from __future__ import annotations

import re
import secrets
import shutil
import subprocess
from pathlib import Path

import pytest

from panther.bench.images import BuildError, build_image
from panther.bench.images import build as building
from panther.bench.images.clients import find_client, old_builder
from panther.bench.images.dockerfile import without_mounts
from panther.config.core.models import IUTConfig
from panther.errors import MachineError
from panther.plugins.services.base import BaseTCPServiceManager, DockerBuilderFactory

pytestmark = pytest.mark.docker

PROGRAMS = Path(__file__).resolve().parents[1] / "assets" / "echoes"


def manager_of(text):
    class Manager(BaseTCPServiceManager):
        def _get_implementation_name(self):
            return "layers"

        def _get_binary_name(self):
            return "layers"

        def generate_dockerfile_content(self):
            return text

    return Manager(IUTConfig())


def written_by_builder(language, **settings):
    return DockerBuilderFactory.create_builder(
        "layers", language, binary_name="echoes", **settings
    ).generate_complete_dockerfile()


def test_a_changed_source_leaves_the_dependencies_alone(base_image, built, tmp_path):
    directory = shutil.copytree(PROGRAMS / "go", tmp_path / "echoes")
    manager = manager_of(written_by_builder("go", build_image=base_image("go")))
    built(manager, directory=directory)
    # Of its own each time: the engine may remember an earlier run.
    (directory / "main.go").write_text(
        f"{(directory / 'main.go').read_text()}\n// A change: {secrets.token_hex()}\n"
    )
    lines = []
    assert built(manager, directory=directory, report=lines.append).was_built
    text = "\n".join(lines)
    number = re.search(r"^#(\d+) \[build [^]]*\] RUN .*go mod download", text, re.MULTILINE)[1]
    assert f"#{number} CACHED" in lines
    number = re.search(r"^#(\d+) \[build [^]]*\] RUN .*go build", text, re.MULTILINE)[1]
    assert f"#{number} CACHED" not in lines


def test_an_older_source_is_not_taken_for_built(base_image, built, network, tmp_path):
    directory = shutil.copytree(PROGRAMS / "rust", tmp_path / "echoes")
    source = directory / "src" / "echoes.rs"
    manager = manager_of(written_by_builder("rust", build_image=base_image("rust")))
    first = built(manager, directory=directory)
    source.write_text(source.read_text().replace("usage: echoes", "usage: ECHOES"))
    subprocess.run(["touch", "--date=2001-01-01", source], check=True)
    second = built(manager, directory=directory)
    said = [
        subprocess.run([network.docker, "run", "--rm", image.reference], capture_output=True).stderr
        for image in (first, second)
    ]
    assert b"usage: echoes" in said[0]
    assert b"usage: ECHOES" in said[1]


HOST = """\
FROM {base} AS build
ARG HTTP_PROXY
RUN --mount=type=secret,id=ca,target=/etc/ssl/certs/ca-certificates.crt \\
    --mount=type=cache,target=/var/cache/it \\
    echo "{token} proxy=$HTTP_PROXY" && head -n 1 /etc/ssl/certs/ca-certificates.crt
FROM {base}
COPY --from=build /etc/hostname /seen
"""


def test_the_hosts_proxy_and_authorities_are_there_in_the_build_only(
    base_image, built, docker, tmp_path, monkeypatch
):
    authority = tmp_path / "ca.pem"
    authority.write_text("the-authority-of-the-host\n")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid:3128")
    (tmp_path / "context").mkdir()
    lines = []
    # Of its own each time: the engine may remember the step, and does not look at the secret.
    text = HOST.format(base=base_image("c"), token=secrets.token_hex())
    image = built(manager_of(text), directory=tmp_path / "context", report=lines.append)
    text = "\n".join(lines)
    assert "proxy=http://proxy.invalid:3128" in text
    assert "the-authority-of-the-host" in text
    kept = subprocess.run([docker, "history", "--no-trunc", image.reference], capture_output=True).stdout
    kept += subprocess.run([docker, "inspect", image.reference], capture_output=True).stdout
    assert b"proxy.invalid" not in kept
    assert b"the-authority" not in kept


def test_the_last_lines_of_the_failing_step_are_shown(base_image, tmp_path):
    # One output: a build carries a step's two outputs apart, and keeps no order between them.
    text = f"FROM {base_image('c')}\nRUN {{ seq 1 99 && echo 'it is broken' >&2; }} 2>&1 && exit 7\n"
    with pytest.raises(BuildError) as caught:
        build_image(manager_of(text), directory=tmp_path)
    message = str(caught.value)
    assert message.startswith("the image of 'layers' cannot be built: it failed at [2/2] RUN { seq 1 99")
    assert "    | 99\n    | it is broken\n" in message
    assert "| 1\n" not in message
    assert "exit code: 7" in message


def test_without_buildkit_the_mounts_are_left_out(base_image, built, tmp_path, monkeypatch):
    client = old_builder(find_client().program)
    monkeypatch.setattr(building, "find_client", lambda: client)
    base = base_image("c")
    mounts = "--mount=type=cache,target=/a --mount=type=secret,id=ca"
    lines = []
    built(manager_of(f"FROM {base}\nRUN {mounts} echo built\n"), directory=tmp_path, report=lines.append)
    assert "Step 2/3 : RUN echo built" in lines  # the third is the label
    broken = f"FROM {base}\nRUN echo 'it is broken' && exit 7\n"
    with pytest.raises(BuildError, match=r"(?s)failed at Step 2/\d+ : RUN echo.*\| it is broken.*code: 7"):
        build_image(manager_of(broken), directory=tmp_path)


def test_what_cannot_be_left_out_needs_buildkit():
    kept = "RUN --mount=type=cache,target=/a \\\n    --mount=type=secret,id=ca \\\n    make it\n"
    assert without_mounts(kept) == "RUN make it\n"
    for mount in ("type=bind,from=a,target=/b", "target=/b", "type=secret,id=x,required=true", "type=tmpfs"):
        with pytest.raises(MachineError, match="needs BuildKit"):
            without_mounts(f"RUN --mount={mount} make\n")
