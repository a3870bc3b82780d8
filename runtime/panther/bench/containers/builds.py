"""The images of a run: each is built once, on a thread, for all services that need the same."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from panther.bench.images import BuildError, build_image, image_with_tools
from panther.bench.plan import ServicePlan
from panther.bench.threads import Stop, on_thread
from panther.errors import MachineError

__all__ = ["Builds"]


@dataclass(frozen=True)
class _Build:
    image: asyncio.Task[str]
    stop: Stop


class Builds:
    """The images that the tests of a run have asked for."""

    def __init__(self) -> None:
        self._builds: dict[tuple[str, ...], _Build] = {}

    def image(self, service: ServicePlan) -> asyncio.Task[str]:
        """Return what builds the image of a service: its result is the image's name, or a PantherError."""
        tools = packages_of(service)
        key = (service.plugin.source_file, service.plugin.name, repr(service.config), *sorted(tools))
        if key not in self._builds:
            stop = Stop()
            self._builds[key] = _Build(asyncio.ensure_future(_build(service, tools, stop)), stop)
        return self._builds[key].image

    def end(self) -> None:
        """End what is still being built, and wait for that: no test needs it any more."""
        for build in self._builds.values():
            if not build.image.done():
                build.stop.end()


def packages_of(service: ServicePlan) -> frozenset[str]:
    """Return the packages of Debian with what is put around a service in its container."""
    tools = (tool for one in service.wrappers for tool in one.tools)
    return frozenset(tool.package for tool in tools if not tool.beside)


async def _build(service: ServicePlan, tools: frozenset[str], stop: Stop) -> str:
    def build() -> str:
        return image_with_tools(build_image(service.make_manager()).reference, tools)

    try:
        return await on_thread(stop.run, build)
    except BuildError as error:
        raise MachineError(str(error)) from None
