"""Base classes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from typing import Any, Generic, TypeVar, final, overload

from ._marks import fixed

T = TypeVar("T")


class Service(ABC, Generic[T]):
    """A service."""

    @final
    def run(self) -> int:
        """Run it."""
        return 0

    @fixed
    def stop(self, force: bool = False) -> None:
        """Stop it."""

    @property
    @final
    def identity(self) -> str:
        """What it is."""
        return ""

    @overload
    def find(self, key: int) -> int: ...

    @overload
    def find(self, key: str) -> str: ...

    @final
    def find(self, key: Any) -> Any:
        """Find something."""
        return key

    @classmethod
    @final
    def create(cls) -> None:
        """Create one."""

    @final
    def __private(self) -> None: ...

    @property
    @abstractmethod
    def name(self) -> str:
        """Its name."""

    @abstractmethod
    def handle(self, request: str, *, timeout: float = 1.0) -> str:
        """Handle a request."""

    @abstractmethod
    def stream(self) -> AsyncIterator[int]:
        """Stream numbers."""

    def optional(self) -> int:
        """Return a number; it may be overridden."""
        return 1

    class Options:
        """Options of a service."""

        @final
        def check(self) -> None:
            """Check them."""


@final
class Closed:
    """Nothing derives from it."""
