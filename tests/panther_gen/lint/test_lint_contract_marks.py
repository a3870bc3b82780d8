"""What a contract says of a package's classes: every way to write a mark, and what is no mark."""

from __future__ import annotations

from pathlib import Path

import pytest

from panther_gen.lint.contracts.package import find_package
from panther_gen.lint.contracts.source import contract_of_package

MARKS = {
    "from typing import final\n": "final",
    "from typing_extensions import final as f\n": "f",
    "import typing\n": "typing.final",
    "import typing as t\n": "t.final",
    "import typing_extensions as te\n": "te.final",
    "import typing\nFinal = typing.final\n": "Final",
    "from fw.marks import workflow\n": "workflow",
    "from .marks import *\n": "workflow",
    "from . import marks\n": "marks.workflow",
    "try:\n    from typing import final\nexcept ImportError:\n"
    "    from typing_extensions import final\n": "final",
    "if True:\n    from typing import final\nelse:\n    def final(f): return f\n": "final",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from typing import final as fixed\n"
    "else:\n    def fixed(f): return f\n": "fixed",
}
FILES = {
    "fw/__init__.py": "",
    "fw/marks.py": "import sys\nif sys.version_info > (3,):\n    from typing import final as workflow\n"
    "else:\n    from typing_extensions import final as workflow\n",
}


@pytest.fixture
def described(tree):
    """Return what the contract says of the module ``fw.mod``."""

    def read(text: str, **more: str):
        tree({**FILES, "fw/mod.py": text, **{f"fw/{name}.py": content for name, content in more.items()}})
        contract = contract_of_package(find_package(Path("fw")).files, {})
        assert contract.unreadable == []
        return contract.modules["fw.mod"]

    return read


@pytest.mark.parametrize("imports", MARKS)
def test_a_mark_is_found_under_any_name(imports, described):
    mark = MARKS[imports]
    facts = described(f"{imports}@{mark}\nclass A:\n    @{mark}\n    def run(self): ...\n")
    assert facts["classes"]["A"]["methods"]["run"]["kind"] == "workflow"
    assert facts["classes"]["A"]["final"] == [f"@{mark}", "class A:"]


HEAD = "from abc import ABC, abstractmethod\nimport functools, typing\nfrom typing import final, overload\n"

#: Bodies of a class, | for the end of a line; of the method ``m``: kind, required, form; None: left out.
BODIES = [
    ("def m(self): ...", None),
    ("@final|def m(self): ...", ("workflow", False, "method")),
    ("@final|async def m(self): ...", ("workflow", False, "method")),
    ("@abstractmethod|def m(self): ...", ("template", True, "method")),
    ("@final|@abstractmethod|def m(self): ...", ("workflow", False, "method")),
    ("@final|@property|def m(self): ...", ("workflow", False, "property")),
    ("@property|@final|def m(self): ...", ("workflow", False, "property")),
    ("@functools.cached_property|@abstractmethod|def m(self): ...", ("template", True, "property")),
    ("@classmethod|@abstractmethod|def m(cls): ...", ("template", True, "classmethod")),
    ("@final|@staticmethod|def m(): ...", ("workflow", False, "staticmethod")),
    ("@unknown|@abstractmethod|def m(self): ...", ("template", True, "other")),
    ("@property|@final|def m(self): ...|@m.setter|def m(self, x): ...", ("workflow", False, "property")),
    (
        (
            "@property|@abstractmethod|def m(self): ...|"
            "@m.setter|def m(self, x): ...|@m.deleter|def m(self): ..."
        ),
        ("template", True, "property"),
    ),
    (
        ("@property|def m(self): ...|@m.setter|@abstractmethod|def m(self, x): ..."),
        ("template", True, "other"),
    ),
    (
        ("@overload|def m(self, x: int): ...|@overload|def m(self): ...|@final|def m(self, x=1): ..."),
        ("workflow", False, "method"),
    ),
    (
        (
            "@overload|@abstractmethod|def m(self, x: int): ...|"
            "@overload|def m(self): ...|def m(self, x=1): ..."
        ),
        None,
    ),
    (
        ("@overload|@abstractmethod|def m(self, x: int): ...|@overload|@abstractmethod|def m(self): ..."),
        ("template", True, "other"),
    ),
    ("if typing.TYPE_CHECKING:|    @final|    def m(self): ...", None),
    (
        ("if X:|    @final|    def m(self): ...|else:|    @final|    def m(self): ..."),
        ("workflow", False, "method"),
    ),
    ("if X:|    @final|    def m(self): ...|else:|    def m(self): ...", None),
    ("@final|def m(self): ...|m = 1", None),
    ("@final|def m(self): ...|del m", None),
]


@pytest.mark.parametrize(("body", "expected"), BODIES)
def test_a_method_is_described_as_callers_find_it(body, expected, described):
    text = "class A(ABC):\n    " + body.replace("|", "\n    ")
    methods = described(f"{HEAD}{text}\n")["classes"]["A"].get("methods", {})
    found = methods.get("m")
    assert (found and (found["kind"], found["required"], found.get("form", "method"))) == expected


def test_classes_are_found_wherever_they_can_be_imported_from(described):
    facts = described(
        f"{HEAD}from .other import Thing as Base, Gone\nimport collections.abc as c, elsewhere.deep as e\n"
        "class A(Base, c.Mapping, e.Far.Away, make(), typing.Generic[T]):\n"
        "    class In:\n        class Deep: ...\n    @final\n    def __hidden(self): ...\n"
        "    @abstractmethod\n    def __len__(self): ...\n"
        "if X:\n    class B(A): ...\nelse:\n    class B(A.In): ...\n"
        "class C(B): ...\nclass D: ...\nclass D(D): ...\nD = D\nE = A.In\n"
        "def f():\n    class Local: ...\n",
        other="class Thing: ...\n",
    )
    classes = facts["classes"]
    assert list(classes) == ["A", "A.In", "A.In.Deep", "B", "B#2", "C"]
    assert classes["A"]["bases"] == [
        "fw.other:Thing",
        "collections:abc.Mapping",
        "elsewhere:deep.Far.Away",
        [],
        "typing:Generic",
    ]
    assert classes["A"]["attributes"] == ["In"]
    assert list(classes["A"]["methods"]) == ["__len__"]
    assert classes["B#2"]["bases"] == ["fw.mod:A.In"]
    assert classes["C"]["bases"] == ["fw.mod:B"]
    assert facts["imports"]["E"] == ["fw.mod:A.In"]
    assert facts["imports"]["Base"] == ["fw.other:Thing"]
    assert facts["functions"] == ["f"]
