"""Contract files as the linter reads them: from the command line, from the settings, and what is refused."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panther_gen.__main__ import main
from panther_gen.lint.contracts.command import run_contract
from panther_gen.lint.contracts.file import SCHEMA
from panther_gen.lint.contracts.schema_check import faults_of
from panther_gen.lint.contracts.snapshot import SNAPSHOT

ACME = Path(__file__).resolve().parents[2] / "assets" / "frameworks" / "acme"
WRONG = "from acme import Service\nclass Mine(Service):\n    def run(self): ...\n"
SCHEMA_OF_CONTRACTS = json.loads(SCHEMA.read_text(encoding="utf-8"))


@pytest.fixture
def files(tree, tmp_path):
    """Write a contract, and a file that breaks it."""
    tree({"user.py": WRONG, "contracts/.keep": ""})
    assert run_contract(ACME, output=tmp_path / "contracts/acme.json") == 0
    return tree


@pytest.fixture
def lint(capsys):
    """Lint ``user.py``; return the status, the codes and what was said on standard error."""

    def run(*words):
        capsys.readouterr()
        status = main(["lint", "--format", "json", *words])
        out, err = capsys.readouterr()
        return status, [one["code"] for one in json.loads(out)["findings"]] if out else [], err

    return run


def test_without_its_contract_a_framework_is_not_known(files, lint):
    assert lint("user.py") == (0, [], "")


def test_a_contract_is_given_on_the_command_line(files, lint):
    assert lint("--contract", "contracts/acme.json", "user.py") == (1, ["PG101"], "")
    twice = ["--contract", "contracts/acme.json", "--contract", "./contracts/../contracts/acme.json"]
    assert lint(*twice, "user.py") == (1, ["PG101"], "")


def test_a_contract_is_given_in_the_settings(files, lint, tmp_path, monkeypatch):
    files(
        {
            "pyproject.toml": '[tool.panther-gen.lint]\ncontract = ["contracts/acme.json"]\n',
            "sub/user.py": WRONG,
        }
    )
    assert lint("user.py") == (1, ["PG101"], "")
    monkeypatch.chdir(tmp_path / "sub")
    assert lint("user.py") == (1, ["PG101"], "")
    assert lint("--contract", "../contracts/acme.json", "user.py") == (1, ["PG101"], "")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ('"a.json"', "'contract' is a string, not a list of strings"),
        ("[1]", "'contract' has a number"),
        ('["a.json"]', "pyproject.toml:2: the contract 'a.json' is no file"),
        ('["contracts"]', "the contract 'contracts' is no file"),
    ],
)
def test_a_mistake_in_the_settings_is_told(value, said, files, lint):
    files({"pyproject.toml": f"[tool.panther-gen.lint]\ncontract = {value}\n"})
    status, _, err = lint("user.py")
    assert status == 2
    assert said in err
    assert "cure: " in err


def broken(edit):
    """Return the text of a contract after ``edit`` of what it says."""

    def make(text):
        document = json.loads(text)
        edit(document)
        return json.dumps(document, indent=1)

    return make


def method(document):
    return document["modules"]["acme._base"]["classes"]["Service"]["methods"]["run"]


MISWRITTEN = "is not written as it should be"

REFUSED = {
    "no JSON": (lambda text: text[:40], "acme.json:3:", "it is not JSON: "),
    "no text": (lambda text: "", "acme.json:1:1: ", "it is not JSON: Expecting value"),
    "no object": (lambda text: "[]", "acme.json:1:1: ", "this is no contract"),
    "other JSON": (lambda text: '{\n "name": "x"}', "acme.json:1:1: ", 'it has no "format"'),
    "newer": (broken(lambda d: d.update(version=2)), "acme.json:3:13: ", "made by a newer panther-gen"),
    "older": (broken(lambda d: d.update(version=0)), "acme.json:3:13: ", "its version is 0, not 1"),
    "version": (broken(lambda d: d.update(version=True)), "acme.json:3:13: ", "its version is True, not 1"),
    "no version": (broken(lambda d: d.pop("version")), "acme.json:1:1: ", "its version is None"),
    "no modules": (broken(lambda d: d.pop("modules")), "acme.json:1:1: ", "the contract has no 'modules'"),
    "list": (broken(lambda d: d.update(modules=[])), "acme.json:5:13: ", "modules is a list, not an object"),
    "line": (broken(lambda d: method(d).update(line="9")), "", "run → line is a string, not a whole number"),
    "kind": (
        broken(lambda d: method(d).update(kind="x")),
        "",
        "kind is 'x', not one of 'workflow', 'template'",
    ),
    "key": (broken(lambda d: method(d).update(knid=1)), "", "run → knid is not known"),
    "parameters": (broken(lambda d: method(d).update(parameters="self, *")), "", "is no list of parameters"),
    "code": (
        broken(lambda d: method(d).update(parameters="self: x()")),
        "",
        MISWRITTEN,
    ),
    "returns": (broken(lambda d: method(d).update(returns="1 +")), "", "returns is no annotation"),
    "source": (broken(lambda d: method(d).update(source=["\x1b[31m"])), "", MISWRITTEN),
    "path": (
        broken(lambda d: d["modules"]["acme"].update(path="a\n")),
        "",
        MISWRITTEN,
    ),
    "module": (
        broken(lambda d: d["modules"].update({"a..b": {}})),
        "",
        "a..b has a name that is not possible here",
    ),
    "nested": (
        broken(lambda d: d["modules"]["acme"].update(classes={"A.B": {"line": 1, "bases": []}})),
        "",
        "stands before the class around it",
    ),
    "deep": (lambda text: "[" * 100000, "", "cannot be read"),
    "runtime": (
        broken(lambda d: d["modules"].update({"panther.core": {"path": "x"}})),
        "",
        "is about 'panther.core', whose contract the linter brings with it",
    ),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_is_no_contract_is_refused(why, files, lint):
    change, where, said = REFUSED[why]
    path = Path("contracts/acme.json")
    path.write_text(change(path.read_text()))
    status, codes, err = lint("--contract", str(path), "user.py")
    assert (status, codes) == (2, [])
    assert where in err
    assert said in err
    assert "cure: " in err
    assert "Traceback" not in err


def test_the_place_of_a_mistake_is_exact(files, lint):
    path = Path("contracts/acme.json")
    lines = path.read_text().split("\n")
    number = next(i for i, line in enumerate(lines) if line.strip() == '"kind": "workflow",')
    lines[number] = lines[number].replace('"workflow"', "7")
    path.write_text("\n".join(lines))
    err = lint("--contract", str(path), "user.py")[2]
    assert (
        f"contracts/acme.json:{number + 1}:{lines[number].index('7') + 1}: modules → acme._base → classes"
        in err
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [("nowhere.json", "does not exist"), ("contracts", "cannot be read"), ("latin.json", "is not UTF-8")],
)
def test_a_file_that_cannot_be_read_is_refused(name, said, files, lint):
    files({"latin.json": b'{"\xff": 1}'})
    status, _, err = lint("--contract", name, "user.py")
    assert status == 2
    assert said in err
    assert "cure: " in err


def test_two_contracts_of_one_module_are_refused(files, lint):
    Path("second.json").write_bytes(Path("contracts/acme.json").read_bytes())
    status, _, err = lint("--contract", "contracts/acme.json", "--contract", "second.json", "user.py")
    assert status == 2
    assert "'contracts/acme.json' and 'second.json' are both about the module 'acme'" in err


def test_the_shipped_contract_is_one_of_the_same_format():
    document = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    jsonschema.validate(document, SCHEMA_OF_CONTRACTS)
    assert list(faults_of(document, SCHEMA_OF_CONTRACTS)) == []


def places(value, path=()):
    """Yield the path of every value in a document."""
    yield path
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, child in children:
        yield from places(child, (*path, name))


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    """Return a contract that has all kinds of members."""
    path = tmp_path_factory.mktemp("contract") / "acme.json"
    run_contract(ACME, output=path)
    whole = json.loads(path.read_text())
    shipped = json.loads(SNAPSHOT.read_text(encoding="utf-8"))["modules"]
    for name in ("panther.config.core.models", "panther.plugins.services.base.quic_service_base"):
        whole["modules"][name] = shipped[name]
    return whole


ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 3),
    st.floats(0.5, 0.5),
    st.text("a.:#\t é1", max_size=4),
    st.lists(st.one_of(st.integers(), st.just("a")), max_size=4),
    st.dictionaries(
        st.sampled_from(["line", "bases", "a", "a b"]), st.one_of(st.integers(0, 2), st.just([]))
    ),
)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_our_check_agrees_with_a_validator(data, document):
    paths = [path for path in places(document) if path]
    changed = copy.deepcopy(document)
    *way, last = data.draw(st.sampled_from(paths))
    owner = changed
    for step in way:
        owner = owner[step]
    if isinstance(owner, dict) and data.draw(st.booleans()):
        owner[data.draw(st.sampled_from(["a", "a b", "line", "returns"]))] = owner.pop(last)
    else:
        owner[last] = data.draw(ANYTHING)
    valid = jsonschema.Draft202012Validator(SCHEMA_OF_CONTRACTS).is_valid(changed)
    assert (not list(faults_of(changed, SCHEMA_OF_CONTRACTS))) is valid
