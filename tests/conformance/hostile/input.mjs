// A raw input: all that a client writes on one connection, byte for byte, the same on every run, so that it can be played against
// any server, and again in memory cut at every place.
import { frame } from '../lib/websocket.mjs';

// Stands in a raw input for the id of a session that was opened over polling before; has the length of an id.
export const sessionId = '{sid-of-this-input}.';

export const host = 'Host: localhost\r\n';
const handshakeLines =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
const mask = Buffer.of(0x37, 0xfa, 0x21, 0x3d);

export const path = (query) => `/socket.io/?EIO=4&${query}`;
export const polling = path('transport=polling');
const webSocket = path('transport=websocket');
const session = (transport) => path(`transport=${transport}&sid=${sessionId}`);

export const get = (target = polling, lines = '', line = `GET ${target} HTTP/1.1`) =>
  `${line}\r\n${host}${lines}\r\n`;
export const post = (body, lines = '', target = session('polling')) =>
  `POST ${target} HTTP/1.1\r\n${host}Content-Length: ${Buffer.byteLength(body)}\r\n${lines}\r\n${body}`;
export const poll = (lines) => get(session('polling'), lines);
export const upgrade = (lines = handshakeLines, target = webSocket, method = 'GET') =>
  `${method} ${target} HTTP/1.1\r\n${host}${lines}\r\n`;
export const upgradeLines = handshakeLines;
export const sessionUpgrade = () => upgrade(handshakeLines, session('websocket'));

// A client's frame with always the same mask.
export const masked = (opcode, payload, options = {}) => frame(opcode, payload, { ...options, mask });
export const text = (payload, options) => masked(1, payload, options);
export const binary = (payload, options) => masked(2, payload, options);

// Where a client waits for the answer to what it has sent. The official server takes its turns in between, and loses what
// comes too early.
export const pause = Symbol('pause');
// The same where no answer is to be expected.
export const breath = Symbol('breath');

// Packets of Socket.IO on a WebSocket of its own, in the main namespace: strings are text, buffers are binary.
export const packets = (...list) => [
  upgrade(),
  pause,
  text('40'),
  pause,
  ...list.map((each) =>
    each === pause || each === breath ? each : typeof each === 'string' ? text(`4${each}`) : binary(each),
  ),
];

// What is written between two pauses, and whether an answer is waited for then.
function writesOf(parts) {
  const writes = [];
  let bytes = [];
  const end = (answered) => {
    if (bytes.length > 0) writes.push({ bytes: Buffer.concat(bytes), answered });
    bytes = [];
  };
  for (const part of [parts].flat(9)) {
    if (part === pause || part === breath) end(part === pause);
    else bytes.push(Buffer.from(part));
  }
  end(true);
  return writes;
}

// A table of inputs. `differs` names the entry of lib/differences.mjs that allows the official server another outcome.
export class Inputs {
  all = [];

  // To be called by its name alone: `const { raw } = inputs`.
  raw = (number, what, parts, differs) => {
    const name = `${number} ${what}`;
    if (this.all.some((other) => other.name === name)) throw new Error(`two inputs are called "${name}"`);
    this.all.push({ number, name, writes: writesOf(parts), differs });
  };
}
