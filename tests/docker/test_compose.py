"""Services in containers: the verdict and the files of localhost, a compose file, and nothing left."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.docker

DEADLINE_SECONDS = 240


@pytest.fixture
def relay():
    """Return a socket that leads to the engine, and what cuts it."""
    directory = Path(tempfile.mkdtemp(prefix="relay-"))  # a socket's path is short
    path = directory / "docker.sock"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen(64)
    ends = [listener]

    def copy(source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def serve():
        with contextlib.suppress(OSError):
            while True:
                near = listener.accept()[0]
                far = socket.socket(socket.AF_UNIX)
                far.connect("/var/run/docker.sock")
                ends.extend([near, far])
                for pair in ((near, far), (far, near)):
                    threading.Thread(target=copy, args=pair, daemon=True).start()

    def cut():
        path.unlink(missing_ok=True)
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    threading.Thread(target=serve, daemon=True).start()
    yield f"unix://{path}", cut
    cut()
    shutil.rmtree(directory)


def until(condition):
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)
    return found


def files(directory: Path) -> list[str]:
    return sorted(str(path.relative_to(directory)) for path in directory.rglob("*") if path.is_file())


def test_the_same_file_gives_the_same_verdict_and_files_on_both(panther, experiment, tmp_path, left):
    (tmp_path / "data").mkdir()
    keys = "        volumes: ['./data:/data:ro']\n        environment: {DEMO: 'a $b'}\n"
    file = experiment(server_keys=keys)
    status, (contained,), output = panther(file, "--enable-metrics")
    assert status == 0, output
    image = contained["services"][0]["details"]
    assert image["image_id"].startswith("sha256:")
    for name in ("report.html", "junit.xml"):
        assert image["image_id"] in (tmp_path / "results/latest" / name).read_text()
    assert "data:/data:ro" in (tmp_path / "results/latest/a-test/compose.yaml").read_text()
    assert "DEMO: a $$b" in (tmp_path / "results/latest/a-test/compose.yaml").read_text()
    in_containers = files(tmp_path / "results/latest/a-test")
    (samples,) = (tmp_path / "results/latest/a-test").glob("metrics*")
    assert '"server"' in samples.read_text()
    file.write_text(file.read_text().replace(keys, ""))
    status, (local,), output = panther(file, "--network-environment", "localhost", "--enable-metrics")
    assert status == 0, output
    on_localhost = files(tmp_path / "results/latest/a-test")
    assert contained["outcome"] == local["outcome"] == "passed"
    assert contained["reason"] == local["reason"] == "5 pongs to 5 pings"
    assert [item["name"] for item in contained["evidence"]] == [item["name"] for item in local["evidence"]]
    assert set(in_containers) - set(on_localhost) == {".env", "compose.yaml", "www/payload.bin"}
    assert set(on_localhost) <= set(in_containers)
    assert left() == []


@pytest.mark.parametrize("environment", ["docker_compose", "localhost"])
def test_a_server_that_dies_is_judged_alike_in_containers_and_leaves_nothing(
    panther, experiment, left, environment
):
    file = experiment(", fault: die-later")
    _, (test,), output = panther(file, "--network-environment", environment)
    assert test["outcome"] == "failed", output
    assert "server 'server' exited with status 4 before it was stopped" in test["reason"], output
    assert left() == []


@pytest.mark.parametrize("environment", ["docker_compose", "localhost"])
def test_a_server_at_another_port_is_judged_alike_in_containers_and_leaves_nothing(
    panther, experiment, left, environment
):
    file = experiment(", fault: wrong-port")
    text = file.read_text()
    for seconds in (3, 15, 60):  # how long a program takes until it binds a port is the machine's affair
        file.write_text(text.replace("timeout: 60", f"timeout: {seconds}", 1))
        _, (test,), output = panther(file, "--network-environment", environment)
        assert test["outcome"] == "failed", output
        assert left() == []
        if "it bound no port" not in test["reason"]:
            break
    wanted = f"did not bind UDP port 4987 within {seconds} s; it bound UDP port 4988 instead"
    assert wanted in test["reason"], output


SECOND = """\
      other:
        implementation: {name: perl_pong}
        protocol: {name: minip, role: server}
        ports: ["4999"]
      second:
        implementation: {name: perl_pong}
        protocol: {name: minip, role: client, target: other}
