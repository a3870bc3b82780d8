"""The linter fails on no file, whatever is in it."""

from __future__ import annotations

import random
import warnings
from pathlib import Path

import hypothesmith
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from panther_gen.lint.rules import RULES
from panther_gen.lint.running.engine import check_files

ROOT = Path(__file__).resolve().parents[3]
PLUGIN = ROOT / "generated_examples/panther/plugins/services/iut/quic/aioquic"
SOURCES = {path.name: path.read_text(encoding="utf-8") for path in sorted(PLUGIN.glob("*.py"))}
CLASS = (
    "from panther.plugins.services.base import BaseServiceManager as _B\n"
    "class _P(_B):\n    def prepare(self): ...\n"
)
CODES = {rule.code for rule in RULES}
WHERE = Path("panther/plugins/services/iut/quic/aioquic")
SHORT = settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
LONG = settings(SHORT, max_examples=400)
# Of the random modules, and of the library that makes them.
pytestmark = pytest.mark.filterwarnings("ignore::SyntaxWarning")


def codes_of(content, name="sample.py"):
    """Return the codes of what is found in a file with that content, which is not saved."""
    data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    path = WHERE / name
    found = check_files([path], {path: data}).findings
    assert {one.code for one in found} <= CODES
    for one in found:
        assert one.span.line >= 1
        assert "\n" not in one.message
    return [one.code for one in found if one.path == str(path)]


def valid_module(source):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:  # compile() takes a backslash before a last CRLF, Python does not take it in a file
            compile(source.replace("\r\n", "\n"), "sample.py", "exec")
        except SyntaxError:
            reject()
        assert "PG001" not in codes_of(source)
        assert "PG101" in codes_of(CLASS + source)


@st.composite
def mutated(draw):
    """Draw a file of a real plugin in which a few stretches were taken out, doubled, moved or put in."""
    text = SOURCES[draw(st.sampled_from(sorted(SOURCES)))]
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 40)))
        put = draw(
            st.sampled_from(["", text[start:end] * 2, "(", "'''", "\n", "\t", ":", "é", "\\", "\0", "@", "*"])
        )
        text = text[:start] + put + text[end:]
    return text


def bytes_or_text():
    return st.one_of(
        st.binary(max_size=300), st.text(max_size=300), st.text("ab():=@.\n\t '\"#[]{}*,\\", max_size=80)
    )


@pytest.fixture(autouse=True)
def somewhere_else(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@given(hypothesmith.from_node())
@SHORT
def test_a_module_of_random_syntax_is_checked(source):
    valid_module(source)


@given(hypothesmith.from_grammar())
@SHORT
def test_a_module_of_the_random_grammar_is_checked(source):
    valid_module(source)


@given(bytes_or_text())
@SHORT
def test_random_content_is_checked(content):
    assert codes_of(content).count("PG001") <= 1


@given(mutated())
@SHORT
def test_a_mutated_plugin_is_checked(text):
    assert codes_of(text).count("PG001") <= 1


@pytest.mark.slow
@given(st.one_of(hypothesmith.from_node(), hypothesmith.from_grammar()))
@LONG
def test_many_random_modules_are_checked(source):
    valid_module(source)


@pytest.mark.slow
@given(st.one_of(mutated(), bytes_or_text()))
@LONG
def test_much_random_content_is_checked(content):
    assert codes_of(content).count("PG001") <= 1


def test_a_plugin_cut_anywhere_is_checked():
    text = SOURCES["aioquic.py"]
    for place in random.Random(1).sample(range(len(text)), 60):
        assert codes_of(text[:place]).count("PG001") <= 1
