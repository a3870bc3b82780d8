"""From a file to an experiment, or to everything that is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from panther.bench.experiment.catalogue import Catalogue, InstalledPlugins
from panther.bench.experiment.checks import check_experiment
from panther.bench.experiment.document import Document, Path_, read_document
from panther.bench.experiment.models import Experiment
from panther.bench.experiment.problems import ExperimentError, Problem, did_you_mean, dotted

__all__ = ["experiment_schema", "load_experiment"]


def load_experiment(file: Path, catalogue: Catalogue | None = None) -> Experiment:
    """Read and check an experiment file.

    Args:
        file: the file.
        catalogue: the plugins that it may name; None: those on the plugin path.

    Raises:
        ExperimentError: what it says is not valid; all problems together.
        ConfigurationError: it cannot be read.
    """
    document = read_document(file)
    try:
        experiment = Experiment.model_validate(document.value)
    except ValidationError as error:
        raise ExperimentError(
            _problem(document, details)
            for details in error.errors(include_url=False)
            # What lost its items because they were refused is "too short" as well: no second problem.
            if not (details["type"] == "too_short" and document.at(details["loc"]))
        ) from None
    found = list(check_experiment(experiment, catalogue or InstalledPlugins()))
    if found:
        raise ExperimentError(
            Problem(document.file, *document.position(path, of_key=of_key), dotted(path), message, cure)
            for path, of_key, message, cure in found
        )
    return experiment


def experiment_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of experiment files."""
    schema = Experiment.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "PANTHER experiment",
    }


def _problem(document: Document, details: ErrorDetails) -> Problem:
    path: Path_ = details["loc"]
    of_key, message, cure = False, f"{details['msg'].lower()}, got {_shown(details['input'])}", ""
    match details["type"]:
        case "extra_forbidden":
            of_key, message = True, f"unknown key '{path[-1]}'"
            cure = did_you_mean(str(path[-1]), _keys_of(path[:-1]))
        case "missing":
            message, cure = f"the key '{path[-1]}' is missing", f"add '{path[-1]}:'"
        case "literal_error":
            known = details["ctx"]["expected"].replace("'", "").replace(" or ", ", ").split(", ")
            message = f"unknown {path[-1]} {_shown(details['input'])}"
            cure = did_you_mean(str(details["input"]), known)
        case "model_type" | "dict_type":
            message = f"a mapping is needed here, got {_shown(details['input'])}"
        case "too_short":
            message = f"'{path[-1]}' is empty"
    line, column = document.position(path, of_key=of_key)
    return Problem(document.file, line, column, dotted(path), message, cure)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _keys_of(path: Path_) -> list[str]:
    """Return the keys that the model at a path knows."""
    model: Any = Experiment
    for part in path:
        field = (
            model.model_fields.get(str(part))
            if isinstance(model, type) and issubclass(model, BaseModel)
            else None
        )
        model = _model_in(field.annotation) if field is not None else model
    return list(model.model_fields)


def _model_in(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        if (found := _model_in(argument)) is not None:
            return found
    return None
