"""The command line: help, version, exit statuses, and output that cannot be written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from panther_gen import __version__


def test_the_console_script_and_the_module_are_the_same_command(run):
    script = Path(sys.executable).with_name("panther-gen")
    by_script = subprocess.run([script, "--help"], capture_output=True, text=True)
    assert by_script.stdout == run("--help").stdout
    assert by_script.returncode == 0


def test_version(run):
    assert run("--version").stdout == f"panther-gen {__version__}\n"


def test_help_lists_the_commands_in_the_order_of_their_use(run):
    text = run("-h").stdout
    assert text.index("  new-iut ") < text.index("  lint ") < text.index("  try ") < text.index("  run ")
    assert "Exit codes: 0 done;" in text


def test_without_a_command_the_help_is_shown_and_the_status_is_2(run):
    done = run()
    assert done.returncode == 2
    assert "Usage: panther-gen" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["lnit"], "No such command 'lnit'"),
        (["new-iut", "quic", "x", "--langauge", "c"], "No such option"),
        (
            ["new-iut", "quic", "x", "--language", "java"],
            ": 'java' is not one of 'python', 'rust', 'c', 'go'",
        ),
        (
            ["new-protocol", "x", "--port", "0"],
            "--port '0' cannot be used\n  cure: use a port from 1 to 65535",
        ),
        (["new-protocol", "x", "--port", "abc"], "--port 'abc' cannot be used\n  cure: give a number"),
        (["new-iut", "quic", "x", "y"], "unexpected extra argument"),
        (["new-iut"], "PROTOCOL and NAME are missing"),
        (["new-iut", "--defaults"], "PROTOCOL and NAME are missing"),
        (["new-iut", "quic"], "NAME is missing"),
        (["new-iut", "quic", "--json"], "NAME is missing"),
        (["new-iut", "QUIC", "x"], "did you mean 'quic'?"),
        (["lint", "nowhere.py"], "nowhere.py"),
    ],
)
def test_wrong_usage_is_status_2_and_one_sentence(run, tmp_path, arguments, sentence):
    done = run(*arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Value error" not in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_arguments_that_are_not_utf_8_are_shown_escaped(run):
    done = run("new-iut", "quic", b"caf\xe9".decode(errors="surrogateescape"))
    assert done.returncode == 2
    assert r"'caf\udce9'" in done.stderr


def test_a_terminal_that_knows_only_ascii_gets_escapes(run):
    done = run("new-iut", "quic", "caf\N{LATIN SMALL LETTER E WITH ACUTE}", env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 2
    assert r"'caf\xe9'" in done.stderr


def test_a_path_that_may_not_be_searched_is_no_matter_of_output(run, tmp_path, obey_permissions):
    tmp_path.joinpath("secret/below").mkdir(parents=True)
    tmp_path.joinpath("secret").chmod(0)
    done = run("lint", "secret/below", preexec_fn=obey_permissions)
    tmp_path.joinpath("secret").chmod(0o755)
    assert done.returncode == 4
    assert "cannot use 'secret/below': Permission denied\n  cure: make it readable" in done.stderr


@pytest.mark.parametrize(
    "words", ["panther_gen lint", "panther_gen status", "panther_gen doctor", "panther doctor"]
)
def test_a_working_directory_that_is_gone_is_said(tmp_path, words):
    command = f"mkdir gone && cd gone && rmdir ../gone && {sys.executable} -m {words}"
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 4
    assert done.stderr.endswith(": the working directory is gone\n  cure: cd to one that exists\n")


def test_a_closed_pipe_ends_quietly():
    command = f"set -o pipefail; {sys.executable} -m panther_gen --help | true"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
    assert done.returncode in {0, 141}
    assert done.stderr == ""


def test_output_on_a_full_device_is_a_sentence():
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "panther_gen", "--help"], stdout=full, stderr=subprocess.PIPE
        )
    assert done.returncode == 4
    assert b"cannot write the output: No space left on device" in done.stderr
    assert b"nothing was left behind" not in done.stderr, "a plugin may have been made by then"
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", ["--help", "new-iut quic one --defaults", "lint ."])
def test_a_closed_output_is_no_fault(tmp_path, arguments):
    (tmp_path / "a.py").touch()
    command = f"exec {sys.executable} -m panther_gen {arguments} >&-"
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_fault_of_our_own_asks_for_a_report(run, other_blueprint):
    checkout = other_blueprint({})
    layout = checkout / "panther_gen" / "layout.py"
    layout.write_text(
        layout.read_text() + "\n\ndef plugin_path(*_):\n    raise LookupError('broken on purpose')\n"
    )
    done = run("new-iut", "quic", "x", cwd=checkout)
    assert done.returncode == 3
    assert "a fault of panther-gen itself: LookupError: broken on purpose" in done.stderr
    assert "please report it" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Traceback" in run("new-iut", "quic", "x", cwd=checkout, env={"PANTHER_GEN_DEBUG": "1"}).stderr


def test_completion_knows_commands_and_protocols(run):
    def complete(*words):
        words = ("panther-gen", *words)
        asked = {"COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1)}
        done = run(env={**asked, "_PANTHER_GEN_COMPLETE": "complete_bash"})
        return done.stdout.split()

    assert complete("n") == ["new-iut", "new-protocol", "new-tester", "new-execution"]
    assert complete("new-iut", "m") == ["minip"]


def test_completion_knows_the_plugins_below_the_working_directory(run, tmp_path):
    for name in ("one", "other"):
        directory = tmp_path / "panther/plugins/services/iut/quic" / name
        directory.mkdir(parents=True)
        directory.joinpath("__init__.py").touch()
    asked = {"COMP_WORDS": "panther-gen try o", "COMP_CWORD": "2", "_PANTHER_GEN_COMPLETE": "complete_bash"}
    assert run(env=asked).stdout.split() == ["one", "other"]
