"""The base class of plugins for QUIC implementations written in Rust."""

from __future__ import annotations

from typing import Any, ClassVar, Dict, List

from panther.plugins.services.base.contract import template_method
from panther.plugins.services.base.quic_service_base import BaseQUICServiceManager

__all__ = ["RustQUICServiceManager"]


class RustQUICServiceManager(BaseQUICServiceManager):
    """Service manager of a QUIC implementation that Cargo builds."""

    language: ClassVar[str] = "rust"

    @template_method
    def _get_cargo_features(self) -> List[str]:
        """Return the features that the implementation is compiled with (``cargo build --features``)."""
        return []

    @template_method
    def _get_rust_runtime_config(self) -> Dict[str, str]:
        """Return environment variables for the program, such as ``RUST_LOG``."""
        return {}

    @template_method
    def _get_build_features(self) -> List[str]:
        """Return the Cargo features: they go to the Dockerfile builder."""
        return self._get_cargo_features()

    @template_method
    def _get_language_environment(self, **kwargs: Any) -> Dict[str, str]:
        """Return the Rust runtime's configuration."""
        return self._get_rust_runtime_config()

    @template_method
    def get_implementation_details(self) -> Dict[str, Any]:
        """Return facts on the implementation, with its Cargo features."""
        return {**super().get_implementation_details(), "cargo_features": self._get_cargo_features()}
