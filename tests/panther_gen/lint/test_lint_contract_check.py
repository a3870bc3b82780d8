"""Classes below another framework's base classes, checked by its contract; mypy is the oracle."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from panther_gen.lint.contracts.command import run_contract
from panther_gen.lint.running.engine import check_files

FRAMEWORKS = Path(__file__).resolve().parents[2] / "assets" / "frameworks"
ACME = FRAMEWORKS / "acme"

HEADER = """\
from __future__ import annotations
from collections.abc import AsyncIterator
from typing import Any, final
import acme
from acme import Closed, Codec, Loop, Service
class Full(Service[int]):
    @property
    def name(self) -> str: return ""
    def handle(self, request: str, *, timeout: float = 1.0) -> str: return ""
    async def stream(self) -> AsyncIterator[int]: yield 1
"""

#: Class statements, and what is wrong with the class: the code of the finding, or nothing.
CASES = [
    ("class {}(Full): ...", ""),
    ("class {}(Full):\n    def run(self) -> int: return 1", "PG101"),
    ("class {}(Full):\n    run = None", "PG101"),
    ("class {}(Full):\n    def stop(self, force: bool = False) -> None: ...", "PG101"),
    ("class {}(Full):\n    @property\n    def identity(self) -> str: return ''", "PG101"),
    ("class {}(Full):\n    identity = ''", "PG101"),
    ("class {}(Full):\n    def find(self, key: Any) -> Any: ...", "PG101"),
    ("class {}(Full):\n    @classmethod\n    def create(cls) -> None: ...", "PG101"),
    ("class {}(Full):\n    def __private(self) -> None: ...", ""),
    ("class {}(Full):\n    def _{}__private(self) -> None: ...", ""),
    ("class {}(Full):\n    def optional(self) -> int: return 2", ""),
    ("class {}(Loop):\n    def turn(self) -> None: ...", "PG101"),
    ("class {}(acme.Loop):\n    def turn(self) -> None: ...", "PG101"),
    ("class {}(Service.Options):\n    def check(self) -> None: ...", "PG101"),
    ("class {}(Full):\n    class Options(Service.Options):\n        pass", ""),
    ("class {}(Closed): ...", "PG110"),
    ("class {}(acme.Closed): ...", "PG110"),
    ("class {}(Codec): ...", ""),
    ("class {}(Codec): ...\n{}()", "PG103"),
    ("class {}(Service[str]): ...\n{}()", "PG103"),
    ("class {}(Full): ...\n{}()", ""),
    ("@final\nclass {}(Codec): ...", "PG103"),
    ("class {}(Full):\n    name = 'x'", ""),
    ("class {}(Full):\n    def name(self) -> str: return ''", "PG105"),
    ("class {}(Full):\n    def handle(self, request: str) -> str: return ''", "PG105"),
    ("class {}(Full):\n    def handle(self, *args: Any, **kwargs: Any) -> str: return ''", ""),
    ("class {}(Full):\n    handle = 1", "PG105"),
    ("class {}(Full):\n    @property\n    def handle(self) -> str: return ''", "PG105"),
    (
        (
            "class {}(Full):\n    async def handle(self, request: str, *, timeout: float = 1.0) -> str:"
            " return ''"
        ),
        "PG105",
    ),
    (
        "class {}(Full):\n    def handle(self, request: str, *, timeout: float = 1.0) -> int: return 1",
        "PG108",
    ),
    ("class {}(Full):\n    def handle(self, request: str, *, timeout: float = 1.0) -> Any: ...", ""),
    ("class {}(Codec):\n    @staticmethod\n    def parse(text: str, strict: bool) -> bytes: return b''", ""),
    ("class {}(Codec):\n    @staticmethod\n    def parse(text: str) -> bytes: return b''", "PG105"),
    (
        (
            "class {}(Codec):\n    @staticmethod\n    def parse(text: str, strict: bool, x: int = 1)"
            " -> bytes: return b''"
        ),
        "",
    ),
]
#: What mypy calls the same.
MYPY = {
    "PG101": r"Cannot override final attribute|Cannot override writable attribute with a final",
    "PG110": "Cannot inherit from final class",
    "PG103": r"Cannot instantiate abstract class|Final class .* has abstract attributes",
    "PG105": r"\[override\]|\[assignment\]",
    "PG108": r"\[override\]",
}


@pytest.fixture(scope="module")
def contract(tmp_path_factory) -> Path:
    """Return the contract of the framework."""
    path = tmp_path_factory.mktemp("contract") / "acme.json"
    assert run_contract(ACME, output=path) == 0
    return path


@pytest.fixture
def lint(tree, contract):
    """Check ``user.py`` against the contract; return its findings."""

    def run(text: str):
        tree({"user.py": text})
        return check_files([Path("user.py")], contracts=[contract]).findings

    return run


def test_the_linter_finds_what_mypy_finds(lint, tmp_path):
    text, owners = HEADER, {}
    for number, (statement, _) in enumerate(CASES):
        first = text.count("\n") + 1
        text += statement.replace("{}", f"Case{number}") + "\n"
        owners |= dict.fromkeys(range(first, text.count("\n") + 1), number)
    by_linter: dict[int, set[str]] = {}
    for finding in lint(text):
        by_linter.setdefault(owners[finding.span.line], set()).add(finding.code)
    assert by_linter == {number: {code} for number, (_, code) in enumerate(CASES) if code}
    command = [sys.executable, "-m", "mypy", "--disable-error-code=empty-body", "--cache-dir=/dev/null"]
    done = subprocess.run(
        [*command, "--no-error-summary", "user.py"],
        cwd=tmp_path,
        env={"MYPYPATH": str(FRAMEWORKS), "PATH": ""},
        capture_output=True,
        text=True,
    )
    by_mypy: dict[int, str] = {}
    for line, message in re.findall(r"^user\.py:(\d+): error: (.*)$", done.stdout, re.MULTILINE):
        number = owners[int(line)]
        by_mypy[number] = f"{by_mypy.get(number, '')}\n{message}"
    for number, (statement, code) in enumerate(CASES):
        said = by_mypy.get(number, "")
        assert bool(re.search(MYPY[code], said)) if code else not said, (statement, code, said)


def test_the_second_place_is_the_frameworks_line(lint):
    finding = lint(f"{HEADER}class Mine(Full):\n    def stop(self) -> None: ...\n")[0]
    place = finding.places[0]
    assert finding.message == "'Mine' overrides the final method 'stop' of 'Service'"
    lines = (ACME / "_base.py").read_text().split("\n")
    assert place.path == "acme/_base.py"
    assert place.line == lines.index("    def stop(self, force: bool = False) -> None:") + 1
    assert [text for _, text in place.lines] == ["    @fixed", lines[place.line - 1]]
    assert "overrides_workflow" not in finding.help


#: What may look wrong below the framework's classes and is not.
FINE = {
    "a mixin of the standard library may define it": (
        "class Text(str): ...\nclass Mine(Text, Codec): ...\nMine()\n"
    ),
    "an unknown mixin may define it": (
        "from elsewhere import Mixin\nclass Mine(Mixin, Codec): ...\nMine()\n"
    ),
    "an unknown decorator may define it": (
        "import elsewhere\n@elsewhere.fill\nclass Mine(Codec): ...\nMine()\n"
    ),
    "it is expected to fail": (
        "import pytest\nclass Mine(Codec): ...\nwith pytest.raises(TypeError):\n    Mine()\n"
        "try:\n    Mine()\nexcept TypeError: ...\n"
    ),
    "the name means something else": "class Mine(Codec): ...\ndef make(Mine):\n    return Mine()\n",
    "it is completed later": "class Mine(Codec): ...\nMine.encode = Mine.parse = print\nMine()\n",
    "another method has nearly the name": (
        "class Mine(Codec):\n    def encode(self, text): ...\n    def parsed(self): ...\n"
        "    def encoded(self): ...\n"
    ),
    "an abstract class leaves it to others": (
        "from abc import abstractmethod\nclass Mine(Codec):\n    def encoder(self): ...\n"
        "    @abstractmethod\n    def more(self): ...\n"
    ),
    "the setter of a final property is used": (
        "class Mine(Full):\n    def f(self):\n        self.identity = 'x'\n"
    ),
    "an override with a decorator of its own": (
        "import elsewhere\nclass Mine(Full):\n    @elsewhere.inject\n    def handle(self): ...\n"
    ),
    "a class of another package": "from elsewhere import Base\nclass Mine(Base):\n    def run(self): ...\n",
}


@pytest.mark.parametrize("why", FINE)
def test_no_false_alarm(why, lint):
    assert [one for one in lint(HEADER + FINE[why]) if one.severity == "error"] == []


def test_a_class_of_the_framework_that_is_not_in_the_contract_is_noted(lint):
    assert [one.code for one in lint("import acme\nclass Mine(acme.Missing): ...\n")] == ["PG201"]


def test_a_misspelt_method_is_found_where_the_required_one_is_missing(lint):
    text = "from acme import Codec\nclass Mine(Codec):\n    def encoed(self, text): ...\n"
    assert lint(text) == []  # names of fewer than eight letters: only upper case and underscores count
    text = text.replace("encoed", "en_code")
    assert [(one.code, one.help) for one in lint(text)] == [("PG104", "rename it to 'encode'")]
    found = lint(f"{text}Mine()\n")
    assert {one.code for one in found} == {"PG103"}
    assert "rename 'en_code' to 'encode'" in {one.help for one in found}


def test_a_tree_that_holds_the_framework_is_preferred_to_its_contract(lint, tree):
    tree(
        {
            "acme/__init__.py": "from typing import final\nclass Service:\n"
            "    @final\n    def fresh(self): ...\n"
        }
    )
    text = (
        "from acme import Service\nclass Mine(Service):\n    def fresh(self): ...\n    def run(self): ...\n"
    )
    assert [one.message for one in lint(text)] == ["'Mine' overrides the final method 'fresh' of 'Service'"]


def test_contracts_of_two_packages_belong_together(tree, tmp_path, check):
    tree(
        {
            "a/__init__.py": "from typing import final\nclass Base:\n    @final\n    def run(self): ...\n",
            "b/__init__.py": "import a\nclass Middle(a.Base): ...\n",
            "work/user.py": "from b import Middle\nclass Mine(Middle):\n    def run(self): ...\n",
        }
    )
    contracts = [tmp_path / "a.json", tmp_path / "b.json"]
    for path in contracts:
        run_contract(Path(path.stem), output=path)
        Path(path.stem, "__init__.py").unlink()
        Path(path.stem).rmdir()
    report = check_files([Path("work/user.py")], contracts=contracts)
    assert [one.code for one in report.findings] == ["PG101"]
    alone = check_files([Path("work/user.py")], contracts=contracts[1:])
    assert alone.findings == []


def test_a_framework_on_top_of_the_runtime_keeps_the_runtimes_marks(tree, tmp_path):
    base = (
        "from panther.plugins.services.base import BaseQUICServiceManager, template_method, workflow_method\n"
        "class House(BaseQUICServiceManager):\n"
        "    @workflow_method\n    def audit(self): ...\n"
        "    @template_method\n    def _get_color(self) -> str: ...\n"
    )
    user = (
        "from house import House\nclass Mine(House):\n    def audit(self): ...\n    def prepare(self): ...\n"
    )
    tree({"house.py": base, "work/user.py": f"{user}    def _get_colour(self) -> str: ...\n"})
    run_contract(Path("house.py"), output=tmp_path / "house.json")
    Path("house.py").unlink()
    found = check_files([Path("work/user.py")], contracts=[tmp_path / "house.json"]).findings
    assert [one.code for one in found] == ["PG101", "PG101", "PG104"]
    assert "overrides_workflow" in found[0].help


INSTALLED = """\
import pytest
class Config(pytest.Config): ...
class Item(pytest.Item): ...
class Whole(pytest.Item):
    def runtest(self) -> None: ...
