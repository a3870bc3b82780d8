"""The root of all events.

Events are values: frozen, compared by their fields, built with keyword arguments only, so that a
field can be added to a base class without breaking the classes below it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

__all__ = ["Event"]


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened. Subscribing to this class receives every event."""

    service_name: str = ""
    """
    The service that the event is about, as the experiment names it; outside an experiment, the
    implementation's name. Empty for an event that concerns no single service.
    """

    timestamp: float = field(default_factory=time.time)
    """
    When the event was made, in seconds since the epoch. The wall clock can be set back: the order of
    events is the order of their delivery, not that of their timestamps.
    """
