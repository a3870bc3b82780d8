"""``panther-gen server``: completing the template methods that a class can still override."""

from __future__ import annotations

from lsprotocol import types

IMPORT = "from panther.plugins.services.base import BaseServiceManager\n"
HEAD = f"{IMPORT}\nclass Sample(BaseServiceManager):\n    def _get_binary_name(self):\n        return 'x'\n\n"


async def completed(editor, written, after="\n", head=HEAD):
    """Complete what is written at the end of a line; return the items by label."""
    text = f"{head}{written}{after}"
    uri = editor.open("own.py", text)
    before = f"{head}{written}"
    items = await editor.complete(uri, before.count("\n"), len(before.rpartition("\n")[2]))
    return {item.label: item for item in items}


def test_template_methods_that_are_not_overridden_are_offered_in_a_class_body(edit):
    async def script(editor):
        for written in ("    ", "    _ge", "    def ", "    def _get_"):
            items = await completed(editor, written)
            assert "_get_implementation_name" in items, written
            assert "_do_prepare" in items
            assert "_get_binary_name" not in items, "it is there already"
            assert "prepare" not in items, "a workflow method"

    edit(script)


def test_the_definition_is_written_with_its_signature(edit):
    async def script(editor):
        items = await completed(editor, "    def _get_i")
        item = items["_get_implementation_name"]
        assert item.text_edit.new_text == "def _get_implementation_name(self) -> str:\n    ${0:...}"
        assert item.text_edit.range == types.Range(types.Position(6, 4), types.Position(6, 14))
        assert item.insert_text_format is types.InsertTextFormat.Snippet
        assert item.filter_text == "def _get_implementation_name"
        assert item.detail == "required template method of BaseServiceManager"
        assert "**Template method**, required" in item.documentation.value
        optional = items["_get_server_specific_args"]
        assert optional.text_edit.new_text.endswith(
            "\n    ${0:return super()._get_server_specific_args(**kwargs)}"
        )
        assert item.sort_text < optional.sort_text

    edit(script)


def test_what_is_written_is_a_plugin_that_the_linter_accepts(edit):
    """Every offered definition, written out, keeps the contract."""

    async def script(editor):
        items = await completed(editor, "    ", head=f"{IMPORT}class Sample(BaseServiceManager):\n")
        assert len(items) > 10
        bodies = "\n".join(f"    {item.text_edit.new_text}" for item in items.values())
        text = f"{IMPORT}class Sample(BaseServiceManager):\n{bodies}\n"
        compile(text, "own.py", "exec")
        uri = editor.open("whole.py", text)
        await editor.found(uri)

    edit(script, types.ClientCapabilities())


def test_the_body_is_indented_as_the_class_is(edit):
    async def script(editor):
        for indent in ("\t", "  "):
            head = f"{IMPORT}class Sample(BaseServiceManager):\n{indent}x = 1\n"
            items = await completed(editor, indent, head=head)
            assert items["_get_binary_name"].text_edit.new_text.endswith(f":\n{indent}${{0:...}}")

    edit(script)


def test_only_the_name_is_completed_where_the_parameters_are_written(edit):
    async def script(editor):
        items = await completed(editor, "    def _get_", after="x(self): ...\n")
        item = items["_get_implementation_name"]
        assert item.text_edit.new_text == "def _get_implementation_name"
        assert item.text_edit.range == types.Range(types.Position(6, 4), types.Position(6, 14))
        assert item.insert_text_format is types.InsertTextFormat.PlainText

    edit(script)


NOWHERE = [
    ("        ", f"{HEAD}    def own(self):\n"),
    ("    x = _ge", HEAD),
    ("    self._ge", HEAD),
    ("_ge", HEAD),
    ("    ", "class Own:\n"),
    ("    ", "def own():\n"),
    ("    ", "from elsewhere import Base\nclass Own(Base):\n"),
]


def test_nothing_is_offered_where_no_method_can_be_defined(edit):
    async def script(editor):
        for written, head in NOWHERE:
            assert await completed(editor, written, head=head) == {}, written + head

    edit(script)
