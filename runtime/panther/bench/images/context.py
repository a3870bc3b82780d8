"""What a build gets to see: the plugin's directory without what its ``.dockerignore`` names.

The files are listed, hashed and copied by one walk, so that what an image's tag stands for is what was
built. A file's time does not count, as it does not for the engine's own cache.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from panther.errors import InputError, MachineError

__all__ = ["BuildContext"]

#: Never part of an image, whatever .dockerignore says.
_ALWAYS_IGNORED = ("**/.git", "**/__pycache__", "**/*.pyc", "**/.pytest_cache", "**/.venv", "panther-results")
#: What a plugin without a .dockerignore leaves out too: only the bench reads it.
_OF_THE_BENCH = (
    ".panther-gen.*", "Dockerfile", "__init__.py", "config_schema.py", "templates", "tests",
)  # fmt: skip


class BuildContext:
    """The files below a directory that a build sees.

    Args:
        directory: where they are.
        of_plugin: whether it is a plugin's directory, with files that only the bench needs.

    Raises:
        InputError: there is no such directory, or its ``.dockerignore`` cannot be read.
    """

    def __init__(self, directory: Path, *, of_plugin: bool) -> None:
        if not directory.is_dir():
            raise InputError(
                f"the build context '{directory}' is no directory", cure="name the directory of the sources"
            )
        self.directory = directory
        self._patterns = _patterns(directory, of_plugin)

    def files(self) -> Iterator[tuple[str, Path]]:
        """Yield the name, relative to the directory, and the path of everything in it, sorted."""
        from docker.utils.build import exclude_paths

        for name in sorted(exclude_paths(str(self.directory), self._patterns)):
            yield name, self.directory / name

    def digest(self) -> str:
        """Return the SHA-256 of the names, kinds, modes and contents.

        Raises:
            InputError: a file cannot be read, or is no file that an image can have.
        """
        total = hashlib.sha256()
        for name, path in self.files():
            for part in (name.encode("utf-8", "surrogateescape"), *_facts(path)):
                total.update(len(part).to_bytes(8, "big"))
                total.update(part)
        return total.hexdigest()

    def copy_to(self, target: Path) -> None:
        """Copy the files to an empty directory.

        Raises:
            MachineError: there is no room for them.
        """
        try:
            for name, path in self.files():
                copy = target / name
                if path.is_dir() and not path.is_symlink():
                    copy.mkdir(parents=True, exist_ok=True)
                else:
                    copy.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(path, copy, follow_symlinks=False)
        except OSError as error:
            raise MachineError(f"the build context cannot be copied: {error}") from None


def _patterns(directory: Path, of_plugin: bool) -> list[str]:
    file = directory / ".dockerignore"
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return [*_ALWAYS_IGNORED, *(_files_of_bench(directory) if of_plugin else ())]
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"it cannot be read: {error}", where=str(file)) from None
    own = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return [*own, *_ALWAYS_IGNORED]


def _files_of_bench(directory: Path) -> Iterator[str]:
    yield from _OF_THE_BENCH
    yield f"{directory.resolve().name}.py"
    if not (directory / "pyproject.toml").exists():  # a Python project's metadata may read it
        yield "README.md"


def _facts(path: Path) -> tuple[bytes, bytes]:
    """Return what kind of file it is with its mode, and the hash of what is in it."""
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            return b"link", os.fsencode(path.readlink())
        if stat.S_ISDIR(mode):
            return b"directory %o" % stat.S_IMODE(mode), b""
        if stat.S_ISREG(mode):
            with path.open("rb") as file:
                return b"file %o" % stat.S_IMODE(mode), hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        raise InputError(f"it cannot be read: {error.strerror}", where=str(path)) from None
    raise InputError("it is neither a file nor a directory", cure="name it in .dockerignore", where=str(path))
