"""``panther-gen lint --explain CODE``: a rule in its own words, and in the code that proves it."""

from __future__ import annotations

from collections.abc import Mapping

from panther_gen.errors import UsageError, shown
from panther_gen.lint.rule import FAMILIES, SAMPLE_PATH, Invalid, Rule, Valid
from panther_gen.lint.rules import RULES

__all__ = ["explain", "find_rule", "short_description"]


def explain(word: str) -> str:
    """Return what a rule is about, why, and its examples, as text that ends in a line feed.

    Args:
        word: the rule's code or name, in letters of either case.

    Raises:
        UsageError: there is no such rule.
    """
    rule = find_rule(word)
    family = FAMILIES[int(rule.code[2])]
    parts = [
        f"{rule.code} {rule.name} ({family}, {rule.severity})",
        short_description(rule),
        rule.explanation.strip(),
        *_examples("Found", rule.invalid),
        *_examples("Fine", rule.valid),
        f"Leave one finding out, on its own line: # panther-gen: ignore[{rule.code}] the reason",
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def find_rule(word: str) -> Rule:
    """Return the rule that a code or a name means.

    Raises:
        UsageError: there is no such rule; the cure names the nearest.
    """
    known: Mapping[str, Rule] = {name: rule for rule in RULES for name in (rule.code, rule.name)}
    rule = known.get(word.upper()) or known.get(word.lower())
    if rule is not None:
        return rule
    from difflib import get_close_matches

    spelt = word.upper() if word.upper().startswith("PG") else word.lower()
    close = get_close_matches(spelt, known, n=1, cutoff=0.6)
    cure = f"did you mean '{close[0]}'?" if close else f"rules: {', '.join(rule.code for rule in RULES)}"
    raise UsageError(f"there is no rule {shown(word)}", cure=cure)


def short_description(rule: Rule) -> str:
    """Return the sentence that says what the rule finds, in Markdown."""
    return (rule.__doc__ or rule.name).strip().partition("\n")[0].replace("``", "`")


def _examples(title: str, cases: tuple[Valid | Invalid, ...]) -> list[str]:
    return ["\n".join([f"{title}:", "", *_file(case.path, case.code), *_others(case)]) for case in cases]


def _others(case: Valid | Invalid) -> list[str]:
    return [line for path, code in case.files.items() for line in ["", *_file(path, code)]]


def _file(path: str, code: str) -> list[str]:
    """Return a file's lines, indented; the place is named unless it is where every plugin's class stands."""
    named = [] if path == SAMPLE_PATH else [f"    # {path}"]
    if not code:
        return [*named, "    # an empty file"]
    return [*named, *(f"    {line}".rstrip() for line in code.rstrip("\n").split("\n"))]
