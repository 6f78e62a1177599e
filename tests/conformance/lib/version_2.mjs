// The official clients of Socket.IO 2 and Engine.IO 3, in the way the tests use them.
import { createRequire } from 'node:module';
import { once, within } from './wait.mjs';

const require = createRequire(import.meta.url);
const io = require('socket.io-client-2');
export const { Socket: EngineSocket3 } = require('engine.io-client-3');

// A socket that is not waited for.
export function client2(server, nsp = '/', options = {}) {
  const socket = io(server.url + nsp, { forceNew: true, reconnection: false, ...options });
  server.track({ destroy: () => socket.io.close() });
  return socket;
}

export async function connect2(server, nsp, options) {
  const socket = client2(server, nsp, options);
  await once(socket, 'connect');
  return socket;
}

export const run2 = {
  // The arguments of the acknowledgement of an event.
  ack(socket, ...event) {
    const acknowledged = new Promise((resolve) => socket.emit(...event, (...args) => resolve(args)));
    return within(acknowledged, `an acknowledgement of ${event[0]}`);
  },
  // Runs a command of FIXTURE.md with this socket as its subject; gives its value.
  async command(socket, command, ...args) {
    const [answer] = await run2.ack(socket, 'do', command, ...args);
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.ok;
  },
};
