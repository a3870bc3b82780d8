"""The rules. A rule imports the rule base, never another rule."""

from __future__ import annotations

from panther_gen.lint.rule import ClassRule, ModuleRule, NamesRule, PluginRule, Rule
from panther_gen.lint.rules.computed_namespace import ComputedNamespace
from panther_gen.lint.rules.conflict_markers import ConflictMarkers
from panther_gen.lint.rules.container_as_root import ContainerAsRoot
from panther_gen.lint.rules.escape_not_ignored import EscapeNotIgnored
from panther_gen.lint.rules.escape_without_reason import EscapeWithoutReason
from panther_gen.lint.rules.field_retyped import FieldRetyped
from panther_gen.lint.rules.final_class_subclassed import FinalClassSubclassed
from panther_gen.lint.rules.flag_written_twice import FlagWrittenTwice
from panther_gen.lint.rules.hidden_runtime import HiddenRuntime
from panther_gen.lint.rules.incompatible_return import IncompatibleReturn
from panther_gen.lint.rules.incompatible_signature import IncompatibleSignature
from panther_gen.lint.rules.incomplete_registration import IncompleteRegistration
from panther_gen.lint.rules.misspelt_template_method import MisspeltTemplateMethod
from panther_gen.lint.rules.mutable_default import MutableDefault
from panther_gen.lint.rules.name_not_directory import NameNotDirectory
from panther_gen.lint.rules.names_disagree import NamesDisagree
from panther_gen.lint.rules.needless_escape import NeedlessEscape
from panther_gen.lint.rules.newer_syntax import NewerSyntax
from panther_gen.lint.rules.no_dataclass import NoDataclass
from panther_gen.lint.rules.not_exported import NotExported
from panther_gen.lint.rules.not_registered import NotRegistered
from panther_gen.lint.rules.patched_elsewhere import PatchedElsewhere
from panther_gen.lint.rules.patched_workflow import PatchedWorkflow
from panther_gen.lint.rules.protocol_not_supported import ProtocolNotSupported
from panther_gen.lint.rules.required_method_missing import RequiredMethodMissing
from panther_gen.lint.rules.several_registrations import SeveralRegistrations
from panther_gen.lint.rules.shell_command import ShellCommand
from panther_gen.lint.rules.shell_form import ShellForm
from panther_gen.lint.rules.super_not_called import SuperNotCalled
from panther_gen.lint.rules.template_syntax import TemplateSyntax
from panther_gen.lint.rules.undocumented_base import UndocumentedBase
from panther_gen.lint.rules.undocumented_methods import UndocumentedMethods
from panther_gen.lint.rules.unknown_plugin_type import UnknownPluginType
from panther_gen.lint.rules.unknown_variable import UnknownVariable
from panther_gen.lint.rules.unpinned_image import UnpinnedImage
from panther_gen.lint.rules.unreadable_file import UnreadableFile
from panther_gen.lint.rules.unresolved_base import UnresolvedBaseClass
from panther_gen.lint.rules.untested_arguments import UntestedArguments
from panther_gen.lint.rules.unused_field import UnusedField
from panther_gen.lint.rules.unused_suppression import UnusedSuppression
from panther_gen.lint.rules.unverified_decorator import UnverifiedDecorator
from panther_gen.lint.rules.unverified_lookup import UnverifiedLookup
from panther_gen.lint.rules.unverified_metaclass import UnverifiedMetaclass
from panther_gen.lint.rules.unverified_override import UnverifiedOverride
from panther_gen.lint.rules.unverified_patch import UnverifiedPatch
from panther_gen.lint.rules.unverified_registration import UnverifiedRegistration
from panther_gen.lint.rules.version_not_semantic import VersionNotSemantic
from panther_gen.lint.rules.workflow_overridden import WorkflowOverridden

__all__ = [
    "CLASS_RULES",
    "MODULE_RULES",
    "NAMES_RULES",
    "NEWER_SYNTAX",
    "PLUGIN_RULES",
    "RULES",
    "UNREADABLE_FILE",
    "UNUSED_SUPPRESSION",
]

#: What reports a file that cannot be checked.
UNREADABLE_FILE = UnreadableFile()

#: What reports a file that rules could not look into.
NEWER_SYNTAX = NewerSyntax()

#: What reports a comment that leaves no finding out.
UNUSED_SUPPRESSION = UnusedSuppression()

#: The rules that look at classes.
CLASS_RULES: tuple[ClassRule, ...] = (
    WorkflowOverridden(),
    EscapeWithoutReason(),
    EscapeNotIgnored(),
    RequiredMethodMissing(),
    MisspeltTemplateMethod(),
    IncompatibleSignature(),
    NeedlessEscape(),
    UnresolvedBaseClass(),
    UnverifiedOverride(),
    UnverifiedPatch(),
    UnverifiedMetaclass(),
    UnverifiedLookup(),
    UnverifiedDecorator(),
    ComputedNamespace(),
    UnknownPluginType(),
    NameNotDirectory(),
    VersionNotSemantic(),
    ProtocolNotSupported(),
    FieldRetyped(),
    MutableDefault(),
    NoDataclass(),
    PatchedWorkflow(),
    IncompatibleReturn(),
    FinalClassSubclassed(),
    SuperNotCalled(),
    UnverifiedRegistration(),
    IncompleteRegistration(),
)

#: The rules that look at plugin directories.
PLUGIN_RULES: tuple[PluginRule, ...] = (
    ConflictMarkers(),
    SeveralRegistrations(),
    NotExported(),
    NotRegistered(),
    NamesDisagree(),
    UnusedField(),
    UntestedArguments(),
    UndocumentedBase(),
    UndocumentedMethods(),
    ContainerAsRoot(),
    UnpinnedImage(),
    ShellForm(),
    TemplateSyntax(),
    UnknownVariable(),
    FlagWrittenTwice(),
)

#: The rules that look at modules.
MODULE_RULES: tuple[ModuleRule, ...] = (
    HiddenRuntime(),
    ShellCommand(),
)

#: The rules that look at the classes that names in a module mean.
NAMES_RULES: tuple[NamesRule, ...] = (PatchedElsewhere(),)

_EVERY: tuple[Rule, ...] = (
    UNREADABLE_FILE,
    UNUSED_SUPPRESSION,
    NEWER_SYNTAX,
    *CLASS_RULES,
    *MODULE_RULES,
    *NAMES_RULES,
    *PLUGIN_RULES,
)

#: Every rule, in the order of their codes.
RULES = tuple(sorted(_EVERY, key=lambda rule: rule.code))
