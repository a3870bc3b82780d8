"""What the tests of panther-gen share: the command, started as a person starts it, and trees compared."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import typer

import panther_gen as package

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Start ``panther-gen`` with some arguments, in the test's directory unless another is named."""

    def start(
        *arguments: str | Path,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        python: Path | str = sys.executable,
        flags: tuple[str, ...] = (),
        **options: Any,
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(python), *flags, "-m", "panther_gen", *map(str, arguments)],
            cwd=cwd or tmp_path,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            **options,
        )

    return start


@pytest.fixture
def obey_permissions() -> Callable[[], None]:
    """Take from root, in a child process, what lets it read and write everywhere."""

    def drop() -> None:
        if os.geteuid() == 0:
            drop_from_bounding_set, capabilities = 24, (1, 2)  # prctl(2), capabilities(7): CAP_DAC_…
            for capability in capabilities:
                ctypes.CDLL(None).prctl(drop_from_bounding_set, capability, 0, 0, 0)

    return drop


def describe_tree(root: Path) -> dict[str, object]:
    """Return everything below ``root``: directories, links with their targets, files with their bytes."""
    tree: dict[str, object] = {}
    for path in sorted(root.rglob("*")):
        name = str(path.relative_to(root))
        if path.is_symlink():
            tree[name] = ("link", str(path.readlink()))
        elif path.is_dir():
            tree[f"{name}/"] = "directory"
        else:
            tree[name] = path.read_bytes()
    return tree


@pytest.fixture
def tree() -> Callable[[Path], dict[str, object]]:
    """Describe a directory, to compare it before and after."""
    return describe_tree


@pytest.fixture
def assert_same_tree() -> Callable[[Path, Path], None]:
    """Compare two directories, and name the files that are missing, extra and different."""

    def compare(found: Path, expected: Path) -> None:
        have, want = describe_tree(found), describe_tree(expected)
        problems = [
            *(f"missing: {name}" for name in want.keys() - have.keys()),
            *(f"extra: {name}" for name in have.keys() - want.keys()),
            *(f"different: {name}" for name in have.keys() & want.keys() if have[name] != want[name]),
        ]
        executable = [
            name for name in have.keys() & want.keys() if _runs(found / name) != _runs(expected / name)
        ]
        problems += [f"different permissions: {name}" for name in executable]
        assert not problems, "\n".join(sorted(problems))

    return compare


def _runs(path: Path) -> bool:
    return path.is_file() and bool(path.stat().st_mode & 0o111)


@pytest.fixture(scope="session")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a Python that has everything this one has, but for the runtime."""
    home = tmp_path_factory.mktemp("bare") / "venv"
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    asked = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    target = Path(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip())
    for entry in Path(typer.__file__).resolve().parents[1].iterdir():
        if not entry.name.startswith(("panther", "_panther", "__")) and entry.suffix != ".pth":
            target.joinpath(entry.name).symlink_to(entry)
    target.joinpath("panther_gen").symlink_to(Path(package.__file__).resolve().parent)
    return python


@pytest.fixture
def other_blueprint(tmp_path: Path) -> Callable[[Mapping[str, str]], Path]:
    """Make a checkout of panther-gen whose blueprint ``iut`` has the files given; return its directory."""

    def make(files: Mapping[str, str]) -> Path:
        checkout = tmp_path / "checkout"
        source = Path(package.__file__).resolve().parent
        shutil.copytree(
            source, checkout / "panther_gen", ignore=shutil.ignore_patterns("_blueprints", "__pycache__")
        )
        for name, text in files.items():
            path = checkout / "blueprints" / "iut" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return checkout

    return make
