"""What runs have left in an engine is removed, also where somebody else removes it at the same time."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from panther.bench.engine.leftovers import Leftover
from panther.errors import MachineError

errors = pytest.importorskip("docker.errors")


class Thing:
    """A container or a network that the engine removes in its own time."""

    def __init__(self, *answers):
        self.answers = list(answers)

    def remove(self, **options):
        answer = self.answers.pop(0)
        if answer is not None:
            raise answer


def refused(status, why):
    return errors.APIError("409", SimpleNamespace(status_code=status, url="x", reason=why), why)


GONE = errors.NotFound("404", SimpleNamespace(status_code=404, url="x", reason="gone"), "gone")


@pytest.mark.parametrize(
    ("kind", "refusal"),
    [
        ("container", refused(409, "removal of container x is already in progress")),
        ("network", refused(403, "network x has active endpoints")),
    ],
)
@pytest.mark.parametrize("end", [None, GONE])
def test_what_is_being_removed_is_waited_for(kind, refusal, end):
    thing = Thing(refusal, refusal, end)
    Leftover(kind, "x", "run", thing).remove()
    assert thing.answers == []


def test_what_cannot_be_removed_is_named():
    with pytest.raises(MachineError, match="the container 'x' cannot be removed: no space"):
        Leftover("container", "x", "run", Thing(refused(500, "no space"))).remove()
