"""The experiment file that comes with the first plugin: its server against its client, on this machine."""

from __future__ import annotations

__all__ = ["EXPERIMENT_FILE", "experiment_text"]

#: Its name, beside ``panther/``.
EXPERIMENT_FILE = "test_config.yaml"

#: RFC 9000 is QUIC version 1; HTTP/1.1 is what an HTTP server must at least speak (RFC 9112).
_PROTOCOL_VERSIONS = {"quic": "rfc9000", "http": "1.1"}

_TEXT = """\
# The server of the plugin "{name}" against its own client, as processes on this machine:
#   python -m panther --experiment-config {file}
tests:
  - name: "{name} against itself"
    network_environment:
      type: "localhost"
    services:
      server:
        implementation:
          name: "{name}"
          type: "iut"
        protocol:
          name: "{protocol}"
          version: "{version}"
          role: "server"
      client:
        implementation:
          name: "{name}"
          type: "iut"
        protocol:
          name: "{protocol}"
          version: "{version}"
          role: "client"
          target: "server"
"""


def experiment_text(protocol: str, name: str) -> str:
    """Return the experiment file of a plugin.

    Args:
        protocol: a valid protocol name.
        name: a valid plugin name.
    """
    version = _PROTOCOL_VERSIONS.get(protocol, "1.0")
    return _TEXT.format(name=name, protocol=protocol, version=version, file=EXPERIMENT_FILE)
