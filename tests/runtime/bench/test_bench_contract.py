"""A workflow method that is replaced behind the back of the class statement is found before anything runs."""

from __future__ import annotations

import subprocess
import sys
from textwrap import dedent, indent

import pytest

PLUGIN = """\
import functools
import sys
from abc import ABCMeta

from panther.plugins.plugin_decorators import register_plugin
from panther.plugins.services.base import *


def mine(self, *args, **kwargs):
    return Command((sys.executable, "-c", "pass"))

{before}

@register_plugin("iut", "patched", "1.0.0", supported_protocols=["tcp"])
class Patched({bases}):
    def _get_implementation_name(self):
        return "patched"

    def _get_binary_name(self):
        return sys.executable

    def _get_server_specific_args(self, **kwargs):
        return ["{programs}/echo_server.py", "--port", str(kwargs["port"])]

    def _get_client_specific_args(self, **kwargs):
        files = ["--payload", kwargs["payload_file"], "--downloads", kwargs["download_dir"]]
        return ["{programs}/echo_client.py", "--port", str(kwargs["port"]), *files]

{inside}

{after}
"""

TCP, ROOT = "BaseTCPServiceManager", "BaseServiceManager"
BUILD = ("'build_command'", "BaseServiceManager", "_get_server_specific_args or _get_client_specific_args")
PREPARE = ("'prepare'", "BaseServiceManager", "_do_prepare")
OWN_WORKFLOW = """
class Ours(BaseTCPServiceManager):
    @workflow_method
    @instead("_get_rounds")
    def rounds(self):
        return self._get_rounds()

    @template_method
    def _get_rounds(self):
        return 1
"""

#: What stands before the class, its bases, what stands in it and behind it, and what is answered.
WAYS = {
    "an instance in __init__": (
        "",
        TCP,
        """
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.build_command = functools.partial(mine, self)
        """,
        "",
        BUILD,
    ),
    "an instance in _do_prepare": (
        "",
        TCP,
        """
        def _do_prepare(self, plugin_manager=None):
            self.build_command = lambda *args, **kwargs: mine(self)
        """,
        "",
        BUILD,
    ),
    "the class of an instance": (
        "class Other(BaseTCPServiceManager):\n    pass\n\nOther.build_command = mine\n",
        TCP,
        """
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.__class__ = type("Third", (Other, Patched), {})
        """,
        "",
        BUILD,
    ),
    "__getattribute__": (
        "",
        TCP,
        """
        def __getattribute__(self, name):
            if name == "build_command":
                return functools.partial(mine, self)
            return super().__getattribute__(name)
        """,
        "",
        BUILD,
    ),
    "__new__": (
        "",
        TCP,
        """
        def __new__(cls, *args, **kwargs):
            self = super().__new__(cls)
            vars(self)["build_command"] = functools.partial(mine, self)
            return self
        """,
        "",
        BUILD,
    ),
    "a decorator of an intermediate base": (
        (
            "def decorated(cls):\n    cls.build_command = mine\n    return cls\n\n"
            "@decorated\nclass Ours(BaseTCPServiceManager):\n    pass\n"
        ),
        "Ours",
        "",
        "",
        BUILD,
    ),
    "a decorator that copies marks": (
        (
            "def decorated(cls):\n"
            "    cls.build_command = functools.wraps(BaseServiceManager.build_command)(mine)\n"
            "    return cls\n\n"
            "@decorated\nclass Ours(BaseTCPServiceManager):\n    pass\n"
        ),
        "Ours",
        "",
        "",
        BUILD,
    ),
    "a decorator of a base with a workflow method of its own": (
        (
            "from panther.plugins.services.base.contract import instead\n"
            f"def decorated(cls):\n    cls.rounds = mine\n    return cls\n\n@decorated{OWN_WORKFLOW}"
        ),
        "Ours",
        "",
        "",
        ("'rounds'", "Ours", "_get_rounds"),
    ),
    "__new__ of a metaclass": (
        (
            "class Meta(ABCMeta):\n"
            "    def __new__(meta, *args):\n"
            "        cls = super().__new__(meta, *args)\n"
            "        cls.build_command = mine\n        return cls\n"
        ),
        f"{TCP}, metaclass=Meta",
        "",
        "",
        BUILD,
    ),
    "__call__ of a metaclass": (
        (
            "class Meta(ABCMeta):\n    def __call__(cls, *args, **kwargs):\n"
            "        made = super().__call__(*args, **kwargs)\n"
            "        made.build_command = functools.partial(mine, made)\n        return made\n"
        ),
        f"{TCP}, metaclass=Meta",
        "",
        "",
        BUILD,
    ),
    "assignment to the root of all bases": (
        f"{ROOT}.prepare = lambda self, plugin_manager=None: None\n",
        TCP,
        "",
        "",
        PREPARE,
    ),
    "assignment to the root of all bases behind the class": (
        "",
        TCP,
        "",
        f"{ROOT}.prepare = lambda self: 1 / 0\n",
        PREPARE,
    ),
    "assignment to the protocol's base": (f"{TCP}.build_command = mine\n", TCP, "", "", BUILD),
    "assignment to a base that the plugin does not use": (
        "BaseQUICServiceManager.build_command = mine\n",
        TCP,
        "",
        "",
        ("'build_command'", "BaseQUICServiceManager", "_get_server_specific_args"),
    ),
    "deletion from a base": (f"del {ROOT}.prepare\n", TCP, "", "", PREPARE),
}


