// Published vulnerabilities whose input is more than bytes on one connection; the others are in hostile/inputs/published.mjs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { canary, openFiles } from './lib/canary.mjs';
import { PollingSession, target } from './lib/engine.mjs';
import { RawClient } from './lib/socketio.mjs';
import { official, serve } from './lib/target.mjs';
import { sleep, until } from './lib/wait.mjs';
import { opcodes, upgradeRequest } from './lib/websocket.mjs';

// Milliseconds of the processor that the server has used so far.
function processorTime(server) {
  const fields = readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

describe('published vulnerabilities', () => {
  const server = serve();
  canary(server);

  test('CVE-2017-16031 ids cannot be guessed', async () => {
    const ids = new Set();
    const bits = Array(120).fill(0);
    const count = 1000;
    const connection = await server.connection();
    for (let i = 0; i < count; i++) {
      connection.write(`GET ${target('polling')} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      const { sid } = JSON.parse((await connection.response()).text.slice(1));
      assert.match(sid, /^[\w-]{20}$/);
      ids.add(sid);
      const bytes = Buffer.from(sid, 'base64url');
      for (let bit = 0; bit < bits.length; bit++) bits[bit] += (bytes[bit >> 3] >> (bit & 7)) & 1;
    }
    assert.equal(ids.size, count);
    // The official server ends its ids in a counter; whoever is to guess one still needs the bits in front.
    const even = bits.filter((ones) => ones > count * 0.4 && ones < count * 0.6).length;
    assert.ok(even >= 88, `only ${even} bits of an id are random`);
    const client = await RawClient.open(server);
    assert.notEqual(client.id, client.sid);
  });

  test('CVE-2022-41940 upgrades that are refused and reset leave nothing behind', async () => {
    const before = openFiles(server);
    // Of a session that is none, and where there is nothing to upgrade to.
    const refused = [upgradeRequest(server, target('websocket', { sid: 'unknown' })), upgradeRequest(server, '/nobody')];
    for (let i = 0; i < 300; i++) {
      const connection = await server.connection();
      connection.write(refused[i % 2]);
      connection.reset();
    }
    await until(() => openFiles(server) <= before + 2, 'the descriptors are closed');
  });

  test('CVE-2026-42577 a FIN and then a RST keep nobody busy', async () => {
    for (let i = 0; i < 20; i++) {
      const client = await RawClient.open(server);
      const { socket } = client.session.socket.connection;
      socket.end();
      await new Promise(setImmediate);
      socket.resetAndDestroy();
      const connection = await server.connection();
      connection.write('GET /hello HTTP/1.1\r\n');
      connection.socket.end();
      await new Promise(setImmediate);
      connection.reset();
    }
    await sleep(100);
    const before = processorTime(server);
    await sleep(500);
    const used = processorTime(server) - before;
    assert.ok(used <= 100, `${used} ms of the processor for nothing`);
  });

  test('CVE-2024-22019 a chunk extension without an end is cut off', async () => {
    const session = await PollingSession.open(server);
    const connection = await server.connection();
    connection.write(
      `POST ${session.target()} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1;`,
    );
    const drip = setInterval(() => connection.socket.writable && connection.write('x'.repeat(4096)), 1);
    const response = await connection.response().finally(() => clearInterval(drip));
    assert.ok(response === null || [400, 413].includes(response.status), `${response?.status}`);
    await connection.closed();
    assert.ok(connection.socket.bytesWritten < 2e6, `${connection.socket.bytesWritten} bytes were written`);
  });

  test('CVE-2026-48779 a message in tiny fragments costs what it weighs', async () => {
    const client = await RawClient.open(server);
    const { socket } = client.session;
    const before = residentBytes(server);
    const size = 100000;
    socket.send(opcodes.text, '4', { fin: false });
    const one = Buffer.concat(Array(1000).fill(oneByteFragment));
    for (let i = 0; i < size / 1000; i++) socket.connection.write(one);
    socket.send(opcodes.ping, 'read');
    assert.deepEqual(await socket.next(), { pong: Buffer.from('read') });
    const grown = residentBytes(server) - before;
    // ws keeps an object for each.
    assert.ok(grown < (official ? 1000 : 100) * size, `${grown} bytes for ${size}`);
    client.destroy();
  });
});

const residentBytes = (server) =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]) * 1024;

const oneByteFragment = Buffer.of(0x00, 0x81, 0, 0, 0, 0, 0x78);
