"""What holds of fixes whatever stands around them: every other byte stays, and once is enough."""

from __future__ import annotations

import codecs
import re
import warnings
from pathlib import Path

import hypothesmith
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from panther_gen.__main__ import main

#: What stands in a class, with a fault and without it; ``>`` is a step of indentation.
FAULTS = [
    (">def get_binary_name(self): ...\n", ">def _get_binary_name(self): ...\n"),
    (
        ">def _get_server_specific_args(self):  # é\n>>return []\n",
        ">def _get_server_specific_args(self, **kwargs):  # é\n>>return []\n",
    ),
    (
        ">def _get_client_specific_args(\n>>self,  # one\n>>*,\n>>port,  # two\n>): ...\n",
        ">def _get_client_specific_args(\n>>self,  # one\n>>*,\n>>port,  # two\n>>**kwargs,\n>): ...\n",
    ),
    (
        ">own = '''\n\t'''  # panther-gen: ignore[PG101,PG104] gone\n",
        ">own = '''\n\t'''\n",
    ),
    (  # what stands before and behind the comment stays
        "># a\n>own = (  # b\n1)\n>other = 2  # noqa # panther-gen: ignore[PG105] gone  # fmt: skip\n",
        "># a\n>own = (  # b\n1)\n>other = 2  # noqa # fmt: skip\n",
    ),
]


def chunk(text: str, number: int, step: str) -> str:
    """Return a class of a service manager with ``text`` in its body."""
    imported = f"from panther.plugins.services.base import BaseServiceManager as B{number}\n"
    return f"{imported}class P{number}(B{number}):\n{text.replace('>', step)}"


@st.composite
def files(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """Return a file with faults among other code, and the same file without them."""
    around = hypothesmith.from_grammar().map(lambda code: code.replace("\r", "\n"))
    step = draw(st.sampled_from(["    ", "\t", "  "]))
    before, after = draw(around), draw(st.sampled_from(["", "x = '\t'  # é", "def f(\n): return (1,\n\n)"]))
    chosen = draw(st.lists(st.sampled_from(FAULTS), min_size=1, max_size=4))
    texts = []
    for which in (0, 1):
        chunks = [chunk(fault[which], number, step) for number, fault in enumerate(chosen)]
        texts.append("\n".join([before, *chunks, after]))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    mark = draw(st.sampled_from([b"", codecs.BOM_UTF8]))
    cut = draw(st.booleans())
    bad, good = (mark + (text.rstrip() if cut else text).replace("\n", end).encode() for text in texts)
    return bad, good


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    return tmp_path_factory.mktemp("fixes")


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[*HealthCheck],
)
@given(case=files())
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_only_the_faults_change_and_once_is_enough(case, directory, capsys, monkeypatch):
    bad, good = case
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(bad, "bad", "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            assume(False)
    monkeypatch.chdir(directory)
    file = Path("a.py")
    file.write_bytes(bad)
    main(["lint", "--fix", "a.py"])
    out, err = capsys.readouterr()
    once = file.read_bytes()
    if "its syntax tree does not give the same text back" in err:
        assert once == bad
    else:
        assert once == good, out + err
        compile(once, "good", "exec", dont_inherit=True)
        assert not re.search("PG003|PG104|PG105", out)
    assert main(["lint", "--diff", "a.py"]) == 0
    capsys.readouterr()
