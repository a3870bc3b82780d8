"""What sources come from and are built by: a repository, a Python project, the four systems of C."""

from __future__ import annotations

import ipaddress
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

from panther.config.core.models import IUTConfig
from panther.plugins.services.base import BaseTCPServiceManager, DockerBuilderFactory

pytestmark = [pytest.mark.docker, pytest.mark.slow]

PROGRAM = Path(__file__).resolve().parents[1] / "assets" / "echoes" / "c" / "echoes.c"
MESON = """\
project('echoes', 'c')
executable('echoes', 'echoes.c', install: true)
"""
CONFIGURE = """\
AC_INIT([echoes], [1.0])
AM_INIT_AUTOMAKE([foreign])
AC_PROG_CC
AC_CONFIG_FILES([Makefile])
AC_OUTPUT
"""
AUTOMAKE = "bin_PROGRAMS = echoes\nechoes_SOURCES = echoes.c\n"
#: It installs nothing: the builder looks for the program.
MAKE = "echoes: echoes.c\n\t$(CC) $(CFLAGS) -o $@ $<\n"
SYSTEMS = {
    "meson": {"meson.build": MESON},
    "autotools": {"configure.ac": CONFIGURE, "Makefile.am": AUTOMAKE},
    "make": {"Makefile": MAKE},
}
PYPROJECT = """\
[build-system]
requires = ["setuptools>=68"]
build-backend = "setuptools.build_meta"

[project]
name = "worded"
version = "1.0"
dependencies = ["attrs"]

[project.optional-dependencies]
loud = ["idna"]

[project.scripts]
worded = "worded:main"

[tool.setuptools]
py-modules = ["worded"]
"""
PYTHON = "import attrs, idna\n\ndef main():\n    print('attrs', attrs.__version__)\n"


def manager_of(language, *arguments, **settings):
    class Manager(BaseTCPServiceManager):
        def _get_implementation_name(self):
            return f"sources-{language}"

        def _get_binary_name(self):
            return "echoes"

        def generate_dockerfile_content(self):
            name = self._get_implementation_name()
            builder = DockerBuilderFactory.create_builder(name, language, *arguments, **settings)
            return builder.generate_complete_dockerfile()

    return Manager(IUTConfig())


def says(docker, image):
    done = subprocess.run([docker, "run", "--rm", image.reference], capture_output=True, text=True)
    return done.stdout + done.stderr


#: As the test of the languages has it: both share the layer with Debian's packages.
C = {"binary_name": "echoes", "build_packages": [], "runtime_packages": []}


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_c_project_is_built_by_its_own_system(docker, base_image, built, tmp_path, system):
    base_image("c")
    directory = tmp_path / "sources"
    directory.mkdir()
    shutil.copy(PROGRAM, directory)
    for name, text in SYSTEMS[system].items():
        (directory / name).write_text(text)
    image = built(manager_of("c", **C), directory=directory)
    assert "usage: echoes server PORT" in says(docker, image)


def test_a_python_project_is_installed_with_its_lock(docker, base_image, built, tmp_path):
    files = {"pyproject.toml": PYPROJECT, "worded.py": PYTHON, "requirements.lock": "attrs==24.2.0\n"}
    directory = tmp_path / "project"
    directory.mkdir()
    for name, text in files.items():
        (directory / name).write_text(text)
    python = base_image("python")
    manager = manager_of(
        "python", build_features=["loud"], binary_name="worded", base_image=python, build_image=python
    )
    image = built(manager, directory=directory)
    assert says(docker, image) == "attrs 24.2.0\n"


@pytest.fixture
def repository(docker, tmp_path):
    """Return the URL of a repository that builds can reach, with a revision that is no branch's end."""
    directory = tmp_path / "served" / "it.git"
    directory.mkdir(parents=True)
    shutil.copy(PROGRAM, directory)
    (directory / "Makefile").write_text(MAKE)

    def git(*words):
        identity = ["-c", "user.name=tests", "-c", "user.email=tests@example.org"]
        done = subprocess.run(["git", *identity, *words], cwd=directory, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    git("init", "--quiet", "--initial-branch=main")
    git("add", ".")
    git("commit", "--quiet", "-m", "A server and a client")
    git("tag", "v1.0")
    (directory / "echoes.c").write_text("this is no C\n")
    git("commit", "--quiet", "-a", "-m", "Broken since")
    subnet = subprocess.run(
        [docker, "network", "inspect", "bridge", "--format={{(index .IPAM.Config 0).Subnet}}"],
        capture_output=True,
        text=True,
    ).stdout.strip()
    gateway = str(next(ipaddress.ip_network(subnet).hosts()))  # the engine's bridge has the first address
    for _ in range(3):  # somebody else may take the port before git does
        with socket.socket() as probe:
            probe.bind(("", 0))
            port = probe.getsockname()[1]
        words = ["git", "daemon", "--export-all", f"--base-path={directory.parent}", f"--port={port}"]
        daemon = subprocess.Popen([*words, "--reuseaddr", "--informative-errors"], stderr=subprocess.PIPE)
        if listens(gateway, port, daemon):
            break
    else:
        pytest.skip(f"git cannot serve: {daemon.stderr.read().decode()}")
    yield f"git://{gateway}:{port}/it.git"
    daemon.terminate()
    daemon.wait(timeout=60)


def listens(address, port, program):
    """Wait until a port is served, or the program that is to serve it has ended; return whether it is."""
    deadline = time.monotonic() + 120
    while program.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex((address, port)) == 0:
                return True
        assert time.monotonic() < deadline, "it serves nothing"
        time.sleep(0.05)
    return False


def test_a_pinned_revision_of_a_repository_is_built(docker, base_image, built, repository, tmp_path):
    base_image("c")
    (tmp_path / "empty").mkdir()
    settings = {**C, "build_system": "make"}
    manager = manager_of("c", repository, revision="v1.0", **settings)
    image = built(manager, directory=tmp_path / "empty")
    assert "usage: echoes server PORT" in says(docker, image)
    labels = subprocess.run(
        [docker, "inspect", "--format={{json .Config.Labels}}", image.reference],
        capture_output=True,
        text=True,
    ).stdout
    assert '"org.opencontainers.image.revision":"v1.0"' in labels
    assert f'"org.opencontainers.image.source":"{repository}"' in labels
