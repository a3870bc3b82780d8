"""SARIF: the essentials of its schema, and what code scanning makes of a finding.

The schema here is made by hand from the words of SARIF 2.1.0 for the objects that are written, with no
other property allowed; it is not the published schema, which describes many more.
"""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from panther_gen import __version__
from panther_gen.lint.command import run_lint
from panther_gen.lint.rules import RULES

IMPORT = "from panther.plugins.services.base import BaseServiceManager as B\n"
WRONG = f"{IMPORT}class P(B):\n    def prepare(self): ...\n"


def closed(required, **properties):
    names = required.split()
    return {"type": "object", "required": names, "properties": properties, "additionalProperties": False}


TEXT = {"type": "string", "minLength": 1}
NUMBER = {"type": "integer", "minimum": 1}
MESSAGE = closed("text", text=TEXT, markdown=TEXT)
LEVEL = {"enum": ["none", "note", "warning", "error"]}
REGION = closed(
    "startLine",
    startLine=NUMBER,
    startColumn=NUMBER,
    endLine=NUMBER,
    endColumn=NUMBER,
    snippet=closed("text", text={"type": "string"}),
)
URI = {"type": "string", "pattern": r"^([a-z]+:///)?([A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-F]{2})+$"}
ARTIFACT = closed("uri", uri=URI, uriBaseId={"type": "string"})
PHYSICAL = closed("artifactLocation region", artifactLocation=ARTIFACT, region=REGION)
LOCATION = closed(
    "physicalLocation",
    id={"type": "integer", "minimum": 0},
    message=MESSAGE,
    physicalLocation=PHYSICAL,
)
RULE = closed(
    "id name shortDescription fullDescription help defaultConfiguration",
    id=TEXT,
    name=TEXT,
    shortDescription=MESSAGE,
    fullDescription=MESSAGE,
    help=MESSAGE,
    defaultConfiguration=closed("level", level=LEVEL),
    properties=closed("tags", tags={"type": "array", "items": TEXT, "uniqueItems": True}),
)
RESULT = closed(
    "ruleId ruleIndex level message locations partialFingerprints",
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": 0},
    level=LEVEL,
    message=MESSAGE,
    locations={"type": "array", "items": LOCATION, "minItems": 1, "maxItems": 1},
    relatedLocations={"type": "array", "items": LOCATION, "minItems": 1, "uniqueItems": True},
    partialFingerprints={"type": "object", "additionalProperties": TEXT, "minProperties": 1},
)
EXACT_REGION = closed(
    "startLine startColumn endLine endColumn",
    startLine=NUMBER,
    startColumn=NUMBER,
    endLine=NUMBER,
    endColumn=NUMBER,
)
REPLACEMENT = closed(
    "deletedRegion",
    deletedRegion=EXACT_REGION,
    insertedContent=closed("text", text={"type": "string"}),
)
CHANGE = closed(
    "artifactLocation replacements",
    artifactLocation=ARTIFACT,
    replacements={"type": "array", "items": REPLACEMENT, "minItems": 1},
)
FIX = closed(
    "artifactChanges",
    description=MESSAGE,
    artifactChanges={"type": "array", "items": CHANGE, "minItems": 1, "uniqueItems": True},
    properties={"type": "object"},
)
RESULT["properties"]["fixes"] = {"type": "array", "items": FIX, "minItems": 1, "uniqueItems": True}
DRIVER = closed(
    "name version rules",
    name=TEXT,
    version=TEXT,
    informationUri=URI | {"pattern": "^https://"},
    rules={"type": "array", "items": RULE, "uniqueItems": True},
)
RUN = closed(
    "tool results columnKind",
    tool=closed("driver", driver=DRIVER),
    results={"type": "array", "items": RESULT},
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    invocations={
        "type": "array",
        "items": closed("executionSuccessful", executionSuccessful={"const": True}),
    },
    originalUriBaseIds={"type": "object", "additionalProperties": closed("", description=MESSAGE)},
)
SCHEMA = closed(
    "version runs",
    **{"$schema": {"type": "string", "pattern": "/sarif-schema-2.1.0.json$"}},
    version={"const": "2.1.0"},
    runs={"type": "array", "items": RUN, "minItems": 1, "maxItems": 1},
)


