"""Questions, on a real (pseudo) terminal."""

from __future__ import annotations

import errno
import os
import pty
import re
import select
import subprocess
import sys
from pathlib import Path

import pytest

PLUGINS = Path("panther/plugins/services/iut")
ESCAPES = re.compile(rb"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|[()][A-Z0-9]|[=>])")
CTRL_C, CTRL_D, DOWN, ENTER = b"\x03", b"\x04", b"\x1b[B", b"\r"


class Terminal:
    """A command on a pseudo-terminal, talked to by waiting for a text and typing an answer."""

    def __init__(self, *arguments: str, cwd: Path) -> None:
        self._end, other_end = pty.openpty()
        self._seen = b""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "panther_gen", *arguments],
            cwd=cwd,
            stdin=other_end,
            stdout=other_end,
            stderr=other_end,
            env={**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"},
            start_new_session=True,
        )
        os.close(other_end)

    def expect(self, text: str) -> None:
        """Read until ``text`` is on the screen; what came before it is forgotten."""
        while text.encode() not in ESCAPES.sub(b"", self._seen):
            read = self._read()
            assert read, f"{text!r} never came; the screen: {self.screen()}"
        self._seen = ESCAPES.sub(b"", self._seen).partition(text.encode())[2]

    def type(self, keys: bytes) -> None:
        os.write(self._end, keys)

    def end(self) -> int:
        """Read to the end and return the exit status."""
        while self._read():
            pass
        return self.process.wait(60)

    def screen(self) -> str:
        return ESCAPES.sub(b"", self._seen).decode(errors="replace").replace("\r", "")

    def _read(self) -> bytes:
        ready, _, _ = select.select([self._end], [], [], 60)
        assert ready, f"nothing came for a minute; the screen: {self.screen()}"
        try:
            read = os.read(self._end, 65536)
        except OSError as error:
            if error.errno != errno.EIO:  # which means that the other end is closed
                raise
            return b""
        self._seen += read
        return read

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._end)


@pytest.fixture
def terminal(tmp_path):
    terminals = []

    def start(*arguments):
        terminals.append(Terminal(*arguments, cwd=tmp_path))
        return terminals[-1]

    yield start
    for each in terminals:
        each.close()


def test_everything_is_asked_for(terminal, tmp_path):
    person = terminal("new-iut")
    person.expect("Which protocol does it speak?")
    person.type(DOWN + ENTER)
    person.expect("What shall the plugin be called?")
    person.type(b"my_impl" + ENTER)
    person.expect("Which language is the implementation written in?")
    person.type(DOWN + DOWN + ENTER)
    person.expect("What is it, in one line?")
    person.type(ENTER)
    person.expect("Which program does it start?")
    person.type(b"2" + ENTER)
    person.expect("Where are its sources?")
    person.type(ENTER)
    person.expect("Which version is the plugin?")
    person.type(ENTER)
    person.expect("class called?")
    person.type(ENTER)
    assert person.end() == 0
    plugin = tmp_path / PLUGINS / "http/my_impl"
    assert (
        '"my_impl2"'
        in plugin.joinpath("config_schema.py").read_text() + plugin.joinpath("my_impl.py").read_text()
    )
    assert not plugin.joinpath("endpoint").exists()


def test_what_was_said_is_not_asked_for_again(terminal, tmp_path):
    person = terminal(
        "new-iut", "quic", "my_impl", "--description", "said", "--binary", "said", "--class-name", "Said"
    )
    person.expect("Which language is the implementation written in?")
    person.type(ENTER)
    person.expect("Where are its sources?")
    person.type(ENTER)
    person.expect("Which version is the plugin?")
    person.type(ENTER)
    assert person.end() == 0
    assert "class Said(" in (tmp_path / PLUGINS / "quic/my_impl/my_impl.py").read_text()


@pytest.mark.parametrize("enough", [["--language", "c"], ["--defaults"], ["--json"]])
def test_with_enough_said_nothing_is_asked(terminal, tmp_path, enough):
    person = terminal("new-iut", "quic", "my_impl", *enough)
    assert person.end() == 0, person.screen()
    assert "?" not in person.screen()
    assert (tmp_path / PLUGINS / "quic/my_impl/my_impl.py").is_file()


