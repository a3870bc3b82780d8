"""PG209: a class could not be verified, because a decorator may change it."""

from __future__ import annotations

from collections.abc import Iterator

from panther_gen.lint.classes.contract import workflow_names
from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.classes.mixins import mixins
from panther_gen.lint.classes.names import Known, Target, Unknown
from panther_gen.lint.classes.transparent import function_node, is_transparent
from panther_gen.lint.disk.modules import is_standard_library
from panther_gen.lint.model import Finding
from panther_gen.lint.reading.summary import Decorator
from panther_gen.lint.rule import ClassRule, Invalid, Valid

__all__ = ["UnverifiedDecorator"]

_CLASS = "class P(BaseServiceManager): ...\n"
_IMPORT = "from panther.plugins.services.base import BaseServiceManager\n"


class UnverifiedDecorator(ClassRule):
    """A class with a contract is decorated by something that may put methods into it."""

    code = "PG209"
    name = "unverified-decorator"
    severity = "note"
    message = "could not verify '{class}'{through}: the decorator '{decorator}' may change it"
    explanation = """
A class decorator gets the finished class, and can replace its methods or the class itself. The rules do not
execute it, and this note says so. With `--strict` it is an error.

The decorators of the standard library and `register_plugin` are known. So is a function of the tree that
plainly hands back the class that it is given: it returns nothing else, and at most reads an attribute of the
class or keeps the class in a list or dictionary.
(Best practices 1 and 3: leverage inheritance, the template method pattern.)
"""
    valid = (
        Valid(f"{_IMPORT}import dataclasses as d, typing\n@typing.final\n@d.dataclass(eq=False)\n{_CLASS}"),
        Valid(
            "from panther.plugins.plugin_decorators import register_plugin\n"
            f"{_IMPORT}@register_plugin(plugin_type='iut', name='p', version='1.0.0')\n{_CLASS}"
        ),
        Valid(
            "KNOWN = {}\ndef keep(cls):\n    KNOWN[cls.__name__] = cls\n    return cls\n"
            f"{_IMPORT}@keep\n{_CLASS}"
        ),
        Valid(
            "def named(name):\n    def keep(cls):\n        print(name, cls)\n        return cls\n"
            "    return keep\n"
            f"{_IMPORT}@named('x')\n{_CLASS}"
        ),
        Valid("@unknown\nclass Other: ...\n"),
    )
    invalid = (
        Invalid(f"from somewhere import d\n{_IMPORT}@d\n{_CLASS}", ("4:7-4:8",), "'d' may change it"),
        Invalid(
            f"{_IMPORT}def d(cls):\n    cls.prepare = 1\n    return cls\n@d\n{_CLASS}",
            ("6:7-6:8",),
        ),
        Invalid(f"{_IMPORT}def d(cls):\n    change(cls)\n    return cls\n@d\n{_CLASS}", ("6:7-6:8",)),
        Invalid(f"{_IMPORT}def d(cls):\n    return Other\n@d\n{_CLASS}", ("5:7-5:8",)),
        Invalid(f"{_IMPORT}@make()()\n{_CLASS}", ("3:7-3:8",)),
        Invalid(
            f"from somewhere import d\n{_IMPORT}@d\nclass M: ...\nclass P(M, BaseServiceManager): ...\n",
            ("5:9-5:10",),
            "through 'M'",
        ),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield a note for every decorator that may change the class, or a mixin of it."""
        if not workflow_names(view):
            return
        for decorator in view.summary.decorators:
            if _may_change(view, decorator):
                yield self._note(view, decorator, view.summary.site, "")
        for reference, mixin, is_before in mixins(view):
            for decorator in mixin.summary.decorators if is_before else ():
                if _may_change(mixin, decorator):
                    yield self._note(view, decorator, reference.site, f" through '{mixin.name}'")

    def _note(self, view: ClassView, decorator: Decorator, site: int, through: str) -> Finding:
        text = decorator.reference.text or "()"
        fields = {"class": view.name, "through": through, "decorator": text}
        cure = "leave it out, or let it plainly return the class; --strict makes this an error"
        return self.finding(view.module.shown, view.span(site), fields, cure=cure)


def _may_change(view: ClassView, decorator: Decorator) -> bool:
    if decorator is view.registration:
        return False
    targets = view.targets(decorator.reference)
    return not targets or any(_target_may_change(target, decorator) for target in targets)


def _target_may_change(target: Target, decorator: Decorator) -> bool:
    if isinstance(target, Unknown) or not isinstance(target, Known):
        return True
    if is_standard_library(target.dotted):
        return False
    function = function_node(target)
    return function is None or not is_transparent(function, called=decorator.called)
