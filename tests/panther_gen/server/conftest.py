"""A real editor's side: pygls' client, which starts the server as a process and talks to it over pipes."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.lsp.client import LanguageClient

COMMAND = ("-m", "panther_gen", "server")
#: Seconds after which a test that waits in vain fails; no test measures time.
PATIENCE = 60

#: What a capable editor says of itself.
CAPABLE = types.ClientCapabilities(
    general=types.GeneralClientCapabilities(position_encodings=["utf-16"]),
    text_document=types.TextDocumentClientCapabilities(
        publish_diagnostics=types.PublishDiagnosticsClientCapabilities(
            related_information=True,
            tag_support=types.ClientDiagnosticsTagOptions([types.DiagnosticTag.Unnecessary]),
        ),
        code_action=types.CodeActionClientCapabilities(
            code_action_literal_support=types.ClientCodeActionLiteralOptions(
                types.ClientCodeActionKindOptions([types.CodeActionKind.QuickFix])
            )
        ),
        hover=types.HoverClientCapabilities(content_format=[types.MarkupKind.Markdown]),
        completion=types.CompletionClientCapabilities(
            completion_item=types.ClientCompletionItemOptions(
                snippet_support=True, documentation_format=[types.MarkupKind.Markdown]
            )
        ),
    ),
    workspace=types.WorkspaceClientCapabilities(
        workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True)
    ),
)


class Editor:
    """One connection to a server.

    Attributes:
        root: the directory of the workspace.
        published: the diagnostics that each URI was sent last.
        shown: the messages that were shown in a window.
        logged: the messages that were logged.
        registered: what the server asked the editor to tell of.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.client = LanguageClient("editor", "1")
        self.published: dict[str, types.PublishDiagnosticsParams] = {}
        self.shown: list[str] = []
        self.logged: list[str] = []
        self.registered: list[types.Registration] = []
        self._changed = asyncio.Event()
        self._version = 0
        self.capabilities: types.ServerCapabilities = types.ServerCapabilities()
        self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(self._listener(self._publish))
        self.client.feature(types.WINDOW_SHOW_MESSAGE)(
            self._listener(lambda params: self.shown.append(params.message))
        )
        self.client.feature(types.WINDOW_LOG_MESSAGE)(
            self._listener(lambda params: self.logged.append(params.message))
        )
        self.client.feature(types.CLIENT_REGISTER_CAPABILITY)(
            self._listener(lambda params: self.registered.extend(params.registrations))
        )

    def _listener(self, take: Callable[[Any], None]) -> Callable[[Any], None]:
        def listen(params: Any) -> None:
            take(params)
            self._changed.set()

        return listen

    def _publish(self, params: types.PublishDiagnosticsParams) -> None:
        self.published[params.uri] = params

    @property
    def process(self) -> asyncio.subprocess.Process:
        """The server."""
        assert self.client._server is not None
        return self.client._server

    async def start(
        self,
        capabilities: types.ClientCapabilities = CAPABLE,
        command: Sequence[str] = COMMAND,
        python: Path | str = sys.executable,
    ) -> None:
        """Start a server and shake hands with it."""
        await self.client.start_io(str(python), *command, cwd="/")
        folder = types.WorkspaceFolder(self.root.as_uri(), "workspace")
        asked = types.InitializeParams(capabilities, root_uri=folder.uri, workspace_folders=[folder])
        self.capabilities = (await self.client.initialize_async(asked)).capabilities
        self.client.initialized(types.InitializedParams())

    async def stop(self) -> int:
        """Shut the server down as an editor does; return its exit status."""
        await self.client.shutdown_async(None)
        self.client.exit(None)
        return await asyncio.wait_for(self.process.wait(), PATIENCE)

    def uri(self, name: str) -> str:
        """Return the URI of a file of the workspace."""
        return (self.root / name).as_uri()

    def open(self, name: str, text: str, language: str = "python", uri: str = "") -> str:
        """Open a document, saved or not; return its URI."""
        self._version += 1
        uri = uri or self.uri(name)
        item = types.TextDocumentItem(uri, language, self._version, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def change(self, uri: str, text: str) -> int:
        """Change a document that is open; return its version."""
        self._version += 1
        identifier = types.VersionedTextDocumentIdentifier(version=self._version, uri=uri)
        changes = [types.TextDocumentContentChangeWholeDocument(text)]
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, changes))
        return self._version

    def save(self, uri: str) -> None:
        """Tell that a document was saved."""
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri)))

    def close(self, uri: str) -> None:
        """Close a document."""
        self.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
        )

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds of what the server has sent."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not holds():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            sent = {uri: self.codes(uri) for uri in self.published}
            raise AssertionError(f"sent until now: {sent}, {self.shown}, {self.logged}") from None

    async def found(self, uri: str, *codes: str | None) -> list[types.Diagnostic]:
        """Wait until exactly these codes are found in a document; return the diagnostics."""
        await self.until(lambda: self.codes(uri) == list(codes))
        return list(self.published[uri].diagnostics)

    def codes(self, uri: str) -> list[object] | None:
        """Return the codes that were sent last for a document; None before anything was."""
        last = self.published.get(uri)
        return None if last is None else [one.code for one in last.diagnostics]

    async def actions(
        self, uri: str, span: types.Range, only: list[str] | None = None
    ) -> list[types.CodeAction]:
        """Return the code actions for a range."""
        context = types.CodeActionContext([], only=only)
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), span, context)
        answer = await asyncio.wait_for(self.client.text_document_code_action_async(params), PATIENCE)
        return [one for one in answer or () if isinstance(one, types.CodeAction)]

    async def hover(self, uri: str, line: int, character: int) -> types.Hover | None:
        """Return what hovering shows; line and character count from 0."""
        position = types.Position(line, character)
        params = types.HoverParams(types.TextDocumentIdentifier(uri), position)
        return await asyncio.wait_for(self.client.text_document_hover_async(params), PATIENCE)

    async def complete(self, uri: str, line: int, character: int) -> list[types.CompletionItem]:
        """Return what completes a position; line and character count from 0."""
        position = types.Position(line, character)
        params = types.CompletionParams(types.TextDocumentIdentifier(uri), position)
        answer = await asyncio.wait_for(self.client.text_document_completion_async(params), PATIENCE)
        assert isinstance(answer, list)
        return list(answer)


