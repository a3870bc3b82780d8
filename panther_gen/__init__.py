"""panther-gen scaffolds, lints and starts implementation-under-test plugins for protocol test benches.

The commands are in :mod:`panther_gen.cli`. Nothing here imports ``panther``, the runtime that runs the
plugins: it is a distribution of its own, and another one may own that name on this machine.
"""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.1.0"
