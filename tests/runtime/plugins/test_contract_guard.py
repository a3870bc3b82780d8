"""Overriding a workflow method is refused when the class is defined, however it is overridden."""

from __future__ import annotations

import pytest

from panther.errors import ContractError, InputError
from panther.plugins.services.base import (
    BaseQUICServiceManager,
    BaseServiceManager,
    PythonQUICServiceManager,
    RustQUICServiceManager,
    overrides_workflow,
    template_method,
    workflow_method,
)

IMPORTS = "from panther.plugins.services.base import *\nimport functools\n"

FORMS = {
    "def": "    def generate_run_command(self, **kwargs): return ''",
    "async def": "    async def generate_run_command(self, **kwargs): return ''",
    "lambda": "    generate_run_command = lambda self, **kwargs: ''",
    "assignment": "    generate_run_command = str",
    "None": "    generate_run_command = None",
    "annotated assignment": "    generate_run_command: object = str",
    "property": "    @property\n    def generate_run_command(self): return ''",
    "classmethod": "    @classmethod\n    def generate_run_command(cls, **kwargs): return ''",
    "staticmethod": "    @staticmethod\n    def generate_run_command(**kwargs): return ''",
    "partialmethod": "    generate_run_command = functools.partialmethod(BaseServiceManager.build_command)",
    "a wrapper that copies marks": (
        "    @functools.wraps(BaseServiceManager.generate_run_command)\n"
        "    def generate_run_command(self, **kwargs): return ''"
    ),
    "an own mark": "    @workflow_method\n    def generate_run_command(self, **kwargs): return ''",
    "a template mark": "    @template_method\n    def generate_run_command(self, **kwargs): return ''",
    "nested class": "    class generate_run_command: pass",
    "conditional": "    if True:\n        def generate_run_command(self, **kwargs): return ''",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_form_is_caught(define, form):
    with pytest.raises(ContractError) as caught:
        define(f"{IMPORTS}class Mine(BaseQUICServiceManager):\n{form}\n")
    text = str(caught.value)
    assert "'Mine' overrides the workflow method 'generate_run_command' of 'BaseServiceManager'" in text
    assert "_get_server_specific_args or _get_client_specific_args" in text
    assert "@overrides_workflow(reason=" in text


@pytest.mark.parametrize("form", ["def", "async def", "lambda", "property", "classmethod", "staticmethod"])
def test_the_place_is_named_with_its_line(define, tmp_path, form):
    with pytest.raises(ContractError) as caught:
        define(f"{IMPORTS}class Mine(BaseQUICServiceManager):\n{FORMS[form]}\n")
    assert caught.value.where == f"{tmp_path}/user/user_module.py:4"


def test_an_attribute_that_is_no_function_names_the_file(define, tmp_path):
    with pytest.raises(ContractError) as caught:
        define(f"{IMPORTS}class Mine(BaseQUICServiceManager):\n    generate_run_command = None\n")
    assert caught.value.where == f"{tmp_path}/user/user_module.py"


def test_a_class_without_a_file_is_refused_as_well():
    with pytest.raises(ContractError, match="'prepare'"):
        exec("class Mine(Base):\n    prepare = None", {"Base": BaseServiceManager, "__name__": "__main__"})


def test_the_error_is_a_type_error_and_an_input_error():
    assert issubclass(ContractError, TypeError)
    assert issubclass(ContractError, InputError)
    assert ContractError.exit_code == 2


@pytest.mark.parametrize("base", [BaseServiceManager, PythonQUICServiceManager, RustQUICServiceManager])
@pytest.mark.parametrize("method", ["build_command", "resolve_parameters", "prepare", "emit_event"])
def test_every_workflow_method_of_every_base(base, method):
    with pytest.raises(ContractError, match=f"'{method}'"):
        type("Mine", (base,), {method: lambda self: None})


class TestMixins:
    def test_one_before_the_base_is_caught_and_named(self):
        class Mixin:
            def prepare(self, plugin_manager=None):
                pass

        with pytest.raises(
            ContractError, match=r"'Mine' \(through 'Mixin'\) overrides the workflow method 'prepare'"
        ):
            type("Mine", (Mixin, BaseServiceManager), {})

    def test_one_behind_the_base_overrides_nothing(self):
        class Mixin:
            def prepare(self, plugin_manager=None):
                pass

        assert type("Mine", (BaseServiceManager, Mixin), {}).prepare is BaseServiceManager.prepare

    def test_one_with_a_reason_is_honoured(self):
        class Mixin:
            @overrides_workflow(reason="the mixin logs")
            def prepare(self, plugin_manager=None):
                pass

        assert type("Mine", (Mixin, BaseServiceManager), {}).prepare is Mixin.prepare


class TestIntermediateBases:
    @pytest.fixture
    def intermediate(self):
        class Ours(BaseQUICServiceManager):
            @workflow_method
            def run_all(self):
                return self._one()

            @template_method
            def _one(self):
                return 1

            @property
            @workflow_method
            def inner(self):
                return 1

            @workflow_method
            @property
            def outer(self):
                return 1

            @workflow_method
            @classmethod
            def build(cls):
                return cls()

        return Ours

    @pytest.mark.parametrize("name", ["run_all", "inner", "outer", "build", "generate_run_command"])
    def test_their_own_workflow_methods_count(self, intermediate, name):
        with pytest.raises(ContractError, match=f"'{name}'"):
            type("Mine", (intermediate,), {name: lambda self: None})

    def test_their_template_methods_are_free(self, intermediate):
        assert type("Mine", (intermediate,), {"_one": lambda self: 2})._one(None) == 2

    def test_below_an_allowed_override_the_next_one_needs_a_reason_too(self):
        class Allowed(BaseQUICServiceManager):
            @overrides_workflow(reason="measured elsewhere")
            def prepare(self, plugin_manager=None):
                pass

        assert type("Mine", (Allowed,), {}).prepare is Allowed.prepare
        with pytest.raises(ContractError, match="'prepare'"):
            type("Mine", (Allowed,), {"prepare": lambda self: None})


class TestTheEscape:
    @pytest.mark.parametrize("wrap", [lambda f: f, property, classmethod, staticmethod])
    def test_a_reason_is_honoured_below_and_above_other_decorators(self, wrap):
        escape = overrides_workflow(reason="no template method serves")
        type("Below", (BaseServiceManager,), {"prepare": wrap(escape(lambda self: None))})
        type("Above", (BaseServiceManager,), {"prepare": escape(wrap(lambda self: None))})

    @pytest.mark.parametrize("reason", ["", "   ", None, 5])
    def test_an_empty_reason_is_refused(self, reason):
        with pytest.raises(ContractError, match="@overrides_workflow has no reason"):
            overrides_workflow(reason=reason)

    def test_it_needs_its_reason_by_name(self):
        with pytest.raises(TypeError):
            overrides_workflow("positional")


def test_template_methods_are_free_to_override():
    names = {
        name: lambda self: "x"
        for name, value in vars(BaseServiceManager).items()
        if getattr(value, "__panther_contract__", "") == "template"
    }
    assert len(names) > 8
    type("Mine", (BaseServiceManager,), names)
