"""Parameters: where their values come from, what is refused, and what template methods may return."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from panther.config.core.models import IUTConfig
from panther.errors import ParameterError
from panther.plugins.services.base import (
    BaseHTTPServiceManager,
    BaseMinipServiceManager,
    BaseQUICServiceManager,
    BaseServiceManager,
    BaseTCPServiceManager,
    PythonQUICServiceManager,
    RustQUICServiceManager,
)

COMMON = {
    "role": "server",
    "host": "localhost",
    "bind_address": "0.0.0.0",
    "debug_level": 0,
    "www_dir": "/www",
    "download_dir": "/downloads",
    "log_dir": "/logs",
    "custom_options": {},
    "runtime_parameters": {},
    # from the configuration
    "implementation_name": "mine",
    "binary_name": "mine-binary",
    "protocol_version": "",
    "default_port": 0,
    "certificate_config": {},
    "dockerfile_template": None,
    "base_image_override": None,
    "connect_timeout": 10.0,
    "connect_retries": 3,
}
TLS = {
    "cert_file": "/certs/cert.pem",
    "key_file": "/certs/priv.key",
    "ca_file": "/certs/ca.pem",
    "server_name": "localhost",
}
ECHO = {"port": 8080, "url": "", "payload_file": ""}
DEFAULTS = {
    BaseQUICServiceManager: {
        **TLS,
        "port": 4443,
        "url": "https://localhost:4443/",
        "alpn": "h3",
        "zero_rtt": False,
        "custom_crypto": False,
        "qlog_dir": "",
        "keylog_file": "",
        "session_file": "",
        "testcase": "http3",
        "requests": 1,
    },
    BaseHTTPServiceManager: {
        **TLS,
        "port": 80,
        "url": "http://localhost:80/",
        "document_root": "/www",
        "enable_h2": False,
    },
    BaseMinipServiceManager: {"port": 4987, "url": "", "count": 5, "interval": 0.05},
    BaseTCPServiceManager: ECHO,
    BaseServiceManager: ECHO,
}


@pytest.mark.parametrize("base", DEFAULTS)
def test_every_parameter_of_every_protocol(manager_class, base):
    assert manager_class(base)().resolve_parameters() == {**COMMON, **DEFAULTS[base]}


@pytest.mark.parametrize("base", DEFAULTS)
@pytest.mark.parametrize("role", ["server", "client"])
def test_the_template_method_gets_them_all(manager_class, base, role):
    seen = {}
    method = {f"_get_{role}_specific_args": lambda self, **kwargs: seen.update(kwargs) or []}
    manager_class(base, **method)().build_command(role)
    assert seen == {**COMMON, **DEFAULTS[base], "role": role}


@dataclass
class Config(IUTConfig):
    default_port: int = 5000
    alpn: str = "hq-interop"
    performance_mode: str = "balanced"
    supported_features: list[str] = field(default_factory=list)


class TestPrecedence:
    def test_the_configuration_goes_before_the_protocol(self, manager_class):
        parameters = manager_class()(Config()).resolve_parameters()
        assert (parameters["port"], parameters["alpn"]) == (5000, "hq-interop")

    def test_without_a_port_of_its_own_it_has_the_protocols(self, manager_class):
        assert manager_class()(Config(default_port=0)).resolve_parameters()["port"] == 4443

    def test_overrides_go_before_both(self, manager_class):
        parameters = manager_class()(Config()).resolve_parameters(port=1, alpn="h3", performance_mode="fast")
        assert (parameters["port"], parameters["alpn"], parameters["performance_mode"]) == (1, "h3", "fast")

    def test_unknown_ones_pass_through_as_they_are(self, manager_class):
        value = object()
        parameters = manager_class()().resolve_parameters(enable_h2=True, config_file="/no/such", thing=value)
        assert parameters["enable_h2"] is True
        assert parameters["config_file"] == "/no/such"
        assert parameters["thing"] is value

    @pytest.mark.parametrize(
        "name", ["copy", "json", "model_dump", "url_pattern", "model_config", "validate"]
    )
    def test_any_name_may_pass_through(self, manager_class, name):
        assert manager_class()().resolve_parameters(**{name: "x"})[name] == "x"

    def test_fields_of_the_configuration_keep_their_types(self, manager_class):
        @dataclass
        class Limits:
            streams: int = 100

        @dataclass
        class Nested(IUTConfig):
            limits: Limits = field(default_factory=Limits)

        assert manager_class()(Nested()).resolve_parameters()["limits"] == Limits(100)

    def test_the_url_follows_host_and_port(self, manager_class):
        manager = manager_class()()
        assert manager.resolve_parameters(host="a.example", port=1)["url"] == "https://a.example:1/"
        assert manager.resolve_parameters(host="::1", port=1)["url"] == "https://[::1]:1/"
        assert manager.resolve_parameters(host="x", url="https://y/z")["url"] == "https://y/z"

    @pytest.mark.parametrize(
        ("given", "www_dir", "document_root"),
        [
            ({}, "/www", "/www"),
            ({"www_dir": "/a"}, "/a", "/a"),
            ({"document_root": "/b"}, "/b", "/b"),
            ({"www_dir": "/a", "document_root": "/b"}, "/a", "/b"),
        ],
    )
    def test_document_root_and_www_dir_are_one(self, manager_class, given, www_dir, document_root):
        parameters = manager_class(BaseHTTPServiceManager)().resolve_parameters(**given)
        assert (parameters["www_dir"], parameters["document_root"]) == (www_dir, document_root)

    def test_paths_become_text(self, manager_class):
        parameters = manager_class()().resolve_parameters(cert_file=Path("/c.pem"), other=Path("/o"))
        assert (parameters["cert_file"], parameters["other"]) == ("/c.pem", "/o")

    def test_the_role_is_the_managers_unless_one_is_asked_for(self, manager_class):
        manager = manager_class()(role="client")
        assert manager.resolve_parameters()["role"] == "client"
        assert manager.resolve_parameters("server")["role"] == "server"


class TestTheBinary:
    def test_a_configured_one_goes_before_the_classs(self, manager_class):
        manager = manager_class()(IUTConfig(binary_name="/opt/other"))
        assert manager.build_command().argv == ("/opt/other",)
        assert manager.resolve_parameters()["binary_name"] == "/opt/other"

    def test_the_default_of_the_configurations_class_does_not(self, manager_class):
        @dataclass
        class Named(IUTConfig):
            binary_name: str = "guide_says_so"

        manager = manager_class()(Named())
        assert manager.build_command().argv == ("mine-binary",)
        assert manager.resolve_parameters()["binary_name"] == "mine-binary"

    def test_an_override_goes_before_all(self, manager_class):
        manager = manager_class()(IUTConfig(binary_name="/opt/other"))
        assert manager.build_command(binary_name="/tmp/it").argv == ("/tmp/it",)

    def test_a_configured_one_replaces_a_python_module(self, manager_class):
        cls = manager_class(PythonQUICServiceManager, _get_python_module=lambda self: "m")
        assert cls().build_command().argv == (sys.executable, "-m", "m")
        assert cls(IUTConfig(binary_name="frozen")).build_command().argv == ("frozen",)


@pytest.mark.parametrize(
    ("base", "overrides", "problem"),
    [
        (BaseQUICServiceManager, {"port": 0}, "parameter 'port' of 'mine': input should be greater than"),
        (BaseQUICServiceManager, {"port": 65536}, "parameter 'port'"),
        (BaseQUICServiceManager, {"port": "http"}, "got 'http'"),
        (BaseQUICServiceManager, {"port": None}, "parameter 'port'"),
        (BaseQUICServiceManager, {"cert_file": None}, "parameter 'cert_file'"),
        (BaseQUICServiceManager, {"debug_level": -1}, "parameter 'debug_level'"),
        (BaseQUICServiceManager, {"zero_rtt": "perhaps"}, "parameter 'zero_rtt'"),
        (BaseQUICServiceManager, {"custom_options": {"a": 1}}, "parameter 'custom_options.a'"),
        (BaseHTTPServiceManager, {"enable_h2": []}, "parameter 'enable_h2'"),
        (BaseMinipServiceManager, {"count": 0}, "parameter 'count'"),
        (BaseMinipServiceManager, {"interval": -0.1}, "parameter 'interval'"),
        (BaseTCPServiceManager, {"payload_file": 5}, "parameter 'payload_file'"),
        (BaseServiceManager, {"role": "sarver"}, "input should be 'server' or 'client', got 'sarver'"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused(manager_class, base, overrides, problem):
    with pytest.raises(ParameterError) as caught:
        manager_class(base)().generate_run_command(**overrides)
    assert problem in str(caught.value)


class TestWhatTemplateMethodsReturn:
    @pytest.mark.parametrize("method", ["_get_server_specific_args", "_get_program"])
    @pytest.mark.parametrize(
        ("returned", "problem"),
        [
            (
                "--port 80",
                "returned '--port 80', not a list\n  cure: return a list of words, such as ['--port', '80']",
            ),
            ("--name 'open", "not a list"),
            (b"x", "not a list"),
            (None, "returned None, not a list"),
            (5, "returned 5, not a list"),
            ({"-p": "80"}, "not a list"),
            (["-p", 80], "returned 80 at position 1, not text\n  cure: return str(80)"),
            (["-p", None], "returned None at position 1, not text\n  cure: leave it out"),
            (["-p", "a\0b"], "cannot contain a NUL character"),
        ],
    )
    def test_what_is_no_list_of_words_is_refused(self, manager_class, method, returned, problem):
        with pytest.raises(ParameterError) as caught:
            manager_class(**{method: lambda self, **kwargs: returned})().build_command()
        assert f"'Mine.{method}' returned" in str(caught.value)
        assert problem in str(caught.value)

    @pytest.mark.parametrize("returned", [None, "", 5, "a\0b"])
    def test_a_binary_name_is_text(self, manager_class, returned):
        with pytest.raises(ParameterError, match="'Mine"):
            manager_class(_get_binary_name=lambda self: returned)().build_command()

    def test_a_program_has_a_name(self, manager_class):
        with pytest.raises(ParameterError, match="names no program"):
            manager_class(_get_program=lambda self, **kwargs: [])().build_command()

    @pytest.mark.parametrize("method", ["_get_environment", "_get_language_environment"])
    @pytest.mark.parametrize(
        "returned",
        [None, "A=1", ["A"], {"A": 1}, {1: "A"}, {"A=B": "1"}, {"": "1"}, {"A": "\0"}, {"A\0": ""}],
    )
    def test_an_environment_is_a_dictionary_of_text(self, manager_class, method, returned):
        with pytest.raises(ParameterError, match=rf"'Mine\.{method}' returned"):
            manager_class(**{method: lambda self, **kwargs: returned})().build_command()

    @pytest.mark.parametrize("returned", [None, "asyncio"])
    def test_async_patterns_are_a_dictionary(self, manager_class, returned):
        cls = manager_class(PythonQUICServiceManager, _get_async_patterns=lambda self: returned)
        with pytest.raises(ParameterError, match=r"'Mine\._get_async_patterns' returned"):
            cls().build_command()

    def test_a_rust_configuration_is_a_dictionary(self, manager_class):
        cls = manager_class(RustQUICServiceManager, _get_rust_runtime_config=lambda self: "RUST_LOG=debug")
        with pytest.raises(ParameterError, match="not a dictionary"):
            cls().build_command()

    def test_tuples_are_lists_too(self, manager_class):
        manager = manager_class(_get_server_specific_args=lambda self, **kwargs: ("-a", "-b"))()
        assert manager.build_command().argv == ("mine-binary", "-a", "-b")

    def test_mistakes_of_the_plugins_code_keep_their_own_error(self, manager_class):
        with pytest.raises(KeyError, match="prot"):
            manager_class(_get_server_specific_args=lambda self, **kwargs: [kwargs["prot"]])().build_command()
