"""The shipped base classes, as the linter knows them without the runtime being installed.

``contract.json`` is a contract file like those of other packages. It is made from the runtime's source by
``python -m panther_gen.lint.contracts.snapshot RUNTIME_DIR``; a test fails where the two differ.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from panther_gen.lint.contracts.modules import ContractModules

__all__ = ["SNAPSHOT", "load_snapshot"]

#: The file that holds the snapshot.
SNAPSHOT = Path(__file__).with_name("contract.json")


def load_snapshot(path: Path = SNAPSHOT) -> ContractModules:
    """Return the shipped modules, by dotted name."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    modules = ContractModules()
    modules.add(content["modules"], is_runtime=True)
    return modules


def main(arguments: list[str]) -> int:
    """Write the snapshot of the runtime in the directory given; return the exit status."""
    from panther_gen.lint.contracts.snapshot_source import snapshot_of

    if len(arguments) != 1 or not Path(arguments[0], "panther").is_dir():
        sys.stderr.write("usage: python -m panther_gen.lint.contracts.snapshot RUNTIME_DIR\n")
        return 2
    SNAPSHOT.write_text(snapshot_of(Path(arguments[0])), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
