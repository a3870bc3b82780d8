"""What a rule says of itself, in its own words and in the code that proves it.

One description serves every reader: ``panther-gen explain`` in a terminal, its ``--json`` for programs, and
the pages in ``docs/rules``. Everything in it comes from the rule's own file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from panther_gen.errors import UsageError, shown
from panther_gen.lint.rule import FAMILIES, SAMPLE_PATH, Invalid, Rule, Valid
from panther_gen.lint.rules import RULES

__all__ = [
    "Description",
    "Example",
    "ExampleFile",
    "Fixed",
    "by_family",
    "describe",
    "explain",
    "explain_as_json",
    "find_rule",
    "list_rules",
    "list_rules_as_json",
    "short_description",
]


_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


@dataclass(frozen=True, slots=True)
class ExampleFile:
    """A file of an example: where it stands below the root of a tree, and what is in it."""

    path: str
    code: str

    @property
    def is_plain(self) -> bool:
        """Tell whether it stands where every plugin's class does, so that its place says nothing."""
        return self.path == SAMPLE_PATH


@dataclass(frozen=True, slots=True)
class Example:
    """Code that a rule finds, or leaves alone: the checked file, then those that have to be there."""

    files: tuple[ExampleFile, ...]


@dataclass(frozen=True, slots=True)
class Fixed:
    """What a rule's fix makes of one of its examples; the title names options and example."""

    title: str
    file: ExampleFile


@dataclass(frozen=True, slots=True)
class Description:
    """All that there is to say about a rule.

    Attributes:
        code: such as ``PG101``.
        name: in kebab case.
        family: what the hundreds of the code stand for.
        severity: ``error`` or ``note``.
        summary: what it finds, one sentence of Markdown.
        explanation: why, and how to mend it, paragraphs of Markdown.
        found: what it finds.
        fixed: what its fix makes of the first example that it has one for; None if it has none.
        fine: what it leaves alone.
    """

    code: str
    name: str
    family: str
    severity: str
    summary: str
    explanation: str
    found: tuple[Example, ...]
    fixed: Fixed | None
    fine: tuple[Example, ...]

    @property
    def suppression(self) -> str:
        """The comment that leaves one finding out."""
        return f"# panther-gen: ignore[{self.code}] the reason"


def describe(rule: Rule) -> Description:
    """Return what a rule says of itself."""
    return Description(
        code=rule.code,
        name=rule.name,
        family=FAMILIES[int(rule.code[2])],
        severity=rule.severity,
        summary=short_description(rule),
        explanation=rule.explanation.strip(),
        found=tuple(_example(case) for case in rule.invalid),
        fixed=_fixed(rule),
        fine=tuple(_example(case) for case in rule.valid),
    )


def short_description(rule: Rule) -> str:
    """Return the sentence that says what the rule finds, in Markdown."""
    return (rule.__doc__ or rule.name).strip().partition("\n\n")[0].replace("``", "`").replace("\n", " ")


def _example(case: Valid | Invalid) -> Example:
    return Example(tuple(ExampleFile(*one) for one in [(case.path, case.code), *case.files.items()]))


def _fixed(rule: Rule) -> Fixed | None:
    for ordinal, case in zip(_ORDINALS, rule.invalid, strict=False):
        if case.fixed is not None:
            option = "--fix --unsafe-fixes" if case.unsafe else "--fix"
            title = f"What {option} makes of the {ordinal} of these"
            return Fixed(title, ExampleFile(case.path, case.fixed))
    return None


def find_rule(word: str) -> Rule:
    """Return the rule that a code or a name means, in letters of either case.

    Raises:
        UsageError: there is no such rule; the cure names the nearest.
    """
    known: Mapping[str, Rule] = {name: rule for rule in RULES for name in (rule.code, rule.name)}
    rule = known.get(word.upper()) or known.get(word.lower())
    if rule is not None:
        return rule
    from panther_gen.lint.choosing.rule_words import meant_rule

    begun = [rule.code for rule in RULES if word and rule.code.startswith(word.upper())]
    cure = f"one of {', '.join(begun)}; " if begun else meant_rule(word)
    raise UsageError(f"there is no rule {shown(word)}", cure=f"{cure}`panther-gen explain` lists them all")


def by_family() -> dict[str, list[Description]]:
    """Return all rules, family by family, in the order of their codes."""
    families: dict[str, list[Description]] = {}
    for rule in RULES:
        families.setdefault(FAMILIES[int(rule.code[2])], []).append(describe(rule))
    return families


def explain(word: str) -> str:
    """Return what a rule is about, why, and its examples, as text that ends in a line feed.

    Args:
        word: the rule's code or name, in letters of either case.

    Raises:
        UsageError: there is no such rule.
    """
    rule = describe(find_rule(word))
    parts = [
        f"{rule.code} {rule.name} ({rule.family}, {rule.severity})",
        rule.summary,
        rule.explanation,
        *(_as_text("Found", example) for example in rule.found),
        *([_as_text(rule.fixed.title, Example((rule.fixed.file,)))] if rule.fixed else []),
        *(_as_text("Fine", example) for example in rule.fine),
        f"Leave one finding out, on its own line: {rule.suppression}",
    ]
    return "\n\n".join(parts) + "\n"


def explain_as_json(word: str) -> str:
    """Return the description of a rule as a JSON document that ends in a line feed.

    Raises:
        UsageError: there is no such rule.
    """
    return json.dumps(asdict(describe(find_rule(word))), indent=2) + "\n"


def list_rules() -> str:
    """Return a table of all rules as text that ends in a line feed."""
    lines: list[str] = []
    for family, rules in by_family().items():
        width = max(len(rule.name) for rule in rules)
        lines += [family, *(f"  {rule.code}  {rule.name:{width}}  {rule.summary}" for rule in rules), ""]
    return "\n".join([*lines, "panther-gen explain CODE says why, with examples."]) + "\n"


def list_rules_as_json() -> str:
    """Return code, name, family, severity and summary of every rule as a JSON document."""
    kept = ("code", "name", "family", "severity", "summary")
    every = [asdict(rule) for rules in by_family().values() for rule in rules]
    return json.dumps([{key: rule[key] for key in kept} for rule in every], indent=2) + "\n"


def _as_text(title: str, example: Example) -> str:
    first, *others = example.files
    lines = [f"{title}:", "", *_indented(first)]
    return "\n".join([*lines, *(line for file in others for line in ["", *_indented(file)])])


def _indented(file: ExampleFile) -> list[str]:
    """Return a file's lines, indented; the place is named where it says something."""
    named = [] if file.is_plain else [f"    # {file.path}"]
    if not file.code:
        return [*named, "    # an empty file"]
    return [*named, *(f"    {line}".rstrip() for line in file.code.rstrip("\n").split("\n"))]
