"""The framework's own name for a final method."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import final as fixed
else:

    def fixed(method: Any) -> Any:
        """Return the method as it is."""
        return method


__all__ = ["fixed"]
