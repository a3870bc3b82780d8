"""What the test of a blueprint has shown: for a person, and for a script."""

from __future__ import annotations

import json
from collections.abc import Sequence

from panther_gen.blueprint_test.trial import Outcome
from panther_gen.blueprints import Blueprint

__all__ = ["as_json", "as_text"]

#: Version of the JSON document; it changes when a key changes its meaning or goes.
_SCHEMA_VERSION = 1


def as_text(blueprint: Blueprint, outcomes: Sequence[Outcome]) -> str:
    """Return a line a combination, and the verdict."""
    width = max(len(outcome.label) for outcome in outcomes)
    lines = [f"{'ok' if one.passed else 'FAIL':4}  {one.label:{width}}  {_said(one)}" for one in outcomes]
    passed = sum(outcome.passed for outcome in outcomes)
    total = f"{len(outcomes)} {'combination' if len(outcomes) == 1 else 'combinations'}"
    lines.append(f"blueprint '{blueprint.id}': {passed} of {total} passed")
    failed = next((outcome for outcome in outcomes if not outcome.passed), None)
    if failed is not None:
        lines += [f"first failure, {failed.label}:", f"  {failed.stage}: {failed.failure}"]
    return "\n".join(lines)


def as_json(blueprint: Blueprint, outcomes: Sequence[Outcome]) -> str:
    """Return the same as a JSON document."""
    document = {
        "version": _SCHEMA_VERSION,
        "blueprint": blueprint.id,
        "directory": str(blueprint.directory),
        "passed": all(outcome.passed for outcome in outcomes),
        "combinations": [
            {
                "answers": dict(outcome.answers),
                "passed": outcome.passed,
                "files": outcome.files,
                "tests": outcome.tests,
                "stage": outcome.stage,
                "failure": outcome.failure,
            }
            for outcome in outcomes
        ],
    }
    return json.dumps(document, indent=2, default=str)


def _said(outcome: Outcome) -> str:
    if outcome.passed:
        return f"{outcome.files} files, {outcome.tests} tests"
    return f"{outcome.stage}: {outcome.failure}"
