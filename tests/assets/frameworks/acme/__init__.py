"""A small framework, as others write them: final methods, abstract ones, re-exports, protocols."""

from ._base import Closed as Closed
from ._base import Service as Service
from .parts import *  # noqa: F403 - as frameworks do
