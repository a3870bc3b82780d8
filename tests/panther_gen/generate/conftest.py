"""What the tests of updates share: plugins that exist, and a blueprint that is newer."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from panther_gen.blueprints import find_blueprint
from panther_gen.generate.state import OWN_FILES, read_base

VERSIONS = Path(__file__).parents[2] / "assets" / "blueprint_versions"
IUT = Path("panther/plugins/services/iut")

Edit = Callable[[str], str] | str | None


@pytest.fixture
def released(tmp_path: Path) -> Callable[..., Path]:
    """Make a plugin as a released version of panther-gen made it; return its directory.

    A release is kept as the two files that remember a rendering: its texts are all in them.
    """

    def make(release: str = "0.1", kind: str = "quic_python", root: Path = tmp_path) -> Path:
        kept = VERSIONS / release / kind
        directory = root / IUT / kind.partition("_")[0] / "sample"
        for name, text in read_base(kept).items():
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
        for name in OWN_FILES:
            shutil.copy(kept / name, directory)
        return directory

    return make


@pytest.fixture(scope="session")
def make_newer(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Make a blueprint that is newer than the one here and changed in some files; return its directory.

    A change is a function of the text, a text, or None: the file goes.
    """

    def make(edits: Mapping[str, Edit], version: int = 1000) -> Path:
        directory = tmp_path_factory.mktemp("newer") / "iut"
        shutil.copytree(find_blueprint("iut").directory, directory)
        questions = directory / "copier.yml"
        text, count = re.subn(
            r"(?m)^(blueprint_version:\n(?:[ \t].*\n)*?[ \t]+default: )\d+",
            rf"\g<1>{version}",
            questions.read_text(encoding="utf-8"),
        )
        assert count == 1
        questions.write_text(text, encoding="utf-8")
        for name, edit in edits.items():
            path = directory / name
            if edit is None:
                path.unlink()
            else:
                path.write_text(
                    edit if isinstance(edit, str) else edit(path.read_text(encoding="utf-8")),
                    encoding="utf-8",
                )
        return directory

    return make


def replaced(old: str, new: str) -> Callable[[str], str]:
    """Return an edit that replaces a text which is there."""

    def edit(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return edit


@pytest.fixture(scope="session")
def newer(make_newer: Callable[..., Path]) -> Path:
    """A newer blueprint: files changed, added, removed and renamed."""
    here = find_blueprint("iut").directory
    (found,) = here.glob("template/*endpoint*/requirements.txt.jinja")
    requirements = str(found.relative_to(here))
    return make_newer(
        {
            "template/config_schema.py.jinja": replaced(
                "\n\nfrom dataclasses import dataclass\n",
                "\n\n# Since version 1000.\nfrom dataclasses import dataclass\n",
            ),
            "template/Dockerfile.jinja": lambda text: "# Since version 1000.\n" + text,
            "template/README.md.jinja": replaced("## Event Integration\n", "## Events\n"),
            "template/NOTES.md": "Since version 1000.\n",
            requirements: None,
        }
    )
