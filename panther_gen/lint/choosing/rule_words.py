"""What somebody may have meant who wrote a word that means no rule."""

from __future__ import annotations

from panther_gen.lint.rule import FAMILIES
from panther_gen.lint.rules import RULES

__all__ = ["meant_rule"]

#: Letters that look like the digits of a code.
_LOOK = str.maketrans("OIL", "011")
#: So much alike are two names of which one is a slip of the pen.
_ALIKE = 0.75


def meant_rule(word: str) -> str:
    """Return a question or remark on a word that means no rule, with a space behind it; empty if none helps.

    Codes are never guessed from others: every one is but a letter away from a rule about something else.
    """
    from difflib import get_close_matches

    code = word.upper()
    if code.startswith("PG"):
        code = f"PG{code[2:].translate(_LOOK)}"
        if any(rule.code.startswith(code) for rule in RULES):
            return f"did you mean '{code}'? "
        family = [rule.code for rule in RULES if rule.code.startswith(code[:3])]
        name = FAMILIES[int(code[2])] if family else ""
        return f"the rules on {name} are {', '.join(family)}; " if family else ""
    close = get_close_matches(word.lower(), [rule.name for rule in RULES], n=1, cutoff=_ALIKE)
    return f"did you mean '{close[0]}'? " if close else ""
