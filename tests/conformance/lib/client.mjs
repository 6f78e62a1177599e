// The official client, in the way the tests use it.
import { Manager, io } from 'socket.io-client';
import { once, patience, within } from './wait.mjs';

const defaults = { forceNew: true, reconnection: false };

// A socket that is not waited for.
export function client(server, nsp = '/', options = {}) {
  const socket = io(server.url + nsp, { ...defaults, ...options });
  server.track({ destroy: () => socket.io._close?.() ?? socket.disconnect() });
  return socket;
}

// A connected socket.
export async function connect(server, nsp, options) {
  const socket = client(server, nsp, options);
  await connected(socket);
  return socket;
}

export function connected(socket, ms = patience) {
  if (socket.connected) return Promise.resolve();
  const outcome = new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return within(outcome, 'the client connects', ms);
}

// A manager whose sockets share one connection.
export function manager(server, options = {}) {
  const made = new Manager(server.url, { ...defaults, transports: ['websocket'], ...options });
  server.track({ destroy: () => made._close() });
  return made;
}

// The connect_error of a socket that is refused.
export async function refusal(socket) {
  const [error] = await once(socket, 'connect_error');
  return error;
}

// Runs a command of FIXTURE.md with this socket as its subject; gives its value.
export async function run(socket, command, ...args) {
  const answer = await socket.timeout(patience).emitWithAck('do', command, ...args);
  if (answer.error !== undefined) throw new Error(answer.error);
  return answer.ok;
}

// The arguments of the next `count` events of that name.
export function collect(socket, event, count, ms = patience) {
  const collected = [];
  const done = new Promise((resolve) => {
    const listener = (...args) => {
      collected.push(args);
      if (collected.length < count) return;
      socket.off(event, listener);
      resolve(collected);
    };
    socket.on(event, listener);
  });
  return within(done, `${count} × ${event}`, ms);
}

// Records everything a socket receives from now on: an array of [event, ...args].
export function record(socket) {
  const events = [];
  socket.onAny((...event) => events.push(event));
  return events;
}

// Everything the server sent this socket before now has arrived once this resolves.
export async function settled(...sockets) {
  // Twice: what another event loop has sent before may follow the first answer.
  for (let i = 0; i < 2; i++) {
    await Promise.all(sockets.map((socket) => socket.timeout(patience).emitWithAck('echo', 'settled')));
  }
}

export const transports = [
  ['polling', { transports: ['polling'] }],
  ['websocket', { transports: ['websocket'] }],
];
