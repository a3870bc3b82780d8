"""No dead hooks: what each template method returns changes something that a person can see.

The rows are compared with the contract marks of the base classes, so a new template method without a
row here is a failure.
"""

from __future__ import annotations

import inspect

import pytest

from panther.core.events import Event
from panther.errors import InputError
from panther.plugins.services import base as bases
from panther.plugins.services.base import (
    BaseHTTPServiceManager,
    BaseMinipServiceManager,
    BaseQUICServiceManager,
    BaseServiceManager,
    BaseTCPServiceManager,
    PythonHTTPServiceManager,
    PythonQUICServiceManager,
    RustQUICServiceManager,
)

EVERY_BASE = (
    BaseServiceManager,
    BaseQUICServiceManager,
    BaseHTTPServiceManager,
    BaseMinipServiceManager,
    BaseTCPServiceManager,
    PythonQUICServiceManager,
    PythonHTTPServiceManager,
    RustQUICServiceManager,
)
PYTHON_BASES = (PythonQUICServiceManager, PythonHTTPServiceManager)


def argv(manager, role="server"):
    return manager.build_command(role).argv


def environment(manager):
    return manager.build_command(debug_level=1).environment


def dockerfile(manager):
    return manager.generate_dockerfile_content()


def dockerfile_or_refusal(manager):
    try:
        return dockerfile(manager)
    except InputError as error:
        return str(error)


def details(manager):
    return manager.get_implementation_details()


def events_of_preparation(manager):
    seen = []
    manager.event_bus.subscribe(Event, seen.append)
    manager.prepare()
    return [event.service_name for event in seen]


# Template method: (bases, two things to return, what shows the difference).
ROWS = {
    "_get_implementation_name": (EVERY_BASE, ("one", "two"), lambda m: (m.service_name, dockerfile(m))),
    "_get_binary_name": (EVERY_BASE, ("one", "two"), argv),
    "_get_server_specific_args": (EVERY_BASE, (["-a"], ["-b"]), argv),
    "_get_client_specific_args": (EVERY_BASE, (["-a"], ["-b"]), lambda m: argv(m, "client")),
    "_get_program": (EVERY_BASE, (["one", "run"], ["two"]), argv),
    "_get_environment": (EVERY_BASE, ({"A": "1"}, {"A": "2"}), environment),
    "_get_language_environment": (EVERY_BASE, ({"A": "1"}, {"A": "2"}), environment),
    "generate_deployment_commands": (EVERY_BASE, ("one", "two"), lambda m: m.generate_deployment_commands()),
    "generate_dockerfile_content": (EVERY_BASE, ("FROM a", "FROM b"), dockerfile),
    # Extras of a Python package need a package, which a plugin names in its own generate_dockerfile_content.
    "_get_build_features": (EVERY_BASE, (["one"], ["two"]), dockerfile_or_refusal),
    "get_supported_features": (EVERY_BASE, ({"a": True}, {"a": False}), details),
    "get_implementation_details": (EVERY_BASE, ({"a": 1}, {"a": 2}), details),
    "_get_python_module": (PYTHON_BASES, ("one.server", "two.server"), argv),
    "_get_async_patterns": (PYTHON_BASES, ({"event_loop": "asyncio"}, {"event_loop": "trio"}), environment),
    "_get_cargo_features": ((RustQUICServiceManager,), (["one"], ["two"]), dockerfile),
    "_get_rust_runtime_config": ((RustQUICServiceManager,), ({"A": "1"}, {"A": "2"}), environment),
}
DONE_INSTEAD_OF_RETURNED = {"_do_prepare"}


def marked_template_methods() -> dict[str, set[type]]:
    """Return the template methods, with the exported base classes that have each."""
    found: dict[str, set[type]] = {}
    for cls in (getattr(bases, name) for name in bases.__all__):
        if inspect.isclass(cls) and issubclass(cls, BaseServiceManager):
            for name in dir(cls):
                if getattr(inspect.getattr_static(cls, name), "__panther_contract__", "") == "template":
                    found.setdefault(name, set()).add(cls)
    return found


def test_every_template_method_has_a_row():
    marked = marked_template_methods()
    assert set(ROWS) | DONE_INSTEAD_OF_RETURNED == set(marked)
    for name, (of_bases, _, _) in ROWS.items():
        assert set(of_bases) == marked[name], name


@pytest.mark.parametrize(
    ("base", "method", "values", "observe"),
    [
        pytest.param(base, method, values, observe, id=f"{base.__name__}.{method}")
        for method, (of_bases, values, observe) in ROWS.items()
        for base in of_bases
    ],
)
def test_what_it_returns_is_seen(manager_class, base, method, values, observe):
    seen = [observe(manager_class(base, **{method: lambda self, v=v, **kwargs: v})()) for v in values]
    assert seen[0] != seen[1]


