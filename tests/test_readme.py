"""The README's two commands are the ones that CI runs and that the tools understand."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> list[str]:
    """Return the shell blocks of one line: what a newcomer copies."""
    return re.findall(r"```sh\n([^\n]+)\n```", README)


def test_ci_calls_the_readmes_test_command() -> None:
    assert commands()[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_the_first_command_is_the_main_job() -> None:
    words = ("new-iut quic myimpl", "panther-gen lint", "pytest -q panther", "panther-gen try myimpl")
    places = [commands()[0].index(word) for word in words]
    assert places == sorted(places)


def test_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []
