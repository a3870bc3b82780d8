"""The pages in ``docs/rules``: ``python -m panther_gen.lint.pages.rule_pages DIR``.

They say what ``panther-gen explain`` says, from the same description, as Markdown.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from panther_gen.lint.pages.explanation import Description, Example, ExampleFile, by_family

__all__ = ["main", "rule_pages"]

_INDEX = "index.md"
_MARK = "<!-- Made from the rule's file by `nox -s rules`; do not edit. -->"
_ABOUT = """\
`panther-gen explain` prints this table, and `panther-gen explain CODE` the page of a rule. An error is
proved; a note says that something could not be verified, and is an error with `--strict`."""
_LANGUAGES = {".py": "python", ".md": "markdown", ".jinja": "jinja", ".toml": "toml", ".yaml": "yaml"}


def rule_pages() -> dict[str, str]:
    """Return the text of every page, by the name of its file."""
    families = by_family()
    pages = {f"{rule.code}.md": _page(rule) for rules in families.values() for rule in rules}
    return {_INDEX: _index(families), **pages}


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the pages, or with ``--check`` compare them; return 1 if they differ.

    Args:
        arguments: the words of the command line; None: those of this process.
    """
    program = "python -m panther_gen.lint.pages.rule_pages"
    parser = argparse.ArgumentParser(prog=program, description=main.__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    options = parser.parse_args(arguments)
    directory: Path = options.directory
    pages = rule_pages()
    stale = [name for name, text in pages.items() if _read(directory / name) != text]
    extra = sorted(path.name for path in directory.glob("*.md") if path.name not in pages)
    if not options.check:
        directory.mkdir(parents=True, exist_ok=True)
        for name in stale:
            directory.joinpath(name).write_text(pages[name], encoding="utf-8", newline="\n")
        for name in extra:  # of a rule that has another code now
            directory.joinpath(name).unlink()
        return 0
    for name in [*stale, *extra]:
        sys.stderr.write(f"{directory / name} is not what the rules say\n  cure: nox -s rules\n")
    return 1 if stale or extra else 0


def _read(path: Path) -> str | None:
    return path.read_bytes().decode() if path.is_file() else None


def _page(rule: Description) -> str:
    parts = [
        _MARK,
        f"# {rule.code} {rule.name}",
        f"Family: {rule.family}. Severity: {rule.severity}.",
        rule.summary,
        rule.explanation,
        "## Found",
        *_examples(rule.found),
        *(["## Fixed", f"{rule.fixed.title}:", *_file(rule.fixed.file)] if rule.fixed else []),
        "## Fine",
        *_examples(rule.fine),
        "## Leaving one finding out",
        f"On its own line, with a reason: `{rule.suppression}`",
        f"[All rules]({_INDEX})",
    ]
    return "\n\n".join(parts) + "\n"


def _index(families: dict[str, list[Description]]) -> str:
    parts = [_MARK, "# Rules", _ABOUT]
    for family, rules in families.items():
        rows = [
            f"| [{rule.code}]({rule.code}.md) | {rule.name} | {rule.severity} | {_in_cell(rule.summary)} |"
            for rule in rules
        ]
        head = ["| code | name | severity | finds |", "| --- | --- | --- | --- |"]
        parts += [f"## {family.capitalize()}", "\n".join([*head, *rows])]
    return "\n\n".join(parts) + "\n"


def _in_cell(text: str) -> str:
    return text.replace("|", "\\|")


def _examples(examples: Sequence[Example]) -> list[str]:
    """Return the examples, with a line between two of them."""
    blocks: list[str] = []
    for number, example in enumerate(examples):
        blocks += ["---"] if number else []
        blocks += [block for file in example.files for block in _file(file)]
    return blocks


def _file(file: ExampleFile) -> list[str]:
    named = [] if file.is_plain else [f"`{file.path}`:"]
    if not file.code.strip():
        return [*(named or ["A plugin's module:"]), "(an empty file)"]
    fence = "`" * max(3, 1 + max((len(ticks) for ticks in re.findall("`+", file.code)), default=0))
    return [*named, f"{fence}{_language(file.path)}\n{file.code.rstrip()}\n{fence}"]


def _language(path: str) -> str:
    place = PurePosixPath(path)
    return "dockerfile" if place.name == "Dockerfile" else _LANGUAGES.get(place.suffix, "text")


if __name__ == "__main__":
    sys.exit(main())
