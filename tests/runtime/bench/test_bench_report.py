"""The report of a run: whole, harmless whatever services write, and also made where the runner was killed."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from panther.bench.observers import MetricsObserver, StorageObserver
from panther.bench.report import write_report
from panther.bench.report.charts import make_chart, rate
from panther.bench.report.text import printable, read_tail
from panther.errors import InputError

HOSTILE = "</pre><script>alert(1)</script><img src=x onerror=alert(2)>"
VOID = {"meta", "link", "br", "img", "line", "rect", "polyline"}


class Page(HTMLParser):
    """What a browser would see: elements, their attributes, the text, and whether tags close in order."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.words, self.misplaced, self._open = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if tag not in VOID and (not self._open or self._open.pop() != tag):
            self.misplaced.append((tag, self.getpos()))

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())

    def attributes(self, tag, name):
        return [values[name] for found, values in self.elements if found == tag and name in values]


def page_of(run_directory):
    page = Page((run_directory / "report.html").read_text(encoding="utf-8"))
    assert page.misplaced == []
    return page


@pytest.fixture
def failing(make_service, make_test):
    """Make a test whose client prints some bytes and fails."""

    def make(printed, name="fails"):
        test = dataclasses.replace(make_test("tcp", name=name), directory_name="fails")
        code = f"import sys; sys.stderr.buffer.write({printed!r}); sys.exit(1)"
        client = make_service(
            "tcp", "client", words=(sys.executable, "-c", "{host}" and code.replace("{", "{{"))
        )
        return dataclasses.replace(test, services=(test.services[0], client))

    return make


def test_a_report_tells_everything_of_a_run(run, make_test):
    observers = [StorageObserver(), MetricsObserver()]
    result = run(
        make_test("quic", name="good"), make_test("quic", ["--corrupt"], name="bad"), observers=observers
    )
    page = page_of(result.directory)
    assert "1 of 2 tests passed" in page.text
    for sentence in ("UDP port 4443 is bound", "SHA-256 equal", "are corrupted", "exited with status"):
        assert sentence in page.text
    assert "quic_server.py --port 4443" in page.text.replace("\\ ", "")
    for chart in ("CPU", "Memory, resident", "Packets received"):
        assert any(title.startswith(f"{chart} in ") for title in page.words)
    assert "ready: UDP port 4443 is bound" in page.text, "the timeline"
    assert sys.executable.rsplit("/", 1)[0] in page.text, "commands"


def test_every_link_of_a_report_leads_somewhere(run, make_test):
    result = run(make_test("tcp", name="a#c?d%20 é"), make_test("tcp", name="javascript:alert(1)"))
    page = page_of(result.directory)
    identifiers = {values["id"] for _, values in page.elements if "id" in values}
    references = page.attributes("a", "href")
    assert len(references) > 10
    for reference in references:
        assert urlsplit(reference).scheme == ""
        if reference.startswith("#"):
            assert reference[1:] in identifiers
        else:
            assert reference.startswith("./")
            assert (result.directory / unquote(reference)).is_file()
    assert len(identifiers) == len([1 for _, values in page.elements if "id" in values]), "each once"


def test_a_report_needs_nothing_else_and_says_so_to_the_browser(run, make_test):
    text = (run(make_test("tcp")).directory / "report.html").read_text()
    page = Page(text)
    assert not page.attributes("script", "src")
    assert not page.attributes("link", "href")
    assert "url(" not in text
    assert "@import" not in text
    (policy,) = [
        values["content"] for tag, values in page.elements if tag == "meta" and "http-equiv" in values
    ]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not any("style" in values for _, values in page.elements), "the policy would refuse it"
    assert page.attributes("html", "lang") == ["en"]


def test_what_services_and_names_hold_stays_text(run, failing):
    result = run(
        failing(HOSTILE.encode(), name=f"test {HOSTILE}"), name=f"run {HOSTILE}", experiment_file=HOSTILE
    )
    page = page_of(result.directory)
    assert len(page.attributes("script", "src")) == 0
    assert sum(tag == "script" for tag, _ in page.elements) == 1, "our own"
    assert not any(tag == "img" for tag, _ in page.elements)
    assert not any(name.startswith("on") for _, values in page.elements for name in values)
    assert page.text.count("<script>alert(1)</script>") >= 4, "shown, in every place, as text"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (b"caf\xe9 \xff\xfe", "caf\\xe9 \\xff\\xfe"),
        (b"\x1b[31mred\x1b[0m \x1b]0;title\x07plain", "red plain"),
        (b"nul\x00bell\x07", "nul\\x00bell\\x07"),
        ("right\u202eto left\u2066".encode(), "right\\u202eto left\\u2066"),
        (b"\xed\xa0\x80", "\\xed\\xa0\\x80"),
        ("é 🦊 — 漢字".encode(), "é 🦊 — 漢字"),
    ],
    ids=["latin-1", "colours", "controls", "bidirectional", "surrogate", "unicode"],
)
def test_bytes_of_a_log_that_are_no_plain_text(tmp_path, written, shown):
    log = tmp_path / "stderr.log"
    log.write_bytes(written)
    assert read_tail(log, 10).text == shown


