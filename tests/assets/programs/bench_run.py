"""Runs one QUIC test in a process of its own, so that tests can interrupt and kill the runner."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from panther.bench.plan import ServicePlan, TestPlan
from panther.bench.progress import PlainProgress
from panther.bench.protocols import case_for
from panther.bench.runner import run_plans
from panther.config.core.models import IUTConfig
from panther.plugins.registry import PluginInfo
from panther.plugins.services.base import BaseQUICServiceManager

PROGRAMS = Path(__file__).parent


class Manager(BaseQUICServiceManager):
    def _get_implementation_name(self):
        return "program"

    def _get_binary_name(self):
        return sys.executable

    def _get_server_specific_args(self, **kwargs):
        files = ["--cert", kwargs["cert_file"], "--key", kwargs["key_file"], "--www", kwargs["www_dir"]]
        return [str(PROGRAMS / "quic_server.py"), "--port", str(kwargs["port"]), *files, *OPTIONS.server]

    def _get_client_specific_args(self, **kwargs):
        words = ["--url", kwargs["url"], "--ca", kwargs["ca_file"], "--downloads", kwargs["download_dir"]]
        return [str(PROGRAMS / "quic_client.py"), *words, *OPTIONS.client]


def main() -> int:
    info = PluginInfo("iut", "program", "1.0", "", ("quic",), (), Manager, __file__, 1)
    services = tuple(
        ServicePlan(role, role, info, IUTConfig(), case_for("quic"), "quic", target=target)
        for role, target in (("server", ""), ("client", "server"))
    )
    plans = [TestPlan(name, name, services, ports={"server": 4443}) for name in ("first", "second")]
    result = run_plans(
        plans, progress=PlainProgress(), results_directory=OPTIONS.results, isolation=OPTIONS.isolation
    )
    return result.exit_code


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--results", type=Path, required=True)
    parser.add_argument("--isolation", default="auto")
    parser.add_argument("--server", action="append", default=[])
    parser.add_argument("--client", action="append", default=[])
    OPTIONS = parser.parse_args()
    sys.exit(main())
