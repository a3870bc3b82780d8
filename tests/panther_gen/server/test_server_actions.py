"""``panther-gen server``: what an editor can do about a finding."""

from __future__ import annotations

from lsprotocol import types

PLUGIN = "panther/plugins/services/iut/quic/sample"
FILE = f"{PLUGIN}/sample.py"
IMPORT = "from panther.plugins.services.base import BaseServiceManager\n"
HEAD = f"{IMPORT}class Sample(BaseServiceManager):\n"
WRONG = f"{HEAD}    def prepare(self): ...\n"
ALL = types.Range(types.Position(0, 0), types.Position(99, 0))


def apply(text, edits):
    """Return a text with edits made, as an editor does it: by UTF-16 columns, from the last to the first."""
    for one in sorted(
        edits, key=lambda edit: (edit.range.start.line, edit.range.start.character), reverse=True
    ):
        text = text[: offset(text, one.range.start)] + one.new_text + text[offset(text, one.range.end) :]
    return text


def offset(text, position):
    lines = text.split("\n")
    if position.line >= len(lines):
        return len(text)
    before = sum(len(line) + 1 for line in lines[: position.line])
    units = lines[position.line].encode("utf-16-le")[: 2 * position.character]
    return before + len(units.decode("utf-16-le"))


def edits_of(action, uri):
    (change,) = action.edit.document_changes
    assert change.text_document.uri == uri
    return change.edits


async def ignoring(editor, uri, span=ALL):
    actions = await editor.actions(uri, span)
    return [one for one in actions if one.title.startswith("Ignore ")]


PYTHON = [
    (WRONG, "    def prepare(self): ...  # panther-gen: ignore[PG101] reason\n"),
    (
        WRONG.replace(" ...\n", " ...   "),
        "    def prepare(self): ...  # panther-gen: ignore[PG101] reason",
    ),
    (
        f"{HEAD}    s, prepare = '\N{GRINNING FACE}', 1  # noqa\n",
        "    s, prepare = '\N{GRINNING FACE}', 1  # noqa  # panther-gen: ignore[PG101] reason\n",
    ),
    (
        f"{HEAD}    prepare = 1  # panther-gen: ignore[PG101]\n",
        "    prepare = 1  # panther-gen: ignore[PG101] reason\n",
    ),
    (
        f"{HEAD}    prepare = emit_event = 1  # panther-gen: ignore[PG105] so\n",
        "    prepare = emit_event = 1  # panther-gen: ignore[PG105, PG101] so\n",
    ),
    (
        f'{HEAD}    prepare = ("""one\n# two\n    """)\n',
        None,
    ),
    (f"{HEAD}    x, prepare = 1, \\\n        2\n", None),
    (
        f"{HEAD}    prepare = (\n        1,\n    )\n",
        "    prepare = (  # panther-gen: ignore[PG101] reason\n        1,\n    )\n",
    ),
]


def test_a_finding_can_be_ignored_with_a_reason(edit):
    async def script(editor):
        for number, (text, expected) in enumerate(PYTHON):
            uri = editor.open(f"{number}.py", text)
            await editor.until(lambda uri=uri: "PG101" in (editor.codes(uri) or ()))
            actions = [one for one in await ignoring(editor, uri) if "PG101" in one.title]
            if expected is None:
                assert actions == []
                continue
            action = actions[0]
            assert action.kind == types.CodeActionKind.QuickFix
            assert [one.code for one in action.diagnostics] == ["PG101"]
            changed = apply(text, edits_of(action, uri))
            assert changed == HEAD + expected
            editor.change(uri, changed)
            await editor.until(lambda uri=uri: "PG101" not in editor.codes(uri))

    edit(script)