"""


def test_each_of_several_servers_is_observed_as_on_localhost(panther, experiment, left):
    file = experiment()
    file.write_text(file.read_text() + SECOND)
    for environment in ("docker_compose", "localhost"):
        status, (test,), output = panther(file, "--network-environment", environment)
        assert status == 0, output
        assert test["reason"] == "5 pongs to 5 pings; 5 pongs to 5 pings"
    assert left() == []


def test_a_flooded_log_is_cut_in_a_container_too(panther, experiment, tmp_path, left):
    status, (test,), output = panther(experiment(", fault: flood-80"))
    assert status == 0, output
    assert (tmp_path / "results/latest/a-test/server/stdout.log").stat().st_size <= 41 << 20
    assert [item["name"] for item in test["evidence"]].count("log") == 1
    assert left() == []


def test_the_compose_file_brings_up_the_same_run_by_hand(panther, experiment, tmp_path):
    compose = shutil.which("docker-compose")
    if compose is None:
        pytest.skip("docker-compose is not installed")
    status, _, output = panther(experiment())
    assert status == 0, output
    here = tmp_path / "results/latest/a-test"
    try:
        up = subprocess.run(
            [compose, "up", "--no-color", "--abort-on-container-exit", "--exit-code-from", "client"],
            cwd=here.resolve(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert up.returncode == 0, up.stdout
        assert up.stdout.count("pong") >= 5, up.stdout
    finally:
        subprocess.run([compose, "down", "--timeout", "1"], cwd=here.resolve(), capture_output=True)


def test_by_hand_no_client_ends_another_one(panther, experiment, tmp_path, docker):
    file = experiment()
    file.write_text(file.read_text() + SECOND)
    status, _, output = panther(file)
    assert status == 0, output
    here = (tmp_path / "results/latest/a-test").resolve()
    heading = (here / "compose.yaml").read_text().partition("services:")[0]
    assert "docker compose up   # Ctrl-C once client and second have exited\n" in heading
    assert "--abort-on-container-exit" not in heading
    compose = shutil.which("docker-compose")
    if compose is None:
        pytest.skip("docker-compose is not installed")
    try:
        up = subprocess.run([compose, "up", "-d"], cwd=here, capture_output=True, text=True)
        assert up.returncode == 0, up.stderr
        listed = subprocess.run(
            [compose, "ps", "-q", "client", "second"], cwd=here, capture_output=True, text=True
        )
        ends = subprocess.run([docker, "wait", *listed.stdout.split()], capture_output=True, text=True)
        assert ends.stdout.split() == ["0", "0"], ends.stderr
    finally:
        subprocess.run([compose, "down", "--timeout", "1"], cwd=here, capture_output=True)


def test_a_service_of_any_name_is_one_of_the_compose_file(panther, experiment, tmp_path):
    file = experiment()
    file.write_text(
        file.read_text()
        .replace("      server:", "      sörver ☃:")
        .replace("target: server", "target: sörver ☃")
    )
    status, _, output = panther(file)
    assert status == 0, output
    services = yaml.safe_load((tmp_path / "results/latest/a-test/compose.yaml").read_text())["services"]
    assert list(services) == ["s-rver", "client"]
    assert list(services["client"]["depends_on"]) == ["s-rver"]


def test_the_compose_file_takes_every_name_of_a_test_as_it_is(panther, experiment, tmp_path):
    file = experiment()
    file.write_text(file.read_text().replace("name: a test", "name: costs $5 or ${more"))
    status, _, output = panther(file)
    assert status == 0, output
    (here,) = (each.parent.resolve() for each in (tmp_path / "results/latest").rglob("compose.yaml"))
    document = yaml.safe_load((here / "compose.yaml").read_text())
    labels = [each["labels"] for each in (*document["services"].values(), document["networks"]["test"])]
    assert labels == [{"org.panther-gen.test": "costs $$5 or $${more"}] * 3
    if compose := shutil.which("docker-compose"):
        read = subprocess.run([compose, "config"], cwd=here, capture_output=True, text=True)
        assert read.returncode == 0, read.stderr


def test_each_run_of_a_test_is_a_compose_project_of_its_own(panther, experiment, tmp_path):
    for _ in range(2):
        status, _, output = panther(experiment(), "--repeat", "2")
        assert status == 0, output
    projects = [file.read_text() for file in (tmp_path / "results").glob("2*/**/.env")]
    assert len(set(projects)) == 4


def test_a_dry_run_prints_the_compose_file_that_a_run_writes(panther, experiment, tmp_path):
    file = experiment()
    _, _, shown = panther(file, "--dry-run")
    _, _, output = panther(file)
    written = (tmp_path / "results/latest/a-test/compose.yaml").read_text()
    image = written.partition("image: ")[2].partition("\n")[0]
    assert written.replace(image, "panther/perl_pong:not-built") in shown, output


def test_a_port_that_is_taken_is_named(panther, experiment, left):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        status, (test,), output = panther(experiment(server_keys=f'        ports: ["{port}:4987/udp"]'))
    assert status == 4, output
    assert test["outcome"] == "error"
    assert str(port) in test["reason"]
    assert left() == []


def test_two_runs_at_once_do_not_meet(command, experiment, left):
    file = experiment(server_keys='        ports: ["4987"]')
    runs = [subprocess.Popen(command(file), stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [(run.communicate()[0], run.returncode)[1] for run in runs] == [0, 0]
    assert left() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_runner_that_is_ended_leaves_no_container_and_no_network(
    command, experiment, left, number, tmp_path
):
    file = experiment(client=", fault: hang")
    runner = subprocess.Popen(command(file), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    events = tmp_path / "results/latest/events.jsonl"
    until(lambda: events.is_file() and events.read_text().count('"ServiceStartedEvent"') == 2)
    assert len(left()) == 2
    runner.send_signal(number)
    output, _ = runner.communicate(timeout=DEADLINE_SECONDS)
    assert runner.returncode == (130 if number == signal.SIGINT else -9), output
    until(lambda: left() == [])


@pytest.mark.usefixtures("leftovers_of_one_test_only")
def test_an_engine_that_goes_away_is_named_and_clean_removes_what_is_left(
    command, experiment, left, relay, tmp_path
):
    host, cut = relay
    environment = {**os.environ, "DOCKER_HOST": host}
    words = command(experiment(client=", fault: hang"))
    runner = subprocess.Popen(
        words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    events = tmp_path / "results/latest/events.jsonl"
    until(lambda: events.is_file() and events.read_text().count('"ServiceStartedEvent"') == 2)
    cut()
    output, _ = runner.communicate(timeout=DEADLINE_SECONDS)
    assert runner.returncode == 4, output
    (test,) = json.loads((tmp_path / "results/latest/results.json").read_text())["tests"]
    assert test["outcome"] == "error"
    assert "the Docker engine answers no longer" in test["reason"], output
    assert "'panther-gen clean' removes what is left in it" in test["reason"]
    assert "Traceback" not in output
    assert len(left()) == 2
    done = subprocess.run([sys.executable, "-m", "panther", "clean"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("removed container panther-") >= 2
    assert left() == []
