"""``@register_plugin``: what it accepts, what it refuses, and which place it names."""

from __future__ import annotations

import pytest

from panther.errors import RegistrationError
from panther.plugins.plugin_decorators import register_plugin
from panther.plugins.registry import REGISTRY

SOURCE = """\
from panther.plugins.plugin_decorators import register_plugin
from panther.plugins.services.base import *

@register_plugin(
    plugin_type="iut",
    name="mine",
    version="1.0",
    supported_protocols=["quic"],
    capabilities=["rfc9000"],
)
class Manager(BaseQUICServiceManager):
    def _get_implementation_name(self): return "mine"
    def _get_binary_name(self): return "mine"
"""
LINE = 4


def test_a_registration_says_everything(define, tmp_path):
    module = define(SOURCE.replace('version="1.0"', 'version="1.0", description="My QUIC"'))
    info = REGISTRY.get("iut", "quic", "mine")
    assert info is module.Manager.plugin_info
    assert (info.plugin_type, info.name, info.version, info.description) == ("iut", "mine", "1.0", "My QUIC")
    assert (info.supported_protocols, info.capabilities) == (("quic",), ("rfc9000",))
    assert info.manager_class is module.Manager
    assert info.source == f"{tmp_path}/user/user_module.py:{LINE}"


@pytest.mark.parametrize(
    ("old", "new", "problem", "cure"),
    [
        ('"iut"', '"uit"', "unknown plugin_type 'uit'", "did you mean 'iut'?"),
        ('"iut"', '"tester"', "unknown plugin_type 'tester'", "did you mean 'testers'?"),
        ('"iut"', '"sarver"', "unknown plugin_type 'sarver'", "use 'iut' or 'testers'"),
        ('"iut"', "None", "unknown plugin_type None", "use 'iut' or 'testers'"),
        ('["quic"]', "[]", "supports no protocol", 'supported_protocols=["quic"]'),
        ('["quic"]', "()", "supports no protocol", 'supported_protocols=["quic"]'),
        ('["quic"]', '"quic"', "supported_protocols is 'quic'", "make it a list"),
        ('["quic"]', "None", "supported_protocols is None", "make it a list"),
        ('["quic"]', '["quic", 3]', "supported_protocols is ['quic', 3]", "make it a list"),
        ('["quic"]', '["quic", ""]', "supported_protocols is ['quic', '']", "make it a list"),
        ('["rfc9000"]', '"rfc9000"', "capabilities is 'rfc9000'", "make it a list"),
        ('["rfc9000"]', "5", "capabilities is 5", "make it a list"),
        ('"mine"', '""', "the plugin's name is ''", 'name="…"'),
        ('"mine"', "5", "the plugin's name is 5", 'name="…"'),
        ('"1.0"', "1.0", "the plugin's version is 1.0", 'version="…"'),
        ('"1.0"', '" "', "the plugin's version is ' '", 'version="…"'),
        (
            '["quic"]',
            '["http"]',
            "'Manager' derives from the base class for 'quic' and registers for http",
            "add 'quic' to supported_protocols",
        ),
        (
            "class Manager(BaseQUICServiceManager)",
            "class Manager",
            "is no service manager",
            "derive its class",
        ),
        (
            "class Manager(BaseQUICServiceManager):",
            "def manager():",
            "is no service manager",
            "derive its class",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(define, tmp_path, old, new, problem, cure):
    assert old in SOURCE
    with pytest.raises(RegistrationError) as caught:
        define(SOURCE.replace(old, new, 1))
    assert problem in caught.value.message
    assert cure in caught.value.cure
    assert caught.value.where == f"{tmp_path}/user/user_module.py:{LINE}"


def test_a_custom_protocol_may_be_called_anything(define):
    define(
        SOURCE.replace("BaseQUICServiceManager", "BaseServiceManager").replace('"quic"', '"your_protocol"')
    )
    assert REGISTRY.get("iut", "your_protocol", "mine") is not None


def test_a_tester_and_an_implementation_may_share_a_name(define):
    define(SOURCE)
    define(SOURCE.replace('"iut"', '"testers"'), name="user_tester")
    assert REGISTRY.get("testers", "quic", "mine") is not REGISTRY.get("iut", "quic", "mine")


class TestTakenNames:
    def test_another_file_is_refused_and_both_places_are_named(self, define, tmp_path):
        define(SOURCE)
        with pytest.raises(RegistrationError) as caught:
            define(f"\n{SOURCE}", name="user_other")
        assert f"{tmp_path}/user/user_module.py:{LINE} registers it for quic too" in caught.value.message
        assert caught.value.where == f"{tmp_path}/user/user_other.py:{LINE + 1}"

    def test_another_class_of_the_same_file_is_refused(self, define, tmp_path):
        second = SOURCE.replace("class Manager", "class Other")
        with pytest.raises(RegistrationError, match=f"user_module.py:{LINE} registers it for quic too"):
            define(SOURCE + second)

    def test_one_protocol_in_common_is_enough_and_nothing_is_registered(self, define):
        define(SOURCE)
        with pytest.raises(RegistrationError, match="for quic too"):
            define(SOURCE.replace('["quic"]', '["http", "quic"]'), name="user_other")
        assert REGISTRY.get("iut", "http", "mine") is None

    def test_the_same_file_under_two_module_names_is_fine(self, define, tmp_path):
        define(SOURCE)
        second = define(SOURCE, name="user_module")
        assert REGISTRY.get("iut", "quic", "mine").manager_class is second.Manager

    def test_the_same_file_through_a_link_is_fine(self, define, tmp_path):
        define(SOURCE)
        (tmp_path / "linked").symlink_to(tmp_path / "user")
        code = compile(SOURCE, str(tmp_path / "linked" / "user_module.py"), "exec")
        exec(code, {"__name__": "user_module"})

    def test_another_protocol_is_another_plugin(self, define):
        base = SOURCE.replace("BaseQUICServiceManager", "BaseServiceManager")
        define(base)
        define(base.replace('["quic"]', '["http"]'), name="user_other")
        assert REGISTRY.get("iut", "http", "mine") is not REGISTRY.get("iut", "quic", "mine")


def test_a_class_below_a_registered_one_is_not_registered_itself(define):
    module = define(SOURCE)

    class Below(module.Manager):
        pass

    assert REGISTRY.get("iut", "quic", "mine").manager_class is module.Manager
    register_plugin("iut", "below", "1.0", supported_protocols=["quic"])(Below)
    assert (Below.plugin_info.name, module.Manager.plugin_info.name) == ("below", "mine")
