"""``panther-gen server``: the linter's fixes as an editor applies them."""

from __future__ import annotations

import pytest
from lsprotocol import types

PLUGIN = "panther/plugins/services/iut/quic/sample"
FILE = f"{PLUGIN}/sample.py"
IMPORT = "from panther.plugins.services.base import BaseServiceManager\n"
HEAD = f"{IMPORT}class Sample(BaseServiceManager):\n"
ALL = types.Range(types.Position(0, 0), types.Position(99, 0))
MISSPELT = f"{HEAD}    é = '\N{GRINNING FACE}'\n    def _get_binary_nam(self):\n        return 'x'\n"


def apply(text, edits):
    """Return a text with edits made, as an editor does it: by UTF-16 columns, from the last to the first."""
    for one in sorted(edits, key=lambda edit: (edit.range.start.line, edit.range.start.character))[::-1]:
        text = text[: offset(text, one.range.start)] + one.new_text + text[offset(text, one.range.end) :]
    return text


def offset(text, position):
    lines = text.split("\n")
    if position.line >= len(lines):
        return len(text)
    before = sum(len(line) + 1 for line in lines[: position.line])
    units = lines[position.line].encode("utf-16-le")[: 2 * position.character]
    return before + len(units.decode("utf-16-le"))


async def mending(editor, uri):
    return [
        one for one in await editor.actions(uri, ALL, ["quickfix"]) if not one.title.startswith("Ignore ")
    ]


async def fixing_all(editor, uri, kind="source.fixAll.panther-gen"):
    return await editor.actions(uri, ALL, [kind])


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("first", ["", "\ufeff", "# coding: latin-1\n"])
def test_a_fix_is_offered_and_leaves_the_file_clean(first, end, edit):
    text = f"{first}{MISSPELT}".replace("\N{GRINNING FACE}" if "latin" in first else "", "").replace(
        "\n", end
    )

    async def script(editor):
        uri = editor.open(FILE, text)
        await editor.found(uri, "PG104")
        (action,) = await mending(editor, uri)
        assert action.title == "Rename it to '_get_binary_name'"
        assert action.kind == types.CodeActionKind.QuickFix
        assert [one.code for one in action.diagnostics] == ["PG104"]
        (change,) = action.edit.document_changes
        assert change.text_document.uri == uri
        changed = apply(text, change.edits)
        assert changed == text.replace("_nam(", "_name(")
        (action,) = await fixing_all(editor, uri)
        assert apply(text, action.edit.document_changes[0].edits) == changed
        editor.change(uri, changed)
        await editor.found(uri)

    edit(script)


def test_all_safe_fixes_are_one_action_that_is_asked_for_by_kind(edit):
    text = f"{HEAD}    x = 1  # panther-gen: ignore[PG101] for nothing\n"
    text += "    y = 2  # panther-gen: ignore[PG105] nor this\n"

    async def script(editor):
        uri = editor.open(FILE, text)
        await editor.found(uri, "PG003", "PG003")
        for kind in ("source.fixAll.panther-gen", "source.fixAll", "source"):
            (action,) = await fixing_all(editor, uri, kind)
            assert action.kind == "source.fixAll.panther-gen"
        (change,) = action.edit.document_changes
        changed = apply(text, change.edits)
        assert changed == f"{HEAD}    x = 1\n    y = 2\n"
        assert await fixing_all(editor, uri, "source.fixAll.other") == []
        assert not [
            one for one in await editor.actions(uri, ALL) if one.kind != types.CodeActionKind.QuickFix
        ]
        editor.change(uri, changed)
        await editor.found(uri)
        assert await fixing_all(editor, uri) == []

    edit(script)


def test_a_fix_sees_what_is_not_saved_and_the_settings(edit, workspace):
    workspace(
        {
            "base.py": "class Base: ...\n",
            "own.py": "",
            "pyproject.toml": '[tool.panther-gen.lint]\nignore = ["PG003"]\n',
        }
    )
    text = "from base import Base\nclass Own(Base):\n    def _get_binary_nam(self): ...\n"
    text += "    x = 1  # panther-gen: ignore[PG101] for nothing\n"

    async def script(editor):
        editor.open("base.py", f"{IMPORT}class Base(BaseServiceManager): ...\n")
        uri = editor.open("own.py", text)
        await editor.found(uri, "PG104")
        (action,) = await mending(editor, uri)
        assert action.title == "Rename it to '_get_binary_name'"
        (action,) = await fixing_all(editor, uri)
        assert apply(text, action.edit.document_changes[0].edits) == text.replace("_nam(", "_name(")

    edit(script)
