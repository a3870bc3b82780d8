"""``panther-gen server``: what an editor is told of the files that are open."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

from panther_gen.runtime import find_runtimes

PLUGIN = "panther/plugins/services/iut/quic/sample"
FILE = f"{PLUGIN}/sample.py"
IMPORT = "from panther.plugins.services.base import BaseServiceManager\n"
CLEAN = f"{IMPORT}\n\nclass Sample(BaseServiceManager):\n    x = 1\n"
WRONG = f"{IMPORT}\n\nclass Sample(BaseServiceManager):\n    def prepare(self): ...\n"
UNKNOWN = "from elsewhere import Base\nfrom panther.plugins.plugin_decorators import register_plugin\n\n\n"


def span(line, start, end):
    return types.Range(types.Position(line, start), types.Position(line, end))


def encoding(*wanted):
    return types.ClientCapabilities(general=types.GeneralClientCapabilities(position_encodings=[*wanted]))


def test_a_violation_is_shown_where_it_is_and_goes_when_it_is_mended(edit):
    async def script(editor):
        uri = editor.open(FILE, WRONG)
        (found,) = await editor.found(uri, "PG101")
        assert found.range == span(4, 8, 15)
        assert found.severity is types.DiagnosticSeverity.Error
        assert found.source == "panther-gen"
        assert found.message.startswith("'Sample' overrides the workflow method 'prepare'")
        assert "\nhelp: override '_do_prepare' instead" in found.message
        assert found.code_description is None
        version = editor.change(uri, CLEAN)
        await editor.found(uri)
        assert editor.published[uri].version == version
        editor.change(uri, WRONG)
        await editor.found(uri, "PG101")

    edit(script)


@pytest.mark.parametrize(
    ("wanted", "start"),
    [
        ([], 18),
        (["utf-16"], 18),
        (["utf-8", "utf-16"], 22),
        (["utf-32"], 17),
        (["utf-7"], 18),
    ],
    ids=["none", "utf-16", "utf-8", "utf-32", "unknown"],
)
def test_columns_count_the_units_that_were_agreed_on(wanted, start, edit):
    """An emoji is two units of UTF-16 and four of UTF-8, a combining accent is a character of its own."""
    line = '\ts = "\N{LATIN SMALL LETTER E WITH ACUTE}e\N{COMBINING ACUTE ACCENT}\N{GRINNING FACE}\t"; '
    assert len(line) == 14

    async def script(editor):
        uri = editor.open(FILE, f"{IMPORT}class Sample(BaseServiceManager):\n{line}a, prepare = 1, 2\n")
        (found,) = await editor.found(uri, "PG101")
        assert found.range == span(2, start, start + len("prepare"))

    edit(script, encoding(*wanted) if wanted else types.ClientCapabilities())


def test_lines_end_as_the_protocol_says_and_not_at_form_feeds(edit):
    text = f"{IMPORT}\f\nx = '\N{LINE SEPARATOR}\x85'\nclass Sample(BaseServiceManager):\n    prepare = 1\n"

    async def script(editor):
        for number, end in enumerate(["\r\n", "\r", "\n"]):
            uri = editor.open(f"{number}.py", text.replace("\n", end))
            (found,) = await editor.found(uri, "PG101")
            assert found.range == span(4, 4, 11)

    edit(script)


def test_the_buffer_is_taken_as_it_would_be_saved(edit):
    """The editor sends characters, whatever encoding the file declares for its bytes."""
    accent = "\N{LATIN SMALL LETTER E WITH ACUTE}\N{EURO SIGN}"

    async def script(editor):
        for declared in ("# -*- coding: latin-1 -*-\n", "\ufeff", "# coding: ascii\n", "# coding: utf-8\n"):
            text = f"{declared}{IMPORT}class S(BaseServiceManager): x, prepare = '{accent}', 2\n"
            uri = editor.open(f"{len(declared)}.py", text)
            (found,) = await editor.found(uri, "PG101")
            assert (found.range.start.character, found.range.end.character) == (32, 39), declared

    edit(script)


def test_a_byte_order_mark_counts_in_the_editor(edit):
    async def script(editor):
        uri = editor.open(FILE, "\ufeffx = (\n")
        (found,) = await editor.found(uri, "PG001")
        assert found.range.start == types.Position(0, 5)

    edit(script)


def test_a_base_class_in_another_buffer_counts_before_it_is_saved(edit, workspace):
    workspace({"shop/__init__.py": "", "shop/base.py": "class Base: ...\n", "shop/own.py": ""})

    async def script(editor):
        own = editor.open("shop/own.py", "from shop.base import Base\n\nclass Own(Base):\n    prepare = 1\n")
        await editor.found(own)
        base = editor.open("shop/base.py", "class Base: ...\n")
        await editor.found(base)
        editor.change(base, f"{IMPORT}class Base(BaseServiceManager): ...\n")
        (found,) = await editor.found(own, "PG101")
        assert found.range == span(3, 4, 11)
        assert editor.codes(base) == []
        editor.close(base)
        await editor.found(own)

    edit(script)


def test_a_new_module_that_was_never_saved_is_found_as_a_base(edit, workspace):
    workspace({"shop/__init__.py": "", "shop/own.py": ""})

    async def script(editor):
        own = editor.open("shop/own.py", "from shop.new import Base\n\nclass Own(Base):\n    prepare = 1\n")
        await editor.found(own, "PG201")
        editor.open("shop/new.py", f"{IMPORT}class Base(BaseServiceManager): ...\n")
        await editor.found(own, "PG101")

    edit(script)


def test_the_second_place_is_a_place_in_the_tree(edit, workspace):
    base = f"{IMPORT}from typing import final\nclass Base(BaseServiceManager):\n"
    base += "    @final\n    def own(self): ...\n"
    workspace({"shop/__init__.py": "", "shop/base.py": base})

    async def script(editor):
        uri = editor.open("shop/own.py", "from shop.base import Base\nclass Own(Base):\n    own = 1\n")
        (found,) = await editor.found(uri, "PG101")
        (related,) = found.related_information
        assert related.location.uri == editor.uri("shop/base.py")
        assert related.location.range == span(4, 4, 22)
        assert related.message == "'own' is a workflow method of 'Base'"

    edit(script)


def test_the_second_place_in_the_runtime_is_the_installed_file(edit):
    async def script(editor):
        uri = editor.open(FILE, WRONG)
        (found,) = await editor.found(uri, "PG101")
        (related,) = found.related_information
        (runtime,) = find_runtimes()
        path = runtime / "panther/plugins/services/base/service_manager_base.py"
        assert related.location.uri == path.as_uri()
        line = path.read_text().split("\n")[related.location.range.start.line]
        assert line.lstrip().startswith("def prepare(")

    edit(script)


def test_without_the_runtime_there_is_no_second_place(edit, bare_python):
    async def script(editor):
        uri = editor.open(FILE, WRONG)
        (found,) = await editor.found(uri, "PG101")
        assert found.related_information is None

    edit(script, python=bare_python)


def test_an_editor_that_shows_no_second_places_gets_none(edit):
    async def script(editor):
        uri = editor.open(FILE, WRONG)
        (found,) = await editor.found(uri, "PG101")
        assert found.related_information is None

    edit(script, types.ClientCapabilities())


def test_what_could_not_be_verified_is_information_and_an_error_where_the_project_is_strict(edit, workspace):
    text = f"{IMPORT}from elsewhere import Base\nclass Own(Base, BaseServiceManager): ...\n"
    workspace({"strict/pyproject.toml": "[tool.panther-gen.lint]\nstrict = true\n"})

    async def script(editor):
        mild, strict = editor.open("mild.py", text), editor.open("strict/own.py", text)
        (found,) = await editor.found(mild, "PG201")
        assert found.severity is types.DiagnosticSeverity.Information
        (found,) = await editor.found(strict, "PG201")
        assert found.severity is types.DiagnosticSeverity.Error

    edit(script)


def test_what_does_nothing_is_faded(edit):
    text = "x = 1  # panther-gen: ignore[PG101] for nothing\n"

    async def script(editor):
        uri = editor.open(FILE, text)
        (found,) = await editor.found(uri, "PG003")
        assert [*found.tags] == [types.DiagnosticTag.Unnecessary]

    edit(script)


def test_a_suppression_is_honoured(edit):
    async def script(editor):
        uri = editor.open(FILE, WRONG)
        await editor.found(uri, "PG101")
        editor.change(uri, WRONG.replace(" ...\n", " ...  # panther-gen: ignore[PG101] it is a test\n"))
        await editor.found(uri)

    edit(script)


def test_closing_clears_and_opening_again_finds_again(edit):
    async def script(editor):
        uri = editor.open(FILE, WRONG)
        await editor.found(uri, "PG101")
        editor.close(uri)
        await editor.found(uri)
        editor.open(FILE, WRONG)
        await editor.found(uri, "PG101")

    edit(script)


def test_saving_checks_again_with_what_is_on_disk(edit, workspace):
    files = {"shop/__init__.py": "", "shop/base.py": "class Base: ...\n"}
    workspace(files)

    async def script(editor):
        uri = editor.open("shop/own.py", "from shop.base import Base\nclass Own(Base):\n    prepare = 1\n")
        await editor.found(uri)
        workspace({"shop/base.py": f"{IMPORT}class Base(BaseServiceManager): ...\n"})
        editor.save(uri)
        await editor.found(uri, "PG101")

    edit(script)


def test_files_that_change_on_disk_are_told_of_where_the_editor_can(edit, workspace):
    watching = types.ClientCapabilities(
        workspace=types.WorkspaceClientCapabilities(
            did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
        )
    )

    async def script(editor):
        uri = editor.open(FILE, WRONG)
        await editor.found(uri, "PG101")
        await editor.until(lambda: len(editor.registered) == 1)
        assert editor.registered[0].method == types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        workspace({"pyproject.toml": '[tool.panther-gen.lint]\nignore = ["PG1"]\n'})
        change = types.FileEvent(editor.uri("pyproject.toml"), types.FileChangeType.Created)
        editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))
        await editor.found(uri)

    edit(script, watching)


def test_two_plugins_are_checked_each_by_itself(edit, generated):
    generated("quic", "one")
    generated("minip", "two")
    first = "panther/plugins/services/iut/quic/one/one.py"
    second = "panther/plugins/services/iut/minip/two/two.py"

    async def script(editor):
        text = (editor.root / first).read_text()
        one = editor.open(first, text)
        two = editor.open(second, (editor.root / second).read_text())
        await editor.found(one)
        await editor.found(two)
        editor.change(one, text + "\n    def prepare(self): ...\n")
        await editor.found(one, "PG101")
        await editor.found(two)

    edit(script)


def test_files_of_a_plugin_that_are_not_python_are_checked_with_it(edit, generated):
    directory = generated("quic", "one")

    async def script(editor):
        readme = editor.open(f"{directory}/README.md", "# One\n", "markdown")
        docker = editor.open(f"{directory}/Dockerfile", 'FROM a:1\nCMD ["x"]\n', "dockerfile")
        template = editor.open(f"{directory}/templates/server_command.jinja", "{{ nothing }}\n", "jinja")
        await editor.found(template, "PG902")
        await editor.found(docker, "PG601")
        await editor.until(lambda: "PG801" in (editor.codes(readme) or ()))
        assert editor.published[readme].diagnostics[0].range == span(0, 0, 5)
        editor.change(template, "{{ port }}\n")
        await editor.found(template)
        await editor.found(docker, "PG601")

    edit(script)


def test_what_is_no_file_of_a_plugin_is_left_alone(edit):
    async def script(editor):
        notes = editor.open("README.md", "x = (", "markdown")
        stub = editor.open("own.pyi", "x = (")
        toml = editor.open("pyproject.toml", "x = (", "toml")
        uri = editor.open(FILE, WRONG)
        await editor.found(uri, "PG101")
        assert [editor.codes(one) for one in (notes, stub, toml)] == [[], [], []]

    edit(script)


def test_a_document_that_is_no_file_of_this_machine_is_left_alone(edit):
    uris = ["untitled:Untitled-1", "http://host/a.py", "file://elsewhere/a.py", "file://[/a"]

    async def script(editor):
        for uri in uris:
            editor.open("", WRONG, uri=uri)
            editor.change(uri, "x = (")
            editor.close(uri)
        file = editor.open(FILE, WRONG)
        await editor.found(file, "PG101")
        assert not any(editor.codes(uri) for uri in uris)

    edit(script)


NAMES = [b"caf\xe9.py", "sp ace/na\N{LATIN SMALL LETTER I WITH DIAERESIS}ve #1?.py".encode(), b"100%41.py"]


def test_any_name_of_a_file_will_do(edit):
    async def script(editor):
        for name in NAMES:
            uri = editor.open(name.decode(errors="surrogateescape"), WRONG)
            await editor.found(uri, "PG101")
            editor.change(uri, CLEAN)
            await editor.found(uri)

    edit(script)


def test_names_that_differ_in_bytes_that_are_not_utf_8_are_two_files(edit):
    async def script(editor):
        one, other = (
            editor.open(f"{char}.py", text) for char, text in (("\udce9", WRONG), ("\udcea", CLEAN))
        )
        await editor.found(one, "PG101")
        await editor.found(other)

    edit(script)


def test_the_spelling_of_a_uri_is_the_editors(edit):
    async def script(editor):
        uri = editor.uri("a b.py").replace("%20", "%20").replace("a%20b", "%61%20b")
        editor.open("a b.py", WRONG, uri=uri)
        await editor.found(uri, "PG101")

    edit(script)


def test_a_file_that_is_open_under_two_names_is_found_once_in_each(edit, workspace):
    root = workspace({"own.py": WRONG})
    Path(root, "link.py").symlink_to("own.py")

    async def script(editor):
        one, other = editor.open("own.py", WRONG), editor.open("link.py", WRONG)
        await editor.found(one, "PG101")
        await editor.found(other, "PG101")

    edit(script)
