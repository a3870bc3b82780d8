"""A corpus of plugin modules for the linter's figures: the same for every tool that is measured.

Each module holds one service manager of about 108 lines, with methods as authors write them. All inherit
from the runtime through one base class in a module of its own; every tenth overrides a workflow method.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["BASE", "VIOLATIONS", "write_corpus"]

#: The module that every other one imports, relative to the corpus.
BASE = Path("shared_base.py")

_A_DIRECTORY = 100

_BASE_TEXT = '''"""What the implementations of this corpus have in common."""

from __future__ import annotations

from typing import Any

from panther.plugins.services.base.quic_service_base import BaseQUICServiceManager


class SharedBase(BaseQUICServiceManager):
    """The base class of every implementation here."""

    def _get_environment(self, **kwargs: Any) -> dict[str, str]:
        return {"LC_ALL": "C"}
'''

#: The ways in which every tenth module overrides a workflow method, each as the body's last statement.
VIOLATIONS = (
    "    def generate_run_command(self, role: Any = None, **overrides: Any) -> str:\n        return 'run'\n",
    "    prepare = None\n",
    "    async def emit_event(self, event: Any) -> None: ...\n",
    "    for build_command in (1, 2):\n        pass\n",
    "    resolve_parameters = property(lambda self: None)\n",
)

_MODULE = '''"""Service manager of {name}."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from shared_base import SharedBase

DEFAULTS: dict[str, Any] = {{"log_level": "info", "workers": {number}, "congestion_control": "cubic"}}
LOG_LEVELS = ("error", "warning", "info", "debug")


def flag(name: str, value: Any) -> list[str]:
    """Return an option and its value, or nothing."""
    return [] if value in (None, "", False) else [f"--{{name}}", str(value)]


class {classname}ServiceManager(SharedBase):
    """What is particular to {name}."""

    binary_directories = ("/usr/bin", "/usr/local/bin", "/opt/{name}/bin")
    version_pattern = r"{name} (?P<version>[0-9.]+)"

    def _get_implementation_name(self) -> str:
        return "{name}"

    def _get_binary_name(self) -> str:
        return "{name}"

{methods}
    def _get_server_specific_args(self, **kwargs: Any) -> list[str]:
        """Return the server's options."""
        args: list[str] = ["--listen", f"{{kwargs.get('host', '::')}}:{{kwargs.get('port', {port})}}"]
        for name in ("cert_file", "key_file", "www_dir", "qlog_dir", "keylog_file"):
            value = kwargs.get(name)
            if value is not None:
                args.extend([f"--{{name.replace('_', '-')}}", str(value)])
        if kwargs.get("congestion_control"):
            args.extend(["--cc", kwargs["congestion_control"]])
        level = kwargs.get("log_level", DEFAULTS["log_level"])
        if level not in LOG_LEVELS:
            raise ValueError(f"log_level must be one of {{LOG_LEVELS}}, got {{level!r}}")
        return [*args, *flag("log-level", level), *flag("workers", DEFAULTS["workers"])]

    def _get_client_specific_args(self, **kwargs: Any) -> list[str]:
        """Return the client's options."""
        args: list[str] = []
        try:
            args += ["--timeout", str(int(kwargs.get("idle_timeout", {number})))]
        except ValueError:
            args += ["--timeout", "10"]
        while len(args) > 16:
            args.pop()
        with_options = {{name: kwargs[name] for name in sorted(kwargs) if name.startswith("option_")}}
        for name, value in with_options.items():
            args += flag(name.removeprefix("option_"), value)
        return args

    def _get_environment(self, **kwargs: Any) -> dict[str, str]:
        """Return the environment variables that the program needs."""
        environment = dict(super()._get_environment(**kwargs))
        environment["PATH"] = os.pathsep.join(self.binary_directories)
        if kwargs.get("keylog_file"):
            environment["SSLKEYLOGFILE"] = kwargs["keylog_file"]
        if kwargs.get("qlog_dir"):
            environment["QLOGDIR"] = str(Path(kwargs["qlog_dir"]))
        return environment
{violation}'''

_METHOD = '''    def _option_{index}(self, value: str | None, *, default: str = "{index}") -> list[str]:
        """Return the option that {name} calls feature {index}."""
        chosen = value or default
        if not chosen.strip():
            return []
        return ["--feature-{index}", chosen]

'''


def write_corpus(root: Path, files: int, *, violating: int = 10) -> None:
    """Write the corpus.

    Args:
        root: an empty directory.
        files: how many modules, without the shared one.
        violating: every how many-th module overrides a workflow method.
    """
    (root / BASE).write_text(_BASE_TEXT, encoding="utf-8")
    for number in range(files):
        directory = root / f"group_{number // _A_DIRECTORY:03}"
        directory.mkdir(exist_ok=True)
        violation = VIOLATIONS[number // violating % len(VIOLATIONS)] if number % violating == 0 else ""
        (directory / f"impl_{number:04}.py").write_text(_module(number, violation), encoding="utf-8")


def _module(number: int, violation: str) -> str:
    name = f"impl_{number:04}"
    return _MODULE.format(
        name=name,
        number=number,
        port=4443 + number,
        classname=f"Impl{number:04}",
        methods="".join(_METHOD.format(index=index, name=name) for index in range(4)),
        violation=f"\n{violation}" if violation else "",
    )
