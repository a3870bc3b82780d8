"""PG101: a workflow method is overridden."""

from __future__ import annotations

from collections.abc import Iterator

from panther_gen.lint.classes.contract import Slot, inherited_contract, place_of, template_names
from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.classes.look import span_of
from panther_gen.lint.model import Finding, Span
from panther_gen.lint.plugins.config_fields import fields_of
from panther_gen.lint.plugins.dataclass_init import writes_init
from panther_gen.lint.reading.summary import Binding, Reference
from panther_gen.lint.rule import ClassRule, Invalid, Valid

__all__ = ["WorkflowOverridden"]

_IMPORT = "from panther.plugins.services.base.quic_service_base import BaseQUICServiceManager\n"
_CLASS = f"{_IMPORT}class Plugin(BaseQUICServiceManager):\n"
_NAMED = 3
_DATACLASS = "dataclasses.dataclass"


class WorkflowOverridden(ClassRule):
    """A class binds the name of a workflow method of one of its bases."""

    code = "PG101"
    name = "workflow-overridden"
    message = "'{class}' overrides the {word} method '{method}' of '{owner}'{how}"
    explanation = """
A workflow method calls the template methods in the right order, validates parameters and emits events.
A class that overrides it loses all of that, also where the copy is right today. Fill in the template
method that the message names instead. (Best practices 1 and 3: leverage inheritance, the template method
pattern.)

Every way to bind the name counts: `def`, an assignment, a loop target, an import in the class body, a slot,
`locals()["prepare"] = …`, `exec` of a literal text, a dictionary that `type` or `types.new_class` gets, or a
mixin that stands before the base class.

Where nothing else serves, say why: `@overrides_workflow(reason="…")`, with the reason as literal text.
"""
    valid = (
        Valid(f"{_CLASS}    def _get_server_specific_args(self, **kwargs):\n        return []\n"),
        Valid(f"{_CLASS}    prepare = BaseQUICServiceManager.prepare\n"),
        Valid("class Other:\n    def generate_run_command(self):\n        return ''\n"),
        Valid(
            "from panther.plugins.services.base.contract import overrides_workflow as escape\n"
            f"{_CLASS}    @escape(reason='the program reads its command from a file')\n"
            "    def generate_run_command(self, role=None, **overrides):\n        return 'run'\n"
        ),
        Valid(f"{_CLASS}    generate_run_command: object\n"),
        Valid(f"{_CLASS}    def prepare(self): ...\n    del prepare\n"),
        Valid(f"{_CLASS}    def _get_program(self):\n        prepare = ['x']\n        return prepare\n"),
        Valid(
            "from typing import final\n"
            "class A:\n    @final\n    def f(self): ...\n"
            "class B(A):\n    def f(self): ...\n"
        ),
    )
    invalid = (
        Invalid(
            f"import dataclasses as d\n{_IMPORT}@d.dataclass\n"
            "class P(BaseQUICServiceManager):\n    prepare: object\n",
            ("5:5-5:12",),
            "by a field of a dataclass",
        ),
        Invalid(
            f"{_CLASS}    def generate_run_command(self, **kwargs):\n        return ''\n",
            ("3:9-3:29",),
            "of 'BaseServiceManager'",
        ),
        Invalid(f"{_CLASS}    async def prepare(self): ...\n", ("3:15-3:22",)),
        Invalid(f"{_CLASS}    prepare = BaseQUICServiceManager.emit_event\n", ("3:5-3:12",)),
        Invalid(
            f"{_IMPORT}P = type('P', (BaseQUICServiceManager,), {{'prepare': 1}})\n",
            ("2:43-2:52",),
            "by a namespace entry",
        ),
        Invalid(f"{_CLASS}    locals()['prepare'] = 1\n", ("3:14-3:23",), "by an assignment"),
        Invalid(f"{_CLASS}    exec('def prepare(self): ...')\n", ("3:5-3:9",), "by an exec()"),
        Invalid(f"{_CLASS}    __slots__ = ('prepare',)\n", ("3:18-3:27",), "by a slot"),
        Invalid(f"{_CLASS}    prepare = None\n", ("3:5-3:12",), "by an assignment"),
        Invalid(f"{_CLASS}    prepare = property(lambda self: 1)\n", ("3:5-3:12",)),
        Invalid(f"{_CLASS}    é, (prepare, *rest) = 1, (2,)\n", ("3:9-3:16",)),
        Invalid(
            f"{_CLASS}    prepare: object = lambda self: None\n", ("3:5-3:12",), "by an annotated assignment"
        ),
        Invalid(f"{_CLASS}    for prepare in (): pass\n", ("3:9-3:16",), "by a for target"),
        Invalid(f"{_CLASS}    with open('x') as prepare: pass\n", ("3:23-3:30",), "by a with target"),
        Invalid(f"{_CLASS}    from os import path as prepare\n", ("3:28-3:35",), "by an import"),
        Invalid(f"{_CLASS}    import prepare.now\n", ("3:12-3:19",)),
        Invalid(f"{_CLASS}    x = [(prepare := 1)]\n", ("3:11-3:18",), "by a walrus"),
        Invalid(f"{_CLASS}    match 1:\n        case prepare: pass\n", ("4:14-4:21",), "by a match capture"),
        Invalid(f"{_CLASS}    class prepare: pass\n", ("3:11-3:18",), "by a class"),
        Invalid(f"{_CLASS}\tif input():\n\t\tdef prepare(self): ...\n", ("4:7-4:14",)),
        Invalid(
            "from typing import final\n"
            f"{_IMPORT}class Middle(BaseQUICServiceManager):\n    @final\n    def own(self): ...\n"
            "class Plugin(Middle):\n    def own(self): ...\n",
            ("7:9-7:12",),
            "of 'Middle'",
        ),
        Invalid(
            f"{_IMPORT}class Mixin:\n    def emit_event(self, event): ...\n"
            "class Plugin(Mixin, BaseQUICServiceManager): ...\n",
            ("4:14-4:19",),
            "through 'Mixin', which stands before it",
        ),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield every override in the class's body, and those that its bases bring."""
        contract = inherited_contract(view)
        # A single base can bring no override that is not its own fault.
        is_alone = len(view.bases) == 1 and not view.has_decorator(_DATACLASS)
        names = [name for name in view.own if name in contract] if is_alone else contract
        for slot in (contract[name] for name in names):
            if slot.kind == "workflow":
                yield from self._check_slot(view, slot)

    def _check_slot(self, view: ClassView, slot: Slot) -> Iterator[Finding]:
        bindings = view.own.get(slot.name, ())
        for binding in bindings:
            if not view.mark(binding).escape and not _is_the_bases(view, slot, binding):
                yield self._report(view, slot, binding.site, _how(binding))
        if not bindings and (field := _field(view, slot)) is not None:
            yield self._report(view, slot, field, " by a field of a dataclass")
        elif not bindings and (mixin := _mixin(view, slot)):
            reference, culprit = mixin
            how = f" through '{culprit.name}', which stands before it"
            yield self._report(view, slot, reference.site, how)

    def _report(self, view: ClassView, slot: Slot, where: int | Span, how: str) -> Finding:
        fields = {
            "class": view.name,
            "method": slot.name,
            "owner": slot.owner.name,
            "how": how,
            "word": slot.word,
        }
        places = (place_of(slot),)
        span = view.span(where) if isinstance(where, int) else where
        return self.finding(view.module.shown, span, fields, cure=_help(view, slot), places=places)


def _is_the_bases(view: ClassView, slot: Slot, binding: Binding) -> bool:
    """Tell whether a name is bound to the workflow method itself: ``prepare = Base.prepare``."""
    if len(binding.alias) < len(("Base", "prepare")) or binding.alias[-1] != slot.name:
        return False
    targets = view.meant_inside(binding.alias[:-1])
    holders = [found.mro for target in targets if (found := view.view_of(target)) is not None]
    named = [next((one for one in order if slot.name in one.own), None) for order in holders]
    return bool(named) and all(one is slot.owner for one in named)


def _field(view: ClassView, slot: Slot) -> Span | None:
    """Return where a dataclass has a field of a method's name: its ``__init__`` sets it on each object."""
    if not writes_init(view):
        return None
    found = (field.node.target for field in fields_of(view) if field.name == slot.name)
    target = next(found, None)
    return None if target is None else span_of(view.module, target)


def _how(binding: Binding) -> str:
    if binding.how in {"def", "async def"}:
        return ""
    return f" by {binding.described}"


def _mixin(view: ClassView, slot: Slot) -> tuple[Reference, ClassView] | None:
    """Return the base through which an override comes that no base class is to blame for."""
    culprit = next(base for base in view.mro[1:] if slot.name in base.own)
    if culprit is slot.owner or slot.owner in culprit.mro:
        return None
    if any(culprit in base.mro and slot.owner in base.mro for _, base in view.bases):
        return None
    if all(culprit.mark(binding).escape for binding in culprit.own[slot.name]):
        return None
    return next((reference, culprit) for reference, base in view.bases if culprit in base.mro)


def _help(view: ClassView, slot: Slot) -> str:
    escape = "if nothing else serves, say why: # panther-gen: ignore[PG101] the reason"
    if any(base.shipped for base in view.mro):  # the escape is the runtime's
        escape = 'if nothing else serves, mark it @overrides_workflow(reason="…")'
    if slot.instead:
        names = " or ".join(f"'{name}'" if name.isidentifier() else name for name in slot.instead)
        return f"override {names} instead; {escape}"
    fillable = [f"'{name}'" for name in template_names(inherited_contract(view))]
    if slot.owner.is_foreign or not 0 < len(fillable) <= _NAMED:
        return f"remove it: no template method stands for it; {escape}"
    return f"remove it, and fill in {' or '.join(fillable)}; {escape}"
