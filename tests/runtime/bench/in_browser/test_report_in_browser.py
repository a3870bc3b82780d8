"""The report in a real browser: on a telephone, by keyboard, in the dark, without scripts, on paper."""

from __future__ import annotations

import dataclasses
import io
import itertools
import json
import shutil
import sys

import pytest

from panther.bench.observers import MetricsObserver, StorageObserver
from panther.bench.progress import PlainProgress
from panther.bench.report import write_report
from panther.bench.runner import run_plans

HOSTILE = "</pre><script>alert(1)</script><img src=x onerror=alert(2)>"
#: A test's worth of everything that could break a layout.
_SAYS = (
    "import sys, time; time.sleep(0.3)\n"
    f"sys.stderr.write({HOSTILE!r} + chr(10) + 'x' * 5000 + chr(10) + 'word ' * 500 + chr(10))\n"
    "sys.stderr.buffer.write(bytes(range(256))); sys.exit(1)"
)

#: Words that are seen, whose colour is nearer to what is behind them than WCAG 2.1 AA allows.
_TOO_FAINT = """
(() => {
  const linear = value => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const light = ([red, green, blue]) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  const parse = text => text.match(/[0-9.]+/g).map(Number);
  const behind = element => {
    for (; element; element = element.parentElement) {
      const colour = parse(getComputedStyle(element).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    if (element.closest("script,style,title")) continue;
    const style = getComputedStyle(element);
    const colour = parse(element instanceof SVGElement ? style.fill : style.color);
    const [high, low] = [light(colour), light(behind(element))].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) found.add(`${ratio.toFixed(2)} ${element.tagName}.${element.getAttribute("class")}`);
  }
  return [...found];
})()
"""
_FOCUS = "(e => e.tagName + ' ' + (e.textContent || '').trim().slice(0, 40))(document.activeElement)"


@pytest.fixture(scope="module")
def made():
    """Hold the directory of the one run that all tests here look at."""
    return []


@pytest.fixture
def report(made, make_test, make_service, tmp_path, tmp_path_factory):
    """Return the report of tests that pass and fail, to be changed at will."""
    if not made:
        made.append(run_both(make_test, make_service, tmp_path_factory.mktemp("run")))
    copied = shutil.copytree(made[0], tmp_path / "run")
    return write_report(copied)


def run_both(make_test, make_service, directory):
    odd = dataclasses.replace(make_test("tcp", name=f"a/b 🦊 {HOSTILE}{'long' * 60}"), directory_name="odd")
    talks = make_service(
        "tcp", "client", words=(sys.executable, "-c", _SAYS.replace("{", "{{").replace("}", "}}"))
    )
    output = io.StringIO()
    result = run_plans(
        [
            make_test("quic", name="passes"),
            dataclasses.replace(odd, services=(odd.services[0], talks)),
        ],
        progress=PlainProgress(output),
        results_directory=directory,
        name="layout",
        observers=[StorageObserver(), MetricsObserver()],
        experiment_text="tests: []\n",
    )
    assert [str(test.outcome) for test in result.tests] == ["passed", "failed"], output.getvalue()
    return result.directory


def repeat(report, count):
    """Make the same report of many tests."""
    file = report.with_name("results.json")
    document = json.loads(file.read_text())
    document["tests"] = [
        {**document["tests"][number % 2], "name": f"test {number}"} for number in range(count)
    ]
    file.write_text(json.dumps(document))
    return write_report(report.parent)


def test_it_fits_every_screen_and_can_be_read_there(browser, report):
    for width in (320, 375, 768, 1200):
        for dark in (False, True):
            browser.show(report, width=width, dark=dark)
            assert browser.ask("document.scrollingElement.scrollWidth") <= width
            assert browser.ask(_TOO_FAINT) == []
            assert browser.ask("document.querySelectorAll('.chart svg text').length") > 20
    browser.show(repeat(report, 50), width=375)
    assert browser.ask("document.scrollingElement.scrollWidth") <= 375
    assert browser.ask("document.querySelectorAll('details.test[open]').length") == 25, "those that failed"


def test_nothing_is_loaded_and_nothing_hostile_runs(browser, report):
    browser.show(report)
    assert [each["request"]["url"] for each in browser.seen("Network.requestWillBeSent")] == [report.as_uri()]
    assert browser.seen("Page.javascriptDialogOpening") == []
    assert [each["entry"]["text"] for each in browser.seen("Log.entryAdded")] == []
    assert browser.seen("Runtime.exceptionThrown") == []
    # Were something to get past the escaping, the policy would still stop it.
    browser.ask("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = true\">')")
    assert browser.ask("new Promise(done => setTimeout(() => done(window.ran === undefined), 200))")


def test_it_is_used_by_keyboard(browser, report):
    browser.show(report)
    browser.press("Tab")
    assert browser.ask(_FOCUS) == "A Skip to the tests"
    assert browser.ask("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    browser.press("Enter")
    browser.press("Tab")
    assert browser.ask(_FOCUS) == "A passes", "past the navigation"
    assert browser.ask("[...document.querySelectorAll('[tabindex]')].every(e => e.tabIndex <= 0)")
    order = []
    for _ in range(12):
        browser.press("Tab")
        order.append(browser.ask("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
    assert order == sorted(order), "in the order of reading"
    browser.ask("document.querySelector('details.test').open = false")
    browser.ask("document.querySelector('details.test summary').focus()")
    browser.press("Enter")
    browser.until("document.querySelector('details.test').open")


def test_it_has_landmarks_headings_and_names(browser, report):
    browser.show(report)
    for landmark in ("header", "nav[aria-label]", "main", "footer", "h1"):
        assert browser.ask(f"document.querySelectorAll('{landmark}').length") == 1
    levels = browser.ask("[...document.querySelectorAll('h1,h2,h3,h4')].map(e => Number(e.tagName[1]))")
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels)), levels
    assert browser.ask(
        "[...document.querySelectorAll('.chart > svg')].every(e => e.querySelector('title').textContent)"
    )
    assert browser.ask(
        "[...document.querySelectorAll('pre[tabindex]')].every(e => e.getAttribute('aria-label'))"
    )


def test_it_is_read_without_scripts(browser, report):
    many = repeat(report, 4)
    browser.show(many, scripts=False)
    assert "UDP port 4443 is bound" in browser.ask("document.body.textContent")
    assert not browser.ask("document.querySelector('.copy').checkVisibility()"), "it could do nothing"
    assert not browser.ask("document.querySelector('details.test').open")
    browser.ask("document.querySelector('a[href=\"#test-1\"]').click()")
    browser.until("document.querySelector('details.test').open")  # a link to a test opens it


def test_commands_are_copied(browser, report):
    browser.show(report)
    browser.call("Page.bringToFront")
    copied = browser.ask(
        "new Promise(done => { navigator.clipboard.writeText = async text => done(text);"
        " document.querySelector('.copy').click(); })"
    )
    assert copied.startswith("cd ")
    assert "quic_server.py" in copied
    assert browser.ask("document.querySelector('.copy').checkVisibility()")


def test_what_is_closed_is_printed(browser, report):
    browser.show(repeat(report, 4), media="print", scripts=False)
    assert not browser.ask("document.querySelector('details.test').open")
    assert browser.ask("document.querySelector('details.test .evidence').getBoundingClientRect().height") > 20
    assert not browser.ask("document.querySelector('nav').checkVisibility()")
    assert browser.ask(_TOO_FAINT) == []
