"""Building the image of a plugin: once for each content, by its own Dockerfile or the builder's."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from panther.bench.images.build_log import BuildLog
from panther.bench.images.clients import BuildClient, find_client
from panther.bench.images.context import BuildContext
from panther.bench.images.dockerfile import without_mounts
from panther.bench.images.host import host_options
from panther.bench.marks import own_mark
from panther.bench.namespaces import kill_with_parent
from panther.bench.threads import send_to_group, stoppable
from panther.errors import InputError, MachineError, PantherError
from panther.plugins.services.base import BaseServiceManager
from panther.plugins.services.base.docker_build_base import local_sources
from panther.plugins.sources import source_file

__all__ = ["SCRATCH_PREFIX", "BuildError", "Image", "build_image", "image_reference", "run_build"]

_ARGUMENT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DIGITS_OF_TAG = 16
_LABEL = "org.panther-gen.plugin"
#: The mark of the process that builds follows: of one that was killed, the directory is left.
SCRATCH_PREFIX = "panther-image-"


class BuildError(PantherError):
    """A step of a Dockerfile failed."""

    exit_code = 1


@dataclass(frozen=True)
class Image:
    """An image in the engine."""

    reference: str
    """Its name and tag; the tag is a hash of all that it was built from."""

    was_built: bool
    """Whether it was built now; False: it was there."""


def build_image(
    manager: BaseServiceManager,
    *,
    directory: Path | None = None,
    sources: Path | None = None,
    build_arguments: Mapping[str, str] | None = None,
    again: bool = False,
    report: Callable[[str], None] = lambda line: None,
) -> Image:
    """Build the image of a plugin, if there is none of the same content.

    Args:
        manager: the plugin's service manager; its ``generate_dockerfile_content`` says how.
        directory: the build context; None: the directory of the manager's class.
        sources: a directory that takes the place of the build context, and of the repository that the
            plugin names: nothing is cloned.
        build_arguments: values for the Dockerfile's ``ARG``.
        again: build it also if it is there, without the engine's cache.
        report: is told each line of the build's progress.

    Raises:
        InputError: the plugin's Dockerfile cannot be made, or a build argument cannot be used.
        MachineError: there is no client or no engine.
        BuildError: a step failed.
    """
    recipe = _recipe(manager, directory, sources, build_arguments or {})
    earlier = _identifier(recipe.client, recipe.reference)
    if earlier and not again:
        return Image(recipe.reference, was_built=False)
    with tempfile.TemporaryDirectory(prefix=f"{SCRATCH_PREFIX}{own_mark()}-") as scratch:
        staged = Path(scratch, "context")
        staged.mkdir()
        recipe.context.copy_to(staged)
        file = Path(scratch, "Dockerfile")
        file.write_text(recipe.dockerfile, encoding="utf-8")
        options = [f"--tag={recipe.reference}", f"--file={file}", f"--label={_LABEL}={recipe.name}"]
        options += [f"--build-arg={key}={value}" for key, value in recipe.arguments.items()]
        options += ["--no-cache"] if again else []
        options += host_options(recipe.client.has_buildkit)
        run_build(recipe.client, [*options, str(staged)], recipe.name, report)
    if earlier and earlier != _identifier(recipe.client, recipe.reference):
        # It has lost its name to the new one. The engine keeps it where a container still has it.
        subprocess.run([recipe.client.program, "image", "rm", earlier], capture_output=True, check=False)
    return Image(recipe.reference, was_built=True)


def image_reference(
    manager: BaseServiceManager,
    *,
    directory: Path | None = None,
    sources: Path | None = None,
    build_arguments: Mapping[str, str] | None = None,
) -> str:
    """Return the name that :func:`build_image` gives the image; arguments and errors are its."""
    return _recipe(manager, directory, sources, build_arguments or {}).reference


@dataclass(frozen=True)
class _Recipe:
    """All that an image is built from."""

    name: str
    dockerfile: str
    arguments: dict[str, str]
    context: BuildContext
    client: BuildClient

    @property
    def reference(self) -> str:
        content = json.dumps([self.dockerfile, self.arguments, self.context.digest()], sort_keys=True)
        tag = hashlib.sha256(content.encode("utf-8", "surrogateescape")).hexdigest()[:_DIGITS_OF_TAG]
        return f"panther/{_repository(self.name)}:{tag}"


def _recipe(
    manager: BaseServiceManager, directory: Path | None, sources: Path | None, arguments: Mapping[str, str]
) -> _Recipe:
    checked = _checked(arguments)
    client = find_client()
    with local_sources() if sources is not None else nullcontext():
        dockerfile = manager.generate_dockerfile_content()
    own = _directory_of(manager) if directory is None else directory
    return _Recipe(
        name=manager._get_implementation_name(),
        dockerfile=dockerfile if client.has_buildkit else without_mounts(dockerfile),
        arguments=checked,
        context=BuildContext(own, of_plugin=True)
        if sources is None
        else BuildContext(sources, of_plugin=False),
        client=client,
    )


def _directory_of(manager: BaseServiceManager) -> Path:
    source = source_file(type(manager))
    return source.resolve().parent if source else Path.cwd()


def _checked(arguments: Mapping[str, str]) -> dict[str, str]:
    for name, value in arguments.items():
        if not _ARGUMENT_NAME.fullmatch(name):
            raise InputError(
                f"the build argument's name {name!r} cannot be used", cure="use letters, digits and '_'"
            )
        if not value.isprintable():
            raise InputError(
                f"the build argument '{name}' has the value {value!r}, which is not one printable line"
            )
    return dict(sorted(arguments.items()))


def _repository(name: str) -> str:
    """Return a plugin's name as image names are spelt (https://docs.docker.com/reference/cli/docker/image/tag/)."""
    spelt = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if not spelt:
        raise InputError(
            f"the implementation's name {name!r} has no letter or digit: no image can be called so"
        )
    return spelt


