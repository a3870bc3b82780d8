"""``python -m panther``."""

from panther.bench.cli import main

if __name__ == "__main__":
    main()
