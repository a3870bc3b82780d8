"""The server: what each message of the editor leads to.

Messages are handled one after the other on the event loop and only note what changed. Checking, hovering and
the like run on one worker thread, one at a time, so that the server answers while it checks, and nothing
below has to be safe for threads.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.exceptions import FeatureNotificationError, FeatureRequestError
from pygls.lsp.server import LanguageServer

from panther_gen import __version__
from panther_gen.server.checking import Checker, Outcome
from panther_gen.server.client import Client, plain
from panther_gen.server.diagnostics import SOURCE, diagnostics_of, problem_diagnostic, sendable
from panther_gen.server.documents import Document, Documents
from panther_gen.server.projects import Problem
from panther_gen.server.schedule import Schedule
from panther_gen.server.uris import path_of, uri_of

__all__ = ["Server"]

_LOG = logging.getLogger("panther_gen.server")
_T = TypeVar("_T")


class Server(LanguageServer):
    """The state of one connection.

    Attributes:
        client: what the editor can do.
        documents: what is open.
        schedule: when to check.
        outcome: of the last check that ended well.
        was_shut_down: the editor has said that it will end the server.
    """

    def __init__(self) -> None:
        # Whole texts: pygls applies changes of parts to lines that it also ends at form feeds, which
        # the protocol does not.
        super().__init__(SOURCE, __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.client = Client()
        self.documents = Documents()
        self.schedule = Schedule(self._check)
        self.outcome = Outcome((), ())
        self.was_shut_down = False
        self._checker = Checker()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="panther-gen")
        self._told: set[Problem] = set()
        self._troubled: set[Path] = set()

    def connect(self, capabilities: types.ClientCapabilities) -> None:
        """Take in what the editor can do, and work in the root of its workspace."""
        self.client = Client.read(capabilities, plain(self.workspace.position_encoding))
        folders = [folder.uri for folder in self.workspace.folders.values()]
        root = next(iter(folders), self.workspace.root_uri)
        path = path_of(root) if root else None
        if path is not None and path.is_dir():
            os.chdir(path)

    async def in_background(self, work: Callable[..., _T], *arguments: Any) -> _T:
        """Do a piece of work on the worker thread, after what it has to do already."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, work, *arguments)

    async def settled_outcome(self, document: Document) -> Outcome | None:
        """Return the outcome of a check of everything as it is now; None if that check failed."""
        await self.schedule.settled()
        is_known = any(result.document is document for result in self.outcome.results)
        return self.outcome if is_known and self.documents.is_current(document) else None

    def clear(self, uri: str) -> None:
        """Take back what was found in a document."""
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    def log(self, message: str) -> None:
        """Write to the editor's log."""
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, sendable(message)))

    def stop(self) -> None:
        """Let go of the worker; what it does now ends by itself."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log what pygls could not do, such as read a message; a window would be in the user's way."""
        is_own_fault = source in {FeatureNotificationError, FeatureRequestError}
        _LOG.error("%s: %s", source.__name__, error, exc_info=is_own_fault)
        self.log(f"panther-gen: {error}")

    async def _check(self) -> None:
        documents = tuple(self.documents)
        try:
            outcome, diagnostics = await self.in_background(self._find, documents)
        except Exception as error:  # noqa: BLE001 - whatever it is, the server lives on
            _LOG.exception("a check failed")
            self.log(f"panther-gen: a check failed, please report it: {type(error).__name__}: {error}")
            return
        self.outcome = outcome
        for document, found in zip(documents, diagnostics, strict=True):
            if self.documents.is_current(document):  # else another check is on its way
                self.text_document_publish_diagnostics(
                    types.PublishDiagnosticsParams(document.uri, found, document.version)
                )
        self._tell(outcome.problems)

    def _find(self, documents: tuple[Document, ...]) -> tuple[Outcome, list[list[types.Diagnostic]]]:
        outcome = self._checker.check(documents)
        paths = {document.path for document in documents}
        return outcome, [diagnostics_of(result, self.client, paths) for result in outcome.results]

    def _tell(self, problems: tuple[Problem, ...]) -> None:
        """Show what is wrong with settings: each once in a window, all of them in the files."""
        by_path: dict[Path, list[types.Diagnostic]] = {}
        for problem in problems:
            if problem.path is not None:
                diagnostic = problem_diagnostic(problem, self.client.encoding)
                by_path.setdefault(problem.path, []).append(diagnostic)
            if problem not in self._told:
                where = f"{problem.path}:{problem.line}: " if problem.path is not None else ""
                message = f"panther-gen: {where}{problem.message}"
                self.window_show_message(types.ShowMessageParams(types.MessageType.Error, sendable(message)))
        for path in self._troubled - by_path.keys():
            self.clear(uri_of(path))
        for path, found in by_path.items():
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri_of(path), found))
        self._told, self._troubled = set(problems), set(by_path)
