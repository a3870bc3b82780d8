"""The example in the documentation is a contract."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema

from panther_gen.lint.contracts.file import SCHEMA, add_contracts
from panther_gen.lint.contracts.modules import ContractModules

PAGE = Path(__file__).resolve().parents[3] / "docs" / "contracts.md"


def test_the_example_is_read(tmp_path):
    text = re.findall(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[0]
    jsonschema.validate(json.loads(text), json.loads(SCHEMA.read_text(encoding="utf-8")))
    path = tmp_path / "acme.json"
    path.write_text(text)
    modules = ContractModules()
    add_contracts(modules, [path])
    assert [one.name for one in modules["acme.base"].summary.classes] == ["Service"]
