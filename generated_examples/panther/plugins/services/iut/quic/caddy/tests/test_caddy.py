"""Tests of what is particular to caddy; the base class has tests of its own."""

from pathlib import Path

import pytest
from panther.errors import ParameterError
from panther.plugins.services.base import BaseServiceManager

PLUGIN = Path(__file__).resolve().parents[1]
NAME = "caddy"
BINARY = "caddy"


def test_names(service_manager: BaseServiceManager) -> None:
    """The plugin is found under its directory's name."""
    assert service_manager._get_implementation_name() == NAME
    assert service_manager._get_binary_name() == BINARY
    assert service_manager.config.implementation_name == NAME
    assert service_manager.config.binary_name == BINARY


def test_registration(service_manager: BaseServiceManager) -> None:
    """What a list of plugins shows, and what decides on the tests that it is asked to run."""
    info = service_manager.plugin_info
    assert info is not None
    assert [info.plugin_type, info.name, info.version, info.description] == [
        "iut",
        NAME,
        "0.1.0",
        "HTTP/3 by Caddy, a web server on quic-go",
    ]
    assert list(info.supported_protocols) == [
        "quic",
    ]
    assert list(info.capabilities) == ["rfc9000", "h3"]
    assert service_manager.language == "go"
    assert service_manager.get_supported_features() == {
        "rfc9000": True,
        "h3": True,
        "0rtt": False,
        "connection_migration": False,
        "client": False,
    }


def test_server_example(service_manager: BaseServiceManager) -> None:
    """With the example's own values it is the example again."""
    command = service_manager.build_command(
        "server",
    )
    assert command.argv == (
        "caddy",
        "run",
        "--adapter",
        "caddyfile",
        "--config",
        str(PLUGIN / "endpoint" / "Caddyfile"),
    )


def test_environment(service_manager: BaseServiceManager) -> None:
    """The variables that endpoint/Caddyfile reads, and where Caddy keeps its state."""
    command = service_manager.build_command(
        "server",
        bind_address="192.0.2.1",
        port=4444,
        cert_file="/srv/tls/chain.pem",
        key_file="/srv/tls/secret.pem",
        www_dir="/srv/files",
        log_dir="/srv/logs",
    )
    assert command.environment == {
        "BIND_ADDRESS": "192.0.2.1",
        "PORT": "4444",
        "CERT_FILE": "/srv/tls/chain.pem",
        "KEY_FILE": "/srv/tls/secret.pem",
        "WWW_DIR": "/srv/files",
        "XDG_DATA_HOME": "/srv/logs",
        "XDG_CONFIG_HOME": "/srv/logs",
    }
    assert service_manager.install_command == "apt-get install caddy"


def test_no_client(service_manager: BaseServiceManager) -> None:
    """How a client is started is not known, and nothing is started in its place."""
    with pytest.raises(ParameterError) as refused:
        service_manager.build_command("client")
    assert [refused.value.message, refused.value.cure] == [
        "'caddy' is a plugin of a server only",
        "name another implementation as the client, or return its arguments here",
    ]


def test_dockerfile(service_manager: BaseServiceManager) -> None:
    """The Dockerfile is the builder's until its author removes the mark in its first line."""
    built = service_manager.generate_dockerfile_content()
    written = (PLUGIN / "Dockerfile").read_text(encoding="utf-8")
    mark = built.partition("\n")[0]
    assert written == built or not written.startswith(mark)