@pytest.fixture
def log(capsys):
    """Lint paths and return the one run of the log."""

    def lint(*names, **options):
        run_lint([Path(name) for name in names], output_format="sarif", **options)
        document = json.loads(capsys.readouterr().out)
        jsonschema.validate(document, SCHEMA)
        return document["runs"][0]

    return lint


def artifact(location):
    return location["physicalLocation"]["artifactLocation"]


def test_a_log_of_every_kind_of_finding_has_its_form(tree, log):
    tree(
        {
            "a.py": f"{IMPORT}class P(B, make()):\n    def prepare(self): ...\n",
            "b.py": "def f(:\n",
            "nul.py": b"\0",
        }
    )
    run = log(".")
    assert [one["ruleId"] for one in run["results"]] == ["PG201", "PG101", "PG001", "PG001"]
    assert [one["level"] for one in run["results"]] == ["note", "error", "error", "error"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["tool"]["driver"]["version"] == __version__


def test_a_clean_run_is_a_log_without_results(tree, log):
    tree({"a.py": ""})
    assert log("a.py")["results"] == []


def test_every_rule_is_described(tree, log):
    tree({"a.py": WRONG})
    run = log("a.py")
    described = run["tool"]["driver"]["rules"]
    assert [one["id"] for one in described] == [rule.code for rule in RULES]
    found = run["results"][0]
    assert described[found["ruleIndex"]]["id"] == found["ruleId"] == "PG101"
    assert "contract" in described[found["ruleIndex"]]["properties"]["tags"]


def test_columns_count_code_points_and_end_after_the_last(tree, log):
    tree({"a.py": f"{IMPORT}class P(B):\n    日本, 𐍈 = 1, 2; prepare = 3\n"})
    region = log("a.py")["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region.pop("snippet") == {"text": "    日本, 𐍈 = 1, 2; prepare = 3"}
    assert region == {"startLine": 3, "startColumn": 19, "endLine": 3, "endColumn": 26}


def test_the_second_place_is_a_related_location(tree, log):
    lib = f"{IMPORT}class Base(B):\n    @workflow_method\n    def flow(self): ...\n"
    tree(
        {
            "lib.py": f"from panther.plugins.services.base.contract import workflow_method\n{lib}",
            "a.py": "from lib import Base\nclass P(Base):\n    flow = 1\n    def prepare(self): ...\n",
        }
    )
    mine, shipped = (one["relatedLocations"][0] for one in log("a.py")["results"])
    assert artifact(mine) == {"uri": "lib.py", "uriBaseId": "%SRCROOT%"}
    assert mine["physicalLocation"]["region"]["startLine"] == 5
    assert "workflow method of 'Base'" in mine["message"]["text"]
    assert artifact(shipped)["uriBaseId"] == "RUNTIME"


def test_a_path_is_a_uri(tree, log, tmp_path, monkeypatch):
    tree({"my plugins/ü#1.py": WRONG, "elsewhere/readme.txt": ""})
    assert artifact(log("my plugins")["results"][0]["locations"][0])["uri"] == "my%20plugins/%C3%BC%231.py"
    monkeypatch.chdir(tmp_path / "elsewhere")
    outside = artifact(log("../my plugins")["results"][0]["locations"][0])
    assert outside["uri"].startswith("file:///")
    assert "uriBaseId" not in outside


def fingerprints(run):
    return [one["partialFingerprints"]["codeAndLine/v1"] for one in run["results"]]


def test_a_fingerprint_survives_lines_that_are_added_above(tree, log):
    tree({"a.py": WRONG, "b.py": f"# new\n\n{WRONG}"})
    first, second = fingerprints(log("a.py", "b.py"))
    assert first == second


def test_equal_lines_have_fingerprints_of_their_own(tree, log):
    tree({"a.py": f"{WRONG}class Q(B):\n    def prepare(self): ...\n    def build_command(self): ...\n"})
    assert len(set(fingerprints(log("a.py")))) == 3


def test_strict_makes_notes_errors(tree, log):
    tree({"a.py": f"{IMPORT}class P(B, make()): ...\n"})
    assert log("a.py", strict=True)["results"][0]["level"] == "error"