def _identifier(client: BuildClient, reference: str) -> str:
    """Return the ID of an image; empty if there is none."""
    words = [client.program, "image", "inspect", "--format", "{{.Id}}", reference]
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout.strip()


def _answers(client: BuildClient) -> bool:
    words = [client.program, "version", "--format", "{{.Server.Version}}"]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def run_build(client: BuildClient, options: list[str], name: str, report: Callable[[str], None]) -> None:
    """Have a client build an image.

    Args:
        client: what builds.
        options: those of its build command, and the context.
        name: what the image is called where it cannot be built.
        report: is told each line of the build's progress.

    Raises:
        MachineError: the client cannot be started, or there is no engine any more.
        BuildError: a step failed.
    """
    log = BuildLog()
    try:
        process = subprocess.Popen(
            [client.program, *client.build_words, *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=client.environment,
            start_new_session=True,
            preexec_fn=kill_with_parent,  # noqa: PLW1509 — one prctl, which takes no lock
        )
    except OSError as error:
        raise MachineError(f"'{client.program}' cannot be started: {error}") from None
    with process, stoppable(partial(send_to_group, process.pid)):
        assert process.stdout is not None
        try:
            for line in process.stdout:
                log.add(line.rstrip("\n"))
                report(line.rstrip("\n"))
        except BaseException:
            process.terminate()
            raise
    if process.returncode and not _answers(client):
        raise MachineError(
            f"the image of '{name}' cannot be built: the Docker engine answers no longer",
            cure="start it (systemctl start docker), or say where it is: DOCKER_HOST",
        )
    if process.returncode:
        shown = "".join(f"\n    | {line}" for line in log.last_lines)
        step = f" at {log.failed_step}" if log.failed_step else ""
        raise BuildError(f"the image of '{name}' cannot be built: it failed{step}{shown}")
