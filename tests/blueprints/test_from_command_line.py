"""Plugins that were made from examples: well formed, tested, and no text of an example becomes code."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panther.plugins import plugin_decorators
from panther_gen.generate.answers import request_for
from panther_gen.generate.land import land
from panther_gen.generate.iut import plan_new_iut
from panther_gen.generate.command_line import answers_of, read_command_lines

TROUBLE = [
    "{{ 7*7 }}", "{% raw %}", "%}", "{#", "#}", "'", '"', "'\"", '"""', "\\", "\\n", "\\N{DASH}", "x\ny",
    "\t", "é\u202eß", "日本", "\N{GRINNING FACE}", "\u2028", "\x7f", "#", "", "a b",
    "$x", "*", "{0}", "%s",
    "`id`", "|", "--x={{ y }}", "{a}=b", "kwargs['port']", "x" * 200, "'); import os; os.abort(); ('",
]  # fmt: skip
SERVER = f"srv {shlex.join(TROUBLE)} -p 4443 --listen [::1]:4443"
CLIENT = (
    "FOO='{{ x }}\"\n' SSLKEYLOGFILE=k.log cl https://[::1]:4443/index.html -o out/index.html "
    + shlex.join(["--resolve", "x{}\"'y:4443:[::1]", '--q="{}\\:4443"', "--to={}'\\:4443", *TROUBLE])
)
EXAMPLES: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "trouble": ("quic", {"server": SERVER, "client": CLIENT}, {}),
    "trouble_in_python": ("http", {"server": SERVER, "client": CLIENT}, {"language": "python"}),
    "one_server": (
        "quic",
        {"server": "X=1 ./bin/x -p 4443 --listen [::1]:4443 --qlog-dir q/ --keylog k.log --log-dir log/ x"},
        {},
    ),
    "one_client": ("quic", {"client": "c --connect [::1]:4443 --path /index.html -o out/"}, {}),
    "python": (
        "quic",
        {
            "server": "python3 server.py --certificate c.pem --private-key key.pem --host :: --port 4433",
            "client": "python3 client.py --ca-certs ca.pem --output-dir out https://localhost:4433/",
        },
        {"language": "python"},
    ),
    "rust": (
        "quic",
        {"server": "/opt/srv -p 4443", "client": "cl localhost 4443"},
        {"language": "rust", "repo_url": "https://example.org/x.git"},
    ),
    "go": (
        "http",
        {
            "server": "srv file-server --listen :4443 --root ./www",
            "client": "cl --cacert ca.pem -o out/index.html https://localhost:4443/index.html",
        },
        {"language": "go"},
    ),
    "echo": (
        "tcp",
        {"server": "n -l -k 8080 --exec /bin/cat", "client": "s TCP:localhost:8080 --send in.bin"},
        {"language": "python"},
    ),
    "pings": ("minip", {"server": "m 4987", "client": "c localhost 4987 --count 5 --interval 0.2"}, {}),
    "bare": ("weather", {"server": "w", "client": "v"}, {}),
    "base": ("weather", {"client": "v x"}, {"repo_url": "https://example.org/x.git"}),
    "n" + "ame_" * 15: ("quic", {"server": f"/{'b' * 90} -x", "client": f"/{'c' * 90}"}, {"language": "c"}),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a working directory with a plugin of each example."""
    root = tmp_path_factory.mktemp("made")
    for name, (protocol, examples, answers) in EXAMPLES.items():
        land(plan_new_iut(request_for(root, protocol, name, answers, **examples)))
    return root


def check(made: Path, *words: str) -> None:
    done = subprocess.run([sys.executable, "-m", *words], cwd=made, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_linter_finds_nothing(made: Path) -> None:
    check(made, "panther_gen", "lint", "--strict")


def test_their_own_tests_pass(made: Path) -> None:
    check(made, "pytest", "-q", "-p", "no:cacheprovider", "panther")


@pytest.mark.parametrize("words", [["format", "--diff"], ["check"]], ids=["format", "check"])
def test_they_are_formatted(made: Path, words: list[str]) -> None:
    pytest.importorskip("ruff")
    check(made, "ruff", *words, "--isolated", "--no-cache", "panther")


@pytest.mark.slow
def test_their_types_hold(made: Path) -> None:
    pytest.importorskip("mypy")
    check(made, "mypy", "--strict", "--cache-dir", str(made / ".mypy_cache"), "panther")


def test_their_tests_notice_each_change(made: Path) -> None:
    plugins = [str(path) for path in sorted(made.glob("panther/plugins/services/iut/*/*/"))]
    assert len(plugins) == len(EXAMPLES)
    mutations = Path(__file__).with_name("test_mutations.py")
    done = subprocess.run([sys.executable, mutations, *plugins], cwd=made, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout)
    assert outcome["survivors"] == []
    assert outcome["mutants"] > 25 * len(plugins)


def test_the_readme_names_the_methods_and_the_places(made: Path) -> None:
    for name, (protocol, examples, _) in EXAMPLES.items():
        plugin = made / "panther/plugins/services/iut" / protocol / name
        text = plugin.joinpath("README.md").read_text(encoding="utf-8")
        methods = [
            line.split("def ")[1].split("(")[0]
            for line in plugin.joinpath(f"{name}.py").read_text(encoding="utf-8").splitlines()
            if line.startswith("    def ")
        ]
        named = [
            line.split("── ")[1].removesuffix("()")
            for line in text.splitlines()
            if "── _" in line or "── g" in line
        ]
        assert named == methods
        assert "templates/" not in text
        assert "endpoint" not in text
        for role in examples:
            assert f"| {role} |" in text or not read_command_lines(protocol, examples)[role].values


def test_plain_copier_takes_the_same_answers(tmp_path: Path, render: Any) -> None:
    examples = {"server": SERVER, "client": CLIENT}
    written = land(plan_new_iut(request_for(tmp_path / "one", "quic", "mine", {}, **examples)))
    answers = answers_of(read_command_lines("quic", examples))
    directory = render(tmp_path / "two", "quic", "mine", **answers)
    own = [file for file in written if file.path.name != "test_config.yaml" and file.path.name[0] != "."]
    assert {file.path.name for file in own} == {path.name for path in directory.rglob("*") if path.is_file()}
    for file in own:
        assert (tmp_path / "two" / file.path).read_bytes() == file.content


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12),
            st.sampled_from(TROUBLE),
        ),
        max_size=60,
    )
)
def test_the_written_method_returns_the_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    """Any arguments, the ports and files that happen to be among them too."""
    monkeypatch.setattr(plugin_decorators, "register_plugin", lambda **_: lambda cls: cls)
    texts = {"server": shlex.join(["srv", *words])}
    plan = plan_new_iut(request_for(tmp_path, "quic", "mine", {}, **texts))
    (source,) = [file.content.decode() for file in plan.files if file.path.name == "mine.py"]
    names: dict[str, Any] = {"__name__": "mine"}
    exec(compile(source, "mine.py", "exec"), names)
    values = read_command_lines("quic", texts)["server"].values
    assert names["MineServiceManager"]()._get_server_specific_args(**values) == words
