"""Rendering a blueprint with copier, into memory.

copier writes into a scratch directory for temporary files, never into the user's tree. Its result is
what plain ``copier copy`` makes of the same blueprint; its errors become sentences here.
"""

from __future__ import annotations

import os
import re
import secrets
import tempfile
import warnings
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path, PurePosixPath

import copier
from copier.errors import CopierError, InteractiveSessionError
from jinja2 import TemplateError, TemplateSyntaxError
from yaml import YAMLError

from panther_gen.blueprints import Blueprint
from panther_gen.errors import BlueprintError, PantherGenError, UsageError, machine_error, shown
from panther_gen.generate.interruption import in_scratch
from panther_gen.generate.request import OPTIONS

__all__ = ["render"]

#: How copier words the refusal of an answer by a validator: the question, then the validator's text.
_VALIDATION_ERROR = re.compile(r"Validation error for question '(\w+)': (.*)", re.DOTALL)


def render(
    blueprint: Blueprint, answers: Mapping[str, str], folder: str, *, ask: bool
) -> dict[PurePosixPath, tuple[bytes, bool]]:
    """Return the files that ``blueprint`` makes: by path, their content and whether they are executable.

    Args:
        blueprint: the copier template.
        answers: what its questions are not asked for.
        folder: the name of the directory that is rendered, which a blueprint may refer to.
        ask: ask the questions that are left, on the terminal; else they take their defaults.

    Raises:
        UsageError: an answer is refused, or the terminal ended before all were given.
        MachineError: the directory for temporary files cannot be written.
        BlueprintError: the blueprint is broken.
    """

    def work(scratch: Path) -> dict[PurePosixPath, tuple[bytes, bool]]:
        _copy(blueprint, answers, scratch / folder, ask=ask)
        return _read(scratch / folder)

    try:
        return in_scratch(Path(tempfile.gettempdir(), f"panther-gen-{secrets.token_hex(8)}"), work)
    except OSError as error:
        if _lies_in(error.filename, blueprint.directory):
            raise BlueprintError(f"the blueprint '{blueprint.id}' cannot be read: {error}") from error
        raise machine_error(error, "write in the directory for temporary files (TMPDIR)") from error


def _copy(blueprint: Blueprint, answers: Mapping[str, str], destination: Path, *, ask: bool) -> None:
    try:
        with warnings.catch_warnings(), _without_git():
            warnings.simplefilter("ignore")
            copier.run_copy(
                str(blueprint.directory),
                destination,
                data=dict(answers),
                defaults=not ask,
                quiet=True,
                # A person's own copier settings may hold defaults for questions of the same name.
                settings=copier.Settings(),
            )
    except KeyboardInterrupt:
        # At a question it is an error of copier's as well.
        raise
    except InteractiveSessionError as error:
        cure = "give every answer, or say --defaults"
        raise UsageError("the terminal ended before every question was answered", cure=cure) from error
    except YAMLError as error:
        raise BlueprintError(
            f"the questions are no YAML: {error}", where=str(blueprint.questions_file)
        ) from error
    except (CopierError, ValueError) as error:
        raise _refused(blueprint, answers, error) from error
    except Exception as error:
        # A template may fail in as many ways as code; what fails elsewhere is a bug, and stays one.
        place = _place(blueprint, error)
        if isinstance(error, OSError) or not place:
            raise
        raise BlueprintError(
            f"the blueprint '{blueprint.id}' does not render: {error}", where=place
        ) from error


def _without_git() -> AbstractContextManager[object]:
    """Hide git from copier, which else starts it once for every file to no effect in a new directory.

    copier looks programs up in plumbum's environment, a copy that belongs to this process alone:
    ``os.environ`` stays as it is. Without plumbum nothing is hidden, and only time is lost.
    """
    try:
        from plumbum import local
    except ImportError:
        return nullcontext()
    return local.env(PATH=os.devnull)


def _read(directory: Path) -> dict[PurePosixPath, tuple[bytes, bool]]:
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    return {
        PurePosixPath(path.relative_to(directory)): (path.read_bytes(), bool(path.stat().st_mode & 0o100))
        for path in files
    }


def _refused(blueprint: Blueprint, answers: Mapping[str, str], error: Exception) -> PantherGenError:
    """Tell an answer that the blueprint's validators refuse from a blueprint that copier refuses."""
    refusal = _VALIDATION_ERROR.fullmatch(str(error))
    if refusal is not None:
        question, rule = refusal.groups()
        given = shown(answers.get(question, ""))
        return UsageError(f"{OPTIONS.get(question, question)} {given} cannot be used", cure=rule.strip())
    message = f"copier refuses the blueprint '{blueprint.id}': {error}"
    return BlueprintError(message, where=str(blueprint.directory))


def _place(blueprint: Blueprint, error: Exception) -> str:
    """Return the file and line of the blueprint that an error comes from, or the empty string.

    Jinja puts the lines of templates into the traceback.
    """
    if isinstance(error, TemplateSyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    # A template within the questions has no file of its own.
    place = str(blueprint.questions_file) if isinstance(error, TemplateError) else ""
    traceback = error.__traceback__
    while traceback is not None:
        filename = traceback.tb_frame.f_code.co_filename
        if _lies_in(filename, blueprint.directory):
            place = f"{filename}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return place


def _lies_in(filename: object, directory: Path) -> bool:
    return isinstance(filename, str) and Path(filename).resolve().is_relative_to(directory.resolve())
