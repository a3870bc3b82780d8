"""Writes the patches that turn fresh plugins into the examples: ``python tests/golden/renew.py [--check]``.

``answers.toml`` holds the command that each example was generated with. A patch turns what that command
writes today into the example, so that a change of the blueprint shows either in an example or in its patch.
After a change of the blueprint:

* bring the example up to date, by hand or with ``patch -p1`` on a fresh plugin;
* run this script, and read the difference of the patches: it is what authors of plugins will meet.

With ``--check`` nothing is written; the exit status is 1 when a patch is not up to date.
"""

from __future__ import annotations

import argparse
import difflib
import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from panther_gen.generate.state import BASE_FILE, STATE_FILE, read_base

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parents[1] / "generated_examples"
#: Left by tools in a directory of Python files.
LITTER = {"__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", "panther-results"}


def main() -> int:
    arguments = _parse()
    answers = tomllib.loads((HERE / "answers.toml").read_text(encoding="utf-8"))
    outdated = []
    for example, words in answers.items():
        file = HERE / f"{example}.patch"
        patch = patch_of(words)
        if patch == (file.read_text(encoding="utf-8") if file.exists() else None):
            continue
        outdated.append(example)
        if arguments.check:
            sys.stdout.writelines(_difference(file, patch))
        else:
            file.write_text(patch, encoding="utf-8")
            print(f"{file.name} renewed")
    if arguments.check and outdated:
        print(f"not up to date: {', '.join(outdated)}; python tests/golden/renew.py renews", file=sys.stderr)
    return int(arguments.check and bool(outdated))


def patch_of(words: Sequence[str]) -> str:
    """Return what an example differs by from a plugin that is generated now with the same arguments."""
    kind = "testers" if words[0] == "new-tester" else "iut"
    directory = PurePosixPath("panther", "plugins", "services", kind, *words[1:3])
    with tempfile.TemporaryDirectory(prefix="golden-") as root:
        generate(words, Path(root))
        return "".join(_differences(Path(root, directory), EXAMPLES / directory))


def generate(words: Sequence[str], root: Path) -> None:
    """Generate a plugin below ``root``; raises CalledProcessError, whose output has been printed."""
    asked = ["--defaults"] if words[0] == "new-iut" else []  # new-tester asks no questions
    argv = [sys.executable, "-m", "panther_gen", *words, *asked, "--output", str(root)]
    subprocess.run(argv, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def _differences(fresh: Path, example: Path) -> Iterator[str]:
    for path in sorted(_files(fresh) | _files(example)):
        before, after = _lines(fresh / path), _lines(example / path)
        source = f"a/{path}" if (fresh / path).exists() else "/dev/null"
        target = f"b/{path}" if (example / path).exists() else "/dev/null"
        for line in difflib.unified_diff(before, after, source, target):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _files(directory: Path) -> set[PurePosixPath]:
    paths = (path.relative_to(directory) for path in directory.rglob("*") if path.is_file())
    return {PurePosixPath(path) for path in paths if not LITTER & set(path.parts)}


def _lines(path: Path) -> list[str]:
    if path.name == BASE_FILE:  # packed, and not by every library to the same bytes
        return json.dumps(read_base(path.parent), indent=1, default=bytes.decode).splitlines(keepends=True)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    if (
        text and path.name == STATE_FILE
    ):  # not which blueprint it was down to its comments, nor the seal on that
        document = json.loads(text)
        document["blueprint"].pop("content", None)
        document.pop("seal")
        text = json.dumps(document, indent=2) + "\n"
    return text.splitlines(keepends=True)


def _difference(file: Path, patch: str) -> Iterator[str]:
    now = patch.splitlines(keepends=True)
    return difflib.unified_diff(_lines(file), now, f"recorded {file.name}", "as it is now")


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Write the patches that turn fresh plugins into the examples."
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit with 1 when one is outdated"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