OTHERS = [
    (
        "README.md",
        "# One\n",
        "PG801",
        "<!-- panther-gen: ignore[PG801] reason -->\n# One\n",
    ),
    (
        "Dockerfile",
        'FROM a:1\nCMD ["x"]\n',
        "PG601",
        '# panther-gen: ignore[PG601] reason\nFROM a:1\nCMD ["x"]\n',
    ),
    (
        "templates/server_command.jinja",
        "{{ nothing }} \\\n--port {{ port }}\n",
        "PG902",
        "{{ nothing }} {# panther-gen: ignore[PG902] reason #} \\\n--port {{ port }}\n",
    ),
    (
        "templates/server_command.jinja",
        "{{ nothing }} {# panther-gen: ignore[PG901] so #}\n",
        "PG902",
        "{{ nothing }} {# panther-gen: ignore[PG901, PG902] so #}\n",
    ),
    (
        "Dockerfile",
        '# panther-gen: ignore[PG602]\nFROM a:1\nCMD ["x"]\n',
        "PG601",
        '# panther-gen: ignore[PG602, PG601] reason\nFROM a:1\nCMD ["x"]\n',
    ),
]


def test_files_that_are_not_python_spell_it_their_own_way(edit, generated):
    directory = generated("quic", "one")

    async def script(editor):
        for name, text, code, expected in OTHERS:
            uri = editor.open(f"{directory}/{name}", text, "plaintext")
            await editor.until(lambda uri=uri, code=code: code in (editor.codes(uri) or ()))
            action = next(one for one in await ignoring(editor, uri) if code in one.title)
            changed = apply(text, edits_of(action, uri))
            assert changed == expected
            editor.change(uri, changed)
            await editor.until(lambda uri=uri, code=code: code not in editor.codes(uri))
            editor.close(uri)
            await editor.found(uri)

    edit(script)


def test_a_file_that_cannot_be_parsed_cannot_be_ignored(edit):
    async def script(editor):
        uri = editor.open(FILE, "x = (\n")
        await editor.found(uri, "PG001")
        assert await ignoring(editor, uri) == []

    edit(script)


def test_actions_are_those_of_the_range_and_the_kind_that_are_asked_for(edit):
    text = f"{HEAD}    prepare = 1\n    emit_event = 2\n"

    async def script(editor):
        uri = editor.open(FILE, text)
        await editor.found(uri, "PG101", "PG101")
        line = types.Range(types.Position(3, 6), types.Position(3, 6))
        (action,) = await ignoring(editor, uri, line)
        assert edits_of(action, uri)[0].range.start.line == 3
        assert await editor.actions(uri, types.Range(types.Position(1, 0), types.Position(1, 3))) == []
        assert await editor.actions(uri, line, ["refactor"]) == []
        assert await editor.actions(uri, line, ["source.organizeImports"]) == []
        assert len(await editor.actions(uri, line, ["quickfix"])) == len(await editor.actions(uri, line))

    edit(script)


def test_actions_wait_for_the_check_of_what_was_changed_last(edit):
    async def script(editor):
        uri = editor.open(FILE, "x = 1\n")
        version = editor.change(uri, WRONG)
        (action,) = await ignoring(editor, uri)
        assert action.edit.document_changes[0].text_document.version == version

    edit(script)


def test_an_editor_that_takes_no_versions_gets_plain_changes(edit):
    plain = types.ClientCapabilities(
        text_document=types.TextDocumentClientCapabilities(
            code_action=types.CodeActionClientCapabilities(
                code_action_literal_support=types.ClientCodeActionLiteralOptions(
                    types.ClientCodeActionKindOptions([types.CodeActionKind.QuickFix])
                )
            )
        )
    )

    async def script(editor):
        uri = editor.open(FILE, WRONG)
        (action,) = await ignoring(editor, uri)
        assert apply(WRONG, action.edit.changes[uri]).endswith("ignore[PG101] reason\n")

    edit(script, plain)


def test_an_editor_that_takes_commands_only_gets_none(edit):
    async def script(editor):
        uri = editor.open(FILE, WRONG)
        await editor.found(uri, "PG101")
        assert await editor.actions(uri, ALL) == []

    edit(script, types.ClientCapabilities())
