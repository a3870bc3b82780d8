"""What an experiment file says of execution environments and networks, right and wrong, with its place."""

from __future__ import annotations

import pytest

from panther.bench.impairment.quantities import Impairment

NETWORK = 'type: "localhost"'


def test_a_network_is_read_with_its_units(changed, load):
    said = f'{NETWORK}\n      delay: "20ms"\n      loss: "1%"\n      rate: "10 Mbit/s"'
    (test,) = load(changed(NETWORK, said)).tests
    assert test.network_environment.impairment == Impairment(0.02, 0.01, 1e7)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('loss: §"-1%"', "the loss '-1%' is out of range"),
        ('loss: §"200%"', "the loss '200%' is out of range"),
        ('delay: §"10 furlongs"', "'furlongs' is no unit of a delay"),
        ("delay: §20", "the delay '20' has no unit"),
        ("delay: §[1]", "a list is no delay"),
        ("rate:§ ", "nothing is no rate"),
        ("§dealy: 1ms", "unknown key 'dealy'"),
    ],
)
def test_a_network_that_cannot_be_is_refused(changed, refused, line, message):
    (problem,) = refused(changed(NETWORK, f"{NETWORK}\n      {line}"))
    assert message in problem.message
    assert problem.suggestion


@pytest.mark.parametrize("loss", ["§0.5", '§"2"'])
def test_a_quantity_without_a_unit_is_not_told_to_be_another_one(changed, refused, loss):
    (problem,) = refused(changed(NETWORK, f"{NETWORK}\n      loss: {loss}"))
    assert problem.suggestion == 'write it with its unit, as in "1%"'


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ("{type: §gperf_cup}", "unknown execution environment 'gperf_cup'"),
        ("{type: gperf_cpu, config: {§freq: 1}}", "'gperf_cpu' has no setting 'freq'"),
        ("{type: gperf_cpu, config: {duration: §-3}}", "'duration' must be greater than 0, not '-3'"),
        ("{type: gperf_cpu, config: {frequency: §x}}", "'frequency' has to be a whole number, not 'x'"),
        ("{type: memcheck, config: {fail_on_errors: §1}}", "'fail_on_errors' has to be true or false"),
        ("{type: strace}, {type: §strace}", "'strace' stands twice"),
        ("{type: strace}, {type: §gdb}", "'gdb' and 'strace' cannot watch the same service"),
        ("{type: py-spy}, {type: pcap}, {type: §strace}", "'strace' and 'py-spy' cannot watch"),
        ("{type: strace}, {type: §gperf_heap}", "'gperf_heap' and 'strace' cannot watch"),
        ("{type: memcheck}, {type: §helgrind}", "'helgrind' and 'memcheck' cannot watch"),
        ("{type: gperf_heap}, {type: §memcheck}", "'memcheck' and 'gperf_heap' cannot watch"),
    ],
)
def test_an_execution_environment_that_cannot_be_is_refused(changed, refused, environment, message):
    text = changed("    services:", f"    execution_environment: [{environment}]\n    services:")
    (problem,) = refused(text)
    assert message in problem.message