def test_a_log_that_is_no_text_at_all_is_in_the_report(run, failing):
    page = page_of(run(failing(b"caf\xe9 \xff\xfe \x1b[1m bold")).directory)
    assert "caf\\xe9 \\xff\\xfe bold" in page.text


def test_an_enormous_log_costs_its_end_only(run, failing):
    result = run(failing(b"the last line"))
    log = next(result.directory.rglob("client/stderr.log"))
    with log.open("r+b") as file:  # a gigabyte, of which the disk holds nothing
        file.truncate(1 << 30)
        file.seek(0, 2)
        file.write(b"\n" + b"x" * 10_000 + b"\nthe end\n")
    write_report(result.directory)
    page = page_of(result.directory)
    assert (result.directory / "report.html").stat().st_size < 300_000
    assert "the last lines of 1.0 GiB" in page.text
    assert "(10,000 characters)" in page.text
    assert "the end" in page.text


def test_a_link_in_the_place_of_a_log_is_not_followed(run, failing, tmp_path):
    result = run(failing(b"x"))
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    log = next(result.directory.rglob("client/stderr.log"))
    log.unlink()
    log.symlink_to(secret)
    write_report(result.directory)
    assert "the secret" not in page_of(result.directory).text


def test_results_of_somebody_else_lead_nowhere_outside(run, make_test, tmp_path):
    result = run(make_test("tcp"))
    (tmp_path / "outside" / "server").mkdir(parents=True)
    (tmp_path / "outside" / "server" / "stderr.log").write_text("the secret")
    file = result.directory / "results.json"
    document = json.loads(file.read_text())
    document["tests"][0]["directory"] = "../../outside"
    file.write_text(json.dumps(document))
    write_report(result.directory)
    assert "the secret" not in page_of(result.directory).text


def test_files_of_any_name_and_at_any_depth_are_listed(run, make_test):
    result = run(make_test("tcp"))
    directory = result.directory / "a-test"
    for name in (b"caf\xe9", b"<b>.txt", b"line\nbreak", "🦊 100%.log".encode()):
        (directory / os.fsdecode(name)).write_text("x")
    here = Path.cwd()
    try:
        os.chdir(directory)
        for _ in range(1500):
            Path("d").mkdir()
            os.chdir("d")
    finally:
        os.chdir(here)
    write_report(result.directory)
    page = page_of(result.directory)
    for name in ("caf\\udce9", "<b>.txt", "line\nbreak".replace("\n", " "), "🦊 100%.log"):
        assert name in page.text
    assert "./a-test/caf%E9" in page.attributes("a", "href")
    subprocess.run(["rm", "-rf", directory], check=True)  # too deep for what pytest removes with


@pytest.mark.parametrize("wrong", [[1], "text", 7, None, {"test_names": 1, "argv": 1, "signal": "x"}])
def test_events_of_somebody_else_can_hold_anything(tmp_path, wrong):
    kinds = ("TestStartedEvent", "ServiceStartedEvent", "ServiceStoppedEvent", "TestFinishedEvent", "Other")
    lines = [{"type": "ExperimentStartedEvent", "data": wrong, "elapsed": "late"}]
    lines += [{"type": kind, "test": "t", "service": "s", "data": wrong, "elapsed": wrong} for kind in kinds]
    (tmp_path / "events.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    write_report(tmp_path)
    assert "of 1 test passed" in page_of(tmp_path).text


def test_results_of_an_earlier_release_may_lack_a_key(tmp_path):
    (tmp_path / "results.json").write_text('{"tests": [{"name": "t"}]}')
    write_report(tmp_path)
    assert tmp_path.name in page_of(tmp_path).text


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.0123, "12 ms"), (59.99, "59.99 s"), (119.7, "2 min 00 s"), (61.4, "1 min 01 s")]
)
def test_a_time_as_people_write_it(tmp_path, seconds, shown):
    (tmp_path / "results.json").write_text(json.dumps({"tests": [], "seconds": seconds}))
    write_report(tmp_path)
    assert shown in page_of(tmp_path).text


def killed(run_directory):
    """Turn what a run has left into what it leaves when its runner is killed in the last test."""
    for name in ("results.json", "junit.xml", "report.html"):
        (run_directory / name).unlink()
    events = run_directory / "events.jsonl"
    lines = events.read_bytes().splitlines(keepends=True)
    last = max(index for index, line in enumerate(lines) if b'"TestFinishedEvent"' in line)
    events.write_bytes(b"".join(lines[:last]) + lines[last][:40])


