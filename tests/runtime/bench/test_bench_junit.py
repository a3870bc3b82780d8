"""``junit.xml``: the shape that Jenkins, GitLab and others read, and what stands where in it."""

from __future__ import annotations

import dataclasses
import sys
import xml.etree.ElementTree as ET

from panther.bench.evidence import Evidence, Outcome
from panther.bench.junit import write_junit
from panther.bench.results import TestResult

#: Of the schema that Jenkins and pytest's xunit2 share: required and further attributes, children in order.
SHAPE = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "errors"}, ["testsuite"]),
    "testsuite": (
        {"name", "tests", "failures", "errors", "skipped", "time", "timestamp"},
        set(),
        ["properties", "testcase"],
    ),
    "properties": (set(), set(), ["property"]),
    "property": ({"name", "value"}, set(), []),
    "testcase": (
        {"name", "classname", "time"},
        set(),
        ["skipped", "error", "failure", "system-out", "system-err"],
    ),
    "skipped": (set(), {"message"}, []),
    "failure": ({"type"}, {"message"}, []),
    "error": ({"type"}, {"message"}, []),
    "system-out": (set(), set(), []),
    "system-err": (set(), set(), []),
}
COUNTS = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}


def read(run_directory):
    """Return the suite of a file after checking its shape."""
    root = ET.parse(run_directory / "junit.xml").getroot()
    assert root.tag == "testsuites"
    for element in root.iter():
        required, further, children = SHAPE[element.tag]
        assert required <= element.attrib.keys() <= required | further, element.tag
        places = [children.index(child.tag) for child in element]
        assert places == sorted(places), f"children of {element.tag} are out of order"
        if "time" in element.attrib:
            assert float(element.attrib["time"]) >= 0
    (suite,) = root
    for counter, tag in COUNTS.items():
        assert int(suite.attrib[counter]) == len(list(suite.iter(tag)))
        assert root.get(counter, suite.attrib[counter]) == suite.attrib[counter]
    return suite


def cases(suite):
    return {case.get("name"): case for case in suite.iter("testcase")}


def test_failures_are_told_with_their_evidence_and_logs(run, make_test, make_service):
    says = (sys.executable, "-c", "import sys; sys.exit('the last words \\x1b[1m\\x00 ]]>')")
    test = make_test("tcp", name="fails")
    failing = dataclasses.replace(
        test, services=(test.services[0], make_service("tcp", "client", words=says))
    )
    result = run(make_test("tcp", name="passes"), failing)
    suite = read(result.directory)
    passed, failed = cases(suite)["passes"], cases(suite)["fails"]
    assert [child.tag for child in passed] == ["system-out"]
    assert "echo_server.py" in passed.find("system-out").text
    failure = failed.find("failure")
    assert failure.get("message") == result.tests[1].reason
    assert "fails client: client 'client' exited with status 1" in failure.text
    assert "the last words \\x1b[1m\\x00 ]]>" in failed.find("system-err").text
    properties = {each.get("name"): each.get("value") for each in suite.iter("property")}
    assert properties["isolation"] == result.isolation
    assert "sha256:" in properties["program.1"]


def test_what_was_not_judged_is_no_failure(run, make_test):
    result = run(make_test("tcp", name="a"))
    (test,) = result.tests

    def become(name, outcome, reason):
        return TestResult(name, test.directory, outcome, reason, evidence=[Evidence("x", None, "y")])

    result.tests += [
        become("b", Outcome.ERROR, "no space left"),
        become("c", Outcome.INTERRUPTED, "it was interrupted"),
        become("d", Outcome.NOT_RUN, "the run was interrupted"),
    ]
    write_junit(result)
    found = cases(read(result.directory))
    assert found["b"].find("error").get("message") == "no space left"
    assert found["c"].find("skipped").get("message") == "it was interrupted"
    assert found["d"].find("skipped") is not None


def test_names_are_each_their_own_and_xml_stays_xml(run, make_test):
    name = "<a href='x'>&\"\x00\ud800 é 🦊"
    result = run(dataclasses.replace(make_test("tcp", name=name), directory_name="x"), name="<run>")
    result.tests.append(result.tests[0])
    write_junit(result)
    shown = "<a href='x'>&\"\\x00\\xd800 é 🦊"
    assert list(cases(read(result.directory))) == [shown, f"{shown} (2)"]