def test_a_name_that_cannot_be_is_asked_for_again(terminal, tmp_path):
    (tmp_path / PLUGINS / "mqtt/taken").mkdir(parents=True)
    person = terminal("new-iut", "--language", "c")
    person.expect("Which protocol does it speak?")
    person.type(DOWN * 4 + ENTER)
    person.expect("What is the protocol called?")
    person.type(b"mqtt" + ENTER)
    person.expect("What shall the plugin be called?")
    person.type(b"taken" + ENTER)
    person.expect("exists already")
    # Added to what was typed before.
    person.type(b"2" + ENTER)
    person.expect("What is it, in one line?")
    person.type(CTRL_C)
    assert person.end() == 130


def test_why_a_name_cannot_be_is_said_beside_the_question(terminal):
    person = terminal("new-iut", "quic")
    person.expect("What shall the plugin be called?")
    person.type(b"class" + ENTER)
    person.expect("the plugin name 'class' is a keyword of Python")
    person.type(CTRL_C)
    assert person.end() == 130


@pytest.mark.parametrize(
    ("arguments", "question"),
    [([], "Which protocol"), (["quic"], "What shall"), (["quic", "my_impl"], "Which language")],
)
def test_ctrl_c_at_a_question_leaves_nothing(terminal, tmp_path, arguments, question):
    person = terminal("new-iut", *arguments)
    person.expect(question)
    person.type(CTRL_C)
    assert person.end() == 130
    assert "panther-gen: stopped" in person.screen()
    assert "Traceback" not in person.screen()
    assert list(tmp_path.iterdir()) == []


def test_the_end_of_the_terminal_is_a_sentence(terminal, tmp_path):
    person = terminal("new-iut", "quic")
    person.expect("What shall the plugin be called?")
    person.type(CTRL_D)
    assert person.end() == 2
    assert "the terminal ended before every question was answered" in person.screen()


def test_a_place_that_cannot_be_used_is_refused_before_any_question(terminal, tmp_path):
    tmp_path.joinpath("panther").mkdir()
    tmp_path.joinpath("panther/__init__.py").touch()
    person = terminal("new-iut", "quic", "my_impl")
    assert person.end() == 2
    assert "hidden by 'panther/__init__.py'" in person.screen()
    assert "written in?" not in person.screen()


EXAMPLE = ("--server", "srv -p 4443 -d ./www", "--client", "cl https://localhost:4443/ -o out")


def test_what_examples_were_taken_for_is_shown_and_may_be_agreed_to(terminal, tmp_path):
    person = terminal("new-iut", "quic", "my_impl", *EXAMPLE)
    person.expect("{www_dir}")
    person.expect("{download_dir}")
    person.expect("Is that right?")
    person.type(b"y")
    person.expect("Which language is the implementation written in?")
    person.type(ENTER)
    person.expect("What is it, in one line?")
    person.type(ENTER)
    person.expect("Where are its sources?")  # the program has been named by the examples
    person.type(ENTER)
    person.expect("Which version is the plugin?")
    person.type(ENTER)
    person.expect("class called?")
    person.type(ENTER)
    assert person.end() == 0
    assert 'kwargs["www_dir"]' in (tmp_path / PLUGINS / "quic/my_impl/my_impl.py").read_text()


def test_examples_that_were_misunderstood_leave_nothing(terminal, tmp_path):
    person = terminal("new-iut", "quic", "my_impl", *EXAMPLE)
    person.expect("Is that right?")
    person.type(b"n")
    person.expect("the examples are not understood, and nothing was written")
    assert person.end() == 2
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("keys", "status", "said", "stays"),
    [
        (b"y", 0, "remove  panther", False),
        (b"n", 0, "nothing has been changed", True),
        (ENTER, 0, "nothing has been changed", True),
        (b"xn", 0, "nothing has been changed", True),
        (CTRL_C, 130, "stopped", True),
        (CTRL_D, 2, "the terminal ended", True),
    ],
)
def test_destroying_is_confirmed(run, terminal, tmp_path, tree, keys, status, said, stays):
    run("new-iut", "quic", "mine", "--language", "c")
    before = tree(tmp_path)
    session = terminal("destroy", "mine")
    session.expect("remove  panther/plugins/services/iut/quic/mine/mine.py")
    session.expect("Remove these files?")
    session.type(keys)
    session.expect(said)
    assert session.end() == status, session.screen()
    assert "Traceback" not in session.screen()
    assert tree(tmp_path) == (before if stays else {"panther/": "directory"})
