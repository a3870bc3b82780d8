"""Drawn trees are read as paths."""

from __future__ import annotations

from guidebook.prose_outcomes import tree


def test_a_tree_has_its_paths_without_comments():
    drawn = "root/\n├── a/        # first\n│   └── b.py\n└── c (remark)\n"
    assert tree(drawn) == [("root/",), ("root/", "a/"), ("root/", "a/", "b.py"), ("root/", "c")]


def test_a_tree_may_have_several_roots_and_no_trunk():
    assert tree("├── a\n│   └── b\n└── c\n") == [("a",), ("a", "b"), ("c",)]
