"""From a case, a server and a client to the test of their cell, or to the reason why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from panther.bench.experiment import split_settings
from panther.bench.interop_contract import CONTRACT_FEATURE
from panther.bench.matrix.cases import MatrixCase
from panther.bench.matrix.sides import Side
from panther.bench.plan import ServicePlan, TestPlan
from panther.bench.protocols import ProtocolCase, case_for
from panther.bench.results import TestResult

__all__ = ["Cell", "plan_cells"]

#: Seconds that a server has until it is ready, and that a client has.
_READY, _TIMEOUT = 20.0, 30.0
#: What the public contract calls a transfer over HTTP/3; its other cases are played in HTTP/0.9.
_CONTRACT_HTTP3, _CONTRACT_PROTOCOL = "http3", "hq-interop"


@dataclass
class Cell:
    """One case of one server and one client."""

    case: MatrixCase
    server: Side
    client: Side
    plan: TestPlan | None = None
    """Its test; None where the pair cannot be tried."""

    unsupported: str = ""
    """Why the pair does not play the case."""

    missing: str = ""
    """What is not installed."""

    tests: list[TestResult] = field(default_factory=list)
    """What became of it, once for each repetition."""


@dataclass(frozen=True)
class _Way:
    """How a side plays a case: in which application protocol, and as which case of the public contract."""

    protocol: str
    testcase: str = ""
    """Empty: it is started by its plugin's own command line."""


def plan_cells(
    protocol: str,
    cases: Sequence[MatrixCase],
    servers: Sequence[Side],
    clients: Sequence[Side],
) -> list[Cell]:
    """Return all cells, case by case, with the tests that they need.

    Args:
        protocol: what they speak.
        cases: what is tried.
        servers: the rows.
        clients: the columns.
    """
    cells = [Cell(case, server, client) for case in cases for server in servers for client in clients]
    for cell in cells:
        _plan(protocol, cell)
    return cells


def _plan(protocol: str, cell: Cell) -> None:
    absent = dict.fromkeys(side.missing for side in (cell.server, cell.client) if side.missing)
    if absent:
        cell.missing = "; ".join(absent)
        return
    ways = _common_ways(cell)
    if ways is None:
        cell.unsupported = _why_not(cell)
        return
    cell.plan = _test(protocol, cell, *ways)


def _common_ways(cell: Cell) -> tuple[_Way, _Way] | None:
    """Return how both sides play the case in one application protocol, the best that they share."""
    servers = {way.protocol: way for way in _ways(cell.server, cell.case, cell.case.server_feature)}
    clients = {way.protocol: way for way in _ways(cell.client, cell.case, cell.case.client_feature)}
    shared = (name for name in cell.case.protocols if name in servers and name in clients)
    return next(((servers[name], clients[name]) for name in shared), None)


def _ways(side: Side, case: MatrixCase, feature: str) -> Iterator[_Way]:
    if not side.features.get(CONTRACT_FEATURE):
        if side.can(feature):
            yield from (_Way(name) for name in case.protocols if side.can(name))
        return
    for name in case.protocols:
        if name == _CONTRACT_PROTOCOL:
            yield _Way(name, case.name)
        elif side.can(feature):  # in HTTP/3 it does what one case of the contract asks for, and no more
            yield _Way(name, _CONTRACT_HTTP3)


def _why_not(cell: Cell) -> str:
    for side, feature in ((cell.server, cell.case.server_feature), (cell.client, cell.case.client_feature)):
        if not any(_ways(side, cell.case, feature)):
            lacks = feature if feature and not side.can(feature) else " and ".join(cell.case.protocols)
            return f"{side.role} {side.name} has not {lacks.replace('_', ' ')}"
    return "they have no application protocol in common in which both can do this"


def _test(protocol: str, cell: Cell, served: _Way, fetched: _Way) -> TestPlan:
    case = cell.case
    usual = case_for(protocol)
    server = _service(protocol, cell.server, "server", usual, served, settings=dict(case.settings))
    whole = fetched.testcase == case.name and fetched.protocol == _CONTRACT_PROTOCOL
    starts = 1 if whole else case.connections
    judges = [case.judge_before] * (starts - 1) + [case.judge]
    clients = [
        _service(
            protocol,
            cell.client,
            "client" if starts == 1 else f"client-{number}",
            judge,
            fetched,
            requests=case.connections if whole else 1,
            after=() if number == 1 else (f"client-{number - 1}",),
        )
        for number, judge in enumerate(judges, start=1)
    ]
    return TestPlan(
        name=f"{case.name}: {cell.server.name} server, {cell.client.name} client",
        # Where the interop runner keeps the logs of a cell, and its page looks for them.
        directory_name=f"{cell.server.name}_{cell.client.name}/{case.name}",
        services=(server, *clients),
        description=case.description,
        ports={"server": server.default_port()},
        payload_bytes=case.payload_bytes,
    )


def _service(
    protocol: str,
    side: Side,
    name: str,
    judge: ProtocolCase,
    way: _Way,
    *,
    settings: dict[str, bool] | None = None,
    requests: int = 1,
    after: tuple[str, ...] = (),
) -> ServicePlan:
    assert side.plugin is not None
    own = side.plugin.manager_class
    declared = {} if way.testcase else settings or {}
    config, parameters = split_settings(own, {**side.settings, **declared})
    contract = {"testcase": way.testcase, "requests": requests} if way.testcase else {}
    return ServicePlan(
        name=name,
        role=side.role,
        plugin=side.plugin,
        config=config,
        case=judge,
        protocol=protocol,
        target="" if side.role == "server" else "server",
        parameters={**parameters, "alpn": way.protocol, **contract},
        timeout=_TIMEOUT,
        ready_timeout=_READY,
        depends_on=after,
    )
