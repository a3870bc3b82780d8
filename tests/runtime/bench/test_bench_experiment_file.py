"""From an experiment file to an exit status: the command line, a plugin directory, real programs."""

from __future__ import annotations

import json
import shlex
import signal
import subprocess
import sys
from textwrap import dedent

import pytest

EXPERIMENT = """\
tests:
  - name: "Pair"
    network_environment:
      type: "{network}"
    services:
      server:
        implementation: {{name: "pair", type: "iut"{extra}}}
        protocol: {{name: "quic", version: "rfc9000", role: "server"}}
        timeout: 20
        ports: ["5443:6443"]
      client:
        implementation: {{name: "pair", type: "iut"}}
        protocol: {{name: "quic", version: "rfc9000", role: "client", target: "server"}}
        timeout: 20
    steps:
      wait: 15
"""


@pytest.fixture
def project(tmp_path, programs):
    """A working directory with one plugin, whose programs are the tests' own."""
    plugin = tmp_path / "panther" / "plugins" / "services" / "iut" / "quic" / "pair"
    plugin.mkdir(parents=True)
    (plugin / "__init__.py").write_text("from .pair import PairManager\n")
    (plugin / "config_schema.py").write_text(
        dedent("""\
            from dataclasses import dataclass

            from panther.config.core.models import IUTConfig


            @dataclass
            class PairConfig(IUTConfig):
                implementation_name: str = "pair"
                binary_name: str = "pair"
                corrupt: bool = False
            """)
    )
    (plugin / "pair.py").write_text(
        dedent(f"""\
            import sys

            from panther.plugins.plugin_decorators import register_plugin
            from panther.plugins.services.base.quic_service_base import BaseQUICServiceManager


            @register_plugin("iut", "pair", "1.0", supported_protocols=["quic"])
            class PairManager(BaseQUICServiceManager):
                def _get_implementation_name(self):
                    return "pair"

                def _get_binary_name(self):
                    return "pair"

                def _get_program(self, **kwargs):
                    return [sys.executable, f"{programs}/quic_{{kwargs['role']}}.py"]

                def _get_server_specific_args(self, **kwargs):
                    files = ["--cert", kwargs["cert_file"], "--key", kwargs["key_file"]]
                    extra = ["--corrupt"] if kwargs["corrupt"] else []
                    return ["--port", str(kwargs["port"]), *files, "--www", kwargs["www_dir"], *extra]

                def _get_client_specific_args(self, **kwargs):
                    files = ["--ca", kwargs["ca_file"], "--downloads", kwargs["download_dir"]]
                    return ["--url", kwargs["url"], *files]
            """)
    )
    return tmp_path


@pytest.fixture
def panther(project):
    def run_program(*options, extra="", network="localhost", head=""):
        (project / "test_config.yaml").write_text(head + EXPERIMENT.format(extra=extra, network=network))
        return subprocess.run(
            [sys.executable, "-m", "panther", "--experiment-config", "test_config.yaml", *options],
            cwd=project,
            capture_output=True,
            text=True,
            timeout=240,
        )

    return run_program


def test_a_file_runs_and_its_results_lie_in_the_working_directory(panther, project, namespace_only):
    done = panther()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 048 576 bytes over HTTP/3 (QUIC v1), SHA-256 equal" in done.stdout
    results = json.loads((project / "panther-results" / "latest" / "results.json").read_text())
    assert results["tests"][0]["services"][0]["port"] == 6443, "the port behind the colon is the service's"


def test_a_test_that_fails_is_exit_status_1(panther):
    done = panther(extra=", corrupt: true")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "corrupted: their SHA-256 differs" in done.stdout


def test_a_file_for_containers_runs_on_this_machine_where_the_command_line_says_so(panther):
    done = panther("--network-environment", "localhost", network="docker_compose")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_wish_for_a_certificate_that_cannot_be_granted_is_exit_status_2(panther, project):
    done = panther(extra=", certificate_config: {key_type: dsa}")
    assert done.returncode == 2, done.stdout + done.stderr
    assert "key type 'dsa'" in done.stderr
    assert not (project / "panther-results").exists()


def test_quiet_prints_the_last_lines_only(panther):
    done = panther("--quiet")
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(done.stdout.splitlines()) == 2


def test_the_storage_observer_decides_whether_events_are_written(panther, project):
    assert panther().returncode == 0
    assert len(_event_files(project)) == 2, "one of the run and one of its test"
    assert panther(head="observers: {storage: {enabled: false}}\n").returncode == 0
    assert _event_files(project) == []


def test_a_run_can_be_run_again_from_what_it_left(panther, project):
    assert panther(extra=", corrupt: true").returncode == 1
    first = json.loads((project / "panther-results" / "latest" / "results.json").read_text())
    program, *words = shlex.split(first["rerun"])
    assert program == "panther-gen"
    again = subprocess.run(
        [sys.executable, "-m", "panther", *words], cwd=project, capture_output=True, text=True
    )
    assert again.returncode == 1, again.stderr
    second = json.loads((project / "panther-results" / "latest" / "results.json").read_text())
    assert second["started"] != first["started"]
    assert second["tests"][0]["reason"] == first["tests"][0]["reason"]
    assert second["command"][:4] == ["python", "-m", "panther", "run"]


def test_the_observers_of_the_guides_file_leave_their_files(panther, project):
    head = "logging: {level: DEBUG}\nobservers: {logger: {enabled: true}, metrics: {enabled: true}}\n"
    done = panther(head=head)
    assert done.returncode == 0, done.stderr
    latest = project / "panther-results" / "latest"
    assert "CommandGenerationEvent" in (latest / "run.log").read_text()
    assert "CommandGenerationEvent" in done.stderr
    assert (latest / "pair" / "metrics.jsonl").stat().st_size > 0
    assert "<polyline" in (latest / "report.html").read_text()


def test_metrics_are_a_table_with_a_line_a_service(panther):
    done = panther("--enable-metrics")
    assert done.returncode == 0
    heading, *lines = done.stdout.splitlines()[-3:]
    assert heading.split() == ["test", "service", "CPU", "peak", "memory", "ready", "after", "ran"]
    assert [line.split()[1] for line in lines] == ["server", "client"]
    assert all("MiB" in line for line in lines)


def _event_files(project):
    return list((project / "panther-results" / "latest").resolve().rglob("events.jsonl"))


@pytest.mark.parametrize("flag", ["--validate-config", "--debug", "--quiet"])
def test_flags_without_a_file_are_refused(flag, tmp_path):
    command = [sys.executable, "-m", "panther", flag]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=240)
    assert done.returncode == 2
    assert "add --experiment-config FILE" in done.stderr


def test_a_reader_that_has_gone_is_no_failed_test(project):
    command = [sys.executable, "-m", "panther", "try", "pair"]
    process = subprocess.Popen(
        command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(timeout=240) == 128 + signal.SIGPIPE


def test_a_protocol_that_the_plugin_does_not_speak_is_refused(project):
    command = [sys.executable, "-m", "panther", "try", "pair", "--protocol", "http"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=240)
    assert done.returncode == 2
    assert "the plugin 'pair' does not speak 'http'\n  cure: it speaks: quic" in done.stderr


def test_a_default_port_out_of_range_is_found_before_anything_runs(panther):
    done = panther("--validate-config", extra=", default_port: 70000")
    assert done.returncode == 2
    assert "implementation.default_port: the port 70000 is out of range" in done.stderr


def test_a_closed_output_is_no_fault(project):
    command = ["sh", "-c", f"exec {sys.executable} -m panther try pair >&-"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=240)
    assert (done.returncode, done.stderr) == (0, "")
