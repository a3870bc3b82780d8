"""Files whose YAML is good and whose meaning is not: what is said of each, and where."""

from __future__ import annotations

import pytest

from panther.bench.experiment import ExperimentError
from panther.errors import MachineError

#: A valid file, a piece of it, what stands there instead (§ where the problem is), and words of the answer.
FAULTS = {
    "unknown key": (
        "timeout: 20",
        "§tiemout: 20",
        "server.tiemout: unknown key 'tiemout'",
        "did you mean 'timeout'?",
    ),
    "unknown key, nothing like it": ("timeout: 20", "§zzz: 20", "unknown key 'zzz'", "known: implementation"),
    "key at the wrong level": (
        "timeout: 20",
        "§target: client",
        "unknown key 'target'",
        "write it under 'protocol:'",
    ),
    "key of a service named like a field": (
        "      client:\n        implementation:",
        "      protocol:\n        §implementatio: {}\n        implementation:",
        "services.protocol.implementatio: unknown key",
        "did you mean 'implementation'?",
    ),
    "misspelt key is not missing too": ("tests:", "§test:", "unknown key 'test'", "did you mean 'tests'?"),
    "missing role": (
        '          role: "server"\n',
        "",
        "protocol.role: the key 'role' is missing",
        "add 'role:'",
    ),
    "role": ('role: "server"', 'role: §"sarver"', "unknown role 'sarver'", "did you mean 'server'?"),
    "role in capitals": (
        'role: "server"',
        "role: §Server",
        "unknown role 'Server'",
        "did you mean 'server'?",
    ),
    "role is a list": (
        'role: "server"',
        "role: §[server]",
        "one word is needed here, not a list",
        "known: server",
    ),
    "type": ('type: "iut"', "type: §tester", "unknown type 'tester'", "did you mean 'testers'?"),
    "logging level": ("tests:", "logging: {level: §debug}\ntests:", "unknown level 'debug'", "'DEBUG'"),
    "observer": (
        "tests:",
        "observers: {§metric: {enabled: true}}\ntests:",
        "unknown key 'metric'",
        "'metrics'",
    ),
    "text for a truth value": (
        "tests:",
        'observers: {logger: {enabled: §"yes"}}\ntests:',
        "true or false is needed here, not 'yes'",
    ),
    "number for text": ('"rfc9000"', "§1.10", "text is needed here, not '1.10'", '"1.10"'),
    "date for a name is text": ('name: "fast"', "name: §2024-01-01", "there is no plugin '2024-01-01'"),
    "text for a number": (
        "timeout: 20",
        'timeout: §"20"',
        "a number is needed here",
        "write 20 without quotation",
    ),
    "words for a number": (
        "timeout: 20",
        "timeout: §soon",
        "a number is needed here, not 'soon'",
        "write it in digits, such as 30",
    ),
    "truth value for a number": (
        "wait: 15",
        "wait: §true",
        "steps.wait: a number is needed here, not 'true'",
    ),
    "no time": (
        "timeout: 20",
        "timeout: §0",
        "the number must be greater than 0, not '0'",
        "write a number greater than 0",
    ),
    "negative time": ("wait: 15", "wait: §-1.5", "the number must be greater than 0, not '-1.5'"),
    "command in one piece": (
        "wait: 15",
        "pre_commands: [§ls -l 'a b']",
        "pre_commands[0]: a list of words is needed here, not 'ls -l 'a b''",
        'write ["ls", "-l", "a b"]',
    ),
    "command without words": ("wait: 15", "post_commands: [§[]]", "post_commands[0]"),
    "depends on nobody": (
        "timeout: 20",
        "depends_on: [§cleint]",
        "'cleint' is no service of this test",
        "did you mean 'client'?",
    ),
    "depends on itself": ("timeout: 20", "depends_on: [§server]", "the service 'server' depends on itself"),
    "depends on who comes later": (
        "timeout: 20",
        "depends_on: [§client]",
        "the server 'server' depends on the client 'client', which starts after all servers",
    ),
    "variable": (
        "timeout: 20",
        'environment: {§"A B": "1"}',
        "'A B' is no name of an environment variable",
    ),
    "variable of the bench": ("timeout: 20", 'environment: {§PANTHER_CELL: "1"}', "belongs to the bench"),
    "variable that is a number": ("timeout: 20", "environment: {A: §1}", "text is needed here", '"1"'),
    "volume without target": ("timeout: 20", 'volumes: [§"./data"]', "'./data' is no volume"),
    "volume with relative target": ("timeout: 20", 'volumes: [§"./data:data"]', "is no volume"),
    "volume over everything": ("timeout: 20", 'volumes: [§"./data:/"]', "cannot take the place of '/'"),
    "two volumes in one place": (
        "timeout: 20",
        'volumes: ["a:/d", §"b:/d/"]',
        "two volumes have the target '/d'",
    ),
    "endless time": ("wait: 15", "wait: §.inf", "a number is needed here, not '.inf'"),
    "absurd time": ("wait: 15", f"wait: §{'9' * 400}", "the number '999", "is too large"),
    "no value": ("timeout: 20", "timeout:§", "server.timeout: 'timeout' has no value", "give it one"),
    "mapping for text": (
        'name: "Pair"',
        "name: §{a: 1}",
        "tests[0].name: text is needed here, not a mapping",
    ),
    "text for a mapping": (
        'network_environment:\n      type: "localhost"',
        "network_environment: §localhost",
        "a mapping is needed here, not 'localhost'",
        "its keys are: type",
    ),
    "number for a mapping": ("\n      wait: 15", " §15", "steps: a mapping is needed here, not '15'"),
    "text for a list": ('["4443:4443"]', '§"4443:4443"', "a list is needed here, not '4443:4443'", "'- '"),
    "network environment": (
        '"localhost"',
        "§localhorst",
        "unknown network environment 'localhorst'",
        "'localhost'?",
    ),
    "execution environment": (
        "    services:",
        "    execution_environment: [{type: §gperf-cpu}]\n    services:",
        "execution_environment[0].type: unknown execution environment 'gperf-cpu'",
        "'gperf_cpu'?",
    ),
    "target": (
        'target: "server"',
        'target: §"sevrer"',
        "'sevrer' is no service of this test",
        "mean 'server'?",
    ),
    "target like nothing": ('target: "server"', "target: §x", "'x' is no service", "the server is 'server'"),
    "target is itself": (
        'target: "server"',
        "target: §client",
        "the target 'client' of the client 'client' is itself",
    ),
    "server with a target": (
        '          role: "server"\n',
        '          role: "server"\n          target: §client\n',
        "the server 'server' has a target",
        "remove it",
    ),
    "no server to talk to": (
        'role: "server"\n        timeout',
        "role: client\n          target: §client\n        timeout",
        "the target 'client' of the client 'server' is a client too",
        "the target 'server' of the client 'client' is a client too",
    ),
    "service without a name": ("      server:", '      §"":', "a service has no name"),
    "port out of range": ("4443:4443", "4443:70000", "the port 70000 is out of range", "from 1 to 65535"),
    "port zero": ("4443:4443", "0:4443", "the port 0 is out of range"),
    "port of many digits": ("4443:4443", f"4443:{'4' * 5000}", "is out of range"),
    "no port": ("4443:4443", "4443:http", "'4443:http' is no port mapping", '"4443:4443"'),
    "ports of another script": ("4443:4443", "٤٤٤٣", "is no port mapping"),
    "port that YAML reads as a time": (
        '"4443:4443"',
        "§80:44",
        "text is needed here, not '80:44'",
        '"80:44"',
    ),
    "test of an IUT": (
        'type: "iut"',
        'type: "iut"\n          §test: handshake',
        "only a tester carries out a 'test'",
        "testers",
    ),
    "unknown plugin": (
        'name: "fast"',
        'name: §"fsat"',
        "there is no plugin 'fsat'",
        "did you mean 'fast'?",
        "'panther-gen new-iut quic fsat' makes one",
        "PANTHER_PLUGIN_PATH",
    ),
    "unknown plugin that cannot be made": ('name: "fast"', 'name: §"a b;c"', "new-iut quic NAME' makes one"),
    "plugin of the other kind": (
        'name: "fast"',
        'name: §"judge"',
        "there is no plugin 'judge'",
        "write 'type: \"testers\"'",
    ),
    "other protocol": (
        'name: "quic"',
        'name: §"quik"',
        "'fast' does not speak 'quik'",
        "did you mean 'quic'?",
    ),
    "other protocol like none": ('name: "quic"', "name: §tcp", "does not speak 'tcp'", "it speaks: quic"),
    "plugin that cannot be loaded": (
        'name: "fast"',
        "name: §rotten",
        "registers no class (rotten/__init__.py:1)",
    ),
}

