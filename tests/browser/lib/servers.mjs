import { join } from "node:path";
import { ServerProcess } from "./process.mjs";

/** A chat server with a database of its own, which survives its restarts. */
export function chatServer(options, { port, tokenTtl, clientUrl }) {
  const command = [...options.program.split(/\s+/), "--port", String(port), "--db", join(options.directory, `${port}.db`)];
  if (tokenTtl) command.push("--token-ttl", String(tokenTtl));
  // The secret stays the same over a restart, so that tokens do.
  const env = { JWT_SECRET: "a secret for tests, 32 bytes long or more" };
  if (clientUrl) env.CLIENT_URL = clientUrl;
  return new ServerProcess(command, { url: `http://127.0.0.1:${port}`, env });
}

/** The page from Vite's development server, speaking to a chat server on another origin. */
export function viteServer(options, { port, apiUrl }) {
  const vite = join(options.web, "node_modules/vite/bin/vite.js");
  const command = [process.execPath, vite, "--host", "127.0.0.1", "--port", String(port), "--strictPort"];
  return new ServerProcess(command, { url: `http://127.0.0.1:${port}`, cwd: options.web, env: { VITE_API_URL: apiUrl } });
}
