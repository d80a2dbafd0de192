"""The server itself: the protocol's messages in, calls of the analysis, and answers out.

The loop that reads messages never waits for an analysis: these are done one after the other in a thread of
their own. Of many edits only the last text is checked.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from tie_lint import __version__
from tie_lint.errors import UsageError
from tie_lint.pipeline.failure import Failure, message
from tie_lint.server.actions import FIX_ALL, code_actions
from tie_lint.server.analysis import Analysis
from tie_lint.server.diagnostics import definitions, diagnostics
from tie_lint.server.folders import Folders
from tie_lint.server.lenses import code_lenses, hover
from tie_lint.server.open_files import OpenFiles, path_of

T = TypeVar("T")

SECTION = "tie-lint"
PAUSE = 0.03
"""Seconds without an edit after which a text is checked."""
SETTINGS_WAIT = 5.0
"""Seconds that the editor has to say its settings before a text is checked without."""
STACK = 64 * 1024 * 1024
"""Bytes of the stack of the thread that analyses; deep models nest deep."""
NOTEBOOKS = types.NotebookDocumentSyncOptions(
    notebook_selector=[types.NotebookDocumentFilterWithNotebook(notebook="jupyter-notebook")]
)
"""All cells, those of text, too: they count in the numbers of cells."""
WATCHED = ("**/pyproject.toml", "**/*tie-lint.toml", "**/setup.cfg", "**/requirements*.txt", "**/*.py")


class TieLintServer(LanguageServer):
    """The open files and what is known of them."""

    def __init__(self) -> None:
        super().__init__("tie-lint", __version__, notebook_document_sync=NOTEBOOKS)
        self.folders = Folders()
        self.analyses: dict[str, Analysis] = {}
        self.configured = asyncio.Event()
        """Set when the editor's settings are known, or it is clear that it has none."""
        self.asked_to_end = False
        """Whether the editor has said that it is about to end the server."""
        self._dirty: dict[str, None] = {}
        self._checking: asyncio.Task[None] | None = None
        self._complaint = ""
        self._published: dict[str, frozenset[str]] = {}
        """The texts of each file of which something was said."""
        before = threading.stack_size(STACK)
        self._worker = ThreadPoolExecutor(1, "tie-lint")
        self._worker.submit(lambda: None).result()
        threading.stack_size(before)

    async def work(self, task: Callable[[], T]) -> T:
        """Return the result of a task that is done after all that were there before."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, task)

    @property
    def files(self) -> OpenFiles:
        """The open files as they are now."""
        return OpenFiles(self.workspace)

    def check_soon(self, *uris: str) -> None:
        """Check files when no edit has come for a while."""
        self._dirty.update(dict.fromkeys(uris))
        if self._checking is None or self._checking.done():
            self._checking = asyncio.ensure_future(self._check_dirty())

    async def _check_dirty(self) -> None:
        while self._dirty:
            count = len(self._dirty)
            versions = self.files.versions()
            await asyncio.sleep(PAUSE)
            if versions != self.files.versions() or len(self._dirty) != count:
                continue
            uri = next(iter(self._dirty))
            del self._dirty[uri]
            analysis = await self.analyze(uri)
            if analysis is not None:
                await self.publish(analysis)

    async def analyze(self, uri: str) -> Analysis | None:
        """Return what is known of the file of an open text as it is now; None where it is none."""
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self.configured.wait(), SETTINGS_WAIT)
        files = self.files
        file = files.of(uri)
        if file is None:
            return None
        texts, known = files.texts(), self.analyses.get(file.uri)
        if known is not None and known.file.has_same_texts(file) and known.texts == texts:
            return known
        try:
            analysis = await self.work(lambda: self.folders.of(file.path).analyze(file, texts))
        except UsageError as error:
            self.complain(str(error))
            return None
        except Exception as error:
            self.report(Failure.of(error, str(file.path)))
            return None
        self.analyses[file.uri] = analysis
        return analysis

    async def publish(self, analysis: Analysis) -> None:
        """Send the findings of each text of a file, unless a newer one has come meanwhile."""
        found = await self.work(lambda: diagnostics(analysis))
        now = self.files.of(analysis.file.uri)
        if now is None or not now.has_same_texts(analysis.file):
            return
        for uri, of_text in found.items():
            self.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(uri=uri, version=now.versions[uri], diagnostics=of_text)
            )
        self.withdraw(self._published.get(now.uri, frozenset()) - found.keys())
        self._published[now.uri] = frozenset(found)
        for failure in analysis.failures:
            self.report(failure)

    def withdraw(self, uris: Iterable[str]) -> None:
        """Take back what was said of texts that are not there any more."""
        for uri in uris:
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri=uri, diagnostics=[]))

    def changed(self, uri: str) -> None:
        """Check a file whose text has changed, and the open ones that depend on it."""
        path = path_of(uri)
        depending = [
            other
            for other, known in self.analyses.items()
            if other != uri and path is not None and known.depends_on(path)
        ]
        self.check_soon(uri, *depending)

    def close(self, uri: str) -> None:
        """Forget a file that is not open any more; what depends on it now depends on the disk."""
        self.analyses.pop(uri, None)
        self._dirty.pop(uri, None)
        self.withdraw(self._published.pop(uri, frozenset()))
        self.check_soon(*self.analyses)

    def check_all(self) -> None:
        """Check every open file anew."""
        self.analyses.clear()
        self.check_soon(*self.files.uris())

    def complain(self, text: str) -> None:
        """Show what is wrong with the settings, once."""
        if text != self._complaint:
            self._complaint = text
            shown = types.ShowMessageParams(type=types.MessageType.Error, message=f"tie-lint: {text}")
            self.window_show_message(shown)

    def report(self, failure: Failure) -> None:
        """Write an internal error into the editor's log."""
        for line in message(failure):
            self.window_log_message(types.LogMessageParams(type=types.MessageType.Error, message=line))

    async def read_settings(self) -> None:
        """Ask the editor for its settings, for each workspace folder."""
        workspace = self.client_capabilities.workspace
        if workspace is None or not workspace.configuration:
            return
        uris: list[str | None] = [None, *self.workspace.folders]
        items = [types.ConfigurationItem(scope_uri=uri, section=SECTION) for uri in uris]
        found = await self.workspace_configuration_async(types.ConfigurationParams(items=items))
        for uri, given in zip(uris, found, strict=False):
            self.take_settings(None if uri is None else path_of(uri), given)

    def take_settings(self, folder: Path | None, given: object) -> None:
        """Take the editor's settings for a folder; what is wrong with them is shown."""
        try:
            self.folders.set(folder, given)
        except UsageError as error:
            self.complain(str(error))


