"""A service of a test that is a container."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from panther.bench.certificates import CertificateFiles
from panther.bench.containers.place import DockerPlace
from panther.bench.containers.spec import ContainerSpec, Health
from panther.bench.environments.base import Place, Process
from panther.bench.environments.service import Service
from panther.bench.execution.planning import check_tools
from panther.bench.images import in_container
from panther.bench.payload import PAYLOAD_NAME
from panther.bench.plan import TestPlan
from panther.bench.protocols.base import Site
from panther.errors import ParameterError
from panther.plugins.services.base import BaseServiceManager
from panther.plugins.services.base.command import Command
from panther.plugins.sources import source_file

__all__ = ["ContainerService", "site_inside"]

_WWW, _CERTIFICATES, _DOWNLOADS, _LOGS = Path("/www"), Path("/certs"), Path("/downloads"), Path("/logs")


def site_inside(site: Site) -> Site:
    """Return a service's site as its container sees it: the directories of the public QUIC interop runner."""
    inside = CertificateFiles(
        _CERTIFICATES / "cert.pem", _CERTIFICATES / "priv.key", _CERTIFICATES / "ca.pem"
    )
    return Site(
        payload=replace(site.payload, path=_WWW / PAYLOAD_NAME),
        download_dir=_DOWNLOADS,
        log_dir=_LOGS,
        qlog_dir=_LOGS / site.qlog_dir.name,
        keylog_file=_LOGS / site.keylog_file.name,
        certificates=None if site.certificates is None else inside,
    )


class ContainerService(Service):
    """A service in a container; arguments and errors as those of its base class, and these.

    Args:
        alias: its name in the test's network.
    """

    bind_address: ClassVar[str] = "0.0.0.0"  # noqa: S104 — reached from the other containers

    def __init__(self, *arguments: Any, alias: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.alias = alias
        self.image = ""

    @property
    def working_directory(self) -> Path | None:
        """Where it starts."""
        return self.command.working_directory

    def build(self) -> None:
        """Build its command, with the names that the plugin's image has for program and files."""
        super().build()
        source = source_file(type(self._manager))
        directory = source.resolve().parent if source else Path.cwd()
        self.command = in_container(self._deployed(), directory)

    def _deployed(self) -> Command:
        """Return what the plugin says that a container runs, where it has words of its own for this role."""
        own = type(self._manager).generate_deployment_commands
        if own is BaseServiceManager.generate_deployment_commands:
            return self.command
        text = self._deployment_of(self.plan.role)
        if self.plan.role == "client" and text == self._deployment_of("server"):
            return self.command  # what deploys a server is no client
        try:
            words = shlex.split(text)
        except ValueError as error:
            raise ParameterError(
                f"generate_deployment_commands of '{self.name}' returned what cannot be split: {error}"
            ) from None
        return replace(self.command, argv=tuple(words) or self.command.argv)

    def _deployment_of(self, role: str) -> str:
        self._manager.role = role
        self._manager.placement = dict(self._overridden)
        try:
            return self._manager.generate_deployment_commands()
        finally:
            self._manager.role = self.plan.role

    def environment(self) -> dict[str, str]:
        """Return its environment variables."""
        return self.own_environment()

    def check(self) -> None:
        """Look for the sources of its volumes, and for tools of this machine.

        The image is built, or found, when the test begins, and with it what is put around the program.
        """
        check_tools(self.name, self.plan.wrappers, os.environ.get("PATH"), beside=True)
        self._check_volume_sources()

    def spec(self, test: TestPlan, aliases: Mapping[str, str]) -> ContainerSpec:
        """Return its container.

        Args:
            test: the test that it is part of.
            aliases: the name in the test's network of each service.
        """
        plan = self.plan
        server = test.server_of(plan) if plan.role == "client" else None
        before = dict.fromkeys([*([server.name] if server else []), *plan.depends_on])
        servers = {server.name for server in test.servers}
        return ContainerSpec(
            name=self.alias,
            image=self.image,
            argv=self.wrapping.wrapped(self.command).argv,
            environment=self.environment(),
            working_directory=str(self.working_directory or "/"),
            user=f"{os.geteuid()}:{os.getegid()}",
            binds=self._binds(),
            capabilities=tuple(sorted({name for one in plan.wrappers for name in one.capabilities})),
            every_system_call=any(one.every_system_call for one in plan.wrappers),
            published=tuple(mapping for mapping in plan.published if ":" in mapping),
            health=Health(tuple(plan.case.transports), self.port) if plan.role == "server" else None,
            after_ready=tuple(aliases[name] for name in before if name in servers),
            after_end=tuple(aliases[name] for name in before if name not in servers),
        )

    def _environment_beside(self) -> dict[str, str]:
        return dict(os.environ)  # of programs of this machine

    async def _launch(self, place: Place) -> Process:
        assert isinstance(place, DockerPlace)  # its environment opens no other
        argv = (
            self.wrapping.wrap(self.command, private=False, gated=True).argv
            if self.plan.wrappers
            else self.command.argv
        )
        process = await place.run(self, argv)
        self.details = {**self.details, "image": self.image, "image_id": process.image}
        return process

    def _binds(self) -> dict[Path, tuple[str, bool]]:
        site, inside = self.site, self.inside
        binds = {
            site.payload.path.parent: (str(inside.payload.path.parent), True),
            site.log_dir: (str(inside.log_dir), False),
            site.download_dir: (str(inside.download_dir), False),
        }
        if site.certificates is not None and inside.certificates is not None:
            for name in ("cert_file", "key_file", "ca_file"):
                binds[getattr(site.certificates, name)] = (str(getattr(inside.certificates, name)), True)
        binds |= {volume.source: (volume.target, volume.read_only) for volume in self.plan.volumes}
        return binds