@pytest.mark.parametrize("base", EVERY_BASE)
def test_what_preparation_does_is_done(manager_class, base):
    def prepare(self, plugin_manager=None):
        self.service_name = "prepared"

    assert events_of_preparation(manager_class(base, _do_prepare=prepare)())[0] == "mine"
    manager = manager_class(base, _do_prepare=prepare)()
    manager.prepare()
    assert manager.service_name == "prepared"


class TestWhereTheValuesGo:
    def test_the_server_arguments_follow_the_program(self, manager_class):
        manager = manager_class(
            _get_server_specific_args=lambda self, **kwargs: ["-p", str(kwargs["port"])]
        )()
        assert argv(manager) == ("mine-binary", "-p", "4443")
        assert argv(manager, "client") == ("mine-binary",)

    def test_a_program_may_be_several_words(self, manager_class):
        attributes = {
            "_get_program": lambda self, **kwargs: ["node", "server.js"],
            "_get_server_specific_args": lambda self, **kwargs: ["-v"],
        }
        assert argv(manager_class(**attributes)()) == ("node", "server.js", "-v")

    def test_the_program_may_depend_on_the_role(self, manager_class):
        program = lambda self, **kwargs: [f"mine-{kwargs['role']}"]  # noqa: E731
        manager = manager_class(_get_program=program)()
        assert (argv(manager), argv(manager, "client")) == (("mine-server",), ("mine-client",))

    @pytest.mark.parametrize("base", PYTHON_BASES)
    def test_a_python_module_is_started_by_an_interpreter(self, manager_class, base):
        manager = manager_class(base, _get_python_module=lambda self: "your_package.server")()
        assert argv(manager)[1:] == ("-m", "your_package.server")
        assert argv(manager)[0].rpartition("/")[2].startswith("python")

    @pytest.mark.parametrize("base", PYTHON_BASES)
    def test_asyncio_is_debugged_with_the_debug_level(self, manager_class, base):
        manager = manager_class(base)()
        assert manager.build_command(debug_level=1).environment["PYTHONASYNCIODEBUG"] == "1"
        assert "PYTHONASYNCIODEBUG" not in manager.build_command(debug_level=0).environment
        trio = manager_class(base, _get_async_patterns=lambda self: {"event_loop": "trio"})()
        assert "PYTHONASYNCIODEBUG" not in trio.build_command(debug_level=1).environment

    @pytest.mark.parametrize("base", PYTHON_BASES)
    def test_async_patterns_are_recorded(self, manager_class, base):
        manager = manager_class(base, _get_async_patterns=lambda self: {"concurrency_model": "threads"})()
        assert details(manager)["async_patterns"] == {"concurrency_model": "threads"}

    def test_cargo_features_are_compiled_in_and_recorded(self, manager_class):
        features = ["tokio-runtime", "ring-crypto"]
        manager = manager_class(RustQUICServiceManager, _get_cargo_features=lambda self: features)()
        assert "tokio-runtime,ring-crypto" in dockerfile(manager)
        assert details(manager)["cargo_features"] == features

    def test_the_rust_runtime_is_configured_by_variables(self, manager_class):
        config = {"RUST_LOG": "debug", "TOKIO_WORKER_THREADS": "4"}
        manager = manager_class(RustQUICServiceManager, _get_rust_runtime_config=lambda self: config)()
        assert environment(manager) == config

    def test_a_plugins_variables_go_before_its_languages(self, manager_class):
        manager = manager_class(
            RustQUICServiceManager,
            _get_rust_runtime_config=lambda self: {"RUST_LOG": "info", "A": "1"},
            _get_environment=lambda self, **kwargs: {"RUST_LOG": kwargs["role"]},
        )()
        assert environment(manager) == {"RUST_LOG": "server", "A": "1"}

    def test_the_name_and_the_binary_stand_in_the_dockerfile(self, manager_class):
        text = dockerfile(manager_class()())
        assert 'image.title="mine"' in text
        assert "/usr/local/bin/mine-binary" in text

    def test_deployment_is_the_command_of_the_services_role(self, manager_class):
        cls = manager_class(_get_client_specific_args=lambda self, **kwargs: ["--client"])
        assert cls(role="client").generate_deployment_commands() == "mine-binary --client"
        assert cls(role="server").generate_deployment_commands() == "mine-binary"

    def test_features_are_the_registered_capabilities_by_default(self, define):
        module = define("""
            from panther.plugins.plugin_decorators import register_plugin
            from panther.plugins.services.base import BaseQUICServiceManager

            @register_plugin("iut", "mine", "1.0", "", ["quic"], capabilities=["rfc9000", "0rtt"])
            class Manager(BaseQUICServiceManager):
                def _get_implementation_name(self): return "mine"
                def _get_binary_name(self): return "mine"
                def get_supported_features(self): return {**super().get_supported_features(), "0rtt": False}
        """)
        manager = module.Manager()
        assert manager.get_supported_features() == {"rfc9000": True, "0rtt": False}
        assert details(manager)["features"] == {"rfc9000": True, "0rtt": False}
