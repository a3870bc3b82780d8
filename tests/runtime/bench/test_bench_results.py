"""What a run leaves on disk, and what it says where it cannot."""

from __future__ import annotations

import dataclasses
import json
import shutil
import subprocess
import sys

import pytest

from panther.bench.results import make_run_directory
from panther.core.events import EventBus, ServiceReadyEvent, TestFinishedEvent
from panther.errors import InputError, MachineError


def test_a_run_keeps_everything(run, make_test):
    result = run(make_test("quic", name="first test"), name="my experiment")
    run_directory, test_directory = result.directory, result.directory / "first-test"
    assert run_directory.name.endswith("Z-my-experiment")
    assert (run_directory.parent / "latest").resolve() == run_directory
    record = json.loads((run_directory / "results.json").read_text())
    assert record["schema_version"] == 1
    assert record["exit_code"] == 0
    assert record["tests"][0]["outcome"] == "passed"
    assert record["tests"][0]["directory"] == "first-test"
    assert {"system", "release", "python", "processors"} <= record["machine"].keys()
    for service in ("server", "client"):
        assert (test_directory / service / "stdout.log").is_file()
        assert (test_directory / service / "stderr.log").is_file()
        command = json.loads((test_directory / service / "command.json").read_text())
        assert command["argv"][1].endswith(f"quic_{service}.py")
        assert command["environment"].keys() >= {"SSLKEYLOGFILE", "QLOGDIR"}
    assert (run_directory / "certs" / "1" / "priv.key").stat().st_mode & 0o777 == 0o600


def test_payloads_are_kept_only_where_they_tell_something(run, make_test):
    result = run(make_test("quic", name="good"), make_test("quic", ["--corrupt"], name="bad"))
    assert not list((result.directory / "good").rglob("payload.bin"))
    assert len(list((result.directory / "bad").rglob("payload.bin"))) == 2


def test_events_are_recorded_in_order_and_reach_the_caller(run, make_test):
    bus, heard = EventBus(), []
    bus.subscribe(ServiceReadyEvent, heard.append)
    bus.subscribe(TestFinishedEvent, heard.append)
    result = run(make_test("quic"), event_bus=bus)
    assert [type(event).__name__ for event in heard] == ["ServiceReadyEvent", "TestFinishedEvent"]
    lines = (result.directory / "a-test" / "events.jsonl").read_text().splitlines()
    names = [json.loads(line)["type"] for line in lines]
    order = ["CommandGenerationEvent", "ServiceStartedEvent", "ServiceReadyEvent", "ServiceStoppedEvent"]
    assert [name for index, name in enumerate(names) if name in order and name not in names[:index]] == order
    run_lines = (result.directory / "events.jsonl").read_text().splitlines()
    assert json.loads(run_lines[0])["type"] == "ExperimentStartedEvent"
    assert json.loads(run_lines[-1])["type"] == "ExperimentFinishedEvent"


def test_services_are_measured(run, make_test):
    result = run(make_test("quic"))
    for service in result.tests[0].services:
        assert service.cpu_seconds > 0
        assert service.peak_memory_bytes > 1 << 20
    assert result.tests[0].phases.keys() == {"prepare", "start", "transfer", "stop"}


def test_two_runs_at_once_do_not_share_a_directory(tmp_path):
    from datetime import UTC, datetime

    now = datetime.now(UTC)
    one, two = (make_run_directory(tmp_path, "x", now) for _ in range(2))
    assert one != two
    assert (tmp_path / "latest").resolve() == two


def test_a_program_that_is_not_there_is_named_before_anything_starts(run, make_service, tmp_path):
    from panther.bench.plan import TestPlan

    services = (
        make_service("quic", "server", words=("no_such_quic_server", "--port", "{port}")),
        make_service("quic", "client"),
    )
    with pytest.raises(MachineError) as caught:
        run(TestPlan("t", "t", services, ports={"server": 4443}))
    text = str(caught.value)
    assert "'no_such_quic_server' of service 'server' is not on PATH" in text
    assert "binary_name" in text
    assert "--set binary_name=/path/to/no_such_quic_server" in text
    assert not (tmp_path / "results").exists()


