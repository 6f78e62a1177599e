// Starts a consumer's server, asks it with the official client, and has a consumer's client ask it:
//
//     node tests/package/talk.mjs SERVER [CLIENT]
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';

const { io } = createRequire(new URL('../conformance/package.json', import.meta.url))('socket.io-client');
const patience = 20_000;

const [program, client] = process.argv.slice(2);
const server = spawn(program, { stdio: ['ignore', 'pipe', 'inherit'] });
try {
  const [line] = await once(server.stdout, 'data', { signal: AbortSignal.timeout(patience) });
  const url = `http://127.0.0.1:${Number(line)}`;
  for (const transport of ['polling', 'websocket']) {
    const socket = io(url, { transports: [transport], forceNew: true });
    assert.equal(await socket.timeout(patience).emitWithAck('hello', transport), `hello, ${transport}`);
    socket.disconnect();
  }
  if (client) assert.equal(execFileSync(client, [url], { timeout: patience, encoding: 'utf8' }), 'hello, C++\n');
} finally {
  server.kill('SIGKILL');
}
