"""YAML that people read and edit: everything is written out, in the order in which it was said."""

from __future__ import annotations

from typing import Any

import yaml

__all__ = ["yaml_text"]


def yaml_text(document: object, *, width: int) -> str:
    """Return a document as YAML without aliases.

    Args:
        document: mappings, lists and scalars.
        width: characters after which a long text goes on in the next line.
    """
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=width)


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True
