"""What stands around the blocks of the guide: imports, the rest of a class, the files of a plugin."""

from __future__ import annotations

from guidebook.workshop import Printed

# --- imports ----------------------------------------------------------------------------------------

TYPING = "from typing import Dict, List\n"
DATACLASS = "from dataclasses import dataclass, field\n"
IUT_CONFIG = "from panther.config.core.models import IUTConfig\n"
BASE = "from panther.plugins.services.base.service_manager_base import BaseServiceManager\n"
QUIC_BASE = "from panther.plugins.services.base.quic_service_base import BaseQUICServiceManager\n"
DOCKER = "from panther.plugins.services.base.docker_build_base import DockerBuilderFactory\n"
EVENTS = "from panther.core.events import ServicePreparationEvent\n"
REGISTER = "from panther.plugins.plugin_decorators import register_plugin\n"

# --- classes ----------------------------------------------------------------------------------------

#: The two methods that every plugin must have; the guide leaves them out of most of its fragments.
REQUIRED = """
    def _get_implementation_name(self) -> str:
        return "your_implementation"

    def _get_binary_name(self) -> str:
        return "your_binary"
"""

#: A class that the guide prints a method of.
CLASS = f"\n\nclass YourServiceManager(BaseServiceManager):\n{REQUIRED}\n"

#: The classes that the guide's language-specific ones are the bases of.
LANGUAGE_CLASSES = f"""

class PythonImplementation(PythonQuicServiceManager):
{REQUIRED}

class RustImplementation(RustQuicServiceManager):
{REQUIRED}
"""

#: A class with the flag that the README's test asks for.
THROUGHPUT_CLASS = f"""{TYPING}{QUIC_BASE}

class YourQuicServiceManager(BaseQUICServiceManager):
{REQUIRED}
    def _get_server_specific_args(self, **kwargs) -> List[str]:
        return ["--optimize-throughput"] if kwargs.get("performance_mode") == "throughput" else []


"""

#: A class with the flag that the testing strategy's test asks for.
CUSTOM_FEATURE_CLASS = f"""{TYPING}{BASE}

class YourServiceManager(BaseServiceManager):
{REQUIRED}
    def _get_server_specific_args(self, **kwargs) -> List[str]:
        return ["--custom-feature"] if kwargs.get("custom_feature") else []


"""

#: A class whose commands are spelled by templates; what it returns is put in as ``extra_args``.
TEMPLATE_CLASS = f"""{TYPING}{QUIC_BASE}

class YourQuicServiceManager(BaseQUICServiceManager):
{REQUIRED}
    def _get_server_specific_args(self, **kwargs) -> List[str]:
        return ["--congestion", "new reno"]
"""

#: A service manager whose configuration names a Dockerfile beside it.
DOCKERFILE_CLASS = f"""{BASE}from panther.config.core.models import IUTConfig


class YourServiceManager(BaseServiceManager):
{REQUIRED}

manager = YourServiceManager(IUTConfig(dockerfile_template="Dockerfile"))
"""

# --- plugins ----------------------------------------------------------------------------------------

_SERVICES = "panther/plugins/services"

#: The plugin of the guide's first example, in the directory that the guide gives it.
PROTOCOL_DIRECTORY = f"{_SERVICES}/iut/your_protocol/your_implementation"
PROTOCOL_PLUGIN: dict[str, str | Printed] = {
    f"{PROTOCOL_DIRECTORY}/__init__.py": (
        'from .your_implementation import YourServiceManager\n\n__all__ = ["YourServiceManager"]\n'
    ),
    f"{PROTOCOL_DIRECTORY}/your_implementation.py": Printed(167),
    f"{PROTOCOL_DIRECTORY}/config_schema.py": Printed(94),
}

#: The plugin that the guide's README describes, for QUIC.
QUIC_DIRECTORY = f"{_SERVICES}/iut/quic/your_implementation"
QUIC_PLUGIN: dict[str, str | Printed] = {
    f"{QUIC_DIRECTORY}/__init__.py": Printed(678),
    f"{QUIC_DIRECTORY}/your_implementation.py": Printed(687),
    f"{QUIC_DIRECTORY}/config_schema.py": Printed(94),
}

#: The tester that the guide names.
_TESTER_DIRECTORY = f"{_SERVICES}/testers/quic/panther_ivy"
TESTER_PLUGIN: dict[str, str | Printed] = {
    f"{_TESTER_DIRECTORY}/__init__.py": "from .panther_ivy import IvyServiceManager as IvyServiceManager\n",
    f"{_TESTER_DIRECTORY}/panther_ivy.py": f"""{REGISTER}{QUIC_BASE}

@register_plugin(
    plugin_type="testers", name="panther_ivy", version="1.0.0", supported_protocols=["quic"]
)
class IvyServiceManager(BaseQUICServiceManager):
    def _get_implementation_name(self) -> str:
        return "panther_ivy"

    def _get_binary_name(self) -> str:
        return "quic_server_test"
""",
    f"{_TESTER_DIRECTORY}/config_schema.py": f"""from dataclasses import dataclass
{IUT_CONFIG}

@dataclass
class IvyConfig(IUTConfig):
    implementation_name: str = "panther_ivy"
    test: str = ""
""",
}

# --- programs ---------------------------------------------------------------------------------------

#: The implementation that the first example's plugin starts: a server that answers, and its client.
YOUR_BINARY = """#!/usr/bin/env python3
import argparse
import socket

parser = argparse.ArgumentParser()
parser.add_argument("--listen")
parser.add_argument("--connect")
parser.add_argument("--high-performance", action="store_true")
options = parser.parse_args()
host, port = (options.listen or options.connect).split(":")
if options.connect:
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"hello")
        assert connection.recv(5) == b"hello"
else:
    with socket.create_server((host, int(port))) as server:
        while True:
            connection, _ = server.accept()
            with connection:
                connection.sendall(connection.recv(5))
"""

# --- experiment files -------------------------------------------------------------------------------

#: The beginning of a test that a fragment of services, or of environments, is the end of.
TEST = """\
tests:
  - name: "Fragment"
    network_environment:
      type: "docker_compose"
"""

#: The end of a service ``server`` whose implementation is the end of a fragment.
SERVER_PROTOCOL = """\
        protocol:
          name: "quic"
          role: "server"
"""

#: The beginning of a service whose implementation is the fragment.
SERVER = f"{TEST}    services:\n      server:\n"
