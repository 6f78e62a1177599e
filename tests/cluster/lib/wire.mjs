// What goes over the wire to Redis, in a form that two runs have in common: ids are replaced by texts of the same length.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const notepack = require('notepack.io');

/** Commands that say something of an adapter. */
export const interesting = new Set([
  'PUBLISH', 'SPUBLISH', 'PUBSUB', 'SUBSCRIBE', 'PSUBSCRIBE', 'SSUBSCRIBE', 'UNSUBSCRIBE', 'PUNSUBSCRIBE',
  'SUNSUBSCRIBE',
]);

/** A payload as a value; nothing if it is none. */
export function decoded(payload) {
  try {
    return payload[0] === 0x7b ? JSON.parse(payload.toString()) : notepack.decode(payload);
  } catch {
    return undefined;
  }
}

// The id of the request that a payload belongs to.
function requestOf(payload) {
  const message = decoded(payload);
  return message?.requestId ?? message?.data?.requestId;
}

/** Replaces ids, whose length stays as it was. */
export class Names {
  #known = new Map();
  #requests = 0;
  add(id, name) {
    this.#known.set(id, name.padEnd(id.length, '0').slice(0, id.length));
  }
  inPayload(bytes) {
    const request = requestOf(bytes);
    if (request && !this.#known.has(request)) this.add(request, `r${String(++this.#requests).padStart(3, '0')}-`);
    let text = bytes.toString('latin1');
    for (const [id, name] of this.#known) text = text.replaceAll(id, name);
    return Buffer.from(text, 'latin1');
  }
}

const isText = (bytes) => Buffer.from(bytes.toString('utf8'), 'utf8').equals(bytes) && bytes[0] === 0x7b;

/** One command as a line of golden/*.json. */
export function line(flavour, operation, [command, ...args], names) {
  const entry = { flavour, operation, command: command.toString().toUpperCase() };
  args = args.map((arg) => names.inPayload(arg));
  if (entry.command.endsWith('PUBLISH') && !entry.command.startsWith('PUBSUB')) {
    entry.channel = args[0].toString();
    // JSON as it is; MessagePack in hexadecimal, since not all of it is text.
    if (isText(args[1])) entry.text = args[1].toString();
    else entry.hex = args[1].toString('hex');
  } else {
    entry.args = args.map(String);
  }
  return JSON.stringify(entry);
}
