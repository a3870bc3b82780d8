"""Which combinations of answers a blueprint is tested with, and where each belongs.

The choices of its questions are read from ``copier.yml``. What else varies, or has no default, stands in a
``tests.yml`` beside it::

    place: panther/plugins/services/iut/{protocol}/{name}
    answers:
      protocol: [quic, http]
      name: [sample]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import product
from math import prod
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from panther_gen.blueprints import Blueprint
from panther_gen.errors import BlueprintError, UsageError, shown

__all__ = ["Combinations", "read_combinations"]

_FILE = "tests.yml"
_PLACE = "panther/plugins/services/iut/{protocol}/{name}"
#: Answers to questions that every plugin's blueprint asks, where nothing says others.
_USUAL = {"protocol": "tcp", "name": "sample"}
#: More of them would take an hour.
_MOST = 1000


@dataclass(frozen=True)
class Combinations:
    """What a blueprint is rendered with."""

    place: str
    """The directory of what is rendered, with questions in braces."""

    answers: Mapping[str, Sequence[Any]]
    """By question, the answers that it is tested with."""

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for values in product(*self.answers.values()):
            yield dict(zip(self.answers, values, strict=True))

    def __len__(self) -> int:
        return prod(len(values) for values in self.answers.values())

    def directory(self, answers: Mapping[str, Any]) -> PurePosixPath:
        """Return where a combination belongs, relative to a root.

        Raises:
            UsageError: it lies outside of the root, or names a question that has no answer here.
        """
        try:
            path = PurePosixPath(self.place.format_map({key: str(value) for key, value in answers.items()}))
        except (KeyError, ValueError, IndexError, AttributeError) as error:
            raise UsageError(
                f"the place {shown(self.place)} cannot be filled in: {error}",
                cure=f"give it questions that {_FILE} answers: {', '.join(answers)}",
            ) from error
        if path.is_absolute() or ".." in path.parts or not path.parts:
            raise UsageError(
                f"the place {shown(str(path))} lies outside of the root", cure="make it relative"
            )
        return path

    def label(self, answers: Mapping[str, Any]) -> str:
        """Return what tells a combination from the others."""
        varying = [question for question, values in self.answers.items() if len(values) > 1]
        return " ".join(f"{question}={answers[question]}" for question in varying) or "the only one"


def read_combinations(blueprint: Blueprint) -> Combinations:
    """Read what a blueprint is to be tested with.

    Raises:
        UsageError: ``tests.yml`` cannot be used, or there are too many combinations.
        BlueprintError: the questions cannot be read.
    """
    questions = _questions(blueprint)
    place, given = _tests(blueprint.directory / _FILE, questions)
    answers = {
        question: values
        for question, form in questions.items()
        if (values := given.get(question) or _choices(question, form))
    }
    combinations = Combinations(place, answers)
    if len(combinations) > _MOST:
        raise UsageError(
            f"the blueprint '{blueprint.id}' has {len(combinations)} combinations; {_MOST} are the most",
            cure=f"name the answers that matter in {_FILE}",
        )
    return combinations


def _questions(blueprint: Blueprint) -> dict[str, Any]:
    try:
        document = yaml.safe_load(blueprint.questions_file.read_bytes()) or {}
    except (OSError, yaml.YAMLError) as error:
        raise BlueprintError(
            f"the questions cannot be read: {error}", where=str(blueprint.questions_file)
        ) from error
    if not isinstance(document, dict):
        raise BlueprintError("the questions are no mapping", where=str(blueprint.questions_file))
    return {key: form for key, form in document.items() if isinstance(key, str) and not key.startswith("_")}


def _choices(question: str, form: Any) -> list[Any]:
    """Return the answers of a question that a person chooses among; nothing where its default will do."""
    if not isinstance(form, dict) or form.get("when") is False:
        return []
    choices = form.get("choices")
    if isinstance(choices, dict):
        return list(choices.values())
    if isinstance(choices, list) and not form.get("multiselect"):
        return [choice[1] if isinstance(choice, list) and len(choice) == 2 else choice for choice in choices]
    if form.get("type") == "bool":
        return [False, True]
    return [_USUAL[question]] if question in _USUAL and "default" not in form else []


def _tests(file: Path, questions: Mapping[str, Any]) -> tuple[str, dict[str, list[Any]]]:
    if not file.is_file():
        return _PLACE, {}
    try:
        document = yaml.safe_load(file.read_bytes()) or {}
    except (OSError, yaml.YAMLError) as error:
        raise UsageError(f"it cannot be read: {error}", where=str(file)) from error
    if not isinstance(document, dict) or not isinstance(document.get("answers", {}), dict):
        raise UsageError("it is no mapping", cure="write place: and answers:", where=str(file))
    _refuse_unknown(document, ("place", "answers"), "key", file)
    answers = document.get("answers", {})
    _refuse_unknown(answers, questions, "question", file)
    for question, values in answers.items():
        if not isinstance(values, list) or not values:
            cure = f"write {question}: [one, another]"
            raise UsageError(f"the answers to '{question}' are no list", cure=cure, where=str(file))
    return str(document.get("place", _PLACE)), answers


def _refuse_unknown(given: Mapping[Any, Any], known: Any, what: str, file: Path) -> None:
    for key in given:
        if key not in known:
            close = get_close_matches(str(key), list(known), n=1)
            cure = f"did you mean '{close[0]}'?" if close else f"known: {', '.join(known)}"
            raise UsageError(f"there is no {what} {shown(str(key))}", cure=cure, where=str(file))
