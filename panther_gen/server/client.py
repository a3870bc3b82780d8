"""What the editor can do, as it said when it connected."""

from __future__ import annotations

from dataclasses import dataclass

from lsprotocol import types

__all__ = ["Client", "plain"]


@dataclass(frozen=True, slots=True)
class Client:
    """The capabilities that change what is sent; without any it is the plainest editor.

    Attributes:
        encoding: the code units of positions: ``utf-8``, ``utf-16`` or ``utf-32``.
        related: it shows second places of a diagnostic.
        tags: the tags of diagnostics that it shows.
        actions: it takes code actions with edits, not only commands.
        versioned_edits: it takes edits that name the version that they are for.
        markdown_hover: it shows Markdown on hovering.
        markdown_completion: it shows Markdown beside a completion.
        snippets: it fills in the blanks of a completion.
        watches: it can be asked to tell of files that change on disk.
    """

    encoding: str = "utf-16"
    related: bool = False
    tags: frozenset[types.DiagnosticTag] = frozenset()
    actions: bool = False
    versioned_edits: bool = False
    markdown_hover: bool = False
    markdown_completion: bool = False
    snippets: bool = False
    watches: bool = False

    @classmethod
    def read(cls, capabilities: types.ClientCapabilities, encoding: str) -> Client:
        """Return what an editor's capabilities say.

        Args:
            capabilities: from its ``initialize`` request.
            encoding: the code units of positions that were agreed on.
        """
        document = capabilities.text_document or types.TextDocumentClientCapabilities()
        workspace = capabilities.workspace or types.WorkspaceClientCapabilities()
        published = document.publish_diagnostics or types.PublishDiagnosticsClientCapabilities()
        action = document.code_action or types.CodeActionClientCapabilities()
        edit = workspace.workspace_edit or types.WorkspaceEditClientCapabilities()
        hover = document.hover or types.HoverClientCapabilities()
        completion = document.completion or types.CompletionClientCapabilities()
        item = completion.completion_item or types.ClientCompletionItemOptions()
        watched = workspace.did_change_watched_files or types.DidChangeWatchedFilesClientCapabilities()
        markdown = types.MarkupKind.Markdown
        return cls(
            encoding=encoding,
            related=bool(published.related_information),
            tags=frozenset(published.tag_support.value_set if published.tag_support else ()),
            actions=action.code_action_literal_support is not None,
            versioned_edits=bool(edit.document_changes),
            markdown_hover=markdown in (hover.content_format or ()),
            markdown_completion=markdown in (item.documentation_format or ()),
            snippets=bool(item.snippet_support),
            watches=bool(watched.dynamic_registration),
        )


def plain(value: object) -> str:
    """Return the text of a value that lsprotocol gives as a member of an enumeration, or as it came."""
    return str(getattr(value, "value", value))
