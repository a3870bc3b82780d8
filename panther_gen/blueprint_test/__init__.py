"""The test of a blueprint: every combination of its choices is rendered, linted, and its tests are run."""

from __future__ import annotations

from panther_gen.blueprint_test.combinations import Combinations, read_combinations
from panther_gen.blueprint_test.trial import Outcome, check_machine, try_all
from panther_gen.blueprint_test.verdict import as_json, as_text

__all__ = ["Combinations", "Outcome", "as_json", "as_text", "check_machine", "read_combinations", "try_all"]