@pytest.fixture
def workspace(tmp_path: Path) -> Callable[[Mapping[str, str]], Path]:
    """Write files into the workspace; return its directory."""

    def write(files: Mapping[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / "work" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        return tmp_path / "work"

    write({"panther/plugins/services/.keep": ""})
    return write


@pytest.fixture
def edit(workspace: Callable[[Mapping[str, str]], Path]) -> Callable[..., None]:
    """Run what an editor does with a server; the server is shut down afterwards and must end with 0."""

    def run(
        script: Callable[[Editor], Any],
        capabilities: types.ClientCapabilities = CAPABLE,
        command: Sequence[str] = COMMAND,
        python: Path | str = sys.executable,
    ) -> None:
        async def session() -> None:
            editor = Editor(workspace({}))
            await editor.start(capabilities, command, python)
            try:
                await script(editor)
                assert await editor.stop() == 0
            finally:
                if editor.process.returncode is None:
                    editor.process.kill()
                await editor.client.stop()

        asyncio.run(session())

    return run


@pytest.fixture
def generated(workspace: Callable[[Mapping[str, str]], Path]) -> Callable[[str, str], str]:
    """Generate a plugin in the workspace; return its directory, relative to that."""

    def make(protocol: str, name: str) -> str:
        command = [sys.executable, "-m", "panther_gen", "new-iut", protocol, name, "--defaults"]
        subprocess.run(command, cwd=workspace({}), check=True, capture_output=True)
        return f"panther/plugins/services/iut/{protocol}/{name}"

    return make
