import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const repository = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");

const help = `The chat application in a real browser.

  node chat.mjs --program "build/apps/chat/aerie-chat" [--dev] [--screenshots DIR]
  node chat.mjs --url http://127.0.0.1:3000 [--screenshots DIR]

  --program COMMAND   the chat server; --port, --db and --token-ttl are added to it
  --url URL           a server that runs already: what restarts a server is left out
  --dev               also runs the page from Vite's development server
  --web DIR           where the page's sources are (default: apps/chat/web)
  --port NUMBER       the first of a hundred ports to use (default: 14200)
  --chromium FILE     the browser (default: /usr/bin/chromium)
  --screenshots DIR   where to put pictures of the page, and of each failure
  --only WORD         only the scenarios whose name has this word
`;

export function readOptions() {
  const { values } = parseArgs({
    options: {
      program: { type: "string" },
      url: { type: "string" },
      dev: { type: "boolean", default: false },
      web: { type: "string", default: join(repository, "apps/chat/web") },
      port: { type: "string", default: "14200" },
      chromium: { type: "string", default: "/usr/bin/chromium" },
      screenshots: { type: "string" },
      only: { type: "string", default: "" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help || (!values.program && !values.url)) {
    console.log(help);
    process.exit(values.help ? 0 : 2);
  }
  return { ...values, port: Number(values.port), directory: mkdtempSync(join(tmpdir(), "aerie-browser-")) };
}
