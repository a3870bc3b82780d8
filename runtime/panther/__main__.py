"""``python -m panther``."""

from __future__ import annotations

import sys

from panther.bench.missing import missing_package

if __name__ == "__main__":
    try:
        from panther.bench.cli import main
    except ModuleNotFoundError as error:  # what reads the command line is itself missing
        problem = missing_package(error)
        if problem is None:
            raise
        print(f"panther: {problem}", file=sys.stderr)
        sys.exit(problem.exit_code)
    main()
