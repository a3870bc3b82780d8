"""The linter finds nothing in the guide's classes, configurations and tests, but what the guide warns of."""

from __future__ import annotations

from guidebook.contexts import PROTOCOL_DIRECTORY, PROTOCOL_PLUGIN, QUIC_PLUGIN, TESTER_PLUGIN
from guidebook.guide import Guide
from guidebook.table import TABLE
from guidebook.workshop import Printed, Workshop

#: "Avoid duplicating base class functionality": it overrides a workflow method.
AVOIDED = 856

#: Whole plugins, with their tests.
PLUGINS: dict[str, str | Printed] = {
    **PROTOCOL_PLUGIN,
    **QUIC_PLUGIN,
    **TESTER_PLUGIN,
    f"{PROTOCOL_DIRECTORY}/tests/test_your_implementation.py": Printed(706),
    f"{PROTOCOL_DIRECTORY}/tests/test_integration.py": Printed(750),
}


def test_the_linter_finds_nothing_in_the_guides_python(guide: Guide, workshop: Workshop):
    in_plugins = {content.line for content in PLUGINS.values() if isinstance(content, Printed)}
    others = [
        row.line for row in TABLE if row.language == "python" and row.line not in in_plugins | {AVOIDED}
    ]
    workshop.install({**PLUGINS, **{f"blocks/line_{line}.py": Printed(line) for line in others}})
    done = workshop.python("-m", "panther_gen", "lint", ".")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_linter_finds_what_the_guide_warns_of(workshop: Workshop):
    workshop.install({"avoided.py": Printed(AVOIDED)})
    done = workshop.python("-m", "panther_gen", "lint", ".")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "generate_run_command" in done.stdout
