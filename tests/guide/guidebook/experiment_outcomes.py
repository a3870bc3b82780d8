"""What comes of experiment files and of the commands that take them."""

from __future__ import annotations

from collections.abc import Mapping

from guidebook.row import Case, Outcome
from guidebook.workshop import Printed

__all__ = ["commands", "validates"]

Answer = tuple[int, tuple[str, ...]]


def validates(*plugins: Mapping[str, str | Printed]) -> Outcome:
    """Expect that the block, completed by its row, is a valid experiment file where these plugins are."""

    def check(case: Case) -> None:
        for plugin in plugins:
            case.workshop.install(plugin)
        case.workshop.write("experiment.yaml", case.placed)
        done = case.workshop.python(
            "-m", "panther", "--experiment-config", "experiment.yaml", "--validate-config"
        )
        assert done.returncode == 0, done.stdout + done.stderr

    return check


def commands(
    files: Mapping[str, str | Printed], *answers: Answer, before: str = "", added: str = ""
) -> Outcome:
    """Expect of each command in the block this exit code, and these words in what it prints.

    Args:
        files: what lies in the directory that the commands are given in.
        answers: exit code and words, in the order of the commands.
        before: what is written before each command: environment variables.
        added: what is written after each command.
    """

    def check(case: Case) -> None:
        case.workshop.install(files)
        lines = [line for line in case.block.text.splitlines() if line and not line.startswith("#")]
        assert len(lines) == len(answers)
        for line, (code, words) in zip(lines, answers, strict=True):
            done = case.workshop.shell(f"{before} {line} {added}")
            printed = done.stdout + done.stderr
            assert done.returncode == code, f"{done.args}\n{printed}"
            assert "Traceback" not in printed
            for word in words:
                assert word in " ".join(printed.split()), f"{done.args}\n{printed}"

    return check