class Files(pytest.File):
    def collect(self) -> int: return 1
class Report(pytest.TestReport): ...
class Call(pytest.CallInfo[int]): ...
def make() -> None:
    Item()
    Whole()
    Files()
"""


def test_installed_packages_are_judged_as_by_mypy(tree, tmp_path):
    tree({"user.py": INSTALLED})
    installed = Path(pytest.__file__).resolve().parents[1]
    contracts = [tmp_path / "pytest.json", tmp_path / "_pytest.json"]
    for path in contracts:
        assert run_contract(installed / path.stem, output=path) == 0
    found = {
        (one.code, one.span.line) for one in check_files([Path("user.py")], contracts=contracts).findings
    }
    assert found == {("PG110", 2), ("PG103", 3), ("PG110", 9)}
    command = [sys.executable, "-m", "mypy", "--no-error-summary", "--cache-dir=/dev/null", "user.py"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True).stdout
    finals = re.findall(r"^user\.py:(\d+): error: Cannot inherit from final class", said, re.MULTILINE)
    assert {int(line) for line in finals} == {line for code, line in found if code == "PG110"}
    assert re.search(r"^user\.py:11: error: Cannot instantiate abstract class \"Item\"", said, re.MULTILINE)
    assert 'abstract class "Whole"' not in said
