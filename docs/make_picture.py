"""Draw ``docs/run.svg``, the picture in the README: the main job, really run. ``nox -s picture`` calls it."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

COMMANDS = (
    ("panther-gen", "new-iut", "quic", "myimpl", "--defaults"),
    ("panther-gen", "lint"),
    ("pytest", "-q", "panther"),
    ("panther-gen", "try", "myimpl", "--enable-metrics"),
)
OUTPUT = Path(__file__).with_name("run.svg")


def main() -> None:
    """Run the commands in an empty directory and write the picture."""
    with Path("/dev/null").open("w") as nowhere:
        console = Console(record=True, width=100, file=nowhere, force_terminal=True)
        with tempfile.TemporaryDirectory() as directory:
            for command in COMMANDS:
                draw(console, command, Path(directory))
        svg = console.export_svg(title="panther-gen")
    # The font that rich would load from the network gives way to the reader's own.
    OUTPUT.write_text(re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL), encoding="utf-8")


def draw(console: Console, command: tuple[str, ...], directory: Path) -> None:
    """Run one command and draw what it printed."""
    program = Path(sys.executable).with_name(command[0])
    done = subprocess.run([program, *command[1:]], cwd=directory, capture_output=True, text=True, check=True)
    console.print(Text(f"$ {' '.join(command)}", style="bold"))
    for line in done.stdout.strip().splitlines():
        console.print(Text(line, style="green" if line.startswith(("✓", "All clean")) else ""))
    console.print()


if __name__ == "__main__":
    main()
