"""What may be answered: names that cannot be names are refused, and no text leaves its place."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

REFUSED_WORDS = [
    "",
    "é",
    "1st",
    "My Impl",
    "my-impl",
    "class",
    "../../etc/x",
    "a;rm -rf /",
    "{{7*7}}",
    "x" * 65,
]

TEXTS = [
    'say "hello"',
    "it's",
    """both "of" 'them'""",
    "a backslash \\ and a last one\\",
    "\\n and \\u0041",
    '"""',
    "'''",
    "{{7*7}} {% raw %} {# x #}",
    "two\nlines\r\nand a\ttab",
    "x\n# heading\n- list\n```\n",
    "*b* _i_ `c` [l](u) <b> &amp; | $HOME ~x~ !",
    "%s %(x)s {0} {x}",
    "日本語 " * 20,
    "#",
    '"' * 9 + "'",
]


def manager_of(directory: Path) -> ast.ClassDef:
    tree = ast.parse((directory / f"{directory.name}.py").read_text(encoding="utf-8"))
    return next(node for node in tree.body if isinstance(node, ast.ClassDef))


def registration(manager: ast.ClassDef) -> dict[str, Any]:
    (decorator,) = manager.decorator_list
    assert isinstance(decorator, ast.Call)
    return {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in decorator.keywords}


@pytest.mark.parametrize("word", REFUSED_WORDS)
@pytest.mark.parametrize("question", ["protocol", "name"])
def test_refused_words(render: Any, tmp_path: Path, question: str, word: str) -> None:
    answers = {"protocol": "quic", "name": "mine", question: word}
    with pytest.raises(ValueError, match=f"Validation error for question '{question}': "):
        render(tmp_path / "root", **answers)
    assert not list(tmp_path.rglob("*.py"))


@pytest.mark.parametrize(
    "name", ["config_schema", "conftest", "endpoint", "templates", "tests", "test_mine", "mine_test"]
)
def test_names_that_a_plugin_needs_itself(render: Any, tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="Validation error for question 'name'"):
        render(tmp_path, "quic", name)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("language", "cobol"),
        ("description", "a bell \a"),
        ("description", "right to left \u202e"),
        ("description", "x" * 301),
        ("binary_name", ""),
        ("binary_name", "my binary"),
        ("binary_name", '"; rm -rf /; "'),
        ("binary_name", "--option"),
        ("binary_name", "bin//mined"),
        ("binary_name", "bin/"),
        ("binary_name", "x\n"),
        ("repo_url", "no url"),
        ("repo_url", 'https://example.org/"x'),
        ("repo_url", "https://example.org/$(id)"),
        ("repo_url", "https://example.org/x\nRUN id"),
        ("version", "one"),
        ("version", "3.1"),
        ("version", '1"'),
        ("version", "1.0\n"),
        ("class_name", "lower"),
        ("class_name", "Two Words"),
        ("class_name", "None"),
        ("class_name", "PythonQUICServiceManager"),
    ],
)
def test_refused_answers(render: Any, tmp_path: Path, question: str, answer: str) -> None:
    with pytest.raises(ValueError, match=r"Validation error|Invalid choice"):
        render(tmp_path, "quic", "mine", **{question: answer})
    assert not list(tmp_path.rglob("*.py"))


def test_descriptions(render: Any, tmp_path: Path) -> None:
    """The text means itself wherever it stands: in Python, and in one line of Markdown."""
    for number, text in enumerate(TEXTS):
        directory = render(tmp_path, "quic", f"mine_{number}", description=text)
        meant = " ".join(text.split())
        assert registration(manager_of(directory))["description"] == meant
        assert meant in [
            node.value
            for node in ast.walk(ast.parse((directory / f"tests/test_mine_{number}.py").read_text("utf-8")))
            if isinstance(node, ast.Constant)
        ]
        (line,) = re.findall(
            r"^> \*\*Description\*\*: (.*)$", (directory / "README.md").read_text("utf-8"), re.MULTILINE
        )
        shown = re.sub(r"\\([^A-Za-z0-9\s])", r"\1", line).replace("&lt;", "<").replace("&amp;", "&")
        assert shown == meant
    assert_formatted(tmp_path)


def test_lengths(render: Any, tmp_path: Path) -> None:
    """Whatever a name's length, lines are broken where the formatter would break them."""
    for length in (1, 24, *range(26, 65, 3)):
        word = ("p" + "bcdefghi_" * 7)[:length]
        language = "go" if length % 4 == 0 else "python"
        render(tmp_path, word, f"n{word[1:]}", language=language, binary_name="/" + "b" * (length + 20))
    for length in (40, 49, 64):
        word = ("q" + "bcdefghi_" * 7)[:length]
        render(tmp_path, "quic", word, language="python" if length % 2 else "rust")
    assert_formatted(tmp_path)


@pytest.mark.parametrize(
    ("protocol", "name", "class_name", "config_class"),
    [
        ("quic", "my_impl", "MyImplServiceManager", "MyImplConfig"),
        ("weather", "base", "BasePluginServiceManager", "BasePluginConfig"),
        ("quic", "i_u_t", "IUTServiceManager", "IUTPluginConfig"),
        ("quic", "h3_2_x", "H32XServiceManager", "H32XConfig"),
    ],
)
def test_class_names(
    render: Any, tmp_path: Path, protocol: str, name: str, class_name: str, config_class: str
) -> None:
    directory = render(tmp_path, protocol, name)
    assert manager_of(directory).name == class_name
    schema = ast.parse((directory / "config_schema.py").read_text(encoding="utf-8"))
    assert [node.name for node in schema.body if isinstance(node, ast.ClassDef)] == [config_class]


def test_own_answers(render: Any, tmp_path: Path) -> None:
    directory = render(
        tmp_path,
        "http",
        "mine",
        language="go",
        class_name="Mine",
        binary_name="/opt/mine/bin/mined",
        version="3.1.0",
        repo_url="git@example.org:me/mine.git",
    )
    manager = manager_of(directory)
    assert manager.name == "Mine"
    assert registration(manager) == {
        "plugin_type": "iut",
        "name": "mine",
        "version": "3.1.0",
        "description": "mine, an implementation of HTTP",
        "supported_protocols": ["http"],
        "capabilities": ["http/1.1"],
    }
    dockerfile = (directory / "Dockerfile").read_text(encoding="utf-8")
    assert "ARG REPO_URL=git@example.org:me/mine.git\n" in dockerfile
    assert 'ENTRYPOINT ["/usr/local/bin/mined"]\n' in dockerfile
    assert_formatted(tmp_path)


def test_copier_on_the_command_line(blueprint: Path, tmp_path: Path) -> None:
    """Plain copier is enough: no trust, no git, no plugin of it."""
    words = ["copy", "--defaults", "--quiet", "-d", "protocol=tcp", "-d", "name=mine"]
    result = subprocess.run(
        [sys.executable, "-m", "copier", *words, str(blueprint), str(tmp_path / "mine")],
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "mine" / "mine.py").is_file()


def assert_formatted(root: Path) -> None:
    pytest.importorskip("ruff")
    for words in (["format", "--diff", "--quiet"], ["check"]):
        result = subprocess.run(
            [sys.executable, "-m", "ruff", *words, "--isolated", "--no-cache", str(root)],
            capture_output=True,
            text=True,
        )
        assert result.returncode == 0, result.stdout + result.stderr
