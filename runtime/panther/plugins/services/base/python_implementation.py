"""What implementations written in Python share, whatever their protocol."""

from __future__ import annotations

import sys
from typing import Any, ClassVar, Dict, List

from panther.plugins.services.base.contract import template_method
from panther.plugins.services.base.returned import checked_text_map
from panther.plugins.services.base.service_manager_base import BaseServiceManager

__all__ = ["PythonServiceManager"]


class PythonServiceManager(BaseServiceManager):
    """Starts a Python module, ``python -m MODULE``, with the interpreter that runs the bench."""

    language: ClassVar[str] = "python"

    @template_method
    def _get_python_module(self) -> str:
        """Return the dotted name of the module to run; empty: the binary is started instead."""
        return ""

    @template_method
    def _get_async_patterns(self) -> Dict[str, str]:
        """Return how the implementation is concurrent; recorded in the results.

        With ``event_loop`` set to ``asyncio``, a ``debug_level`` above 0 switches asyncio's debug mode on.
        """
        return {"event_loop": "asyncio", "concurrency_model": "async/await"}

    @template_method
    def _get_program(self, **kwargs: Any) -> List[str]:
        """Return ``python -m MODULE``, or the binary where the plugin names no module.

        Args:
            kwargs: every parameter of the protocol and every field of the configuration.
        """
        module = self._get_python_module()
        return [sys.executable, "-m", module] if module else super()._get_program(**kwargs)

    @template_method
    def _get_language_environment(self, **kwargs: Any) -> Dict[str, str]:
        """Return what Python needs: output that reaches the log at once, and asyncio's debug mode."""
        patterns = checked_text_map(self, "_get_async_patterns", self._get_async_patterns())
        debug = patterns.get("event_loop") == "asyncio" and kwargs.get("debug_level", 0) > 0
        return {"PYTHONUNBUFFERED": "1", **({"PYTHONASYNCIODEBUG": "1"} if debug else {})}

    @template_method
    def get_implementation_details(self) -> Dict[str, Any]:
        """Return facts on the implementation, with its concurrency patterns."""
        return {**super().get_implementation_details(), "async_patterns": self._get_async_patterns()}
