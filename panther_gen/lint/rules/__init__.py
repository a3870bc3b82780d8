"""The rules. A rule imports the rule base, never another rule."""

from __future__ import annotations

from panther_gen.lint.rule import ClassRule, ModuleRule, Rule
from panther_gen.lint.rules.escape_without_reason import EscapeWithoutReason
from panther_gen.lint.rules.hidden_runtime import HiddenRuntime
from panther_gen.lint.rules.incompatible_signature import IncompatibleSignature
from panther_gen.lint.rules.misspelt_template_method import MisspeltTemplateMethod
from panther_gen.lint.rules.needless_escape import NeedlessEscape
from panther_gen.lint.rules.required_method_missing import RequiredMethodMissing
from panther_gen.lint.rules.unreadable_file import UnreadableFile
from panther_gen.lint.rules.unresolved_base import UnresolvedBaseClass
from panther_gen.lint.rules.unverified_override import UnverifiedOverride
from panther_gen.lint.rules.workflow_overridden import WorkflowOverridden

__all__ = ["CLASS_RULES", "MODULE_RULES", "RULES", "UNREADABLE_FILE"]

#: What reports a file that cannot be checked.
UNREADABLE_FILE = UnreadableFile()

#: The rules that look at classes.
CLASS_RULES: tuple[ClassRule, ...] = (
    WorkflowOverridden(),
    EscapeWithoutReason(),
    RequiredMethodMissing(),
    MisspeltTemplateMethod(),
    IncompatibleSignature(),
    NeedlessEscape(),
    UnresolvedBaseClass(),
    UnverifiedOverride(),
)

#: The rules that look at modules.
MODULE_RULES: tuple[ModuleRule, ...] = (HiddenRuntime(),)

_EVERY: tuple[Rule, ...] = (UNREADABLE_FILE, *CLASS_RULES, *MODULE_RULES)

#: Every rule, in the order of their codes.
RULES = tuple(sorted(_EVERY, key=lambda rule: rule.code))