#: Where the replaced text holds no mark of its own: the value that holds it.
IMPLIED = {
    "missing role": ("        protocol:\n          name", "        protocol:\n          §name"),
    "port out of range": ('["4443', '[§"4443'),
    "port zero": ('["0', '[§"0'),
    "port of many digits": ('["4443', '[§"4443'),
    "no port": ('["4443', '[§"4443'),
    "ports of another script": ('["', '[§"'),
    "no server to talk to": ('target: "server"', 'target: §"server"'),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_where_it_stands_with_its_cure(name, changed, refused):
    old, new, *words = FAULTS[name]
    text = changed(old, new)
    if name in IMPLIED:
        text = text.replace(*IMPLIED[name], 1)
    if name == "service without a name":
        text = text.replace('target: "server"', 'target: ""')  # which would be a second fault
    printed = "\n".join(map(str, refused(text)))
    for word in words:
        assert word in printed


WHOLE = {
    "no key tests": ("§logging: {}\n", "tests: the key 'tests' is missing", "add 'tests:'"),
    "no tests": ("tests: §[]\n", "tests: 'tests' is empty", "write at least one: '- name: …'"),
    "tests without a value": ("tests:§\n", "'tests' has no value"),
    "a test without services": (
        "tests:\n  - name: a\n    services: §{}\n",
        "services: 'services' is empty",
        "write at least one",
    ),
    "a test without a services key": ("tests:\n  - §name: a\n", "the key 'services' is missing"),
    "a test without a name": (
        "tests:\n  - name: §''\n    services: {a: §b}\n",
        "'name' is empty",
        "a mapping is",
    ),
    "a test that is no mapping": ("tests:\n  - §a\n", "tests[0]: a mapping is needed here, not 'a'"),
    "an item without a value": ("tests:\n  -§\n", "tests[0]: this item has no value"),
    "a list": ("§- tests\n", "a mapping is needed, and the file holds a list", "write 'tests:'"),
    "text": ("§hello\n", "and the file holds 'hello'"),
    "only a comment": ("§# nothing yet\n", "the file is empty"),
    "nothing": ("§", "the file is empty", "write at least 'tests:'"),
    "null": ("§~\n", "the file is empty"),
    "two documents": ("tests: []\n§---\ntests: []\n", "a second document begins here"),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_that_holds_no_experiment_says_so(name, refused):
    text, *words = WHOLE[name]
    printed = "\n".join(map(str, refused(text)))
    for word in words:
        assert word in printed


def test_two_tests_of_one_name_are_refused_at_the_second(pair, refused):
    second = pair.removeprefix("tests:\n").replace('name: "Pair"', 'name: §"Pair"')
    (problem,) = refused(pair + second)
    assert "two tests are called 'Pair': this one and tests[0]" in problem.message


def test_a_client_needs_no_target_where_there_is_one_server(changed, load):
    experiment = load(changed('          target: "server"\n', ""))
    assert experiment.tests[0].services["client"].protocol.target == ""


def test_a_client_needs_a_target_where_there_are_two_servers(changed, refused):
    other = """\
      other:
        implementation: {name: fast}
        protocol: {name: quic, role: server}
"""
    text = changed('          name: "quic"\n          role: "client"\n          target: "server"\n', "")
    text = text.replace(
        "        protocol:\n    steps", "        protocol: §{name: quic, role: client}\n    steps"
    )
    (problem,) = refused(text.replace("    steps", f"{other}    steps"))
    assert "the client 'client' says no target" in problem.message
    assert problem.suggestion == "add 'target:'; the servers are: server, other"


def test_a_client_needs_a_server(refused):
    (problem,) = refused(
        "tests:\n- name: a\n  services:\n    c:\n      implementation: {name: fast}\n"
        "      protocol: §{name: quic, role: client}\n"
    )
    assert problem.suggestion == "add a service with 'role: server'"


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        ("4443:4443", "4443:5000", True),
        ("4443:4443/udp", "4443:4443", True),
        ("4443:4443/udp", "4443:4443/udp", True),
        ("4443:4443/udp", "4443:4443/tcp", False),
        ("4443:4443", "4444:4443", False),
        ("4443", "4443", False),
    ],
)
def test_one_port_of_the_host_is_published_once(pair, load, refused, first, second, clash):
    text = pair.replace('["4443:4443"]', f'["{first}"]').replace(
        "    steps", f'        ports: [§"{second}"]\n    steps'
    )
    if clash:
        (problem,) = refused(text)
        assert problem.message == "the services 'server' and 'client' both publish port 4443"
    else:
        assert load(text.replace("§", "")).tests[0].services["client"].ports == (second,)


