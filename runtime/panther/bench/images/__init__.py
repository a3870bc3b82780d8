"""Images of plugins: built once for each content, and run on a Docker engine.

How an environment uses it::

    from panther.bench.images import build_image

    image = build_image(manager, report=print)     # blocks; on a thread, a Stop ends it
    image.reference                                # "panther/aioquic:5f0c2a…", for `image:` of a service

    command = in_container(manager.build_command(…), plugin_directory)
    [*command.argv]                                # for `entrypoint:`, with `command: []`
    {**command.environment}                        # for `environment:`

``manager`` is the configured service manager: ``dockerfile_template``, ``base_image_override`` and the
build features of its configuration count. Images obey these conventions: the implementation's program is on
``PATH``, the plugin's own files that it needs are in ``/app`` under the names that they have in the plugin's
directory, the user is not root, and the signal that stops it is the image's own. A service's command takes
the place of the image's entry point as a whole.
"""

from __future__ import annotations

from panther.bench.images.build import BuildError, Image, build_image, image_reference
from panther.bench.images.command import in_container
from panther.bench.images.tools import image_with_tools

__all__ = ["BuildError", "Image", "build_image", "image_reference", "image_with_tools", "in_container"]
