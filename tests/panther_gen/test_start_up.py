"""Start-up: a command imports what it needs, and nothing else."""

from __future__ import annotations

import re

import pytest

HEAVY = {
    "aioquic",
    "copier",
    "cryptography",
    "docker",
    "jinja2",
    "libcst",
    "plumbum",
    "prompt_toolkit",
    "pydantic",
    "questionary",
    "rich",
    "yaml",
}

#: typer converts the words of a command with it, since 0.29; a command without any does without.
BEHIND_TYPER = {"pydantic"}
BEHIND_COPIER = {"copier", "jinja2", "plumbum", "prompt_toolkit", "pydantic", "questionary", "yaml"}


@pytest.fixture
def heavy_modules(run):
    """Return which of the heavy packages a command imports."""

    def imported(*arguments, status=0):
        done = run(*arguments, flags=("-X", "importtime"))
        assert done.returncode == status, done.stderr
        names = re.findall(r"^import time:.*\|\s*([\w.]+)$", done.stderr, re.MULTILINE)
        assert "typer" in names
        return {name.partition(".")[0] for name in names} & HEAVY

    return imported


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["new-iut", "--help"], ["lint", "--help"]])
def test_help_imports_nothing_heavy(heavy_modules, arguments):
    assert heavy_modules(*arguments) <= BEHIND_TYPER


def test_the_first_help_imports_not_even_pydantic(heavy_modules):
    assert heavy_modules("--help") == set()


def test_a_refusal_imports_nothing_heavy(heavy_modules):
    assert heavy_modules("new-iut", "quic", "class", status=2) <= BEHIND_TYPER
    assert heavy_modules("new-iut", status=2) <= BEHIND_TYPER


def test_new_iut_imports_copier_and_no_more(heavy_modules):
    assert heavy_modules("new-iut", "quic", "my_impl", "--defaults") <= BEHIND_COPIER


def test_neither_scaffolding_nor_linting_imports_the_runtime(run, bare_python, tmp_path):
    made = run("new-iut", "minip", "my_impl", "--language", "c", python=bare_python)
    assert made.returncode == 0, made.stderr
    assert "pytest and try need the runtime: python -m pip install 'panther-gen[runtime]'" in made.stdout
    linted = run("lint", python=bare_python, flags=("-X", "importtime"))
    assert linted.returncode == 0, linted.stdout
    assert not re.search(r"\|\s*panther(\.|$)", linted.stderr, re.MULTILINE)
