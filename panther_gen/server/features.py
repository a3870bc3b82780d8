"""The messages that the server understands, each with what it does."""

from __future__ import annotations

from lsprotocol import types

from panther_gen.server.actions import KINDS, Actions
from panther_gen.server.app import Server
from panther_gen.server.client import plain
from panther_gen.server.completion import complete
from panther_gen.server.hover import hover

__all__ = ["make_server"]

#: Seconds to wait after a change for the next one.
_PAUSE = 0.2

#: The files on disk that can change what is found in what is open.
_WATCHED = ("**/pyproject.toml", "**/*.py", "**/*.jinja", "**/Dockerfile", "**/README.md")


def make_server() -> Server:
    """Return a server that is not connected yet."""
    server = Server()
    server.feature(types.INITIALIZE)(_initialize)
    server.feature(types.INITIALIZED)(_initialized)
    server.feature(types.SHUTDOWN)(_shutdown)
    server.feature(types.TEXT_DOCUMENT_DID_OPEN)(_did_open)
    server.feature(types.TEXT_DOCUMENT_DID_CHANGE)(_did_change)
    server.feature(types.TEXT_DOCUMENT_DID_SAVE)(_something_else_changed)
    server.feature(types.TEXT_DOCUMENT_DID_CLOSE)(_did_close)
    server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(_something_else_changed)
    server.feature(types.TEXT_DOCUMENT_HOVER)(_hover)
    server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions())(_completion)
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(KINDS))(_code_action)
    return server


# pygls passes the server to a function whose first parameter is called `ls`.


def _initialize(ls: Server, params: types.InitializeParams) -> None:
    ls.connect(params.capabilities)


def _initialized(ls: Server, params: types.InitializedParams) -> None:
    if ls.client.watches:
        watchers = [types.FileSystemWatcher(pattern) for pattern in _WATCHED]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        registration = types.Registration("panther-gen-files", method, options)
        ls.client_register_capability(types.RegistrationParams([registration]))


def _shutdown(ls: Server, params: None) -> None:
    ls.was_shut_down = True


def _did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    opened = params.text_document
    ls.documents.open(opened.uri, opened.version, opened.text, plain(opened.language_id))
    ls.schedule.ask()


def _did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    changed = params.text_document
    if params.content_changes:
        ls.documents.change(changed.uri, changed.version, params.content_changes[-1].text)
    ls.schedule.ask(_PAUSE)


def _did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    ls.documents.close(params.text_document.uri)
    ls.clear(params.text_document.uri)
    ls.schedule.ask()


def _something_else_changed(
    ls: Server,
    params: types.DidSaveTextDocumentParams | types.DidChangeWatchedFilesParams,
) -> None:
    ls.schedule.ask()


async def _hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    document = ls.documents.get(params.text_document.uri)
    if document is None or not document.is_python:
        return None
    return await ls.in_background(hover, document, tuple(ls.documents), params.position, ls.client)


async def _completion(ls: Server, params: types.CompletionParams) -> list[types.CompletionItem]:
    document = ls.documents.get(params.text_document.uri)
    if document is None or not document.is_python:
        return []
    return await ls.in_background(complete, document, tuple(ls.documents), params.position, ls.client)


async def _code_action(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    document = ls.documents.get(params.text_document.uri)
    outcome = await ls.settled_outcome(document) if document is not None else None
    if document is None or outcome is None:
        return []
    only = None if params.context.only is None else [plain(kind) for kind in params.context.only]
    return await ls.in_background(Actions(outcome, ls.client).at, document, params.range, only)
