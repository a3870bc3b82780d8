"""Running an experiment again: its file as it was run, and the command line that does so."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

from panther.bench.results import RunResult, on_disk
from panther.plugins.roots import enclosing_root, plugin_roots
from panther.version import __version__

__all__ = ["EXPERIMENT_FILE", "record_command", "write_experiment"]

EXPERIMENT_FILE = "experiment.yaml"


def record_command(run: RunResult) -> None:
    """Note the words that this process was started with."""
    words = sys.orig_argv[1:]
    if "-m" in words and "panther" in words:  # else it is somebody's own program
        run.command = ("python", *words)


def write_experiment(run: RunResult, text: str) -> None:
    """Write the experiment as it is run, after every switch of the command line, and how to run it again.

    Args:
        run: gets the command line.
        text: the experiment as YAML.

    Raises:
        MachineError: the file cannot be written.
    """
    file = run.directory / EXPERIMENT_FILE
    run.rerun = shlex.join(_words(run, file))
    comments = [
        f"The experiment '{run.experiment}' as it was run by panther-gen-runtime {__version__}",
        f"on {run.started.isoformat(timespec='seconds')}, after every switch of the command line.",
        f"Run it again with: {run.rerun}",
    ]
    # One line each: a name of the user's must not end the comment.
    header = "".join(f"# {' '.join(line.split())}\n" for line in comments)
    with on_disk(run.directory):
        file.write_text(header + text, encoding="utf-8", errors="backslashreplace")


def _words(run: RunResult, file: Path) -> list[str]:
    words = ["panther-gen", "run", str(file)]
    kept_apart = re.match("namespace|none", run.isolation)
    words += ["--isolation", kept_apart[0]] if kept_apart else []
    words += ["--jobs", str(run.jobs)] if run.jobs > 1 else []
    here = enclosing_root(Path())
    for root in plugin_roots():
        if here is None or not root.samefile(here):
            words += ["--plugin-path", str(root)]
    return words
