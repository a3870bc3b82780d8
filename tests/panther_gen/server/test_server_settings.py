"""``panther-gen server``: the settings are those of the pyproject.toml nearest to each file."""

from __future__ import annotations

import shutil
import subprocess
import sys

from lsprotocol import types

IMPORT = "from panther.plugins.services.base import BaseServiceManager\n"
WRONG = f"{IMPORT}class Sample(BaseServiceManager):\n    prepare = 1\n    def _get_binary_nam(self): ...\n"
TABLE = "[tool.panther-gen.lint]\n"


def test_each_file_has_the_settings_of_its_own_project(edit, workspace):
    workspace(
        {
            "one/pyproject.toml": f'{TABLE}ignore = ["PG101"]\n',
            "two/pyproject.toml": f'{TABLE}select = ["workflow-overridden"]\n',
            "three/pyproject.toml": f'{TABLE}exclude = ["gone"]\n[tool.panther-gen.lint.per-file-ignores]\n'
            '"here/**" = ["PG1"]\n',
        }
    )

    async def script(editor):
        one, two = editor.open("one/a/own.py", WRONG), editor.open("two/own.py", WRONG)
        here, gone = editor.open("three/here/own.py", WRONG), editor.open("three/gone/own.py", "x = (")
        free = editor.open("own.py", WRONG)
        await editor.found(free, "PG101", "PG104")
        await editor.found(one, "PG104")
        await editor.found(two, "PG101")
        await editor.found(here)
        await editor.found(gone)

    edit(script)


def test_broken_settings_are_shown_once_and_in_their_file_until_they_are_mended(edit, workspace):
    workspace({"pyproject.toml": '[project]\nname = "x"\n\n[tool.panther-gen.lint]\nignore = ["PG999"]\n'})

    async def script(editor):
        toml = editor.uri("pyproject.toml")
        uri = editor.open("own.py", WRONG)
        await editor.found(uri, "PG101", "PG104")  # settings that cannot be used do not hold
        await editor.until(lambda: toml in editor.published)
        (found,) = editor.published[toml].diagnostics
        assert found.range == types.Range(types.Position(4, 0), types.Position(4, 18))
        assert found.severity is types.DiagnosticSeverity.Error
        assert "'PG999' in 'ignore' means no rule\ncure: " in found.message
        editor.change(uri, WRONG.replace("    prepare = 1\n", ""))
        await editor.found(uri, "PG104")
        workspace({"pyproject.toml": f'{TABLE}ignore = ["PG104"]\n'})
        editor.save(uri)
        await editor.found(uri)
        await editor.found(toml)
        assert len(editor.shown) == 1
        assert "pyproject.toml:5: 'PG999'" in editor.shown[0]
        workspace({"pyproject.toml": f"{TABLE}ignore = [\n"})
        editor.save(uri)
        await editor.found(toml, None)
        await editor.until(lambda: len(editor.shown) == 2)
        await editor.found(uri)  # what held last still holds

    edit(script)


def test_settings_that_cannot_be_read_do_no_harm(edit, workspace):
    workspace({}).joinpath("pyproject.toml").symlink_to("/proc/self/mem")  # opens, and cannot be read

    async def script(editor):
        uri = editor.open("own.py", WRONG)
        await editor.found(uri, "PG101", "PG104")
        await editor.until(lambda: bool(editor.shown))
        assert "pyproject.toml' cannot be read: " in editor.shown[0]
        assert editor.published.keys() == {uri}

    edit(script)


def test_the_contracts_of_other_packages_are_those_of_the_project(edit, workspace):
    base = "from typing import final\n\nclass Base:\n    @final\n    def own(self): ...\n"
    root = workspace(
        {
            "acme/__init__.py": base,
            "with/pyproject.toml": f'{TABLE}contract = ["acme.json"]\n',
            "broken/pyproject.toml": f'{TABLE}contract = ["acme.json"]\n',
            "broken/acme.json": "{",
        }
    )
    command = [sys.executable, "-m", "panther_gen", "contract", "acme", "-o", "with/acme.json"]
    subprocess.run(command, cwd=root, check=True)
    shutil.rmtree(root / "acme")

    async def script(editor):
        text = "from acme import Base\n\nclass Own(Base):\n    def own(self): ...\n"
        own, broken = editor.open("with/own.py", text), editor.open("broken/own.py", text)
        await editor.found(own, "PG101")
        await editor.found(broken)
        await editor.until(lambda: len(editor.shown) == 1)
        assert "acme.json" in editor.shown[0]

    edit(script)
