"""How bad the network of a test is to be: quantities with units under ``network_environment:``."""

from __future__ import annotations

from collections.abc import Iterator

from panther.bench.experiment.forms import described
from panther.bench.experiment.problems import Finding
from panther.bench.experiment.views import EnvironmentView
from panther.bench.impairment.quantities import DELAY, LOSS, RATE, Quantity, QuantityError

__all__ = ["check_network"]

_QUANTITIES: dict[str, Quantity] = {"delay": DELAY, "loss": LOSS, "rate": RATE}


def check_network(network: EnvironmentView) -> Iterator[Finding]:
    """Yield what is wrong with the quantities of a network environment."""
    for name, value in network.quantities.items():
        path = (*network.path[:-1], name)
        kind = _QUANTITIES[name]
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            cure = f"write it with its unit, as in {kind.example}"
            yield Finding(path, f"the {name} '{value}' has no unit", cure)
        elif not isinstance(value, str):
            yield Finding(path, f"{described(value)} is no {name}", f"write {kind.example}")
        else:
            try:
                kind.read(value)
            except QuantityError as error:
                yield Finding(path, str(error), error.cure)
