"""What a file says about a plugin: fields of its configuration, parameters of its protocol, nothing else."""

from __future__ import annotations

from textwrap import dedent

import pytest

from panther.bench.experiment import ExperimentError, InstalledPlugins, load_experiment, split_settings
from panther.plugins import plugin_decorators
from panther.plugins.registry import PluginRegistry
from panther.plugins.services.base import BaseQUICServiceManager

PLUGIN = 'name: "fast"\n          type: "iut"'

#: What is said beside the plugin's name (§ where the problem is), and words of the answer.
FAULTS = {
    "unknown field": ("§windw: 3", "the plugin 'fast' has no field 'windw'", "did you mean 'window'?"),
    "unknown parameter": ("§zero_rt: true", "has no field 'zero_rt'", "did you mean 'zero_rtt'?"),
    "like no field": ("§xyz: 1", "has no field 'xyz'", "its fields are: implementation_name, "),
    "key of the protocol": ("§version: '1'", "has no field 'version'", "write it under 'protocol:'"),
    "role": ("§role: client", "has no field 'role'", "write it under 'protocol:'"),
    "key of the service": ("§timeout: 3", "has no field 'timeout'", "write it beside 'implementation:'"),
    "type of a field": ("window: §wide", "'window' of FastConfig: input should be a valid integer", ""),
    "type of a parameter": ("zero_rtt: §perhaps", "'zero_rtt': input should be a valid boolean", ""),
    "range of a parameter": ("port: §70000", "'port': input should be less than or equal to 65535", ""),
    "number for text": ("performance_mode: §1.10", "should be a valid string, got 1.1", "quotation marks"),
    "list where text is needed": ("performance_mode: §[1]", "should be a valid string, got [1]", ""),
    "list in a map of text": ("runtime_parameters: {a: §[1]}", "'runtime_parameters.a' of FastConfig", ""),
    "no value in a map of text": ("custom_options: {a: §~}", "'custom_options.a' of FastConfig", ""),
    "text for a map": ("custom_options: §fast", "'custom_options' of FastConfig", ""),
    "number that changes": ("custom_options: {a: §1.10}", "YAML reads 1.10 as '1.1'", '"1.10"'),
    "number in base 16": ("custom_options: {a: §0x1f}", "YAML reads 0x1f as '31'", '"0x1f"'),
    "time of day": ("custom_options: {a: §12:30}", "YAML reads 12:30 as '750'", '"12:30"'),
    "answer": ("custom_options: {a: §yes}", "YAML reads yes as 'true'", '"yes"'),
    "what the class refuses": ("performance_mode: §high", "there is no performance mode 'high'", ""),
    "what the class stumbles over": ("window: §13", "FastConfig raises KeyError: 'no window of 13'", ""),
    "chosen by the bench": ("§www_dir: /srv", "'www_dir' cannot be set: the bench chooses it", "remove it"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_setting_that_does_not_fit(name, changed, refused):
    setting, message, cure = FAULTS[name]
    (problem,) = refused(changed(PLUGIN, f"{PLUGIN}\n          {setting}"))
    assert message in problem.message
    assert cure in problem.suggestion


def test_all_settings_that_do_not_fit_are_reported(changed, refused):
    settings = "window: §a\n          zero_rtt: §b\n          debug_level: §c\n          §nothing: 1"
    assert len(refused(changed(PLUGIN, f"{PLUGIN}\n          {settings}"))) == 4


def test_settings_that_do_not_fit_together_are_refused_together(changed, refused):
    settings = "window: 99\n          performance_mode: throughput"
    (problem,) = refused(
        changed(
            f"implementation:\n          {PLUGIN}",
            f"implementation:\n          §{PLUGIN}\n          {settings}",
        )
    )
    assert "a window of 99 is too small for throughput" in problem.message
    assert problem.path == "tests[0].services.server.implementation"


def test_fields_and_parameters_are_accepted(changed, load):
    options = "{n: 1, x: 1.5, t: true, d: 2024-01-01}"
    settings = f"{{window: 5, zero_rtt: true, alpn: h3, port: 5000, custom_options: {options}}}"
    service = load(changed(PLUGIN, f"{PLUGIN}\n          <<: {settings}")).tests[0].services["server"]
    assert service.implementation.extras["custom_options"] == {"n": 1, "x": 1.5, "t": True, "d": "2024-01-01"}
    assert service.implementation.extras["port"] == 5000


def test_a_configuration_class_that_cannot_be_used_is_the_plugins_fault(changed, refused):
    (problem,) = refused(changed('"fast"', "§broken"))
    assert "the default of 'window' of BrokenConfig: input should be a valid integer" in problem.message
    assert "conftest.py:" in problem.message


def test_a_tester_is_told_its_test(load):
    experiment = load(
        """\
tests:
  - name: "judged"
    services:
      tester:
        implementation: {name: "judge", type: "testers", test: "handshake"}
        protocol: {name: "quic", role: "server"}
"""
    )
    assert experiment.tests[0].services["tester"].implementation.test == "handshake"


def test_an_unknown_tester_is_refused_with_the_place_for_testers(load):
    with pytest.raises(ExperimentError) as caught:
        load(
            "tests: [{name: a, services: {t: {implementation: {name: ivy, type: testers, test: x}, "
            "protocol: {name: quic, role: server}}}}]"
        )
    (problem,) = caught.value.problems
    assert problem.message == "there is no plugin 'ivy'"
    assert "panther/plugins/services/testers/" in problem.suggestion


def test_settings_become_a_configuration_and_parameters():
    class Manager(BaseQUICServiceManager):
        def _get_implementation_name(self) -> str:
            return "x"

        def _get_binary_name(self) -> str:
            return "x"

    config, parameters = split_settings(Manager, {"debug_level": 2, "zero_rtt": True})
    assert (config.debug_level, parameters) == (2, {"zero_rtt": True})


@pytest.fixture
def installed(tmp_path, monkeypatch) -> InstalledPlugins:
    """The plugins of a path that holds one that is whole, and one that cannot be imported."""
    services = tmp_path / "root" / "panther" / "plugins" / "services" / "iut" / "quic"
    for name in ("shelved", "unread"):
        (services / name).mkdir(parents=True)
    (services / "shelved" / "__init__.py").write_text(
        dedent("""\
            from panther.plugins.plugin_decorators import register_plugin
            from panther.plugins.services.base import BaseQUICServiceManager


            @register_plugin("iut", "shelved", "1.0", supported_protocols=["quic"])
            class Manager(BaseQUICServiceManager):
                def _get_implementation_name(self):
                    return "shelved"

                def _get_binary_name(self):
                    return "shelved"
            """)
    )
    (services / "unread" / "__init__.py").write_text("raise RuntimeError('imported')\n")
    monkeypatch.setenv("PANTHER_PLUGIN_PATH", str(tmp_path / "root"))
    monkeypatch.setattr(plugin_decorators, "REGISTRY", registry := PluginRegistry())
    monkeypatch.setattr("panther.plugins.discovery.REGISTRY", registry)
    return InstalledPlugins()


def test_plugins_are_found_on_disk_and_only_the_named_one_is_imported(installed, file, pair):
    file.write_text(pair.replace("fast", "shelved"))
    assert load_experiment(file, installed).tests[0].services["server"].implementation.name == "shelved"


def test_a_plugin_that_cannot_be_imported_is_a_problem_of_the_file(installed, file, pair):
    file.write_text(pair.replace("fast", "unread"))
    with pytest.raises(ExperimentError) as caught:
        load_experiment(file, installed)
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (8, 17)
    assert "RuntimeError" in problem.message
    assert "imported" in problem.message


#: What a file wishes of the test certificates (§ where the problem is), and words of the answer.
CERTIFICATES = {
    "unknown key": ("{§kind: rsa}", "has no key 'kind'", "key_type, names, days"),
    "unknown type": ("{key_type: §dsa}", "asks for the key type 'dsa'", "ecdsa, rsa, ed25519"),
    "no day": ("{days: §0}", "asks for '0' days", "from 1 to"),
    "no name": ("{names: §'a b'}", "asks for the name 'a b'", "comma separated"),
}


@pytest.mark.parametrize("name", CERTIFICATES)
def test_a_certificate_that_cannot_be_made_has_its_place(name, changed, refused):
    wish, message, cure = CERTIFICATES[name]
    (problem,) = refused(changed(PLUGIN, f"{PLUGIN}\n          certificate_config: {wish}"))
    assert message in problem.message
    assert cure in problem.suggestion


def test_a_certificate_that_the_plugin_itself_cannot_have_is_the_plugins_fault(changed, refused):
    (problem,) = refused(changed('"fast"', "§picky"))
    assert "asks for the key type 'dsa'" in problem.message
    assert "conftest.py" in problem.message
