"""Start the linter's next rule: ``python -m panther_gen.lint.pages.new_rule NAME --family … --kind …``.

It writes the rule's file from a template, with a check and cases that hold as they are, and registers it.
The author then replaces the words, the cases and the check; everything else is made from that file.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from panther_gen.errors import PantherGenError, UsageError, shown
from panther_gen.lint import rules
from panther_gen.lint.rule import FAMILIES

__all__ = ["NewRule", "main", "plan", "write"]

_TEMPLATE = Path(__file__).with_name("new_rule.py.jinja")
_NAME = re.compile(r"[a-z]+(?:-[a-z]+)+")
_LONGEST_NAME = 35
_LAST = 99
_KINDS = {"class": "ClassRule", "module": "ModuleRule", "plugin": "PluginRule"}
_IMPORT = "from panther_gen.lint.rules."
_PRACTICES = {
    1: "leverage the inheritance architecture",
    3: "the template method pattern",
    4: "configuration schema design",
    5: "test what is specific to the implementation",
    6: "Docker integration",
    7: "document what is specific to the implementation",
}
#: The guide's best practice that rules of a family mostly guard.
_OF_FAMILY = {0: 7, 1: 3, 2: 1, 3: 4, 4: 4, 5: 3, 6: 6, 7: 5, 8: 7, 9: 3}


@dataclass(frozen=True, slots=True)
class NewRule:
    """A rule that is about to be written.

    Attributes:
        code: its code.
        path: its file.
        text: what is in that file.
        registry: the file that registers the rules.
        registered: what is in that file with the new rule.
    """

    code: str
    path: Path
    text: str
    registry: Path
    registered: str


def plan(name: str, family: str, kind: str, directory: Path) -> NewRule:
    """Return the next rule of a family; nothing is written.

    Args:
        name: a few words in kebab case.
        family: one of the words in :data:`panther_gen.lint.rule.FAMILIES`.
        kind: what it looks at: ``class``, ``module`` or ``plugin``.
        directory: of the rules.

    Raises:
        UsageError: the name cannot be used, or the family is full.
    """
    _check_name(name, directory)
    digit = next(number for number, word in FAMILIES.items() if word == family)
    if family == "contract" and kind != "class":
        raise UsageError(f"a rule on a contract looks at classes, not at a {kind}", cure="use --kind class")
    code = _next_code(digit, family)
    module, class_name = name.replace("-", "_"), "".join(word.capitalize() for word in name.split("-"))
    registry = directory / "__init__.py"
    registered = _registered(registry, module, class_name, _KINDS[kind])
    text = _render(code=code, name=name, class_name=class_name, kind=kind, practice=_OF_FAMILY[digit])
    return NewRule(code, directory / f"{module}.py", text, registry, registered)


def write(new: NewRule) -> None:
    """Write a rule and its registration, or neither."""
    with new.path.open("x", encoding="utf-8") as file:
        file.write(new.text)
    try:
        new.registry.write_text(new.registered, encoding="utf-8")
    except BaseException:
        new.path.unlink()
        raise


def _check_name(name: str, directory: Path) -> None:
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        cure = f"use two or more words of small letters with - between, {_LONGEST_NAME} characters at most"
        raise UsageError(f"{shown(name)} cannot be the name of a rule", cure=cure)
    taken = {rule.name: rule.code for rule in rules.RULES}
    if name in taken:
        raise UsageError(f"{shown(name)} is the name of {taken[name]}", cure="choose another name")
    path = directory / f"{name.replace('-', '_')}.py"
    if path.exists():
        raise UsageError(f"{shown(path)} exists", cure="choose another name")


def _next_code(digit: int, family: str) -> str:
    """Return the code after the highest: one that was given up is never used for another rule."""
    used = [int(rule.code[3:]) for rule in rules.RULES if rule.code[2] == str(digit)]
    number = max(used, default=0) + 1
    if number > _LAST:
        raise UsageError(f"the family {shown(family)} has no free code", cure="start another family")
    return f"PG{digit}{number:02}"


def _registered(registry: Path, module: str, class_name: str, base: str) -> str:
    """Return the text of the registry with the import, sorted in, and the object at the end of its tuple."""
    lines = registry.read_text(encoding="utf-8").split("\n")
    line = f"{_IMPORT}{module} import {class_name}"
    before = [number for number, one in enumerate(lines) if one.startswith(_IMPORT)]
    later = [number for number in before if lines[number] > line]
    start = f"{base.removesuffix('Rule').upper()}_RULES: tuple[{base}, ...] = ("
    if not before or start not in lines:
        cure = f"register {class_name} of {module}.py there by hand"
        raise PantherGenError(f"there is no line {shown(start)} to add to", where=str(registry), cure=cure)
    end = lines.index(")", lines.index(start))
    lines.insert(end, f"    {class_name}(),")
    lines.insert(later[0] if later else before[-1] + 1, line)
    return "\n".join(lines)


def _render(*, code: str, name: str, class_name: str, kind: str, practice: int) -> str:
    from jinja2 import Environment, StrictUndefined

    imported = [_KINDS[kind], "Invalid", "Valid", *(["SAMPLE_PATH"] if kind == "plugin" else [])]
    environment = Environment(
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 — it makes Python, of names that were checked
    )
    about = f"{name.replace('-', ' ')}, in one sentence."
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(
        about=about,
        base=_KINDS[kind],
        class_name=class_name,
        code=code,
        imports=", ".join(sorted(imported, key=lambda word: (not word.isupper(), word))),
        kind=kind,
        name=name,
        practice=practice,
        practice_name=_PRACTICES[practice],
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Write a rule and say what to do next; return an exit status.

    Args:
        arguments: the words of the command line; None: those of this process.
    """
    program = "python -m panther_gen.lint.pages.new_rule"
    parser = argparse.ArgumentParser(prog=program, description=main.__doc__)
    parser.add_argument("name", metavar="NAME", help="a few words in kebab case, such as too-many-ports")
    parser.add_argument("--family", choices=list(FAMILIES.values()), required=True)
    parser.add_argument("--kind", choices=list(_KINDS), required=True, help="what the rule looks at")
    options = parser.parse_args(arguments)
    directory = Path(rules.__file__).parent
    try:
        new = plan(options.name, options.family, options.kind, directory)
        write(new)
    except PantherGenError as error:
        sys.stderr.write(f"new-rule: {error}\n")
        return error.exit_code
    except OSError as error:
        sys.stderr.write(f"new-rule: cannot write {error.filename}: {error.strerror}\n")
        return 4
    print(f"{new.code} is in {new.path}\nnext: replace its words, cases and check; then nox -s rules")
    return 0


if __name__ == "__main__":
    sys.exit(main())
