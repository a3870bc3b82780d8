"""``panther-gen server``: hovering over a method of the contract."""

from __future__ import annotations

from lsprotocol import types

IMPORT = "from panther.plugins.services.base import BaseServiceManager, RustQUICServiceManager\n"
BASE = "BaseServiceManager"
TEXT = f"""{IMPORT}
class Sample({BASE}):
    def _get_binary_name(self):
        return self._get_implementation_name()

    def _get_server_specific_args(self, **kwargs):
        \N{LATIN SMALL LETTER E WITH ACUTE} = "\N{GRINNING FACE}", super()._get_server_specific_args(**kwargs)
        return other.prepare(), prepare()

    def prepare(self): ...

    async def  generate_run_command(self): ...
    emit_event = None
"""


def place(text, needle, after=0):
    """Return line and UTF-16 column of the middle of a word."""
    before = text[: text.index(needle, after) + 3]
    return before.count("\n"), len(before.rpartition("\n")[2].encode("utf-16-le")) // 2


async def words(editor, uri, text, needle, after=0):
    found = await editor.hover(uri, *place(text, needle, after))
    return None if found is None else found.contents.value


def test_a_template_method_is_described_with_signature_kind_and_owner(edit):
    async def script(editor):
        uri = editor.open("own.py", TEXT)
        found = await editor.hover(uri, *place(TEXT, "_get_binary_name"))
        assert found.contents.kind is types.MarkupKind.Markdown
        lines = found.contents.value.split("\n")
        assert lines[:3] == ["```python", "def _get_binary_name(self) -> str", "```"]
        assert "**Template method**, required: a plugin has to define it." in lines
        owner = "panther.plugins.services.base.service_manager_base"
        assert f"Declared by `{BASE}` in `{owner}`." in lines
        assert lines[-1].endswith("."), "the first line of the docstring"
        start, end = types.Position(3, 8), types.Position(3, 24)
        assert found.range == types.Range(start, end)

    edit(script)


MEMBERS = [
    ("_get_implementation_name", "**Template method**, required"),
    ("_get_server_specific_args(self", "**Template method**, optional: a plugin may override it."),
    ("_get_server_specific_args(**", "**Template method**, optional"),
    (
        "prepare(self)",
        "**Workflow method**: a plugin must not override it. Override `_do_prepare` instead.",
    ),
    ("generate_run_command", "**Workflow method**"),
    ("emit_event", "**Workflow method**"),
]


def test_wherever_a_member_is_named(edit):
    async def script(editor):
        uri = editor.open("own.py", TEXT)
        for needle, expected in MEMBERS:
            assert expected in await words(editor, uri, TEXT, needle), needle

    edit(script)


def test_what_is_no_member_is_not_described(edit):
    async def script(editor):
        uri = editor.open("own.py", TEXT)
        for needle in ("prepare(), ", "prepare()\n", "class", "kwargs", BASE, "return"):
            assert await words(editor, uri, TEXT, needle) is None, needle

    edit(script)


def test_the_base_class_may_be_in_another_buffer_that_is_not_saved(edit, workspace):
    workspace({"base.py": "class Base: ...\n"})
    base = (
        "from panther.plugins.services.base import BaseServiceManager\n"
        "from panther.plugins.services.base.contract import template_method\n\n"
        "class Base(BaseServiceManager):\n"
        "    @template_method\n"
        "    def own(self, *, fast: bool = False) -> list[str]:\n"
        '        """Say what is ours.\n\n        More.\n        """\n'
    )
    text = "from base import Base\n\nclass Own(Base):\n"
    text += "    def own(self): ...\n    def _get_binary_name(self): ...\n"

    async def script(editor):
        editor.open("base.py", base)
        uri = editor.open("own.py", text)
        said = await words(editor, uri, text, "own(self)")
        assert "def own(self, *, fast: bool=False) -> list[str]" in said
        assert "Declared by `Base` in `base`." in said
        assert said.endswith("Say what is ours.")
        assert f"Declared by `{BASE}`" in await words(editor, uri, text, "_get_binary_name")

    edit(script)


def test_a_line_that_is_being_written_is_no_hindrance(edit):
    text = f"{IMPORT}class Sample({BASE}):\n    def _get_binary_name(self): ...\n"

    async def script(editor):
        uri = editor.open("own.py", text)
        for line in ("    def broken(", "    x = (", "        oops oops"):
            editor.change(uri, text + line)
            assert await editor.hover(uri, 3, 9) is None
            editor.change(uri, text)
            assert "required" in await words(editor, uri, text, "_get_binary_name")

    edit(script)


def test_an_editor_without_markdown_gets_plain_text(edit):
    async def script(editor):
        uri = editor.open("own.py", TEXT)
        found = await editor.hover(uri, 3, 10)
        assert found.contents.kind is types.MarkupKind.PlainText
        assert found.contents.value.startswith("def _get_binary_name(self) -> str\nTemplate method, required")
        assert "`" not in found.contents.value

    edit(script, types.ClientCapabilities())


def test_there_is_nothing_where_there_is_no_class(edit):
    async def script(editor):
        for uri in (editor.open("a.md", "x", "markdown"), editor.open("a.py", ""), editor.uri("b.py")):
            assert await editor.hover(uri, 0, 0) is None
            assert await editor.hover(uri, 99, 99) is None
            assert await editor.complete(uri, 99, 99) == []

    edit(script)
