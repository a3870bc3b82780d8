"""How an experiment file is run: some of its tests, again and again, side by side, or not at all."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import textwrap
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator

from panther.bench.schemas import schema_of

SERVICES = """\
    services:
      server:
        implementation: {{name: ping_pong, type: iut{server}}}
        protocol: {{name: minip, role: server}}
{server_keys}
      client:
        implementation: {{name: ping_pong, type: iut{client}}}
        protocol: {{name: minip, role: client, target: server}}
        timeout: 60
{client_keys}
"""


@pytest.fixture
def write(tmp_path):
    """Write an experiment file of tests of ping_pong; the arguments are parts of its text."""

    def experiment(*names, steps="", server="", client="", server_keys="", client_keys=""):
        lines = "".join(
            f"  - name: {name}\n"
            + SERVICES.format(
                server=server,
                client=client,
                server_keys=textwrap.indent(textwrap.dedent(server_keys), " " * 8),
                client_keys=textwrap.indent(textwrap.dedent(client_keys), " " * 8),
            )
            + textwrap.indent(textwrap.dedent(steps), "    ")
            + "\n"
            for name in names or ("a test",)
        )
        file = tmp_path / "experiment.yaml"
        file.write_text(f"tests:\n{lines}")
        return file

    return experiment


def test_tests_that_run_side_by_side_stand_in_the_files_order(panther, write):
    status, tests, output = panther("run", write("one", "two", "three", "four", "five"), "--jobs", "3")
    assert status == 0, output
    assert [test["name"] for test in tests] == ["one", "two", "three", "four", "five"]
    assert ", 3 at a time" in output


def test_without_namespaces_tests_run_one_by_one(panther, write):
    status, _, output = panther("run", write("one", "two"), "--jobs", "2", "--isolation", "none")
    assert status == 0, output
    assert "at a time" not in output


def test_repeated_tests_have_rates_and_flaky_ones_are_named(panther, write, tmp_path):
    # A command of the first round leaves a file; the one of the second round finds it.
    steps = f"steps: {{post_commands: [[mkdir, {tmp_path}/made]]}}\n"
    file = write("steady")
    file.write_text(file.read_text() + write("shaky", steps=steps).read_text().removeprefix("tests:\n"))
    status, tests, output = panther("run", file, "--repeat", "2")
    assert status == 1, output
    assert [(test["name"], test["repetition"]) for test in tests] == [
        ("steady", 1),
        ("shaky", 1),
        ("steady", 2),
        ("shaky", 2),
    ]
    rates = [" ".join(line.split()) for line in output.splitlines()[-4:-2]]
    assert rates == ["steady 2 of 2 passed (100 %)", "shaky 1 of 2 passed (50 %), flaky"]
    assert len({test["directory"] for test in tests}) == 4
    here = tmp_path / "results/latest"
    document = json.loads((here / "results.json").read_text())
    assert document["pass_rates"] == [
        {"name": "steady", "passed": 2, "runs": 2, "rate": 1.0, "flaky": False},
        {"name": "shaky", "passed": 1, "runs": 2, "rate": 0.5, "flaky": True},
    ]
    rules = Draft202012Validator(schema_of("results"))
    assert [error.message for error in rules.iter_errors(document)] == []
    properties = ET.parse(here / "junit.xml").iterfind("*/properties/property")
    told = [(each.get("name"), each.get("value")) for each in properties]
    assert ("pass_rate.2", "shaky: 1 of 2 passed (50 %), flaky") in told
    report = (here / "report.html").read_text()
    assert "<strong>1 test is flaky</strong>: <bdi>shaky</bdi>" in report


def test_iterations_of_the_file_are_repeated_by_the_command_line(panther, write, tmp_path):
    file = write("one", steps="execution_environment: [{type: iterations, config: {count: 2}}]\n")
    status, tests, output = panther("run", file, "--repeat", "2")
    assert status == 0, output
    assert [test["repetition"] for test in tests] == [1, 2, 3, 4]
    assert len({test["directory"] for test in tests}) == 4
    document = json.loads((tmp_path / "results/latest/results.json").read_text())
    assert [rate["runs"] for rate in document["pass_rates"]] == [4]


def test_a_test_that_is_run_once_has_no_rate(panther, write, tmp_path):
    status, _, output = panther("run", write())
    assert status == 0, output
    here = tmp_path / "results/latest"
    assert json.loads((here / "results.json").read_text())["pass_rates"] == []
    assert "Pass rates" not in (here / "report.html").read_text()


def test_after_the_first_failure_nothing_is_begun(panther, write):
    steps = "steps: {post_commands: [['false']]}\n"
    status, tests, output = panther("run", write("one", "two", "three", steps=steps), "--fail-fast")
    assert status == 1, output
    assert [test["outcome"] for test in tests] == ["failed", "not run", "not run"]
    assert tests[1]["reason"] == "a test before it did not pass"


@pytest.mark.parametrize(
    ("only", "names"), [(["two"], ["two"]), (["t*"], ["two", "three"]), (["one", "two"], ["one", "two"])]
)
def test_only_some_tests(panther, write, only, names):
    words = [word for name in only for word in ("--only", name)]
    status, tests, output = panther("run", write("one", "two", "three"), *words)
    assert status == 0, output
    assert [test["name"] for test in tests] == names


def test_only_a_test_that_there_is(run, write):
    done = run("panther", "run", write("one", "two"), "--only", "tow")
    assert done.returncode == 2
    assert done.stdout == "panther: --only 'tow' fits no test\n  cure: did you mean 'two'?\n"


def test_a_test_that_takes_too_long_has_failed(panther, write):
    file = write(server=", reply_delay: 120", client=", reply_timeout: 240")
    for seconds in (2, 20, 60):  # how long it takes until both are there is the machine's affair
        status, tests, output = panther("run", file, "--timeout", seconds)
        assert status == 1, output
        assert tests[0]["reason"] == f"the test did not end within {seconds} s"
        if all(service["exit_status"] is not None for service in tests[0]["services"]):
            return
    pytest.fail(output)


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "soon"])
def test_a_timeout_is_a_time(run, write, seconds):
    done = run("panther", "run", write(), f"--timeout={seconds}")
    assert done.returncode == 2
    assert done.stdout == f"panther: --timeout '{seconds}' is no time\n  cure: give seconds, more than 0\n"


@pytest.mark.parametrize("option", ["--jobs", "--repeat"])
@pytest.mark.parametrize("count", ["0", "-3", "2.5", "x", "", "1_0"])
def test_a_count_is_a_whole_number(run, write, option, count):
    for words in (["run", write()], ["try", "ping_pong"]):
        done = run("panther", *words, f"{option}={count}")
        assert done.returncode == 2
        assert (
            done.stdout
            == f"panther: {option} '{count}' is no count\n  cure: give a whole number, 1 or more\n"
        )


def test_the_table_of_metrics_tells_repetitions_apart_and_what_the_service_used(panther, write):
    status, tests, output = panther("run", write("one"), "--repeat", "2", "--enable-metrics")
    assert status == 0, output
    table = [line.split("  ") for line in output.splitlines() if line.startswith("one #")]
    assert [row[0] for row in table] == ["one #1", "one #1", "one #2", "one #2"]
    sampled = tests[0]["observed"]["metrics"]["peak_memory_bytes"]["server"]
    assert f"{sampled / 2**20:.1f} MiB" in " ".join(table[0])


def test_a_dry_run_prints_commands_and_leaves_nothing(run, write, tmp_path, examples):
    before = sorted(examples.iterdir())
    steps = "steps: {pre_commands: [[echo, a b]], post_commands: [['true']]}\n"
    done = run("panther", "run", write("one", steps=steps), "--dry-run", "--results", tmp_path / "results")
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith("# one: localhost, ")
    assert "\nbefore: echo 'a b'\n" in done.stdout
    assert "\nserver (server): " in done.stdout
    assert "minip_endpoint.py server --bind 127.0.0.1 --port 4987" in done.stdout
    assert "\nafter: true\n" in done.stdout
    assert not (tmp_path / "results").exists()
    assert sorted(examples.iterdir()) == before


def test_commands_before_and_after_see_the_tests_directory_and_no_shell(panther, write, tmp_path):
    (tmp_path / "look.py").write_text(
        "import os, sys\n"
        "seen = open(os.environ['PANTHER_TEST_DIR'] + '/seen', 'a')\n"
        "seen.write(' '.join(sys.argv[1:]) + ';')"
    )
    look = f"python3, {tmp_path}/look.py"
    steps = f"""\
        steps:
          pre_commands: [[{look}, "$HOME", "a;b"]]
          post_commands: [[{look}, "*"]]
        """
    status, _, output = panther("run", write(steps=steps))
    assert status == 0, output
    assert (tmp_path / "results/latest/a-test/seen").read_text() == "$HOME a;b;*;"
    assert "$ python3" in (tmp_path / "results/latest/a-test/commands.log").read_text()


def test_where_a_command_before_fails_nothing_is_started(panther, write):
    status, tests, output = panther("run", write(steps="steps: {pre_commands: [['false']]}\n"))
    assert status == 4, output
    assert tests[0]["outcome"] == "error"
    assert tests[0]["reason"].startswith("the command 'false' before the test exited with status 1\n")
    assert all(service["exit_status"] is None for service in tests[0]["services"])


def test_a_command_that_is_not_there_is_missed_before_the_run(run, write, tmp_path):
    file = write(steps="steps: {post_commands: [[no-such-program]]}\n")
    done = run("panther", "run", file, "--results", tmp_path / "results")
    assert done.returncode == 4
    assert "the program 'no-such-program'" in done.stdout
    assert not (tmp_path / "results").exists()


def test_a_service_gets_the_files_environment_variables(panther, write, tmp_path):
    file = write(server_keys='environment: {PANTHER_DEMO: "a b"}')
    status, _, output = panther("run", file)
    assert status == 0, output
    assert '"PANTHER_DEMO": "a b"' in (tmp_path / "results/latest/a-test/server/command.json").read_text()


def test_what_this_users_pythonpath_holds_stays_importable(panther, write, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/sitecustomize.py").write_text("import sys; print('seen', file=sys.stderr)")
    file = write(server_keys=f"environment: {{PYTHONPATH: '{tmp_path}'}}")
    status, _, output = panther("run", file, PYTHONPATH=str(tmp_path / "mine"))
    assert status == 0, output
    assert "seen" in (tmp_path / "results/latest/a-test/server/stderr.log").read_text()


def test_a_service_sees_a_volume_and_nobody_else_does(panther, write, tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    target.mkdir()
    (source / "sitecustomize.py").write_text("import sys; print('seen', file=sys.stderr)")
    keys = f"volumes: ['./source:{target}:ro']\nenvironment: {{PYTHONPATH: '{target}'}}"
    status, _, output = panther(
        "run", write(server_keys=keys, client_keys=f"environment: {{PYTHONPATH: '{target}'}}")
    )
    if "need namespaces" in output:
        pytest.skip("no namespaces on this machine")
    assert status == 0, output
    here = tmp_path / "results/latest/a-test"
    assert "seen" in (here / "server/stderr.log").read_text()
    assert "seen" not in (here / "client/stderr.log").read_text()
    assert list(target.iterdir()) == []


def test_volumes_need_a_namespace(run, write, tmp_path):
    file = write(server_keys=f"volumes: ['{tmp_path}:/data']")
    done = run("panther", "run", file, "--isolation", "none")
    assert done.returncode == 4
    assert "the volumes of test 'a test' need namespaces" in done.stdout


def test_a_volume_without_a_source_is_missed_before_the_run(run, write):
    done = run("panther", "run", write(server_keys="volumes: ['./nowhere:/data']"))
    assert done.returncode == 4
    assert "the volume of service 'server' has no source" in done.stdout


def test_a_volume_without_a_target_is_missed_before_the_run(run, write, tmp_path):
    done = run("panther", "run", write(server_keys=f"volumes: ['{tmp_path}:{tmp_path}/none']"))
    assert done.returncode == 4
    assert "the volume of service 'server' has no target" in done.stdout
    assert f"cure: mkdir -p {tmp_path}/none" in done.stdout


def test_a_client_that_depends_on_another_starts_when_that_has_ended(panther, write, tmp_path):
    file = write()
    file.write_text(
        file.read_text()
        + "      later:\n        implementation: {name: ping_pong}\n"
        + "        protocol: {name: minip, role: client, target: server}\n        depends_on: [client]\n"
    )
    status, _, output = panther("run", file)
    assert status == 0, output
    events = (tmp_path / "results/latest/a-test/events.jsonl").read_text().splitlines()
    started = [line for line in events if '"ServiceStartedEvent"' in line]
    assert ['"client"' in started[1], '"later"' in started[2]] == [True, True]


def test_a_terminal_shows_a_line_for_each_test_that_runs(write, tmp_path, examples):
    file = write("one", "two", server=", reply_delay: 0.6", client=", reply_timeout: 60")
    words = [sys.executable, "-m", "panther", "run", str(file), "--jobs", "2"]
    shown = on_terminal([*words, "--results", str(tmp_path / "results")], examples)
    if "isolation: none" in shown:
        pytest.skip("no namespaces on this machine")
    lines = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown).replace("\r", "\n").splitlines()
    assert any(line.startswith("  one ") and "transferring" in line for line in lines)
    assert any(line.startswith("  two ") and "transferring" in line for line in lines)
    assert any(line.startswith("  0 of 2 done, ") for line in lines)
    assert "2 of 2 tests passed" in shown.splitlines()[-2]


def on_terminal(words, directory):
    """Run a program on a pseudo-terminal, and return what it wrote there."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    process = subprocess.Popen(words, cwd=directory, stdin=slave, stdout=slave, stderr=slave)
    os.close(slave)
    written = b""
    with contextlib.suppress(OSError):  # EIO: the other end is closed
        while data := os.read(master, 65536):
            written += data
    os.close(master)
    assert process.wait() == 0, written
    return written.decode()
