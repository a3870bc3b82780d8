"""``panther-gen server``: what an editor is told of the files that are open."""

from __future__ import annotations

from lsprotocol import types

PLUGIN = "panther/plugins/services/iut/quic/sample"
FILE = f"{PLUGIN}/sample.py"
IMPORT = "from panther.plugins.services.base import BaseServiceManager\n"
CLEAN = f"{IMPORT}\n\nclass Sample(BaseServiceManager):\n    x = 1\n"
WRONG = f"{IMPORT}\n\nclass Sample(BaseServiceManager):\n    def prepare(self): ...\n"


def span(line, start, end):
    return types.Range(types.Position(line, start), types.Position(line, end))


def test_a_violation_is_shown_where_it_is_and_goes_when_it_is_mended(edit):
    async def script(editor):
        uri = editor.open(FILE, WRONG)
        (found,) = await editor.found(uri, "PG101")
        assert found.range == span(4, 8, 15)
        assert found.severity is types.DiagnosticSeverity.Error
        assert found.source == "panther-gen"
        assert found.message.startswith("'Sample' overrides the workflow method 'prepare'")
        assert "\nhelp: override '_do_prepare' instead" in found.message
        version = editor.change(uri, CLEAN)
        await editor.found(uri)
        assert editor.published[uri].version == version

    edit(script)
