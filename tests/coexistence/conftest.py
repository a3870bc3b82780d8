"""A working directory with plugins in it, and commands that are run there as a person would."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest

_MANAGER = """\
from __future__ import annotations

from typing import Any, List

from panther.plugins.plugin_decorators import register_plugin
from panther.plugins.services.base import {base}


@register_plugin(plugin_type="iut", name="{name}", version="1.0.0", supported_protocols=["{protocol}"])
class {class_name}({base}):
    def _get_implementation_name(self) -> str:
        return "{name}"

    def _get_binary_name(self) -> str:
        return "{name}-binary"

    def _get_server_specific_args(self, **kwargs: Any) -> List[str]:
        return ["--port", str(kwargs["port"]), "--mode", kwargs["performance_mode"]]
"""

_CONFIG = """\
from dataclasses import dataclass

from panther.config.core.models import IUTConfig


@dataclass
class PluginConfig(IUTConfig):
    implementation_name: str = "{name}"
    binary_name: str = "{name}-binary"
    performance_mode: str = "balanced"
"""

_BASES = {"quic": "BaseQUICServiceManager", "http": "BaseHTTPServiceManager"}


@dataclass(frozen=True)
class Workspace:
    """A directory that a person keeps plugins in."""

    root: Path
    python: str = sys.executable

    def plugin(self, protocol: str, name: str, class_name: str, tests: dict[str, str]) -> Path:
        """Write a plugin with its tests (file names to contents); return its directory."""
        directory = self.root / "panther" / "plugins" / "services" / "iut" / protocol / name
        words = {"name": name, "class_name": class_name, "protocol": protocol, "base": _BASES[protocol]}
        files = {
            "__init__.py": 'from .{name} import {class_name}\n\n__all__ = ["{class_name}"]\n'.format(**words),
            f"{name}.py": _MANAGER.format(**words),
            "config_schema.py": _CONFIG.format(**words),
            **{f"tests/{file}": dedent(text) for file, text in tests.items()},
        }
        for file, text in files.items():
            self.write(directory.relative_to(self.root) / file, text)
        return directory

    def write(self, path: Path | str, text: str) -> Path:
        """Write a file, with the directories above it."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def run(
        self, *command: str | Path, cwd: Path | None = None, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a program in the directory; ``python`` stands for the interpreter with the runtime."""
        words = [self.python if word == "python" else str(word) for word in command]
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "MYPY"))
        }
        inherited.pop("PYTHONPATH", None)
        return subprocess.run(
            words,
            cwd=cwd or self.root,
            env={**inherited, "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "200", **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
        )


@pytest.fixture(scope="session")
def new_workspace(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Workspace]:
    """Return a function that makes an empty workspace."""

    def make(name: str = "workspace", python: str = sys.executable) -> Workspace:
        return Workspace(tmp_path_factory.mktemp(name), python)

    return make


@pytest.fixture(scope="session")
def fill() -> Callable[[Workspace], dict[str, Path]]:
    """Return a function that writes three plugins: a plain one, one for HTTP, one called like a package."""

    def write(workspace: Workspace) -> dict[str, Path]:
        return {
            name: workspace.plugin(protocol, name, class_name, {f"test_{name}.py": _tests(name, class_name)})
            for protocol, name, class_name in (
                ("quic", "my_impl", "MyServiceManager"),
                ("http", "web_impl", "WebServiceManager"),
                ("quic", "aioquic", "AioquicServiceManager"),
            )
        }

    return write


def _tests(name: str, class_name: str) -> str:
    """Return tests of a plugin; what they claim is what the grid proves in each of its cells."""
    by_bare_name = f"""
        from {name} import {class_name}

        def test_the_bare_name_is_the_plugin_itself():
            dotted = sys.modules[{class_name}.__module__]
            assert dotted.__name__.startswith("panther.plugins.services.iut.")
            from {name}.{name} import {class_name} as same
            assert same is {class_name}
            from {name} import config_schema
            assert config_schema.__name__.startswith("panther.plugins.services.iut.")

        def test_the_fixture_is_of_that_class(service_manager):
            assert type(service_manager) is {class_name}
    """
    by_package_name = """
        import aioquic
        import aioquic.quic.connection

        def test_the_installed_package_keeps_its_name():
            assert aioquic.__file__ == CONNECTION.replace("quic/connection.py", "__init__.py")

        CONNECTION = aioquic.quic.connection.__file__
    """
    installed = name == "aioquic"
    return (
        dedent("""
        import sys
        import pytest
        from panther.plugins.services.base import BaseServiceManager
        """)
        + dedent(by_package_name if installed else by_bare_name)
        + dedent(f"""
        def test_the_fixture_is_this_plugin(service_manager):
            assert isinstance(service_manager, BaseServiceManager)
            assert service_manager.service_name == "{name}"
            assert service_manager.generate_run_command(port=5) == "{name}-binary --port 5 --mode balanced"

        @pytest.mark.integration
        def test_there_is_one_class():
            classes = [c for c in every(BaseServiceManager) if c.__name__ == "{class_name}"]
            assert len(classes) == 1

        def every(cls):
            return [cls, *(found for below in cls.__subclasses__() for found in every(below))]
        """)
    )
