"""The benchmark harness, with figures that are given instead of measured."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def harness():
    spec = importlib.util.spec_from_file_location("bench_harness_under_test", HERE / "harness.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def side(harness, label, figures, calls):
    remaining = iter(figures)

    def measure():
        calls.append(label)
        return next(remaining)

    return harness.Side(label, measure)


def declared(harness, target, ours, reference):
    calls = []

    def prepare(workplace):
        calls.append(list(workplace.iterdir()))
        return harness.Comparison(
            ours=side(harness, "A", ours, calls), reference=side(harness, "B", reference, calls)
        )

    return harness.Benchmark("name", "ms", target, len(ours) - 1, prepare), calls


def test_the_sides_take_turns_after_a_warm_up(harness):
    benchmark, calls = declared(harness, harness.at_most(1), [99, 1, 2], [99, 2, 4])
    result = harness.measure(benchmark)
    assert calls == [[], "A", "B", "A", "B", "A", "B"]
    assert result.ours == (1, 2)
    assert result.reference == (2, 4)


def test_the_ratio_is_the_median_of_the_rounds(harness):
    benchmark, _ = declared(harness, harness.at_most(1), [0, 1, 2, 9], [1, 2, 2, 3])
    result = harness.measure(benchmark)
    assert result.ratios == (0.5, 1.0, 3.0)
    assert result.ratio == 1.0
    assert result.holds
    assert json.loads(json.dumps(result.as_json()))["ratio"] == {"median": 1.0, "min": 0.5, "max": 3.0}


@pytest.mark.parametrize(
    ("target", "ratio", "holds", "text"),
    [
        ("at_most", 0.5, True, "≤ 0.5"),
        ("at_most", 0.51, False, "≤ 0.5"),
        ("at_least", 0.5, True, "≥ 0.5"),
        ("at_least", 0.49, False, "≥ 0.5"),
    ],
)
def test_targets(harness, target, ratio, holds, text):
    made = getattr(harness, target)(0.5)
    assert made.holds(ratio) is holds
    assert str(made) == text


def test_a_program_that_fails_is_not_measured(harness):
    assert harness.time_process([sys.executable, "-c", ""]) > 0
    with pytest.raises(harness.BrokenError, match=r"(?s)exit status 1: .*\nno space left"):
        harness.time_process([sys.executable, "-c", "raise SystemExit('no space left')"])


def test_a_program_that_is_not_installed_is_named(harness):
    with pytest.raises(harness.UnavailableError, match="'no-such-program' is not installed"):
        harness.program("no-such-program")


def test_the_runner_lists_what_there_is_when_nothing_matches():
    argv = [sys.executable, str(HERE / "run.py"), "no such benchmark"]
    run = subprocess.run(argv, capture_output=True, text=True)
    assert run.returncode == 2
    assert "event bus, deliveries to one handler" in run.stderr
