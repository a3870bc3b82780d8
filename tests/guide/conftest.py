"""The guide, which is not a part of this repository, and a workshop for each of its blocks."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_BESIDE_THE_REPOSITORY = Path("shared", "guide", "iut-development-guide.md")

# The table and its checkers stand in a package of their own beside the tests.
sys.path.insert(0, str(_HERE))
pytest.register_assert_rewrite("guidebook")

from guidebook.guide import Guide  # noqa: E402
from guidebook.table import TABLE  # noqa: E402
from guidebook.workshop import Workshop  # noqa: E402

from panther.plugins import plugin_decorators  # noqa: E402
from panther.plugins.registry import PluginRegistry  # noqa: E402


@pytest.fixture(scope="session")
def guide() -> Guide:
    """The guide's blocks, of the file that ``PANTHER_GUIDE`` names or of the one beside the repository."""
    named = os.environ.get("PANTHER_GUIDE")
    path = Path(named) if named else _HERE.parents[2] / _BESIDE_THE_REPOSITORY
    if named and not path.is_file():
        pytest.fail(f"PANTHER_GUIDE names '{named}', which is no file", pytrace=False)
    if not path.is_file():
        pytest.skip(f"the guide is not at ../{_BESIDE_THE_REPOSITORY}; PANTHER_GUIDE names it elsewhere")
    return Guide(path.read_text(encoding="utf-8"), TABLE)


@pytest.fixture
def workshop(guide: Guide, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    """An empty directory to put the guide's files into, and an empty registry."""
    registry = PluginRegistry()
    monkeypatch.setattr(plugin_decorators, "REGISTRY", registry)
    with Workshop(tmp_path, guide.placed, registry).opened() as opened:
        yield opened
