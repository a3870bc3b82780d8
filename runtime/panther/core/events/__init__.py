"""Typed events and the bus that delivers them.

A plugin emits events, the bench listens; neither knows the other::

    from panther.core.events import EventBus, ServiceEvent, ServicePreparationEvent

    bus = EventBus()
    unsubscribe = bus.subscribe(ServiceEvent, print)
    bus.publish(ServicePreparationEvent(service_name="server", preparation_type="custom_setup"))

An event of your own is a subclass of :class:`Event` (or of a class below it) with the decorator
``@dataclass(frozen=True, kw_only=True)``.
"""

from panther.core.events.base import Event
from panther.core.events.bus import EventBus
from panther.core.events.failures import HandlerFailure
from panther.core.events.records import EVENT_SCHEMA_VERSION, to_record
from panther.core.events.run_events import (
    ExperimentFinishedEvent,
    ExperimentStartedEvent,
    TestEvent,
    TestFinishedEvent,
    TestStartedEvent,
)
from panther.core.events.service_events import (
    CommandGenerationEvent,
    ServiceErrorEvent,
    ServiceEvent,
    ServiceInitializationEvent,
    ServicePreparationEvent,
    ServiceReadyEvent,
    ServiceStartedEvent,
    ServiceStoppedEvent,
)

__all__ = [
    "EVENT_SCHEMA_VERSION",
    "CommandGenerationEvent",
    "Event",
    "EventBus",
    "ExperimentFinishedEvent",
    "ExperimentStartedEvent",
    "HandlerFailure",
    "ServiceErrorEvent",
    "ServiceEvent",
    "ServiceInitializationEvent",
    "ServicePreparationEvent",
    "ServiceReadyEvent",
    "ServiceStartedEvent",
    "ServiceStoppedEvent",
    "TestEvent",
    "TestFinishedEvent",
    "TestStartedEvent",
    "to_record",
]
