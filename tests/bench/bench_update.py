"""How soon plugins are updated, and how soon it is known how they stand."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from bench_startup import BLUEPRINT, require_copier
from harness import Comparison, Side, UnavailableError, at_most, benchmark, program, time_process

PLUGINS = 500
_VERSION = re.compile(r"(blueprint_version:\n(?:[ \t].*\n)*?[ \t]+default: )\d+")
_PLUGIN = Path("panther/plugins/services/iut/quic/x")


def git(directory: Path, *words: str) -> None:
    if shutil.which("git") is None:
        raise UnavailableError("git is not installed")
    identity = ("-c", "user.name=bench", "-c", "user.email=bench@example.org")
    subprocess.run(["git", *identity, *words], cwd=directory, check=True, capture_output=True)


def newer(directory: Path) -> None:
    """Make the blueprint in a directory a newer one: every file that it has a README for says so."""
    questions = directory / "copier.yml"
    questions.write_text(_VERSION.sub(r"\g<1>1000", questions.read_text()))
    readme = directory / "template" / "README.md.jinja"
    readme.write_text(readme.read_text().replace("## Event Integration", "## Events"))


@benchmark("panther-gen update of an untouched plugin", target=at_most(0.5), unit="ms", rounds=9)
def update(workplace: Path) -> Comparison:
    require_copier()
    blueprint = workplace / "ours" / "iut"
    shutil.copytree(BLUEPRINT, blueprint)
    newer(blueprint)
    ours = [program("panther-gen"), "update", "x", "--blueprint", str(blueprint)]
    made = workplace / "made"
    subprocess.run(
        [program("panther-gen"), "new-iut", "quic", "x", "--defaults", "--output", str(made)],
        check=True,
        capture_output=True,
    )
    repository = workplace / "template"
    shutil.copytree(BLUEPRINT, repository)
    answers = repository / "template" / "{{ _copier_conf.answers_file }}.jinja"
    answers.write_text("{{ _copier_answers | to_nice_yaml }}")
    for word in ("init -q", "add -A", "commit -qm one", "tag 1.0.0"):
        git(repository, *word.split())
    copied = workplace / "copied"
    words = ["--defaults", "--quiet", "--data", "protocol=quic", "--data", "name=x"]
    subprocess.run(
        [program("copier"), "copy", *words, str(repository), str(copied)], check=True, capture_output=True
    )
    for word in ("init -q", "add -A", "commit -qm one"):
        git(copied, *word.split())
    newer(repository)
    for word in ("add -A", "commit -qm two", "tag 2.0.0"):
        git(repository, *word.split())

    def by_us() -> float:
        place = _copy(made, workplace / "place")
        elapsed = time_process(ours, cwd=place)
        _check(place / _PLUGIN)
        return elapsed

    def by_copier() -> float:
        place = _copy(copied, workplace / "place")
        elapsed = time_process([program("copier"), "update", "--defaults", "--quiet"], cwd=place)
        _check(place)
        return elapsed

    return Comparison(
        ours=Side("update", by_us),
        reference=Side("copier update", by_copier),
        note="the same blueprint, answers and change of the README; copier's template and copy are in git",
    )


def _copy(source: Path, place: Path) -> Path:
    shutil.rmtree(place, ignore_errors=True)
    return shutil.copytree(source, place)


def _check(plugin: Path) -> None:
    if "## Events\n" not in plugin.joinpath("README.md").read_text():
        raise AssertionError(f"{plugin} has not been updated")


@benchmark(f"panther-gen status of {PLUGINS} plugins", target=at_most(3.0), unit="ms", rounds=9)
def status(workplace: Path) -> Comparison:
    made, root = workplace / "made", workplace / "root"
    subprocess.run(
        [program("panther-gen"), "new-iut", "quic", "x", "--defaults", "--output", str(made)],
        check=True,
        capture_output=True,
    )
    for number in range(PLUGINS):
        shutil.copytree(made / _PLUGIN, root / _PLUGIN.with_name(f"x{number}"))
    for word in ("init -q", "add -A", "commit -qm one"):
        git(root, *word.split())
    return Comparison(
        ours=Side("status", lambda: time_process([program("panther-gen"), "status"], cwd=root)),
        reference=Side("git status", lambda: time_process(["git", "status", "--short"], cwd=root)),
        note="the same unchanged tree in the page cache; both compare times, sizes and inodes",
    )
