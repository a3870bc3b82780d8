"""Tests over a worse network: the verdict looks at the same packets, and the results say what was done."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from panther.bench.impairment import setting
from panther.bench.impairment.quantities import DELAY, LOSS, RATE, Impairment, QuantityError
from panther.bench.impairment.running import start_relay
from panther.errors import MachineError


@pytest.mark.parametrize("protocol", ["http", "minip"])
def test_a_verdict_over_a_relay_and_what_the_results_say_of_it(run, make_test, namespace_only, protocol):
    plan = replace(make_test(protocol), impairment=Impairment(delay=0.002, rate=100e6))
    result = run(plan)
    (test,) = result.tests
    if test.outcome == "error" and "cannot be made worse" in test.reason:
        pytest.skip(test.reason)
    assert test.outcome == "passed", test.reason
    record = json.loads((result.directory / "results.json").read_text())["tests"][0]["network"]
    assert (record["delay_seconds"], record["loss"], record["rate_bits_per_second"]) == (0.002, 0.0, 100e6)
    assert record["by"].startswith("a relay in user space")
    assert record["counts"]["to_clients"]["packets"] > 0
    assert any(
        item.name == "network" and "2 ms delay, 100 Mbit/s each way" in item.detail for item in test.evidence
    )


@pytest.mark.parametrize("impairment", [Impairment(), Impairment(delay=0.001)], ids=["plain", "relay"])
def test_the_version_on_the_wire_is_observed_in_every_network(run, make_test, namespace_only, impairment):
    pytest.importorskip("aioquic")
    (test,) = run(replace(make_test("quic"), impairment=impairment)).tests
    if "cannot be made worse" in test.reason:
        pytest.skip(test.reason)
    assert test.outcome == "passed", test.reason
    assert "QUIC v1" in test.reason


def test_everything_lost_is_no_transfer(run, make_test, namespace_only):
    plan = replace(make_test("http", timeout=2.0), impairment=Impairment(loss=1.0))
    (test,) = run(plan).tests
    if test.outcome == "error":
        pytest.skip(test.reason)
    assert test.outcome == "failed"
    assert any("100 % loss" in item.detail for item in test.evidence)


def test_nothing_is_left_of_a_relay(run, make_test, namespace_only, left_behind):
    run(replace(make_test("tcp"), impairment=Impairment(delay=0.001)))
    assert left_behind() == []


def test_a_relay_that_dies_is_no_failure_of_the_services(run, make_test, namespace_only, monkeypatch):
    async def start_and_kill(*arguments):
        relay = await start_relay(*arguments)
        relay.process.kill()
        return relay

    monkeypatch.setattr(setting, "start_relay", start_and_kill)
    (test,) = run(replace(make_test("http", timeout=1.0), impairment=Impairment(delay=0.001))).tests
    if "cannot be made worse" in test.reason:
        pytest.skip(test.reason)
    assert test.outcome == "error"
    assert test.reason == "the relay that makes the network worse has ended: status -9"


def test_without_a_namespace_the_machines_own_network_is_left_alone(run, make_test, tmp_path):
    plan = replace(make_test("http"), impairment=Impairment(delay=0.001))
    with pytest.raises(MachineError, match="only be made worse in a namespace of its own"):
        run(plan, isolation="none")
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (DELAY, "20ms", 0.02), (DELAY, " 1.5 s ", 1.5), (DELAY, "200us", 2e-4), (DELAY, "0ms", 0),
        (LOSS, "2%", 0.02), (LOSS, "0.5 %", 0.005), (LOSS, "100%", 1),
        (RATE, "10mbit", 1e7), (RATE, "10 Mbit/s", 1e7), (RATE, "1Gbit", 1e9), (RATE, "64 kbit/s", 64e3),
    ],
)  # fmt: skip
def test_quantities(kind, text, value):
    assert kind.read(text) == pytest.approx(value)


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        (DELAY, "20", "the delay '20' has no unit"), (DELAY, "-1ms", "out of range"),
        (DELAY, "10 furlongs", "'furlongs' is no unit of a delay"), (DELAY, "ms", "'ms' is no delay"),
        (DELAY, "", "'' is no delay"), (DELAY, "1e3ms", "'e3ms' is no unit"), (DELAY, "61 s", "out of range"),
        (LOSS, "200%", "out of range"), (LOSS, "-1%", "out of range"), (LOSS, "0.1", "has no unit"),
        (RATE, "0mbit", "out of range"), (RATE, "10mbps", "'mbps' is no unit of a rate"),
        (RATE, "\u0661mbit", "is no rate"),
    ],
)  # fmt: skip
def test_what_is_no_quantity_is_refused_with_a_cure(kind, text, message):
    with pytest.raises(QuantityError) as caught:
        kind.read(text)
    assert message in str(caught.value)
    assert caught.value.cure
