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
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Any

import copier
from copier.errors import CopierError, InteractiveSessionError
from jinja2 import TemplateError, TemplateSyntaxError
from yaml import YAMLError

from panther_gen.blueprints import Blueprint
from panther_gen.errors import BlueprintError, PantherGenError, UsageError, machine_error, shown
from panther_gen.generate.interruption import in_scratch
from panther_gen.generate.request import OPTIONS, OTHER_OPTIONS

__all__ = ["Rendered", "render"]

_COMPUTED = object()

#: How copier words the refusal of an answer by a validator: the question, then the validator's text.
_VALIDATION_ERROR = re.compile(r"Validation error for question '(\w+)': (.*)", re.DOTALL)
#: How it words an answer that is none of the choices, and how Python words one that is no number.
_NO_CHOICE = re.compile(r"Invalid choice for '(\w+)': .* is not in \[(.*)\]", re.DOTALL)
_NO_NUMBER = re.compile(r"(?:invalid literal for int|could not convert string to float).*: '(.*)'", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a blueprint makes.

    Attributes:
        files: by path, their content and whether they are executable.
        answers: every question that was asked, with its answer or its default, and what else was given; what
            is computed is left out.
        asked: the questions that a person may answer.
        unasked: the questions among the given answers that the blueprint does not have.
    """

    files: Mapping[PurePosixPath, tuple[bytes, bool]]
    answers: Mapping[str, Any]
    asked: tuple[str, ...]
    unasked: tuple[str, ...]

    def refuse_unasked(self, given: Iterable[str]) -> None:
        """Refuse answers that no question asks for.

        Raises:
            UsageError: there is one; the cure names the nearest question.
        """
        for question in given:
            if question not in self.asked:
                close = get_close_matches(question, self.asked, n=1)
                cure = f"did you mean '{close[0]}'?" if close else f"it asks: {', '.join(self.asked)}"
                raise UsageError(f"the blueprint asks no question {shown(question)}", cure=cure)


def render(blueprint: Blueprint, answers: Mapping[str, Any], folder: str, *, ask: bool) -> Rendered:
    """Return the files that ``blueprint`` makes.

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

    def work(scratch: Path) -> Rendered:
        place = scratch / folder
        given = _copy(blueprint, answers, place, ask=ask)
        asked = tuple(question for question, answer in given.items() if answer is not _COMPUTED)
        unasked = tuple(question for question in answers if question not in given)
        if unasked:  # copier hands them to the templates all the same
            place = scratch / "again" / folder
            _copy(blueprint, {one: answers[one] for one in answers if one in given}, place, ask=ask)
        # What is never asked may have been given all the same, by a command that has found it out.
        known = {one: answers.get(one) if given[one] is _COMPUTED else given[one] for one in given}
        kept = {one: answer for one, answer in known.items() if one in asked or one in answers}
        return Rendered(_read(place), kept, asked, unasked)

    try:
        return in_scratch(Path(tempfile.gettempdir(), f"panther-gen-{secrets.token_hex(8)}"), work)
    except OSError as error:
        if _lies_in(error.filename, blueprint.directory):
            raise BlueprintError(f"the blueprint '{blueprint.id}' cannot be read: {error}") from error
        raise machine_error(error, "write in the directory for temporary files (TMPDIR)") from error


def _copy(
    blueprint: Blueprint, answers: Mapping[str, Any], destination: Path, *, ask: bool
) -> dict[str, Any]:
    """Render, and return the answer to each question."""
    try:
        with warnings.catch_warnings(), _without_git():
            warnings.simplefilter("ignore")
            worker = copier.run_copy(
                str(blueprint.directory),
                destination,
                data=dict(answers),
                defaults=not ask,
                quiet=True,
                # A person's own copier settings may hold defaults for questions of the same name.
                settings=copier.Settings(),
            )
            given, hidden = worker.answers.combined, worker.answers.hidden
            return {
                question: _COMPUTED if question in hidden else given.get(question)
                for question in worker.template.questions_data
            }
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


def _refused(blueprint: Blueprint, answers: Mapping[str, Any], error: Exception) -> PantherGenError:
    """Tell an answer that the blueprint's validators refuse from a blueprint that copier refuses."""
    question, rule = _refusal(str(error), answers)
    if question:
        given = shown(str(answers.get(question, "")))
        option = {**OPTIONS, **OTHER_OPTIONS}.get(question, question)
        return UsageError(f"{option} {given} cannot be used", cure=rule.strip())
    message = f"copier refuses the blueprint '{blueprint.id}': {error}"
    return BlueprintError(message, where=str(blueprint.directory))


def _refusal(text: str, answers: Mapping[str, Any]) -> tuple[str, str]:
    """Return the question whose answer copier refuses, and the rule; empty if it refuses something else."""
    if refused := _VALIDATION_ERROR.fullmatch(text):
        return refused[1], refused[2]
    if refused := _NO_CHOICE.fullmatch(text):
        return refused[1], f"choose one of: {refused[2]}"
    if refused := _NO_NUMBER.fullmatch(text):
        question = next((one for one, answer in answers.items() if answer == refused[1]), "")
        return question, "give a number"
    return "", ""


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
