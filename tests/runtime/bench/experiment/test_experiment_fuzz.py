"""Whatever stands in a file, it is an experiment or refused in words: never a traceback."""

from __future__ import annotations

import re

import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from panther.bench.experiment import ExperimentError, load_experiment

KEYS = [
    "tests", "name", "services", "s", "implementation", "protocol", "role", "target", "type", "test", "ports",
    "timeout", "steps", "wait", "network_environment", "execution_environment", "config", "logging", "level",
    "observers", "logger", "enabled", "version", "<<", "window", "custom_options", "zero_rtt", "extras",
    "model_config", "[key]", "",
]  # fmt: skip
WORDS = [
    "fast",
    "server",
    "client",
    "quic",
    "iut",
    "testers",
    "judge",
    "localhost",
    "s",
    "4443:4443",
    "1.10",
    "",
]

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.sampled_from(WORDS)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=30,
)
services = st.fixed_dictionaries(
    {},
    optional={
        "implementation": values
        | st.fixed_dictionaries(
            {"name": st.sampled_from(WORDS)},
            optional=dict.fromkeys(["window", "custom_options", "type", "zero_rtt", "test"], values),
        ),
        "protocol": values
        | st.fixed_dictionaries(
            {"name": st.sampled_from(WORDS), "role": st.sampled_from(WORDS)},
            optional={"target": values, "version": values},
        ),
        "ports": values | st.lists(st.sampled_from(WORDS) | values),
        "timeout": values,
    },
)
tests = st.fixed_dictionaries(
    {
        "name": values,
        "services": st.dictionaries(st.sampled_from(["s", "server", "client"]), services | values),
    },
    optional={"steps": values, "network_environment": values, "execution_environment": values},
)
experiments = st.fixed_dictionaries(
    {"tests": st.lists(tests, max_size=2)},
    optional={"logging": values, "observers": values, "other": values},
)
#: What a hand may put into a file.
PIECES = [
    "", "\t", "  ", "\n", ":", "- ", "[", "}", "&a ", "*a", "!!x ", "'", '"', "<<: *a", "| ", "%", "\\", "?",
    "é", "\u2028", "\x85", "\r", "0x_",
]  # fmt: skip

quick = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _check(file, shelf) -> None:
    problems = _problems(file, shelf)
    if problems is None:
        return
    text = file.read_text(encoding="utf-8", errors="replace")
    assert problems
    for problem in problems:
        assert 1 <= problem.line <= len(re.findall("[\n\r\x85\u2028\u2029]", text)) + 1
        assert problem.column >= 1
        assert problem.message
        assert not re.search(r"pydantic|Traceback", str(problem))


def _problems(file, shelf):
    """Return what is wrong with the file; None: nothing is."""
    try:
        load_experiment(file, shelf)
    except ExperimentError as error:
        return error.problems
    return None


@quick
@given(experiments | values)
@example({"tests": [{"name": "a", "services": {"s": {"implementation": {"name": "fast", "window": 13}}}}]})
def test_any_document_is_an_experiment_or_refused_in_words(file, shelf, document):
    file.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    _check(file, shelf)


@quick
@given(st.data())
def test_any_change_of_a_file_is_accepted_or_refused_in_words(file, shelf, pair, data):
    text = pair
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(start + 12, len(text))))
        piece = data.draw(st.sampled_from(PIECES))
        text = text[:start] + piece + text[end:]
    file.write_text(text, encoding="utf-8", newline="")
    _check(file, shelf)


@quick
@given(st.binary(max_size=60))
def test_any_bytes_are_refused_in_words(file, shelf, data):
    file.write_bytes(data)
    _check(file, shelf)
