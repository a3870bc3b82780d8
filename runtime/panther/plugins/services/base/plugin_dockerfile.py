"""The Dockerfile of a plugin, from what its service manager says."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, List, Protocol

from panther.config.core.models import ImplementationConfig
from panther.errors import InputError
from panther.plugins.registry import PluginInfo
from panther.plugins.services.base.docker_build_base import DockerBuilderFactory
from panther.plugins.sources import source_file

__all__ = ["dockerfile_of"]


class Buildable(Protocol):
    """What a service manager tells of the program that it stands for."""

    language: ClassVar[str]
    plugin_info: ClassVar[PluginInfo | None]
    config: ImplementationConfig

    def _get_implementation_name(self) -> str: ...

    def _get_binary_name(self) -> str: ...

    def _get_build_features(self) -> List[str]: ...


def dockerfile_of(manager: Buildable) -> str:
    """Return the Dockerfile of a plugin: its ``dockerfile_template`` if it names one, else the builder's.

    Args:
        manager: the plugin's service manager.

    Raises:
        InputError: the named file cannot be read, or a value cannot be put into a Dockerfile.
    """
    if manager.config.dockerfile_template:
        return _read_beside(manager, manager.config.dockerfile_template)
    features = manager._get_build_features()
    if features and manager.language == "python":
        raise InputError(
            f"the build features {features!r} are extras of a Python package, and no package is named",
            cure="name its repo_url in generate_dockerfile_content, or write endpoint/requirements.txt",
        )
    builder = DockerBuilderFactory.create_builder(
        implementation_name=manager._get_implementation_name(),
        language=manager.language,
        build_features=features,
        binary_name=manager._get_binary_name(),
        version=manager.plugin_info.version if manager.plugin_info else "0.1.0",
        base_image=manager.config.base_image_override or "",
    )
    return builder.generate_complete_dockerfile()


def _read_beside(manager: Buildable, name: str) -> str:
    source = source_file(type(manager))
    directory = source.resolve().parent if source else Path.cwd()
    path = (directory / name).resolve()
    if not path.is_relative_to(directory):
        raise InputError(
            f"dockerfile_template '{name}' lies outside the plugin's directory {directory}",
            cure="copy the file into the plugin's directory",
        )
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"dockerfile_template '{name}' cannot be read: {error}", where=str(path)) from None
