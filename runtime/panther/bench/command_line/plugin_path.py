"""Where the words of the command line look for plugins."""

from __future__ import annotations

from pathlib import Path

from panther.errors import InputError

__all__ = ["add_roots"]


def add_roots(plugin_path: list[Path] | None) -> None:
    """Put the root that the working directory lies in, and the given directories, on the plugin path.

    Args:
        plugin_path: what ``--plugin-path`` names.

    Raises:
        InputError: one of them holds no plugins.
    """
    from panther.plugins.roots import add_plugin_root, enclosing_root

    here = enclosing_root(Path.cwd())
    if here is not None:
        add_plugin_root(here, before_installed=True)
    for root in plugin_path or []:
        if not (root / "panther" / "plugins").is_dir():
            raise InputError(
                f"--plugin-path '{root}' holds no panther/plugins/",
                cure="name the directory above panther/",
            )
        add_plugin_root(root)
