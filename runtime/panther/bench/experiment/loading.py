"""From a file to an experiment, or to everything that is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from panther.bench.experiment.catalogue import InstalledPlugins, PluginCatalogue
from panther.bench.experiment.checks import check_document
from panther.bench.experiment.document import Document, read_document
from panther.bench.experiment.forms import described, wrong_form
from panther.bench.experiment.models import Experiment
from panther.bench.experiment.problems import ExperimentError, Finding, UnreadyError

__all__ = ["experiment_schema", "load_experiment"]


def load_experiment(file: Path, catalogue: PluginCatalogue | None = None) -> Experiment:
    """Read and check an experiment file.

    Args:
        file: the file.
        catalogue: the plugins that it may name; None: those on the plugin path.

    Raises:
        ExperimentError: it cannot be read, or what it says is not valid: all problems together.
        UnreadyError: it may be valid, but a plugin that it names needs something that is not installed.
    """
    document = read_document(file)
    experiment, findings = _checked(document, catalogue or InstalledPlugins())
    problems = [*document.problems, *document.located(findings)]
    if not problems and experiment is not None:
        return experiment
    if not document.problems and all(finding.of_machine for finding in findings):
        raise UnreadyError(problems)
    raise ExperimentError(problems)


def experiment_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of experiment files, for editors."""
    schema = Experiment.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "PANTHER experiment",
    }


def _checked(document: Document, catalogue: PluginCatalogue) -> tuple[Experiment | None, list[Finding]]:
    if not isinstance(document.value, dict):
        if () in document.unusable:
            return None, []
        message = f"a mapping is needed, and the file holds {described(document.value)}"
        return None, [Finding((), message, "write 'tests:' and the tests below it")]
    findings: list[Finding] = []
    experiment = None
    try:
        experiment = Experiment.model_validate(document.value)
    except ValidationError as error:
        findings += wrong_form(document, error)
    findings += check_document(document, catalogue)
    return experiment, findings
