"""A tester, as ``panther-gen new-tester minip`` makes it, tells the variants of ping_pong apart."""

from __future__ import annotations

import json

import pytest

EXPERIMENT = """\
tests:
  - name: "judged"
    services:
      server:
        implementation: {{name: "ping_pong", type: "iut", variant: "{variant}"}}
        protocol: {{name: "minip", version: "1.0", role: "server"}}
      judge:
        implementation: {{name: "minip_judge", type: "testers"}}
        protocol: {{name: "minip", version: "1.0", role: "client", target: "server"}}
"""


@pytest.fixture(scope="module")
def judged(run, examples, tmp_path_factory):
    """Let a fresh tester judge a variant; return the outcome and what each check said."""
    root = tmp_path_factory.mktemp("judge")
    made = run("panther_gen", "new-tester", "minip", "minip_judge", "--output", root)
    assert made.returncode == 0, made.stdout

    def judge(variant: str) -> tuple[str, dict[str, bool]]:
        file = root / f"{variant}.yaml"
        file.write_text(EXPERIMENT.format(variant=variant), encoding="utf-8")
        results = root / f"results-{variant}"
        words = ("--experiment-config", file, "--plugin-path", examples, "--results", results)
        done = run("panther", *words, cwd=root)
        verdict = results / "latest" / "judged" / "judge" / "verdict.json"
        checks = json.loads(verdict.read_text(encoding="utf-8"))["checks"] if verdict.is_file() else []
        assert checks or "exited with status 1" in done.stdout
        (test,) = json.loads((results / "latest" / "results.json").read_text(encoding="utf-8"))["tests"]
        return test["outcome"], {check["name"]: check["passed"] for check in checks}

    return judge


@pytest.mark.parametrize(
    ("variant", "outcome", "answers", "ignores"),
    [
        ("functional", "passed", True, True),
        ("vulnerable", "failed", True, False),
        ("flaky", "failed", False, None),
        ("fail", "failed", None, None),
    ],
)
def test_a_tester_tells_variants_apart(judged, variant, outcome, answers, ignores):
    """What a flaky server does with garbage depends on whose turn it is; one that dies ends the checks."""
    found, checks = judged(variant)
    assert found == outcome
    if answers is not None:
        assert checks["answers_pings"] is answers
    if ignores is not None:
        assert checks["ignores_garbage"] is ignores


def test_a_random_server_is_caught_sooner_or_later(judged):
    """It answers six pings in a row by luck once in 64 times; three times in a row, hardly ever."""
    assert "failed" in {judged("random")[0] for _ in range(3)}