def make_server() -> TieLintServer:
    """Return a server that answers what it is asked."""
    server = TieLintServer()
    _follow_documents(server)
    _follow_settings(server)
    _answer(server)
    return server


def _follow_documents(server: TieLintServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def opened(params: types.DidOpenTextDocumentParams) -> None:
        server.changed(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def edited(params: types.DidChangeTextDocumentParams) -> None:
        server.changed(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(params: types.DidCloseTextDocumentParams) -> None:
        server.close(params.text_document.uri)

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_OPEN)
    async def opened_notebook(params: types.DidOpenNotebookDocumentParams) -> None:
        server.changed(params.notebook_document.uri)

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CHANGE)
    async def edited_notebook(params: types.DidChangeNotebookDocumentParams) -> None:
        server.changed(params.notebook_document.uri)

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CLOSE)
    async def closed_notebook(params: types.DidCloseNotebookDocumentParams) -> None:
        server.close(params.notebook_document.uri)


def _follow_settings(server: TieLintServer) -> None:
    @server.feature(types.INITIALIZE)
    async def initialize(params: types.InitializeParams) -> None:
        if params.initialization_options:
            server.take_settings(None, params.initialization_options)

    @server.feature(types.SHUTDOWN)
    async def about_to_end(_: None) -> None:
        server.asked_to_end = True

    @server.feature(types.INITIALIZED)
    async def initialized(params: types.InitializedParams) -> None:
        try:
            await server.read_settings()
        finally:
            server.configured.set()
        wanted = list(_registrations(server.client_capabilities.workspace))
        if wanted:
            await server.client_register_capability_async(types.RegistrationParams(registrations=wanted))
        server.check_all()

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def configured(params: types.DidChangeConfigurationParams) -> None:
        given = params.settings.get(SECTION) if isinstance(params.settings, dict) else None
        if given is not None:
            server.take_settings(None, given)
        await server.read_settings()
        server.check_all()

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    async def moved(params: types.DidChangeWorkspaceFoldersParams) -> None:
        for folder in params.event.removed:
            path = path_of(folder.uri)
            if path is not None:
                server.folders.remove(path)
        await server.read_settings()
        server.check_all()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def changed_on_disk(params: types.DidChangeWatchedFilesParams) -> None:
        if any(not change.uri.endswith(".py") for change in params.changes):
            await server.work(server.folders.forget_settings)
        server.check_all()


def _registrations(workspace: types.WorkspaceClientCapabilities | None) -> Iterator[types.Registration]:
    """Ask for news of files and settings, where the editor sends them only if it is asked to."""
    files = workspace and workspace.did_change_watched_files
    if files and files.dynamic_registration:
        watchers = [types.FileSystemWatcher(glob_pattern=pattern) for pattern in WATCHED]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers=watchers)
        yield types.Registration("files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
    settings = workspace and workspace.did_change_configuration
    if settings and settings.dynamic_registration:
        section = types.DidChangeConfigurationRegistrationOptions(section=SECTION)
        yield types.Registration("settings", types.WORKSPACE_DID_CHANGE_CONFIGURATION, section)


def _answer(server: TieLintServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hovered(params: types.HoverParams) -> types.Hover | None:
        at = params.position
        return await _asked(server, params.text_document, lambda known, uri: hover(known, uri, at))

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    async def defined(params: types.DefinitionParams) -> list[types.Location]:
        at = params.position
        found = await _asked(server, params.text_document, lambda known, uri: definitions(known, uri, at))
        return found or []

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    async def lenses(params: types.CodeLensParams) -> list[types.CodeLens]:
        return await _asked(server, params.text_document, lambda known, uri: [*code_lenses(known, uri)]) or []

    kinds = types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix, FIX_ALL])

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, kinds)
    async def actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        asked, only = params.range, params.context.only
        kinds = None if only is None else [str(getattr(one, "value", one)) for one in only]

        def answer(known: Analysis, uri: str) -> list[types.CodeAction]:
            return [*code_actions(known, uri, asked, kinds)]

        return await _asked(server, params.text_document, answer) or []


async def _asked(
    server: TieLintServer, text: types.TextDocumentIdentifier, answer: Callable[[Analysis, str], T]
) -> T | None:
    """Answer a question about an open text; None where it is not checked."""
    analysis = await server.analyze(text.uri)
    uri = None if analysis is None else analysis.file.uri_of(text.uri)
    if analysis is None or uri is None:
        return None
    return await server.work(lambda: answer(analysis, uri))
