"""``docs/editors.md``: what it tells people to paste can be parsed, and starts the server."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[3] / "docs" / "editors.md"
BLOCKS = dict(
    re.findall(r"^```(\w+)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
)
PAIRS = {")": "(", "]": "[", "}": "{"}
#: Strings and comments; then brackets, and in Lua the words that open and close a block.
TOKENS = {
    "lua": r'"(?:\\.|[^"\\\n])*"|--[^\n]*|[][(){}]|\b(?:function|do|then|end)\b',
    "elisp": r'"(?:\\.|[^"\\])*"|;[^\n]*|[][()]',
}


@pytest.mark.parametrize("language", ["json", "lua", "toml", "elisp"])
def test_every_editor_starts_the_server(language):
    assert re.search(r'"panther-gen"', BLOCKS[language])
    assert re.search(r'"server"', BLOCKS[language])


def test_json_and_toml_are_that():
    assert json.loads(BLOCKS["json"])["glspc.server.commandArguments"] == ["server"]
    helix = tomllib.loads(BLOCKS["toml"])
    assert helix["language-server"]["panther-gen"] == {"command": "panther-gen", "args": ["server"]}
    assert all("panther-gen" in language["language-servers"] for language in helix["language"])


@pytest.mark.parametrize("language", ["lua", "elisp"])
def test_what_is_opened_is_closed(language):
    opened = []
    for token in re.findall(TOKENS[language], BLOCKS[language]):
        if token in {"function", "do", "then"} | set(PAIRS.values()):
            opened.append(token)
        elif token == "end":
            assert opened.pop() in {"function", "do", "then"}
        elif token in PAIRS:
            assert opened.pop() == PAIRS[token]
    assert opened == []


def test_the_action_that_it_names_is_the_servers():
    from panther_gen.server.actions import FIX_ALL

    for language in ("json", "lua"):
        assert f'"{FIX_ALL}"' in BLOCKS[language]