def test_a_service_publishes_a_port_once(changed, refused):
    (problem,) = refused(changed('["4443:4443"]', '["4443:4443", §"4443:4444"]'))
    assert problem.message == "the service 'server' publishes port 4443 twice"


def test_everything_that_is_wrong_is_reported_at_once_in_the_order_of_the_file(file, load):
    text = """\
tests:
  - name: "a"
    network_environment: {type: "cloud"}
    services:
      server:
        implementation: {name: "fast", perf: 1}
        protocol: {name: "quic", role: "sarver"}
        ports: ["99999:1"]
        timeout: 5
        timeout: 6
      client:
        implementation: {name: "nobody"}
        protocol: {name: "quic", role: "client", target: "sever"}
  - name: "a"
    services: {}
"""
    with pytest.raises(ExperimentError) as caught:
        load(text)
    lines = [line for line in str(caught.value).splitlines() if not line.startswith("  cure:")]
    assert [line.split(": ")[1] for line in lines[:-1]] == [
        "tests[0].network_environment.type",
        "tests[0].services.server.implementation.perf",
        "tests[0].services.server.protocol.role",
        "tests[0].services.server.ports[0]",
        "tests[0].services.server.timeout",
        "tests[0].services.client.implementation.name",
        "tests[0].services.client.protocol.target",
        "tests[1].name",
        "tests[1].services",
    ]
    assert lines[0].startswith(f"{file}:3:33: ")
    assert lines[-1] == "9 problems"


def test_what_is_wrong_with_a_plugin_is_said_once(pair, load, shelf):
    with pytest.raises(ExperimentError) as caught:
        load(pair.replace('"fast"', '"rotten"'))
    assert len(caught.value.problems) == 1
    assert len(shelf.asked) == 1


def test_a_package_that_is_not_installed_is_the_machines_fault(changed, load):
    with pytest.raises(MachineError) as caught:
        load(changed('"fast"', "needy"))
    assert caught.value.exit_code == 4
    assert "experiment.yaml:8:17: tests[0].services.server.implementation.name: " in str(caught.value)
    assert "pip install aquic" in str(caught.value)


def test_a_wrong_file_is_the_authors_fault_whatever_the_machine_lacks(changed, load):
    with pytest.raises(ExperimentError) as caught:
        load(changed('"fast"', "needy").replace("wait: 15", "wait: 0"))
    assert caught.value.exit_code == 2
    assert len(caught.value.problems) == 2


def test_a_test_may_have_one_service_only(load):
    experiment = load(
        "tests: [{name: a, services: {s: {implementation: {name: fast}, "
        "protocol: {name: quic, role: server}}}}]"
    )
    assert list(experiment.tests[0].services) == ["s"]
