"""From an experiment to the text of a file."""

from __future__ import annotations

from panther.bench.experiment.models import Experiment
from panther.bench.yaml_text import yaml_text

__all__ = ["dump_experiment"]


def dump_experiment(experiment: Experiment) -> str:
    """Return the text of a file that loads back as an equal experiment.

    What the experiment was not told is left out: a value that is said, even if it is the default, is
    not the same to the bench as one that is not (a server's ``timeout``).
    """
    plain = experiment.model_dump(exclude_unset=True)
    return yaml_text(plain, width=100)
