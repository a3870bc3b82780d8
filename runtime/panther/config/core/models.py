"""The base classes of a plugin's configuration.

A plugin derives a standard-library dataclass from one of these in its ``config_schema.py``, adds
fields of its own and changes defaults. What an experiment file says under ``implementation:`` is
checked against that class by :func:`panther.config.core.validation.build_config`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict

__all__ = ["IUTConfig", "ImplementationConfig"]


@dataclass
class ImplementationConfig:
    """Configuration that every implementation has."""

    implementation_name: str = ""
    """The plugin's registered name; empty: what ``_get_implementation_name()`` returns."""

    binary_name: str = ""
    """The program to start: a name looked up on ``PATH``, or a path. A value that an experiment
    file gives takes precedence over ``_get_binary_name()``."""

    protocol_version: str = ""
    """Version of the protocol to speak; empty: the protocol's default."""

    default_port: int = 0
    """Port of a server when neither the experiment nor the environment says one; 0: the protocol's."""

    bind_address: str = "0.0.0.0"  # noqa: S104 — a service in a container is reached from outside it
    """Address that a server binds."""

    debug_level: int = 0
    """How much the implementation logs; 0 is its normal amount."""

    custom_options: Dict[str, str] = field(default_factory=dict)
    """Options that reach template methods and command templates as they are."""

    certificate_config: Dict[str, str] = field(default_factory=dict)
    """The test certificates: ``key_type`` (ecdsa, rsa, ed25519), ``names`` (comma separated), ``days``."""

    runtime_parameters: Dict[str, str] = field(default_factory=dict)
    """Further parameters that reach template methods and command templates as they are."""

    dockerfile_template: str | None = None
    """Path of a Dockerfile to use instead of the builder's, relative to the plugin's directory."""

    base_image_override: str | None = None
    """Image that the last stage of the plugin's Dockerfile starts from."""


@dataclass
class IUTConfig(ImplementationConfig):
    """Configuration of an implementation under test."""

    connect_timeout: float = 10.0
    """Seconds that a server has until its socket is bound."""

    connect_retries: int = 3
    """How many times a client is started again while the server refuses it."""
