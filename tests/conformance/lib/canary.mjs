// A healthy client beside the bad input: it must not notice anything.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { before } from 'node:test';
import { connect } from './client.mjs';

// Declares the canary of a server: connected before the tests of the enclosing suite, asked again before the
// server stops.
export function canary(server) {
  let socket;
  before(async () => (socket = await connect(server, '/', { transports: ['websocket'] })));
  server.beforeStop(async () => {
    assert.ok(socket.connected, 'the canary was disconnected');
    assert.equal(await socket.timeout(5000).emitWithAck('echo', 'alive'), 'alive');
  });
}

export const openFiles = (server) => readdirSync(`/proc/${server.pid}/fd`).length;
