"""Everything that is checked: ``nox -l`` lists it, ``nox -s NAME`` runs one."""

from __future__ import annotations

import shutil

import nox

nox.needs_version = ">=2025.2.9"
nox.options.sessions = ["lint", "types", "tests", "examples"]
nox.options.reuse_existing_virtualenvs = True

PROJECT = nox.project.load_toml("pyproject.toml")
PYTHON_SOURCES = ["panther_gen", "runtime", "tests", "docs", "noxfile.py"]


def install(session: nox.Session, *groups: str) -> None:
    """Install both distributions from this checkout, and the dependency groups."""
    requirements = [line for group in groups for line in nox.project.dependency_groups(PROJECT, group)]
    session.install("-e", "./runtime[docker,quic]", "-e", ".", *requirements)


@nox.session
def lint(session: nox.Session) -> None:
    """Style, formatting, and the layers that imports have to respect."""
    install(session, "lint")
    session.run("ruff", "check", *PYTHON_SOURCES)
    session.run("ruff", "format", "--check", *PYTHON_SOURCES)
    session.run("lint-imports", "--config", "pyproject.toml", silent=True)


@nox.session
def types(session: nox.Session) -> None:
    """Run mypy, strict, on both packages."""
    install(session, "types")
    session.run("mypy")


@nox.session
def tests(session: nox.Session) -> None:
    """All tests; arguments after ``--`` go to pytest."""
    install(session, "test")
    session.run("pytest", *(session.posargs or ["-n", "auto", "-q"]))


@nox.session
def examples(session: nox.Session) -> None:
    """Lint the generated examples, then test and run them; arguments after ``--`` go to pytest."""
    install(session, "test")
    with session.chdir("generated_examples"):
        session.run("panther-gen", "lint")
    session.run("pytest", "-q", "tests/examples", *session.posargs)


#: Of Debian 12: what the programs of the examples are, or are built from.
PEERS = [
    "apache2",
    "caddy",
    "cmake",
    "curl",
    "g++",
    "gcc",
    "golang-github-lucas-clemente-quic-go-dev",
    "golang-go",
    "h2o",
    "libc6-dev",
    "make",
    "nghttp2-client",
    "nghttp2-server",
    "ngtcp2-client",
    "ngtcp2-server",
    "nginx-light",
]


@nox.session
def peers(session: nox.Session) -> None:
    """Install what the examples need and run the whole matrix; arguments after ``--`` go to it."""
    # Debian's Rust and one from elsewhere exclude each other.
    packages = PEERS if shutil.which("cargo") else [*PEERS, "cargo-web"]
    session.run("apt-get", "install", "-y", "--no-install-recommends", *packages, external=True)
    install(session, "peers")
    with session.chdir("generated_examples"):
        session.run("python", "-m", "panther", "run", "http_peers.yaml", "--jobs", "4")
        # Status 1: cells failed, among them those that are known to; the table names them.
        session.run("panther-gen", "matrix", "quic", "--jobs", "4", *session.posargs, success_codes=[0, 1])


@nox.session
def golden(session: nox.Session) -> None:
    """Renew the patches that turn fresh plugins into the generated examples; ``-- --check`` compares."""
    install(session)
    session.run("python", "tests/golden/renew.py", *session.posargs)


@nox.session
def rules(session: nox.Session) -> None:
    """Write the rules' pages, docs/rules, from the rules; ``-- --check`` compares."""
    install(session)
    session.run("python", "-m", "panther_gen.lint.pages.rule_pages", "docs/rules", *session.posargs)


@nox.session(name="new-rule")
def new_rule(session: nox.Session) -> None:
    """Start the linter's next rule: ``-- NAME --family contract --kind class``."""
    install(session, "lint")
    session.run("python", "-m", "panther_gen.lint.pages.new_rule", *session.posargs)
    session.run("python", "-m", "panther_gen.lint.pages.rule_pages", "docs/rules")


@nox.session(name="new-execution")
def new_execution(session: nox.Session) -> None:
    """Start an execution environment of the bench: ``-- NAME --tool PROGRAM --package PACKAGE``."""
    install(session)
    place = "--directory=runtime/panther/bench/execution"
    session.run("python", "-m", "panther", "new-execution", place, *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure the figures; names of benchmarks after ``--`` select some."""
    install(session, "bench")
    session.run("python", "tests/bench/run.py", *session.posargs)
