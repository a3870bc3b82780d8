"""The tester ``judge`` of the examples tells the variants of ping_pong apart."""

from __future__ import annotations

import json

import pytest

EXPERIMENT = "panther/plugins/services/testers/minip/judge/experiment.yaml"
CHECKS = ("answers_pings", "ignores_garbage", "is_predictable")


@pytest.fixture
def judged(run, tmp_path):
    """Let the tester judge variants by its own experiment; return status, outcomes and verdicts."""

    def judge(*variants: str, repeat: int = 1):
        only = (word for variant in variants for word in ("--only", f"{variant} judged by judge"))
        words = ("run", EXPERIMENT, *only, "--repeat", repeat, "--jobs", 2, "--results", tmp_path / "results")
        done = run("panther", *words)
        latest = tmp_path / "results" / "latest"
        tests = json.loads((latest / "results.json").read_text(encoding="utf-8"))["tests"]
        verdicts = [_verdict(latest / test["directory"] / "tester" / "verdict.json") for test in tests]
        return done.returncode, tests, verdicts

    return judge


def _verdict(file) -> tuple[bool, ...]:
    """Return whether each check passed; none where the server's end has ended them."""
    checks = json.loads(file.read_text(encoding="utf-8"))["checks"] if file.is_file() else []
    assert tuple(check["name"] for check in checks) in {CHECKS, ()}
    return tuple(check["passed"] for check in checks)


#: How often a server is judged until the verdict fits: one that says nothing for 0.2 s has not answered, and
#: so long a machine that is busy may hold up any of them.
ATTEMPTS = 3


def test_a_functional_server_passes(judged):
    assert 0 in (judged("functional")[0] for _ in range(ATTEMPTS))


def test_each_variant_that_misbehaves_has_a_verdict_of_its_own(judged):
    """What a flaky server does with the ping that follows garbage depends on whose turn it is."""
    for _ in range(ATTEMPTS):
        status, tests, (vulnerable, flaky, _) = judged("vulnerable", "flaky", "fail")
        if (vulnerable, flaky[::2]) == ((True, False, True), (False, True)):
            break
    assert status == 1
    assert [test["outcome"] for test in tests] == ["failed"] * 3
    assert vulnerable == (True, False, True)
    assert flaky[::2] == (False, True)
    assert tests[2]["reason"].startswith("server 'server' exited with status 1")


def test_a_random_server_is_caught_sooner_or_later(judged):
    """Each check may pass by luck, all of three runs hardly ever."""
    status, _, verdicts = judged("random", repeat=3)
    assert status == 1
    answers, _, predictable = zip(*verdicts, strict=True)
    assert not all(answers)
    assert not all(predictable)
