import { ExtensionContext, window, workspace } from "vscode";
import { ConfigurationMiddleware, LanguageClient } from "vscode-languageclient/node";

let client: LanguageClient | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const start = async (): Promise<void> => {
    await client?.stop();
    const [command, ...args] = workspace.getConfiguration("tie-lint").get<string[]>("command", ["tie-lint", "server"]);
    client = new LanguageClient(
      "tie-lint",
      { command, args },
      { documentSelector: [{ scheme: "file", language: "python" }, { notebook: "jupyter-notebook", language: "python" }], middleware: { workspace: { configuration } } },
    );
    try {
      await client.start();
    } catch (error) {
      void window.showErrorMessage(`tie-lint: ${command} does not start: ${String(error)}. Is it installed? pip install 'tie-lint[lsp]'`);
    }
  };
  context.subscriptions.push(
    workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration("tie-lint.command")) await start();
    }),
  );
  await start();
}

// The server knows all settings but the command that starts it.
const configuration: ConfigurationMiddleware["configuration"] = async (params, token, next) => {
  const found = await next(params, token);
  if (!Array.isArray(found)) return [];
  return found.map((given: unknown) => {
    if (given === null || typeof given !== "object") return given;
    const { command: _, ...settings } = given as Record<string, unknown>;
    return settings;
  });
};

export async function deactivate(): Promise<void> {
  await client?.stop();
}
