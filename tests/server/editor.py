"""A client of the server as editors have one, over standard input and output."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from tests import forked
from tie_lint.cli import main

Handler = TypeVar("Handler", bound=Callable[..., Any])

PATIENCE = 60.0
"""Seconds until a test gives up; machines that run tests are busy."""


class Editor(LanguageClient):
    """A client that notes what it is told."""

    def __init__(self, settings: dict[str, Any] | None = None) -> None:
        super().__init__("test", "1")
        self.settings = {"transformers": "4.51.3"} if settings is None else settings
        self.published: dict[str, list[types.PublishDiagnosticsParams]] = {}
        self.shown: list[str] = []
        self.arrived = asyncio.Event()
        self.versions: dict[str, int] = {}
        self._listen()

    def _on(self, message: str) -> Callable[[Handler], Handler]:
        """``feature``, typed."""
        register: Callable[[Handler], Handler] = self.feature(message)
        return register

    def _listen(self) -> None:
        @self._on(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def publish(params: types.PublishDiagnosticsParams) -> None:
            self.published.setdefault(params.uri, []).append(params)
            self.arrived.set()

        @self._on(types.WINDOW_SHOW_MESSAGE)
        def show(params: types.ShowMessageParams) -> None:
            self.shown.append(params.message)
            self.arrived.set()

        @self._on(types.WORKSPACE_CONFIGURATION)
        def configure(params: types.ConfigurationParams) -> list[Any]:
            return [self.settings for _ in params.items]

        @self._on(types.CLIENT_REGISTER_CAPABILITY)
        def register(params: types.RegistrationParams) -> None:
            """Watch the files: the tests say themselves what has changed."""

    async def begin(self, folder: Path, *folders: Path) -> None:
        """Start the server and say who is there."""
        with socket.create_server(("127.0.0.1", 0)) as listening:
            streams = [listening.fileno(), listening.fileno(), sys.stderr.fileno()]
            self.process = forked.start(f"{__name__}:{serve.__name__}", [], streams)
            await self.start_tcp(*listening.getsockname())
        workspace = types.WorkspaceClientCapabilities(
            configuration=True,
            workspace_folders=True,
            did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True),
        )
        named = [types.WorkspaceFolder(uri=one.as_uri(), name=one.name) for one in (folder, *folders)]
        await self.initialize_async(
            types.InitializeParams(
                capabilities=types.ClientCapabilities(workspace=workspace),
                root_uri=folder.as_uri(),
                workspace_folders=named,
            )
        )
        self.initialized(types.InitializedParams())

    async def end(self) -> None:
        """Say good-bye and stop the server."""
        await self.shutdown_async(None)
        self.exit(None)
        await self.stop()  # type: ignore[no-untyped-call]
        self.process.wait()

    def open(self, path: Path, text: str) -> str:
        """Open a file with a text that is not saved."""
        uri = path.as_uri()
        self.versions[uri] = 1
        item = types.TextDocumentItem(uri=uri, language_id="python", version=1, text=text)
        self.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))
        return uri

    def open_notebook(self, path: Path, *cells: tuple[types.NotebookCellKind, str]) -> list[str]:
        """Open a notebook whose cells are not saved; return their URIs."""
        uris = [f"vscode-notebook-cell:{path.as_posix()}#W{at}sZmlsZQ%3D%3D" for at in range(len(cells))]
        texts = [
            types.TextDocumentItem(
                uri=uri,
                language_id="python" if kind is types.NotebookCellKind.Code else "markdown",
                version=1,
                text=text,
            )
            for uri, (kind, text) in zip(uris, cells, strict=True)
        ]
        notebook = types.NotebookDocument(
            uri=path.as_uri(),
            notebook_type="jupyter-notebook",
            version=1,
            cells=[types.NotebookCell(kind, uri) for uri, (kind, _) in zip(uris, cells, strict=True)],
        )
        self.notebook_document_did_open(types.DidOpenNotebookDocumentParams(notebook, texts))
        self.versions |= dict.fromkeys([path.as_uri(), *uris], 1)
        return uris

    def change_notebook(self, path: Path, cells: types.NotebookDocumentCellChanges) -> None:
        """Say what has become of the cells of a notebook."""
        uri = path.as_uri()
        self.versions[uri] += 1
        notebook = types.VersionedNotebookDocumentIdentifier(self.versions[uri], uri)
        change = types.NotebookDocumentChangeEvent(cells=cells)
        self.notebook_document_did_change(types.DidChangeNotebookDocumentParams(notebook, change))

    def write_cell(self, path: Path, uri: str, text: str) -> int:
        """Replace the whole text of a cell; return its version."""
        self.versions[uri] += 1
        document = types.VersionedTextDocumentIdentifier(uri=uri, version=self.versions[uri])
        whole = [types.TextDocumentContentChangeWholeDocument(text=text)]
        content = types.NotebookDocumentCellContentChanges(document, whole)
        self.change_notebook(path, types.NotebookDocumentCellChanges(text_content=[content]))
        return self.versions[uri]

    def write(self, uri: str, text: str) -> int:
        """Replace the whole text; return its version."""
        self.versions[uri] += 1
        document = types.VersionedTextDocumentIdentifier(uri=uri, version=self.versions[uri])
        change = types.TextDocumentContentChangeWholeDocument(text=text)
        self.text_document_did_change(
            types.DidChangeTextDocumentParams(text_document=document, content_changes=[change])
        )
        return self.versions[uri]

    async def diagnostics(self, uri: str, version: int = 0) -> list[types.Diagnostic]:
        """Wait for the diagnostics of a version of a file, or a newer one."""

        def last() -> types.PublishDiagnosticsParams | None:
            return next(
                (one for one in reversed(self.published.get(uri, ())) if (one.version or 0) >= version), None
            )

        deadline = time.monotonic() + PATIENCE
        while last() is None:
            self.arrived.clear()
            await asyncio.wait_for(self.arrived.wait(), deadline - time.monotonic())
        found = last()
        assert found is not None
        return list(found.diagnostics)

    async def until(self, uri: str, *codes: str) -> None:
        """Wait until the diagnostics of a text have some codes; how often they come does not count."""

        def now() -> list[object] | None:
            published = self.published.get(uri)
            return [one.code for one in published[-1].diagnostics] if published else None

        deadline = time.monotonic() + PATIENCE
        while now() != [*codes]:
            self.arrived.clear()
            await asyncio.wait_for(self.arrived.wait(), deadline - time.monotonic())

    async def told(self) -> str:
        """Wait for a message to the user."""
        while not self.shown:
            self.arrived.clear()
            await asyncio.wait_for(self.arrived.wait(), PATIENCE)
        return self.shown[0]


def serve() -> int:
    """Take a connection on the socket that is standard input, and have the server take it for its streams."""
    with socket.socket(fileno=0) as listening:
        connection, _ = listening.accept()
        listening.detach()
    for stream in (0, 1):
        os.dup2(connection.fileno(), stream)
    connection.close()
    return main(["server", "--stdio"])


Talk = Callable[[Editor, Path], Awaitable[None]]


def talking(settings: dict[str, Any] | None = None) -> Callable[[Talk], Callable[[Path], None]]:
    """Have a test talk to a server that is started for it in an empty folder."""

    def decorate(test: Talk) -> Callable[[Path], None]:
        def run(folder: Path) -> None:
            asyncio.run(_talk(test, folder, settings))

        run.__name__ = test.__name__
        return run

    return decorate


async def _talk(test: Talk, folder: Path, settings: dict[str, Any] | None) -> None:
    editor = Editor(settings)
    await editor.begin(folder)
    try:
        await asyncio.wait_for(test(editor, folder), 4 * PATIENCE)
    finally:
        await editor.end()
