"""What a rule is: one file that holds its code, its words, its check, and the cases that prove it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from panther_gen.lint.classes.hierarchy import ClassView, Hierarchy
from panther_gen.lint.disk.modules import Module
from panther_gen.lint.model import Finding, Fix, Place, Severity, Span
from panther_gen.lint.plugins.plugin_view import PluginView

if TYPE_CHECKING:
    from panther_gen.lint.edits.document import Document

__all__ = [
    "FAMILIES",
    "SAMPLE_PATH",
    "ClassRule",
    "Invalid",
    "ModuleRule",
    "NamesRule",
    "PluginRule",
    "Rule",
    "Valid",
]

#: What the hundreds of a code stand for.
FAMILIES = {
    0: "file",
    1: "contract",
    2: "resolution",
    3: "registration",
    4: "configuration",
    5: "commands",
    6: "docker",
    7: "tests",
    8: "docs",
    9: "templates",
}

#: Where the code of a case stands, below the root of its tree.
SAMPLE_PATH = "panther/plugins/services/iut/quic/sample/sample.py"


@dataclass(frozen=True, slots=True)
class Valid:
    """Code in which the rule finds nothing.

    Attributes:
        code: the checked file.
        files: further files of the tree, by path; they are there but not checked.
        path: where the checked file stands, below the root of the tree.
    """

    code: str
    files: Mapping[str, str] = field(default_factory=dict)
    path: str = SAMPLE_PATH


@dataclass(frozen=True, slots=True)
class Invalid:
    """Code in which the rule finds something.

    Attributes:
        code: the checked file.
        at: where each finding is, as ``line:column-line:column``.
        message: a part of the first finding's message.
        files: further files of the tree, by path; they are there but not checked.
        path: where the checked file stands, below the root of the tree.
        fixed: the file after ``--fix --unsafe-fixes`` of this rule alone; None: the rule has no fix for it.
        unsafe: ``--fix`` alone does not do it.
    """

    code: str
    at: tuple[str, ...]
    message: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    path: str = SAMPLE_PATH
    fixed: str | None = None
    unsafe: bool = False


class Rule:
    """The words and cases of a rule.

    Attributes:
        code: ``PG`` and three digits, the first of them the family; never used again for another rule.
        name: a few words in kebab case.
        message: the message's form, with ``{}`` fields.
        explanation: why the rule exists and how to mend what it finds, in Markdown.
        valid: code in which it finds nothing.
        invalid: code in which it finds something.
        severity: ``error`` or, for what could not be verified, ``note``.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    message: ClassVar[str]
    explanation: ClassVar[str]
    valid: ClassVar[tuple[Valid, ...]]
    invalid: ClassVar[tuple[Invalid, ...]]
    severity: ClassVar[Severity] = "error"

    def finding(
        self,
        path: str,
        span: Span,
        fields: Mapping[str, str],
        *,
        cure: str = "",
        places: tuple[Place, ...] = (),
    ) -> Finding:
        """Return a finding of this rule, its message filled in with ``fields``."""
        message = self.message.format_map(fields)
        known = tuple(fields.items())
        return Finding(self.code, self.name, self.severity, message, path, span, cure, places, known)

    def fix(self, finding: Finding, document: Document) -> Fix | None:
        """Return what mends a finding of this rule; None if only its author can.

        It is asked for where a fix is shown or applied, never while files are checked, and may import what
        takes time.

        Args:
            finding: one of this rule's, its ``facts`` the fields that it was made with.
            document: the file that the finding is in, as it was checked.
        """
        return None


class ModuleRule(Rule, ABC):
    """A rule that looks at one module, and at where it stands."""

    @abstractmethod
    def check(self, module: Module) -> Iterator[Finding]:
        """Yield what is wrong with a module."""


class NamesRule(Rule, ABC):
    """A rule that looks at one module, and at the classes that names in it mean."""

    @abstractmethod
    def check(self, module: Module, hierarchy: Hierarchy) -> Iterator[Finding]:
        """Yield what is wrong with a module."""


class PluginRule(Rule, ABC):
    """A rule that looks at a plugin directory as a whole; what it finds may be in any file of it."""

    @abstractmethod
    def check(self, plugin: PluginView) -> Iterator[Finding]:
        """Yield what is wrong with a plugin."""


class ClassRule(Rule, ABC):
    """A rule that looks at one class at a time, with its bases resolved."""

    @abstractmethod
    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield what is wrong with a class."""
