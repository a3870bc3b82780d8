"""What comes of blocks that are files of a plugin: tests, its package, templates, its Dockerfile."""

from __future__ import annotations

import re
from collections.abc import Mapping

from guidebook.code_outcomes import Command, check_commands
from guidebook.row import Case, Outcome
from guidebook.workshop import Printed

__all__ = ["command_templates", "is_dockerfile", "passes_as_test", "plugin_package"]

# https://docs.docker.com/reference/dockerfile/
_INSTRUCTIONS = re.compile(
    "ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR"
)


def passes_as_test(count: int, file: str, plugin: Mapping[str, str | Printed] | None = None) -> Outcome:
    """Expect that the block is a file of ``count`` tests that pass under pytest.

    Args:
        count: how many tests there are.
        file: where it stands.
        plugin: the files of the plugin that it tests.
    """

    def check(case: Case) -> None:
        case.workshop.install({**(plugin or {}), file: case.placed})
        done = case.workshop.python(
            "-m", "pytest", "--rootdir=.", "-p", "no:cacheprovider", "-W", "error", "-q", file
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert re.search(rf"^{count} passed in ", done.stdout, re.MULTILINE), done.stdout

    return check


def plugin_package(plugin: Mapping[str, str | Printed], dotted_name: str, exported: str) -> Outcome:
    """Expect that the block is the ``__init__.py`` of a plugin, and that importing it registers the class."""

    def check(case: Case) -> None:
        case.workshop.install(plugin)
        done = case.workshop.python(
            "-c",
            f"import {dotted_name} as plugin\n"
            "for name in plugin.__all__: print(name, getattr(plugin, name).plugin_info.name)",
        )
        assert done.stdout.split() == [exported, dotted_name.rpartition(".")[2]], done.stderr

    return check


def command_templates(manager: str, *commands: Command) -> Outcome:
    """Expect that the block holds command templates, each after a comment that names its file.

    Args:
        manager: module with the class ``YourQuicServiceManager`` that they belong to.
        commands: what it composes by them.
    """

    def check(case: Case) -> None:
        for part in re.split(r"^(?=# templates/)", case.block.text, flags=re.MULTILINE)[1:]:
            name = part.partition("\n")[0].removeprefix("# ")
            case.workshop.write(name, part)
        module = case.workshop.module(manager)
        check_commands(module.YourQuicServiceManager(), commands)

    return check


def is_dockerfile(*stages: str, named_by: str) -> Outcome:
    """Expect a Dockerfile of these stages that a plugin can name as its own.

    Args:
        stages: the names of its stages.
        named_by: module with a ``manager`` that is configured to use it.
    """

    def check(case: Case) -> None:
        lines = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", case.block.text, flags=re.MULTILINE)).splitlines()
        instructions = [line.split() for line in lines if line.strip()]
        assert all(_INSTRUCTIONS.fullmatch(words[0]) for words in instructions)
        named = [words[-1] for words in instructions if words[0] == "FROM"]
        sources = [
            word.removeprefix("--from=") for line in instructions for word in line if "--from=" in word
        ]
        assert named == list(stages)
        assert set(sources) <= set(named)
        case.workshop.write("Dockerfile", case.block.text)
        assert case.workshop.module(named_by).manager.generate_dockerfile_content() == case.block.text

    return check
