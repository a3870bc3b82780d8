"""What a build prints, read while it is printed: the step that failed, and its last lines."""

from __future__ import annotations

import re
from collections import deque

__all__ = ["BuildLog"]

_LAST_LINES = 20
# BuildKit's plain progress: "#7 [build 2/4] RUN make", "#7 0.31 text", "#7 ERROR: exit code: 1".
_VERTEX = re.compile(r"#(\d+) (.*)")
_STEP = re.compile(r"\[.+\] ")
_TIMED = re.compile(r"\d+\.\d+ (.*)")
_ERROR = re.compile(r"ERROR: (.*)")
# The old builder's: "Step 3/9 : RUN make", then text, then "The command '…' returned a non-zero code: 2".
_OLD_STEP = re.compile(r"Step \d+/\d+ : ")


class BuildLog:
    """Collects the lines of one build."""

    def __init__(self) -> None:
        self._last = deque[str](maxlen=_LAST_LINES)
        self._steps: dict[str, str] = {}
        self._output: dict[str, deque[str]] = {}
        self._failed = ""
        self._error = ""
        self._old_step = ""

    def add(self, line: str) -> None:
        """Take a line."""
        if vertex := _VERTEX.fullmatch(line):
            self._add_of(vertex[1], vertex[2])
        elif line.strip():
            if _OLD_STEP.match(line):
                self._old_step = line
                self._last.clear()
            else:
                self._last.append(line)

    def _add_of(self, vertex: str, text: str) -> None:
        if _STEP.match(text):
            self._steps[vertex] = text
        elif error := _ERROR.match(text):
            self._failed, self._error = vertex, error[1]
        elif timed := _TIMED.fullmatch(text):
            self._output.setdefault(vertex, deque(maxlen=_LAST_LINES)).append(timed[1])

    @property
    def failed_step(self) -> str:
        """The step that failed, as the Dockerfile has it; empty if none was begun."""
        return self._steps.get(self._failed, "") or self._old_step

    @property
    def last_lines(self) -> list[str]:
        """The last lines of the step that failed; if no step did, the last lines of the build."""
        if self._failed:
            return [*self._output.get(self._failed, ()), self._error]
        return list(self._last)
