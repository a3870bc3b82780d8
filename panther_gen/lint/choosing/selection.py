"""Which rules are used, and in which files: the command line's options, then the configuration's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NoReturn

from panther_gen.errors import UsageError, shown
from panther_gen.lint.configuration.patterns import Patterns
from panther_gen.lint.configuration.settings import Settings
from panther_gen.lint.model import Finding
from panther_gen.lint.rules import RULES

__all__ = ["Selection"]

#: A file that cannot be parsed proves nothing, so this finding is always wanted.
_ALWAYS = "PG001"

Refuse = Callable[[str, str, str], NoReturn]


class Selection:
    """The findings that are wanted.

    Args:
        settings: of the project.
        select: from the command line; if it names any rule, the configuration's ``select`` and ``ignore``
            do not count.
        ignore: from the command line; added to the configuration's otherwise.

    Raises:
        UsageError: a word means no rule, or ``PG001`` would be ignored.
    """

    def __init__(self, settings: Settings, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> None:
        chosen = _codes(select, _refuse_option("--select"))
        left_out = _codes(ignore, _refuse_option("--ignore"), ignores=True)
        own = settings.select
        theirs = _codes(["PG"] if own is None else own, _refuse_setting(settings, "select"))
        ignored = _codes(settings.ignore, _refuse_setting(settings, "ignore"), ignores=True)
        self._codes = (chosen if select else theirs - ignored) - left_out | {_ALWAYS}
        self._excluded = Patterns(settings.root, settings.exclude)
        self._per_file = [
            (
                Patterns(settings.root, [pattern]),
                _codes(words, _refuse_setting(settings, "per-file-ignores", pattern), ignores=True),
            )
            for pattern, words in settings.per_file_ignores.items()
        ]

    def excludes(self, path: str | Path) -> bool:
        """Tell whether a file is not to be checked."""
        return self._excluded.match(path)

    def wants(self, finding: Finding) -> bool:
        """Tell whether a finding is of a rule that is used in its file."""
        if finding.code not in self._codes or self.excludes(finding.path):
            return False
        return not any(finding.code in codes and of.match(finding.path) for of, codes in self._per_file)


def _codes(words: Iterable[str], refuse: Refuse, *, ignores: bool = False) -> frozenset[str]:
    """Return the codes of the rules that codes, beginnings of codes, and names mean."""
    found: set[str] = set()
    for word in words:
        named = {rule.code for rule in RULES if word in (rule.code, rule.name)}
        codes = named or {rule.code for rule in RULES if word.startswith("PG") and rule.code.startswith(word)}
        if not codes:
            refuse(word, "means no rule", _cure(word))
        if ignores and _ALWAYS in named:
            refuse(word, "cannot be ignored: such a file proves nothing", "leave the file out with exclude")
        found |= codes
    return frozenset(found - {_ALWAYS} if ignores else found)


def _cure(word: str) -> str:
    from panther_gen.lint.choosing.rule_words import meant_rule

    if word.upper() == "ALL":
        return "PG means all rules"
    return f"{meant_rule(word)}write a code, the beginning of one, or a name: PG101, PG1, workflow-overridden"


def _refuse_option(option: str) -> Refuse:
    def refuse(word: str, fault: str, cure: str) -> NoReturn:
        raise UsageError(f"{option} {shown(word)} {fault}", cure=cure)

    return refuse


def _refuse_setting(settings: Settings, *keys: str) -> Refuse:
    def refuse(word: str, fault: str, cure: str) -> NoReturn:
        if settings.file is None:
            raise UsageError(f"{shown(word)} {fault}", cure=cure)
        path = ["tool", "panther-gen", "lint", *keys]
        settings.file.refuse(path, f"{shown(word)} in '{keys[0]}' {fault}", cure, word)

    return refuse
