"""What comes of blocks that nothing runs: trees and texts, checked against what they describe."""

from __future__ import annotations

import re
from collections.abc import Mapping

from guidebook.markdown import headings
from guidebook.row import Case, Outcome

from panther.plugins.services import base

__all__ = ["class_tree", "hook_tree", "invisible", "language_tree", "plugin_tree", "readme_sections", "tree"]

_LIMB = re.compile(r"(?P<branches>[│├└─ ]*)(?P<name>\S.*?)(?:\s+#.*|\s+\(.*)?")


def tree(text: str) -> list[tuple[str, ...]]:
    """Return the paths of a drawn tree, from its roots down, without comments and remarks in brackets."""
    limbs = [_LIMB.fullmatch(line) for line in text.splitlines()]
    assert all(limbs), text
    depths = [len(limb["branches"]) // 4 for limb in limbs]
    paths: list[tuple[str, ...]] = []
    for limb, depth in zip(limbs, depths, strict=True):
        # The roots are what stands outermost, whether or not a branch leads to it.
        above = paths[-1][: depth - min(depths)] if paths else ()
        paths.append((*above, limb["name"]))
    return paths


def class_tree(case: Case) -> None:
    """Expect that the tree is the hierarchy of the base classes."""
    paths = [[getattr(base, name) for name in path] for path in tree(case.block.text)]
    drawn = {path[-1] for path in paths}
    for path in paths:
        assert drawn.intersection(path[-1].__mro__) == set(path)


def hook_tree(case: Case) -> None:
    """Expect that the tree is a base class, a class below it, and template methods that this may define."""
    (base_name,), *_ = paths = tree(case.block.text)
    methods = [path[2].removesuffix("()") for path in paths if len(path) == 3]
    required = ("_get_implementation_name", "_get_binary_name")
    body = {name: lambda self, **_: [] for name in methods} | {
        name: lambda self: "yours" for name in required
    }
    derived = type(paths[1][1], (getattr(base, base_name),), body)
    assert [name for name in methods if not hasattr(getattr(base, base_name), name)] == []
    assert derived().generate_run_command(role="client") == "yours"


def plugin_tree(case: Case) -> None:
    """Expect that the tree is the directory that the scaffold writes for these names."""
    (root,), *entries = tree(case.block.text)
    *_, protocol, name = root.strip("/").split("/")
    directory = case.workshop.scaffold(protocol, name, "c")
    assert directory == case.workshop.root / root
    printed = {"".join(path[1:]) for path in entries if not path[-1].endswith("/")}
    written = {str(path.relative_to(directory)) for path in directory.rglob("*") if path.is_file()}
    assert printed == {path for path in written if not path.startswith(".")}


def readme_sections(homes: Mapping[str, str]) -> Outcome:
    """Expect that what the block's sections are about has its section in the scaffold's README.

    Args:
        homes: the title of each section of the second level, and that of the README's section.
    """

    def check(case: Case) -> None:
        directory = case.workshop.scaffold("quic", "your_implementation", "python")
        written = headings((directory / "README.md").read_text(encoding="utf-8"))
        printed = [heading for heading in headings(case.block.text) if heading.startswith("## ")]
        assert printed == [f"## {title}" for title in homes]
        assert {f"## {title}" for title in homes.values()} <= set(written)

    return check


def invisible(case: Case) -> None:
    """Expect that the block is advice: a comment, of which a reader of the Markdown sees nothing."""
    assert not re.sub(r"<!--.*?-->", "", case.block.text, flags=re.DOTALL).strip()


def language_tree(**languages: str) -> Outcome:
    """Expect that the tree's plugins can be made in the language that they stand under, for their protocol.

    Args:
        languages: the scaffold's word for each language, by the first letters of the tree's.
    """

    def check(case: Case) -> None:
        lines = case.block.text.splitlines()
        for path, line in zip(tree(case.block.text), lines, strict=True):
            (language,) = (word for start, word in languages.items() if path[0].startswith(start))
            if len(path) == 2:
                protocol = re.search("quic|http|tcp", line.partition("#")[2].lower())
                assert protocol, f"no protocol: {line}"
                case.workshop.scaffold(protocol[0], path[1].strip("/"), language)

    return check
