"""``junit.xml``: the results in the form that continuous integration reads.

The elements and attributes are those that Jenkins, GitLab and pytest's ``xunit2`` have in common: a failure
is what speaks against an implementation, an error is what kept the bench from judging, skipped is what was
not run to its end. GitLab shows the text of an element and not its ``message``, so the text says everything;
it also reads only the first of two cases with the same name, so each case has its own.
"""

from __future__ import annotations

import re
import shlex
import xml.etree.ElementTree as ET
from datetime import UTC

from panther.bench.evidence import Evidence, Outcome
from panther.bench.repeats import pass_rates
from panther.bench.results import RunResult, ServiceResult, TestResult, on_disk, write_whole

__all__ = ["JUNIT_FILE", "write_junit"]

JUNIT_FILE = "junit.xml"

_ELEMENTS = {
    Outcome.FAILED: "failure",
    Outcome.ERROR: "error",
    Outcome.INTERRUPTED: "skipped",
    Outcome.NOT_RUN: "skipped",
}
#: What XML 1.0 does not allow, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WORDS = {True: "holds", False: "fails", None: "note"}


def write_junit(run: RunResult) -> None:
    """Write ``junit.xml``, whole or not at all.

    Raises:
        MachineError: it cannot be written.
    """
    root = _suites(run)
    ET.indent(root)
    text = ET.tostring(root, encoding="utf-8", xml_declaration=True).decode()
    with on_disk(run.directory):
        write_whole(run.directory / JUNIT_FILE, [text])


def _suites(run: RunResult) -> ET.Element:
    counts: dict[str, object] = {
        "tests": len(run.tests),
        **{
            plural: sum(_ELEMENTS.get(test.outcome) == element for test in run.tests)
            for plural, element in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))
        },
        "time": _seconds(run.seconds),
    }
    # Of the root, the schemas of Jenkins know no count of what was skipped.
    of_all = {name: value for name, value in counts.items() if name != "skipped"}
    root = _element("testsuites", None, name="panther", **of_all)
    started = run.started.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    suite = _element("testsuite", root, name=run.experiment, **counts, timestamp=started)
    properties = _element("properties", suite)
    for name, value in _properties(run).items():
        _element("property", properties, name=name, value=value)
    seen: dict[str, int] = {}
    for test in run.tests:
        seen[test.label] = count = seen.get(test.label, 0) + 1
        name = test.label if count == 1 else f"{test.label} ({count})"
        _add_case(suite, run, test, name)
    return root


def _properties(run: RunResult) -> dict[str, str]:
    programs = {
        f"program.{number}": " ".join(
            filter(None, [each["path"], each["package"], each["version"], f"sha256:{each['sha256']}"])
        )
        for number, each in enumerate(run.programs, 1)
    }
    rates = {
        f"pass_rate.{number}": f"{rate.name}: {rate}" for number, rate in enumerate(pass_rates(run.tests), 1)
    }
    about = {"isolation": run.isolation, "rerun": run.rerun, "results": run.directory.name}
    return {**about, **rates, **programs, **_images(run)}


def _images(run: RunResult) -> dict[str, str]:
    services = (service for test in run.tests for service in test.services)
    found = dict.fromkeys(
        f"{service.details['image']} {service.details.get('image_id', '')}"
        for service in services
        if service.details.get("image")
    )
    return {f"image.{number}": each for number, each in enumerate(found, 1)}


def _add_case(suite: ET.Element, run: RunResult, test: TestResult, name: str) -> None:
    case = _element("testcase", suite, name=name, classname=run.experiment, time=_seconds(test.seconds))
    element = _ELEMENTS.get(test.outcome)
    evidence = "\n".join(_sentence(item) for item in test.evidence)
    if element is not None:
        problem = _element(element, case, message=test.reason)
        if element != "skipped":
            problem.set("type", str(test.outcome))
        problem.text = _allowed(f"{test.reason}\n\n{evidence}" if evidence else test.reason)
    commands = "\n".join(_command(service) for service in test.services)
    _element("system-out", case).text = _allowed(f"{commands}\n\n{evidence}".strip())
    tails = "\n\n".join(
        f"last lines of {service.name}'s log:\n{service.log_tail}"
        for service in test.services
        if service.log_tail
    )
    if tails:
        _element("system-err", case).text = _allowed(tails)


def _command(service: ServiceResult) -> str:
    ended = f"  # {service.end}" if service.end else ""
    return f"{service.name}: {shlex.join(map(str, service.argv))}{ended}"


def _sentence(item: Evidence) -> str:
    return f"{_WORDS[item.passed]} {item.name}: {item.detail}"


def _element(tag: str, parent: ET.Element | None = None, **attributes: object) -> ET.Element:
    values = {name: _allowed(str(value)) for name, value in attributes.items()}
    return ET.Element(tag, values) if parent is None else ET.SubElement(parent, tag, values)


def _allowed(text: str) -> str:
    return _FORBIDDEN.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def _seconds(value: float) -> str:
    return f"{value:.3f}"