def test_results_that_cannot_be_written_are_one_sentence(run, make_test, tmp_path):
    (tmp_path / "results").write_text("a file, no directory")
    with pytest.raises(MachineError, match="results cannot be written to"):
        run(make_test("quic"))


@pytest.fixture
def small_disk(tmp_path):
    directory = tmp_path / "small"
    directory.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(directory)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("a small file system cannot be mounted here")
    yield directory
    subprocess.run(["umount", "--lazy", str(directory)], check=True)


def test_a_full_disk_is_one_sentence_and_leaves_nothing(run, make_test, small_disk, left_behind):
    result = run(make_test("quic"), results_directory=small_disk / "results")
    assert result.exit_code == 4
    assert "No space left on device" in result.tests[0].reason
    assert "free some space" in run.printed
    assert not list(small_disk.rglob("payload.bin"))
    record = json.loads((result.directory / "results.json").read_text())
    assert record["tests"][0]["outcome"] == "error", "there is room for the results"
    assert left_behind() == []


def test_a_disk_that_is_full_from_the_first_is_one_sentence(run, make_test, small_disk):
    with pytest.raises(OSError, match="No space"):
        (small_disk / "ballast").write_bytes(bytes(1 << 20))
    with pytest.raises(MachineError, match="No space left on device"):
        run(make_test("quic"), results_directory=small_disk / "results")


def test_what_is_printed_tells_why_a_test_failed(run, make_test):
    run(make_test("quic", name="good"), make_test("quic", ["--corrupt"], name="bad"))
    lines = run.printed.splitlines()
    assert lines[0].startswith("2 tests, isolation: ")
    assert any(line.startswith(("✓ good", "ok good")) and "SHA-256 equal" in line for line in lines)
    assert any("fails payload:" in line for line in lines)
    assert any(line.startswith("1 of 2 tests passed in ") for line in lines)
    assert lines[-1].startswith("results: ")


def test_a_plugin_that_raises_is_named_with_its_place(run, make_test, tmp_path):
    with pytest.raises(InputError) as caught:
        run(make_test("quic", ["{no_such_parameter}"]))
    assert "KeyError: 'no_such_parameter'" in str(caught.value)
    assert "conftest.py:" in caught.value.where
    assert not (tmp_path / "results").exists()


def test_services_with_names_alike_have_directories_of_their_own(run, make_service):
    from panther.bench.plan import TestPlan

    services = (
        make_service("tcp", "server", name="www"),
        make_service("tcp", "client", name="a b", target="www"),
        make_service("tcp", "client", name="a-b", target="www"),
    )
    result = run(TestPlan("t", "t", services, ports={"www": 8080}))
    assert result.exit_code == 0, run.printed
    assert {"www", "www-2", "a-b", "a-b-2"} > {
        entry.name for entry in (result.directory / "t").iterdir() if entry.is_dir()
    }


def test_what_a_service_wrote_cannot_steer_the_terminal(run, make_service, make_test):
    writes = "import sys; sys.exit('\\x1b]0;title\\x07\\x1b[31m[bold]red' + 'x' * 10_000)"
    test = make_test("quic")
    client = make_service("quic", "client", words=(sys.executable, "-c", writes))
    run(dataclasses.replace(test, services=(test.services[0], client)))
    assert "\\x1b]0;title\\x07\\x1b[31m[bold]redxxx" in run.printed
    assert "\x1b" not in run.printed


def test_a_name_of_a_file_that_a_client_has_chosen_does_nothing_to_the_terminal(run, make_test, make_service):
    writes = "import pathlib, sys; pathlib.Path(sys.argv[1], 'a\\x1b[2J\\u202e\\udcff').touch()"
    client = make_service("http", "client", words=(sys.executable, "-c", writes, "{download_dir}"))
    server = make_service("http", "server")
    test = dataclasses.replace(make_test("http"), services=(server, client))
    result = run(test)
    assert "it wrote a\\x1b[2J\\u202e\\udcff" in run.printed
    assert result.tests[0].outcome == "failed"
    assert max(map(len, run.printed.splitlines())) < 500
