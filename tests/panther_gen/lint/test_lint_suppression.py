"""A finding that its line asks, with a reason, to leave out."""

from __future__ import annotations

import pytest

CODE = (
    "from panther.plugins.services.base import BaseServiceManager as B\n"
    "class P(B):\n    def prepare(self): ...{comment}\n"
)


@pytest.mark.parametrize(
    "comment",
    [
        "  # panther-gen: ignore[PG101] tried by hand",
        "  # panther-gen:ignore[PG103, PG101]  tried by hand",
        "  # noqa  # panther-gen: ignore[PG101] tried by hand",
    ],
)
def test_a_suppression_with_a_reason_leaves_the_finding_out(comment, tree, check):
    tree({"a.py": CODE.format(comment=comment)})
    report = check("a.py")
    assert report.findings == []
    assert report.suppressed == 1


@pytest.mark.parametrize(
    "comment",
    [
        "  # panther-gen: ignore[PG102] tried by hand",
        "  # panther-gen: ignore tried by hand",
        '; x = "# panther-gen: ignore[PG101] x"',
    ],
)
def test_other_text_leaves_nothing_out(comment, tree, check):
    tree({"a.py": CODE.format(comment=comment)})
    assert [one.code for one in check("a.py").findings] == ["PG101"]


def test_a_suppression_without_a_reason_is_told_so(tree, check):
    tree({"a.py": CODE.format(comment="  # panther-gen: ignore[PG101]")})
    assert check("a.py").findings[0].help.startswith("say why: # panther-gen: ignore[PG101] reason; ")
