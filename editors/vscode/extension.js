"use strict";

// Starts "kaoping lsp" and joins it to the editor. All knowledge of rule packs is
// in the program; here is only the connection.

const { workspace } = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

let client;

async function activate(context) {
  const settings = workspace.getConfiguration("kaoping");
  const server = {
    command: settings.get("path", "kaoping"),
    args: ["--lang", settings.get("language", "zh"), "lsp"],
    transport: TransportKind.stdio,
  };
  client = new LanguageClient("kaoping", "kaoping", server, {
    documentSelector: [
      { scheme: "file", language: "yaml" },
      { scheme: "file", language: "kaoping" },
    ],
    synchronize: { fileEvents: workspace.createFileSystemWatcher("**/*.{yaml,yml}") },
  });
  context.subscriptions.push({ dispose: () => client && client.stop() });
  await client.start();
}

function deactivate() {
  return client ? client.stop() : undefined;
}

module.exports = { activate, deactivate };