@pytest.fixture
def try_plugin(tmp_path, programs):
    """Write a plugin and try it; its module is ``patched.py``."""
    plugin = tmp_path / "panther" / "plugins" / "services" / "iut" / "tcp" / "patched"
    plugin.mkdir(parents=True)
    (plugin / "__init__.py").write_text("from .patched import Patched\n")

    def run(before, bases, inside, after):
        words = {"before": before, "bases": bases, "inside": indent(dedent(inside), "    "), "after": after}
        (plugin / "patched.py").write_text(PLUGIN.format(programs=programs, **words))
        command = [sys.executable, "-m", "panther", "try", "patched"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=240)
        done.plugin = plugin
        return done

    return run


@pytest.mark.parametrize("way", WAYS)
def test_it_is_refused_with_its_place_and_its_cure(try_plugin, way):
    *plugin, (method, base, cure) = WAYS[way]
    done = try_plugin(*plugin)
    assert done.returncode == 2, done.stdout + done.stderr
    assert method in done.stderr
    assert f"'{base}'" in done.stderr
    assert cure in done.stderr.partition("cure: ")[2]
    assert str(done.plugin) in done.stderr.partition(": ")[0]


def test_an_object_of_another_class_is_refused(try_plugin):
    meta = "class Meta(ABCMeta):\n    def __call__(cls, *args, **kwargs):\n        return object()\n"
    done = try_plugin(meta, f"{TCP}, metaclass=Meta", "", "")
    assert done.returncode == 2, done.stdout + done.stderr
    assert "making a 'Patched' yields an object of the class 'object'" in done.stderr


def test_a_template_method_of_a_base_is_not_replaced_for_everybody_either(try_plugin):
    done = try_plugin("", TCP, "", f"{ROOT}._get_environment = lambda self, **kwargs: {{}}\n")
    assert done.returncode == 2, done.stdout + done.stderr
    assert "'_get_environment' of 'BaseServiceManager'" in done.stderr
    assert "define it in the plugin's own class" in done.stderr


GOOD_WAYS = {
    "nothing": ("", TCP, "", ""),
    "an honest __getattribute__": (
        "",
        TCP,
        "def __getattribute__(self, name):\n    return super().__getattribute__(name)",
        "",
    ),
    "attributes of its own": ("", TCP, "def _do_prepare(self, plugin_manager=None):\n    self.ready = 1", ""),
    "a reason on an instance": (
        "",
        TCP,
        """
        def _do_prepare(self, plugin_manager=None):
            self.emit_event = overrides_workflow(reason="it is too chatty")(lambda event: None)
        """,
        "",
    ),
    "a workflow method of its own": (
        f"from panther.plugins.services.base.contract import instead\n{OWN_WORKFLOW}",
        "Ours",
        "",
        "",
    ),
}


@pytest.mark.parametrize("way", GOOD_WAYS)
def test_what_keeps_the_contract_passes(try_plugin, way):
    done = try_plugin(*GOOD_WAYS[way])
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_plugin_that_cannot_be_made_is_named_with_its_place(try_plugin):
    done = try_plugin("", TCP, "def __init__(self, *args, **kwargs):\n    raise LookupError('no')", "")
    assert done.returncode == 2, done.stdout + done.stderr
    assert "a service manager of the plugin 'patched' cannot be made: LookupError: no" in done.stderr
    assert f"{done.plugin}/patched.py:" in done.stderr
