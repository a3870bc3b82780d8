"""An experiment that is made, not read: a plugin's client against its own server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from panther.bench.experiment.models import (
    Experiment,
    Implementation,
    NetworkEnvironment,
    Protocol,
    Service,
    Steps,
    Test,
)
from panther.errors import ConfigurationError

__all__ = ["pair_experiment"]

#: Seconds that the pair of ``panther-gen try`` has once its server is ready.
_PAIR_WAIT = 30.0


def pair_experiment(
    plugin: str, protocol: str, *, version: str = "", settings: Mapping[str, Any] | None = None
) -> Experiment:
    """Return an experiment of one test on this machine: a plugin's client against its own server.

    Args:
        plugin: the plugin's name.
        protocol: what the two speak.
        version: the protocol's version; empty: any.
        settings: values for the plugin's configuration, of both.

    Raises:
        ConfigurationError: a setting has the name of a key of ``implementation:`` itself.
    """
    values = dict(settings or {})
    for name in Implementation.model_fields:
        if name in values:
            raise ConfigurationError(
                f"'{name}' is no setting of the plugin '{plugin}'", cure="write an experiment file to set it"
            )
    said = {"name": protocol, "version": version} if version else {"name": protocol}
    implementation = Implementation(name=plugin, type="iut", **values)
    services = {
        "server": Service(implementation=implementation, protocol=Protocol(role="server", **said)),
        "client": Service(
            implementation=implementation, protocol=Protocol(role="client", target="server", **said)
        ),
    }
    test = Test(
        name=f"{plugin} against itself",
        description=f"The client of {plugin} talks {protocol} to its server on this machine.",
        network_environment=NetworkEnvironment(type="localhost"),
        services=services,
        steps=Steps(wait=_PAIR_WAIT),
    )
    return Experiment(tests=(test,))