def test_a_run_whose_runner_was_killed_has_a_report_from_its_events(run, make_test):
    result = run(make_test("tcp", name="done"), make_test("tcp", name="not done"))
    killed(result.directory)
    write_report(result.directory)
    page = page_of(result.directory)
    assert "This run has no end." in page.text
    assert "1 of 2 tests passed" in page.text
    assert "it had not ended when this report was made" in page.text
    assert "echo_client.py" in page.text


def test_a_directory_that_is_no_run(tmp_path):
    with pytest.raises(InputError, match=r"holds neither results\.json nor events\.jsonl"):
        write_report(tmp_path)
    (tmp_path / "results.json").write_text('{"tests": 1}')
    with pytest.raises(InputError, match="holds no results of a run"):
        write_report(tmp_path)
    (tmp_path / "results.json").write_text("[" * 100_000)
    with pytest.raises(InputError, match="cannot be read"):
        write_report(tmp_path)
    assert not list(tmp_path.glob("*.html"))


def test_what_environments_and_networks_say_is_text_too(run, make_test):
    result = run(make_test("tcp"))
    file = result.directory / "results.json"
    document = json.loads(file.read_text())
    (test,) = document["tests"]
    test["network"] = {"delay_seconds": 0.05, "loss": 0.015, "rate_bits_per_second": 1e6, "by": HOSTILE}
    profile = dict.fromkeys(("environment", "headline", "text", "note", "problem"), HOSTILE)
    test["services"][0]["profiles"] = [{**profile, "columns": [HOSTILE], "rows": [[HOSTILE, "7"]]}]
    file.write_text(json.dumps(document))
    write_report(result.directory)
    page = page_of(result.directory)
    assert sum(tag == "script" for tag, _ in page.elements) == 1
    assert not any(tag == "img" for tag, _ in page.elements)
    assert "delay 50 ms loss 1.5 % rate 1,000,000 bit/s by" in page.text
    assert page.text.count("<script>alert(1)</script>") >= 6


def test_many_tests_are_told_in_brief(run, make_test):
    result = run(make_test("tcp", name="one"), observers=[StorageObserver(), MetricsObserver()])
    file = result.directory / "results.json"
    document = json.loads(file.read_text())
    document["tests"] = [{**document["tests"][0], "name": f"test {number}"} for number in range(300)]
    file.write_text(json.dumps(document))
    write_report(result.directory)
    report = result.directory / "report.html"
    assert report.stat().st_size < 5_000_000
    assert "told in brief" in page_of(result.directory).text


def test_many_failures_with_long_logs_make_no_endless_page(run, failing):
    result = run(failing((b"x" * 1500 + b"\n") * 60))
    file = result.directory / "results.json"
    document = json.loads(file.read_text())
    document["tests"] = [{**document["tests"][0], "name": f"test {number}"} for number in range(400)]
    file.write_text(json.dumps(document))
    write_report(result.directory)
    assert (result.directory / "report.html").stat().st_size < 20_000_000
    assert page_of(result.directory).text.count("The whole of stderr.log") == 2 * 100


def test_the_image_that_a_service_ran_in_is_told(run, make_test):
    result = run(make_test("tcp"))
    file = result.directory / "results.json"
    document = json.loads(file.read_text())
    document["tests"][0]["services"][0]["details"] |= {"image": "panther/x:1", "image_id": "sha256:0123"}
    file.write_text(json.dumps(document))
    write_report(result.directory)
    assert "Image panther/x:1 sha256:0123" in page_of(result.directory).text


def test_a_rate_is_averaged_and_keeps_every_peak():
    counter = [(index / 100, index / 10) for index in range(1001)]
    rates = rate(counter)
    assert len(rates) <= 102
    assert max(value for _, value in rates) == pytest.approx(10)
    peak = [(index / 100, 7.0 if index == 777 else 1.0) for index in range(2000)]
    chart = make_chart("x", "y", {"a": peak})
    assert chart.lines[0].peak == "7 y"
    assert len(chart.lines[0].path.split()) <= 240


@pytest.mark.parametrize("highest", [0.0, 1e-9, 0.3, 1.0, 99.0, 1234.5, 5e9])
def test_the_axes_are_in_round_numbers_and_hold_every_point(highest):
    chart = make_chart("x", "y", {"a": [(0.0, 0.0), (0.123, highest)]})
    labels = [tick.label for tick in chart.heights]
    assert labels[0] == "0"
    assert len(labels) == len(set(labels))
    heights = [float(point.split(",")[1]) for point in chart.lines[0].path.split()]
    assert all(chart.heights[-1].position - 0.1 <= height <= chart.heights[0].position for height in heights)


def test_a_line_without_end_is_cut():
    assert len(printable("x" * 1_000_000)) < 2100
    assert not re.search("[\x00-\x08\x1b]", printable("".join(map(chr, range(0x3000)))))
