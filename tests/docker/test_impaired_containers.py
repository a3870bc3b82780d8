"""A worse network between containers, measured by programs that send packets over it: within 15 %.

How many packets each figure stands on, and why there are three attempts, is said where the loopback interface
is measured: test_impairment_measured.py.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from panther.bench.containers.room import NetworkRoom
from panther.bench.containers.view import INTERFACE
from panther.bench.impairment.links import RELAY_DEVICE, ServersLink, own_address
from panther.bench.impairment.quantities import Impairment
from panther.bench.impairment.setting import impair

pytestmark = [
    pytest.mark.docker,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may enter the network of a container"),
    pytest.mark.skipif(
        shutil.which("ip") is None, reason="there is no 'ip' (apt-get install iproute2 procps)"
    ),
]

PROBE = Path(__file__).parents[1] / "assets" / "programs" / "network_probe.py"
PORT, ATTEMPTS, TOLERANCE = 4443, 3, 0.15


@pytest.fixture
def measured(docker, base_image, network, tmp_path):
    """Measure the network between two containers; returns the figure, what made it so, and its counts."""

    def measure(wanted: Impairment, *words: object):
        names = [network.start(base_image("none"), "sleep", "600") for _ in range(2)]
        pids = [int(network.do("inspect", "--format={{.State.Pid}}", name).stdout) for name in names]
        return asyncio.run(_measure(pids, wanted, words, tmp_path))

    return measure


async def _measure(pids, wanted, words, directory):
    room = NetworkRoom(pids[0])
    try:
        link = ServersLink(INTERFACE, room.do(lambda: own_address(INTERFACE)))
        impaired = await impair(room.spawn, wanted, [PORT], directory / "relay", link)
        variables = {
            "SERVER_NETWORK": f"/proc/{pids[0]}/ns/net",
            "CLIENT_NETWORK": f"/proc/{pids[1]}/ns/net",
            "SERVER_ADDRESS": str(link.network.ip),
        }
        argv = [sys.executable, str(PROBE), *map(str, words)]
        probe = await asyncio.create_subprocess_exec(
            *argv, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        output, _ = await probe.communicate()
        counts = await impaired.stop()
    finally:
        room.leave()
    assert probe.returncode == 0, output.decode()
    return float(output), impaired, counts


@pytest.mark.parametrize(
    ("wanted", "words", "expected"),
    [
        (Impairment(delay=0.02), ("rtt-udp", PORT, 200), 0.04),
        (Impairment(delay=0.02), ("rtt-tcp", PORT, 20), 0.04),
        (Impairment(loss=0.1), ("loss-udp", PORT, 8000), 0.1),
        (Impairment(rate=10e6), ("rate-udp", PORT, 1500, 10e6), 10e6),
        (Impairment(rate=10e6), ("rate-tcp", PORT, 1500), 10e6),
    ],
    ids=["delay-udp", "delay-tcp", "loss", "rate-udp", "rate-tcp"],
)
def test_what_was_asked_for_is_what_is_measured(measured, wanted, words, expected):
    figures = []
    for _ in range(ATTEMPTS):
        figure, impaired, counts = measured(wanted, *words)
        assert impaired.interface == RELAY_DEVICE
        assert counts["to_servers"]["packets"] > 0
        figures.append(figure)
        if abs(figure / expected - 1) <= TOLERANCE:
            return
    pytest.fail(f"asked for {expected:g}, measured {figures}")


def test_a_test_over_it_has_its_verdict_and_says_what_was_done(panther, experiment, tmp_path, left):
    file = experiment(network='delay: "20ms", loss: "0%", rate: "10 Mbit/s"')
    status, (test,), output = panther(file)
    assert status == 0, output
    assert "5 pongs to 5 pings" in test["reason"]
    network = test["network"]
    assert (network["delay_seconds"], network["rate_bits_per_second"]) == (0.02, 10e6)
    assert network["by"].startswith("a relay in user space")
    assert network["counts"]["to_servers"]["packets"] >= 5
    assert (tmp_path / "results/latest/a-test/relay.json").is_file()
    assert left() == []


def test_everything_lost_is_no_transfer(panther, experiment, left):
    status, (test,), output = panther(experiment(client=", fault: impatient", network='loss: "100%"'))
    assert (status, test["outcome"]) == (1, "failed"), output
    assert test["network"]["counts"]["to_servers"]["lost"] > 0
    assert left() == []


@pytest.mark.parametrize("more", [{"network": 'delay: "1ms"'}, {"around": "[{type: pcap}]"}])
def test_a_server_that_dies_at_once_is_judged_as_ever(panther, experiment, left, more):
    status, (test,), output = panther(experiment(", fault: die-early", **more))
    assert (status, test["outcome"]) == (1, "failed"), output
    assert "it exited with status 3 before it was ready" in test["reason"]
    assert left() == []


def test_a_killed_runner_takes_the_relay_and_the_capture_along(command, experiment, tmp_path, left):
    file = experiment(client=", fault: hang", network='delay: "1ms"', around="[{type: pcap}]")
    runner = subprocess.Popen(command(file), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _until(lambda: _started(tmp_path) >= 2)
    assert len(_beside(tmp_path)) >= 2  # the relay, and tcpdump
    runner.send_signal(signal.SIGKILL)
    runner.wait()
    _until(lambda: not _beside(tmp_path))
    _until(lambda: left() == [])


def _started(directory: Path) -> int:
    events = directory / "results/latest/events.jsonl"
    if not events.is_file():
        return 0
    lines = [json.loads(line) for line in events.read_text().splitlines() if line.endswith("}")]
    return sum(line["type"] == "ServiceStartedEvent" for line in lines)


def _beside(directory: Path) -> list[int]:
    """Return what of this machine writes into a directory: the words of a command name it."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        tools = (b"relay.py", b"tcpdump")
        if (
            entry.name.isdecimal()
            and str(directory).encode() in words
            and any(tool in words for tool in tools)
        ):
            found.append(int(entry.name))
    return found


def _until(condition):
    deadline = time.monotonic() + 240
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)
