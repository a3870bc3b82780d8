"""Everything that is checked: ``nox -l`` lists it, ``nox -s NAME`` runs one."""

from __future__ import annotations

from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.sessions = ["lint", "types", "tests", "examples"]
nox.options.reuse_existing_virtualenvs = True

PROJECT = nox.project.load_toml("pyproject.toml")
PYTHON_SOURCES = ["panther_gen", "runtime", "tests", "docs", "noxfile.py"]


def install(session: nox.Session, *groups: str) -> None:
    """Install both distributions from this checkout, and the dependency groups."""
    requirements = [line for group in groups for line in nox.project.dependency_groups(PROJECT, group)]
    session.install("-e", "./runtime[quic]", "-e", ".", *requirements)


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
    """Lint and test the generated examples, then run each one's client against its own server."""
    install(session, "test")
    with session.chdir("generated_examples"):
        session.run("panther-gen", "lint")
        session.run("pytest", "-q", "-c", "/dev/null", "--rootdir", ".", "panther")
        for experiment in sorted(Path().glob("*.yaml")):
            session.run("python", "-m", "panther", "--experiment-config", str(experiment))


@nox.session
def picture(session: nox.Session) -> None:
    """Draw the README's picture of a run anew."""
    install(session, "test")
    session.run("python", "docs/make_picture.py")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure the figures; names of benchmarks after ``--`` select some."""
    install(session, "bench")
    session.run("python", "tests/bench/run.py", *session.posargs)
