"""Building the image of a plugin: once for each content, by its own Dockerfile or the builder's."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from panther.bench.images.build_log import BuildLog
from panther.bench.images.clients import BuildClient, find_client
from panther.bench.images.context import BuildContext
from panther.bench.images.dockerfile import without_mounts
from panther.errors import InputError, MachineError, PantherError
from panther.plugins.services.base import BaseServiceManager
from panther.plugins.sources import source_file

__all__ = ["BuildError", "Image", "build_image"]

#: Build arguments that every Dockerfile has: they are part of no layer and no image's history
#: (https://docs.docker.com/reference/dockerfile/#predefined-args).
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY")
#: Where programs look for the authorities to trust, the first that is set.
_CA_VARIABLES = ("SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE")
_CA_FILES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")
_ARGUMENT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DIGITS_OF_TAG = 16
_LABEL = "org.panther-gen.plugin"


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
    build_arguments: Mapping[str, str] | None = None,
    again: bool = False,
    report: Callable[[str], None] = lambda line: None,
) -> Image:
    """Build the image of a plugin, if there is none of the same content.

    Args:
        manager: the plugin's service manager; its ``generate_dockerfile_content`` says how.
        directory: the build context; None: the directory of the manager's class.
        build_arguments: values for the Dockerfile's ``ARG``.
        again: build also what is there, and ask registries for newer base images.
        report: is told each line of the build's progress.

    Raises:
        InputError: the plugin's Dockerfile cannot be made, or a build argument cannot be used.
        MachineError: there is no client or no engine.
        BuildError: a step failed.
    """
    arguments = _checked(build_arguments or {})
    client = find_client()
    dockerfile = manager.generate_dockerfile_content()
    if not client.has_buildkit:
        dockerfile = without_mounts(dockerfile)
    context = BuildContext(_directory_of(manager) if directory is None else directory)
    name = manager._get_implementation_name()
    reference = f"panther/{_repository(name)}:{_tag(dockerfile, arguments, context)}"
    if not again and _exists(client, reference):
        return Image(reference, was_built=False)
    with tempfile.TemporaryDirectory(prefix="panther-image-") as scratch:
        staged = Path(scratch, "context")
        staged.mkdir()
        context.copy_to(staged)
        file = Path(scratch, "Dockerfile")
        file.write_text(dockerfile, encoding="utf-8")
        options = [f"--tag={reference}", f"--file={file}", f"--label={_LABEL}={name}"]
        options += [f"--build-arg={key}={value}" for key, value in arguments.items()]
        options += ["--no-cache"] if again else []
        with _environment_of_host(client) as of_host:
            _run(client, [*options, *of_host, str(staged)], name, report)
    return Image(reference, was_built=True)


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


def _tag(dockerfile: str, arguments: Mapping[str, str], context: BuildContext) -> str:
    content = json.dumps([dockerfile, arguments, context.digest()], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:_DIGITS_OF_TAG]


def _exists(client: BuildClient, reference: str) -> bool:
    words = [client.program, "image", "inspect", "--format", "{{.Id}}", reference]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


@contextmanager
def _environment_of_host(client: BuildClient) -> Iterator[list[str]]:
    """Yield the options that give the build the host's proxies and the authorities that it trusts."""
    options = [f"--build-arg={name}" for name in _set_proxies()]
    authorities = next((path for path in _authorities() if Path(path).is_file()), None)
    if client.has_buildkit and authorities is not None:
        options.append(f"--secret=id=ca,src={authorities}")
    yield options


def _set_proxies() -> Iterator[str]:
    for name in _PROXIES:
        yield from (spelt for spelt in (name, name.lower()) if os.environ.get(spelt))


def _authorities() -> Iterator[str]:
    yield from filter(None, map(os.environ.get, _CA_VARIABLES))
    yield from _CA_FILES


def _run(client: BuildClient, options: list[str], name: str, report: Callable[[str], None]) -> None:
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
        )
    except OSError as error:
        raise MachineError(f"'{client.program}' cannot be started: {error}") from None
    with process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                log.add(line.rstrip("\n"))
                report(line.rstrip("\n"))
        except BaseException:
            process.terminate()
            raise
    if process.returncode:
        shown = "".join(f"\n    | {line}" for line in log.last_lines)
        step = f" at {log.failed_step}" if log.failed_step else ""
        raise BuildError(f"the image of '{name}' cannot be built: it failed{step}{shown}")
