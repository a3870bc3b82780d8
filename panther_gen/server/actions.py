"""Code actions: a fix of the linter, the comment that leaves a finding out, and all safe fixes at once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from lsprotocol import types

from panther_gen.lint.model import Finding, Span
from panther_gen.server.checking import Checked, Outcome
from panther_gen.server.client import Client
from panther_gen.server.diagnostics import SOURCE, diagnostics_of
from panther_gen.server.documents import Document
from panther_gen.server.fixes import Change, fixed, fixes_for
from panther_gen.server.positions import Positions
from panther_gen.server.suppress import suppression
from panther_gen.server.uris import uri_of

__all__ = ["FIX_ALL", "KINDS", "Actions"]

#: All safe fixes of a document at once, as editors ask for it on saving.
FIX_ALL = "source.fixAll.panther-gen"

#: The kinds of actions that there are.
KINDS: tuple[types.CodeActionKind | str, ...] = (types.CodeActionKind.QuickFix, FIX_ALL)

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")

_Edits = Iterable[tuple[Path, Span, str]]


class Actions:
    """The actions that the outcome of one check allows.

    Args:
        outcome: of the check.
        client: decides about units and the form of edits.
    """

    def __init__(self, outcome: Outcome, client: Client) -> None:
        self._results = {result.document.path: result for result in outcome.results}
        self._client = client

    @property
    def _documents(self) -> list[Document]:
        return [result.document for result in self._results.values()]

    def at(
        self, document: Document, wanted: types.Range, only: Collection[str] | None
    ) -> list[types.CodeAction]:
        """Return the actions for a range of a document.

        Args:
            document: as it was checked.
            wanted: the range; of the findings, those that touch it.
            only: the kinds that are asked for; None: those that an editor shows by itself.
        """
        result = self._results.get(document.path)
        if result is None or not self._client.actions:
            return []
        actions: list[types.CodeAction] = []
        if _asks(only, types.CodeActionKind.QuickFix.value):
            actions += self._quick_fixes(result, wanted)
        if only is not None and _asks(only, FIX_ALL):
            actions += self._fix_all(result)
        return actions

    def _quick_fixes(self, result: Checked, wanted: types.Range) -> Iterator[types.CodeAction]:
        shown = diagnostics_of(result, self._client, self._results)
        touched = {
            id(finding): (finding, diagnostic)
            for finding, diagnostic in zip(result.findings, shown, strict=True)
            if _touches(diagnostic.range, wanted)
        }
        contents = {document.path: document.content for document in self._documents}
        changes = fixes_for((finding for finding, _ in touched.values()), contents)
        for change in changes:
            yield self._mending(change, touched[id(change.finding)][1])
        for finding, diagnostic in touched.values():
            edit = self._suppressing(result.document, finding)
            if edit is not None:
                title = f"Ignore {finding.code} here, for a reason that you give"
                yield self._action(title, types.CodeActionKind.QuickFix, edit, diagnostic)

    def _mending(self, change: Change, diagnostic: types.Diagnostic) -> types.CodeAction:
        title = change.title[:1].upper() + change.title[1:]
        edit = self._edit(change.edits)
        return self._action(
            title, types.CodeActionKind.QuickFix, edit, diagnostic, is_preferred=change.is_safe or None
        )

    def _suppressing(self, document: Document, finding: Finding) -> types.WorkspaceEdit | None:
        positions = Positions(document.text, self._client.encoding)
        lines = [positions.line(number + 1) for number in range(len(positions.lines))]
        edit = suppression(finding, document.path, lines)
        return None if edit is None else self._edit([(document.path, edit.span, edit.text)])

    def _fix_all(self, result: Checked) -> Iterator[types.CodeAction]:
        document = result.document
        text = fixed(document, self._documents, result.project)
        if text != document.text:
            edit = self._edit([(document.path, *_difference(document.text, text))])
            yield types.CodeAction(f"Make all safe fixes of {SOURCE}", kind=FIX_ALL, edit=edit)

    def _action(
        self,
        title: str,
        kind: types.CodeActionKind,
        edit: types.WorkspaceEdit,
        diagnostic: types.Diagnostic,
        *,
        is_preferred: bool | None = None,
    ) -> types.CodeAction:
        return types.CodeAction(
            title, kind=kind, diagnostics=[diagnostic], edit=edit, is_preferred=is_preferred
        )

    def _edit(self, edits: _Edits) -> types.WorkspaceEdit:
        by_path: dict[Path, list[types.TextEdit]] = {}
        for path, span, text in edits:
            positions = Positions(self._text(path), self._client.encoding)
            by_path.setdefault(path, []).append(types.TextEdit(positions.range(span), text))
        if not self._client.versioned_edits:
            return types.WorkspaceEdit(changes={self._uri(path): found for path, found in by_path.items()})
        changed = [
            types.TextDocumentEdit(
                types.OptionalVersionedTextDocumentIdentifier(self._uri(path), self._version(path)), [*found]
            )
            for path, found in by_path.items()
        ]
        return types.WorkspaceEdit(document_changes=changed)

    def _uri(self, path: Path) -> str:
        return self._results[path].document.uri if path in self._results else uri_of(path)

    def _version(self, path: Path) -> int | None:
        return self._results[path].document.version if path in self._results else None

    def _text(self, path: Path) -> str:
        if path in self._results:
            return self._results[path].document.text
        return path.read_bytes().decode("utf-8", "replace")


def _asks(only: Collection[str] | None, kind: str) -> bool:
    """Tell whether a kind is asked for; who asks for ``source`` also asks for ``source.fixAll``."""
    return only is None or any(kind == one or kind.startswith(f"{one}.") or not one for one in only)


def _touches(one: types.Range, other: types.Range) -> bool:
    return _key(one.start) <= _key(other.end) and _key(other.start) <= _key(one.end)


def _key(position: types.Position) -> tuple[int, int]:
    return position.line, position.character


def _difference(old: str, new: str) -> tuple[Span, str]:
    """Return the lines that differ between two texts, and what comes in their place."""
    was, becomes = _whole_lines(old), _whole_lines(new)
    limit = min(len(was), len(becomes))
    same = next((n for n in range(limit) if was[n] != becomes[n]), limit)
    rest = limit - same
    tail = next((n for n in range(rest) if was[-1 - n] != becomes[-1 - n]), rest)
    span = Span(same + 1, 1, len(was) - tail + 1, 1)
    return span, "".join(becomes[same : len(becomes) - tail])


def _whole_lines(text: str) -> list[str]:
    return _LINE.findall(text.removeprefix("\ufeff"))
