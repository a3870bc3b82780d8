"""A plugin is described by its source."""

from __future__ import annotations

from pathlib import Path

import pytest

from panther_gen.errors import UsageError
from panther_gen.plugin.description import describe_plugin
from panther_gen.plugin.tree import find_plugins

PLUGIN = "panther/plugins/services/iut/quic/sample"
CLASS = """
from panther.plugins.plugin_decorators import register_plugin as register
from panther.plugins.services.base import quic_service_base

VERSION = "1.0.0"

@register("iut", name="sample", version=VERSION, description="A sa" "mple",
          supported_protocols=["quic"], capabilities=("rfc9000", "h3"))
class SampleServiceManager(quic_service_base.BaseQUICServiceManager):
    def _get_binary_name(self): ...
    async def other(self): ...

class Helper: ...
"""
CONFIG = """
from dataclasses import dataclass, field
from panther.config.core.models import IUTConfig

@dataclass(frozen=True)
class SampleConfig(IUTConfig):
    binary_name: str = "sample"
    words: list[str] = field(default_factory=list)
    required: int

class Plain(IUTConfig):
    x = 1
"""


def test_a_plugin_is_described(tree):
    tree(
        {
            f"{PLUGIN}/__init__.py": "raise SystemExit('imported')",
            f"{PLUGIN}/sample.py": CLASS,
            f"{PLUGIN}/config_schema.py": CONFIG,
            f"{PLUGIN}/templates/server_command.jinja": "",
            f"{PLUGIN}/__pycache__/sample.pyc": "",
            f"{PLUGIN}/tests/test_sample.py": "x = (",
        }
    )
    found = describe_plugin(find_plugins(Path())[0])
    assert found.files == (
        "__init__.py",
        "config_schema.py",
        "sample.py",
        "templates/server_command.jinja",
        "tests/test_sample.py",
    )
    (registration,) = found.registrations
    assert registration.class_name == "SampleServiceManager"
    assert registration.bases == ("quic_service_base.BaseQUICServiceManager",)
    assert registration.methods == ("_get_binary_name", "other")
    assert (registration.plugin_type, registration.name, registration.version) == ("iut", "sample", "")
    assert registration.description == "A sample"
    assert registration.supported_protocols == ("quic",)
    assert registration.capabilities == ("rfc9000", "h3")
    assert registration.line == 7
    config, plain = found.configs
    assert (config.name, config.bases, config.is_dataclass) == ("SampleConfig", ("IUTConfig",), True)
    assert [(one.name, one.annotation, one.default) for one in config.fields] == [
        ("binary_name", "str", "'sample'"),
        ("words", "list[str]", "field(default_factory=list)"),
        ("required", "int", None),
    ]
    assert not plain.is_dataclass


def test_a_plugin_that_cannot_be_parsed_is_refused_with_its_place(tree):
    tree({f"{PLUGIN}/sample.py": "x = 1\ndef f(:\n"})
    with pytest.raises(UsageError, match="cannot be parsed") as caught:
        describe_plugin(find_plugins(Path())[0])
    assert caught.value.where.endswith("sample.py:2:7")
