"""A directory of its own for each case: files are written into it, imported from it, run in it."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from panther.plugins.registry import PluginRegistry

__all__ = ["Printed", "Workshop"]

# What would make a program behave otherwise than in a fresh shell.
_FORGOTTEN = ("PANTHER_PLUGIN_PATH", "PYTHONPATH", "PYTEST_ADDOPTS", "FORCE_COLOR")


@dataclass(frozen=True)
class Printed:
    """A file that is a block of the guide in its row's context."""

    line: int


@dataclass
class Workshop:
    """Where a case happens.

    Args:
        root: an empty directory.
        placed: gives the file that the block of a row's line is a part of.
        registry: where the plugins that are imported in it register.
    """

    root: Path
    placed: Callable[[int], str]
    registry: PluginRegistry
    _modules: list[str] = field(default_factory=list)

    def write(self, name: str, text: str) -> Path:
        """Write a file below the root; what is written to ``bin/`` is a program."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        if path.parent.name == "bin":
            path.chmod(0o755)
        return path

    def install(self, files: Mapping[str, str | Printed]) -> None:
        """Write files below the root."""
        for name, content in files.items():
            self.write(name, content if isinstance(content, str) else self.placed(content.line))

    def module(self, text: str) -> ModuleType:
        """Import ``text`` as a module that stands in the root."""
        name = f"guide_block_{len(self._modules)}"
        path = self.write(f"{name}.py", text)
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        self._modules.append(name)
        sys.modules[name] = module  # dataclasses look their module up while it runs
        spec.loader.exec_module(module)
        return module

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run this interpreter in the root."""
        return self._run([sys.executable, *arguments])

    def shell(self, command: str) -> subprocess.CompletedProcess[str]:
        """Run a line of a shell in the root, with this interpreter as ``python``."""
        return self._run(["bash", "-c", command])

    def scaffold(self, protocol: str, name: str, language: str) -> Path:
        """Generate a plugin below the root, with every question at its default; return its directory."""
        done = self.python(
            "-m", "panther_gen", "new-iut", protocol, name, "--language", language, "--defaults"
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return self.root / "panther" / "plugins" / "services" / "iut" / protocol / name

    @contextmanager
    def opened(self) -> Iterator[Workshop]:
        """Forget the imported modules at the end."""
        try:
            yield self
        finally:
            for name in self._modules:
                sys.modules.pop(name, None)

    def _run(self, argv: list[str]) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if name not in _FORGOTTEN}
        programs = [str(Path(sys.executable).parent), str(self.root / "bin"), environment["PATH"]]
        environment["PATH"] = os.pathsep.join(programs)
        return subprocess.run(
            argv, cwd=self.root, env=environment, text=True, capture_output=True, timeout=600, check=False
        )
