"""How soon `panther-gen` answers, against the library that it generates with."""

from __future__ import annotations

import importlib.util
import itertools
import sys
from pathlib import Path

from harness import Comparison, Side, UnavailableError, at_most, benchmark, program, time_process

BLUEPRINT = Path(__file__).parents[2] / "blueprints" / "iut"


def require_copier() -> None:
    if importlib.util.find_spec("copier") is None:
        raise UnavailableError("copier is not installed")


@benchmark("panther-gen --help", target=at_most(0.5), unit="ms", rounds=11)
def help_text(_workplace: Path) -> Comparison:
    require_copier()
    ours = [program("panther-gen"), "--help"]
    reference = [sys.executable, "-c", "import copier"]
    return Comparison(
        ours=Side("--help", lambda: time_process(ours)),
        reference=Side("import copier", lambda: time_process(reference)),
    )


@benchmark("panther-gen new-iut quic x --defaults", target=at_most(1.0), unit="ms", rounds=11)
def new_plugin(workplace: Path) -> Comparison:
    if not (BLUEPRINT / "copier.yml").is_file():
        raise UnavailableError(f"there is no blueprint in {BLUEPRINT}")
    ours = [program("panther-gen"), "new-iut", "quic", "x", "--defaults"]
    reference = [
        program("copier"),
        "copy",
        "--defaults",
        "--quiet",
        "--data",
        "protocol=quic",
        "--data",
        "name=x",
    ]
    numbers = itertools.count()

    def empty_directory() -> Path:
        directory = workplace / str(next(numbers))
        directory.mkdir()
        return directory

    def copy() -> float:
        root = empty_directory()
        destination = root / "panther" / "plugins" / "services" / "iut" / "quic" / "x"
        return time_process([*reference, str(BLUEPRINT), str(destination)], cwd=root)

    return Comparison(
        ours=Side("new-iut", lambda: time_process(ours, cwd=empty_directory())),
        reference=Side("copier copy", copy),
        note="the same blueprint and answers; every round in an empty directory",
    )
