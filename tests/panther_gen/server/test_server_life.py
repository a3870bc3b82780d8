"""``panther-gen server``: how it starts, what it survives, and how it ends."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
import venv
from pathlib import Path

import pygls
import pytest
from lsprotocol import types

import panther_gen

IMPORT = "from panther.plugins.services.base import BaseServiceManager\n"
WRONG = f"{IMPORT}class Sample(BaseServiceManager):\n    prepare = 1\n"
A = {"uri": "file:///never-opened.py", "version": 1}
COMMAND = [sys.executable, "-m", "panther_gen", "server"]
PATIENCE = 60

#: The server with a linter that fails on one word.
FAILING = """
import sys
from panther_gen.__main__ import main
from panther_gen.lint.running import engine
check_files = engine.check_files
def failing(paths, contents, *rest):
    print("printed in the middle of a check")
    if any(b"FAIL" in content for content in contents.values()):
        raise LookupError("broken on purpose")
    return check_files(paths, contents, *rest)
engine.check_files = failing
sys.exit(main(["server"]))
"""


def message(content):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def call(method, params=None, number=None):
    content = {"jsonrpc": "2.0", "method": method, "params": params or {}}
    return message(content if number is None else {**content, "id": number})


INITIALIZE = call("initialize", {"capabilities": {}, "processId": None, "rootUri": None}, 1)
SHUTDOWN = message({"jsonrpc": "2.0", "method": "shutdown", "id": 2})
EXIT = message({"jsonrpc": "2.0", "method": "exit"})


def serve(content):
    return subprocess.run(COMMAND, input=content, capture_output=True, timeout=PATIENCE)


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (INITIALIZE + SHUTDOWN + EXIT, 0),
        (INITIALIZE + EXIT, 1),
        (EXIT, 1),
        (INITIALIZE + SHUTDOWN, 0),
        (INITIALIZE, 1),
        (b"", 1),
        (INITIALIZE[:-10], 1),
    ],
    ids=["polite", "no shutdown", "exit alone", "no exit", "gone", "nothing", "in the middle of a message"],
)
def test_the_status_says_whether_it_was_shut_down(content, status):
    done = serve(content)
    assert done.returncode == status
    assert b"Traceback" not in done.stderr


MALFORMED = [
    message(b"{"),
    message(b"\xff\xfe"),
    message(b"[]"),
    message(b"42"),
    message(b"null"),
    message(b"{}"),
    message({"jsonrpc": "1.0", "method": "x"}),
    message({"jsonrpc": "2.0", "id": 7}),
    b"nonsense\r\n\r\n",
    b"Content-Length: x\r\n\r\n",
    call("no/such/thing", {}, 7),
    call("$/noSuchThing"),
    call("textDocument/hover", {}, 7),
    call("textDocument/didOpen", {}),
    call("textDocument/didOpen", {"textDocument": {"uri": 1, "text": [], "version": "x"}}),
    call("textDocument/didOpen", {"textDocument": {**A, "text": 1, "languageId": 0}}),
    call("textDocument/didChange", {"textDocument": A, "contentChanges": []}),
    call("textDocument/didChange", {"textDocument": A, "contentChanges": [{"text": ""}]}),
    call("textDocument/didClose", {"textDocument": A}),
    call("textDocument/hover", {"textDocument": A, "position": {"line": 0, "character": 0}}, 7),
    call("textDocument/hover", {"textDocument": A, "position": {"line": -1, "character": "x"}}, 7),
    message(b"[" * 100_000),
]


def test_malformed_messages_do_not_end_it(tmp_path):
    uri = (tmp_path / "own.py").as_uri()
    document = {"uri": uri, "languageId": "python", "version": 1, "text": WRONG}
    nowhere = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}
    asked = {"textDocument": {"uri": uri}, "range": nowhere, "context": {"diagnostics": []}}
    with subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as server:
        server.stdin.write(INITIALIZE)
        for number, content in enumerate(MALFORMED, 100):
            question = call("textDocument/hover", {"textDocument": A, "position": nowhere["start"]}, number)
            server.stdin.write(content + question)
            server.stdin.flush()
            read_answer(server, number)
        # It answers after the check.
        opened = call("textDocument/didOpen", {"textDocument": document})
        server.stdin.write(opened + call("textDocument/codeAction", asked, 99))
        server.stdin.flush()
        assert b'"PG101"' in read_answer(server, 99)
        server.communicate(SHUTDOWN + EXIT, timeout=PATIENCE)
    assert server.returncode == 0


def read_answer(server, number):
    """Return what the server writes until it has answered a question."""
    output = b""
    while b'"id": %d' % number not in output:
        chunk = os.read(server.stdout.fileno(), 65536)
        assert chunk, "it has ended"
        output += chunk
    return output


def test_nothing_but_the_protocol_is_on_standard_output(tmp_path):
    document = {"uri": (tmp_path / "a.py").as_uri(), "languageId": "python", "version": 1, "text": "x = 1\n"}
    opened = call("textDocument/didOpen", {"textDocument": document})
    command = [sys.executable, "-c", FAILING]
    done = subprocess.run(
        command, input=INITIALIZE + opened + SHUTDOWN + EXIT, capture_output=True, timeout=PATIENCE
    )
    rest = done.stdout
    while rest:
        header = re.match(rb"Content-Length: (\d+)\r\n(?:.+\r\n)?\r\n", rest)
        assert header, rest
        stop = header.end() + int(header[1])
        assert json.loads(rest[header.end() : stop])["jsonrpc"] == "2.0"
        rest = rest[stop:]
    assert done.returncode == 0


def test_a_check_that_fails_is_logged_and_the_next_one_is_made(edit):
    async def script(editor):
        uri = editor.open("own.py", f"{WRONG}# FAIL\n")
        await editor.until(lambda: bool(editor.logged))
        assert "a check failed, please report it: LookupError: broken on purpose" in editor.logged[0]
        assert await editor.actions(uri, types.Range(types.Position(2, 4), types.Position(2, 4))) == []
        editor.change(uri, WRONG)
        await editor.found(uri, "PG101")

    edit(script, command=("-c", FAILING))


def test_nesting_that_is_too_deep_is_a_finding(edit):
    async def script(editor):
        uri = editor.open("own.py", f"x = {'(' * 150}{')' * 150}\ny = {'-' * 50_000}1\n")
        await editor.found(uri, "PG001")
        editor.change(uri, WRONG)
        await editor.found(uri, "PG101")

    edit(script)


def test_it_ends_when_the_editor_is_killed(tmp_path):
    """Whoever holds the other end of the pipes is gone without a word; nothing of the server stays."""
    program = (
        "import subprocess, sys, time\n"
        f"server = subprocess.Popen({COMMAND!r}, stdin=subprocess.PIPE, stdout=subprocess.PIPE)\n"
        f"server.stdin.write({INITIALIZE!r}); server.stdin.flush()\n"
        "server.stdout.readline()\n"
        "print(server.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    editor = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    server = int(editor.stdout.readline())
    handle = os.pidfd_open(server)
    editor.kill()
    editor.communicate()
    assert select.select([handle], [], [], PATIENCE)[0], "the server has outlived its editor"
    os.close(handle)


def test_an_interrupt_ends_it_although_it_waits_for_input():
    with subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as server:
        server.stdin.write(INITIALIZE)
        server.stdin.flush()
        server.stdout.readline()
        server.send_signal(signal.SIGINT)
        assert server.wait(PATIENCE) == -signal.SIGINT
        assert b"Traceback" not in server.stderr.read()


@pytest.mark.parametrize(("closed", "status"), [("<&-", 1), (">&- </dev/null", 1), ("2>&- </dev/null", 1)])
def test_closed_standard_streams_are_no_fault(closed, status):
    done = subprocess.run(
        ["sh", "-c", f"exec {sys.executable} -m panther_gen server {closed}"],
        capture_output=True,
        timeout=PATIENCE,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == status
    assert b"Traceback" not in done.stderr
    assert done.stdout == b""


def test_help_says_how_an_editor_starts_it(run):
    done = run("server", "--help", flags=("-X", "importtime"))
    assert done.returncode == 0
    assert "`panther-gen server`" in done.stdout
    assert "docs/editors.md" in done.stdout
    assert not re.search(r"\|\s+(pygls|lsprotocol|cattrs|attrs?)(\.|$)", done.stderr, re.MULTILINE)


@pytest.mark.parametrize("arguments", [["--help"], ["lint", "--help"], ["lint", "a.py"]])
def test_no_other_command_imports_what_it_needs(arguments, run, tmp_path):
    tmp_path.joinpath("a.py").write_text(WRONG)
    done = run(*arguments, flags=("-X", "importtime"))
    assert re.search(r"\|\s+panther_gen\.", done.stderr)
    assert not re.search(r"\|\s+(pygls|lsprotocol|cattrs|asyncio)(\.|$)", done.stderr, re.MULTILINE)


@pytest.fixture(scope="session")
def python_without_the_extra(tmp_path_factory):
    """Return a Python that has everything this one has, but for pygls."""
    home = tmp_path_factory.mktemp("plain") / "venv"
    venv.create(home, with_pip=False, symlinks=True)
    (target,) = home.glob("lib/python*/site-packages")
    for entry in Path(pygls.__file__).resolve().parents[1].iterdir():
        if (
            not entry.name.startswith(("pygls", "lsprotocol", "__", "panther", "_panther"))
            and entry.suffix != ".pth"
        ):
            target.joinpath(entry.name).symlink_to(entry)
    target.joinpath("panther_gen").symlink_to(Path(panther_gen.__file__).resolve().parent)
    return home / "bin" / "python"


def test_without_the_extra_it_says_how_to_install_it(run, python_without_the_extra):
    done = run("server", python=python_without_the_extra)
    assert done.returncode == 4
    assert done.stdout == ""
    assert "the language server needs pygls, which is not installed" in done.stderr
    assert "cure: python -m pip install 'panther-gen[server]'" in done.stderr
    assert run("server", "--help", python=python_without_the_extra).returncode == 0


def test_arguments_are_refused(run):
    done = run("server", "--tcp")
    assert done.returncode == 2
    assert "No such option" in done.stderr
