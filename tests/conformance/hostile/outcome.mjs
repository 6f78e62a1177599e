// What a server does about a raw input, in a form that two servers can be compared in: one line for each answer, frame and
// end, without what is different by chance (ids), by taste (headers, wording) or by version.
import net from 'node:net';
import { inflateRawSync } from 'node:zlib';
import { sessionId } from './input.mjs';

// A connection that stays open is looked at until nothing has come for so long: more than connectTimeout and upgradeTimeout.
const quiet = 2200;
// How long a pause is at most; and how long it is once something has come, or nothing is to come.
const patience = 10000;
const settling = 50;

export async function outcome(port, input) {
  const needsSession = input.writes.some(({ bytes }) => bytes.includes(sessionId));
  const writes = needsSession ? withSession(input.writes, await openSession(port)) : input.writes;
  const { received, ended } = await converse(port, writes);
  const all = lines(received);
  // Who has sent a close frame may wait for the answer, or not.
  return all.some((line) => line.startsWith('close')) ? all : [...all, ended ? 'ended' : 'open'];
}

function withSession(writes, sid) {
  if (sid.length !== sessionId.length)
    throw new Error(`the id ${sid} has another length than its placeholder`);
  return writes.map(({ bytes, answered }) => ({
    bytes: Buffer.from(bytes.toString('latin1').replaceAll(sessionId, sid), 'latin1'),
    answered,
  }));
}

async function openSession(port) {
  const response = await fetch(`http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling`);
  return JSON.parse((await response.text()).slice(1)).sid;
}

// Writes everything, waiting in between for what comes of it.
function converse(port, writes) {
  return new Promise((resolve) => {
    const parts = [];
    const left = [...writes];
    const socket = net.connect({ host: '127.0.0.1', port });
    let timer;
    const finish = (ended) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ received: Buffer.concat(parts), ended });
    };
    const proceed = () => {
      clearTimeout(timer);
      const { bytes, answered } = left.shift();
      socket.write(bytes);
      if (left.length === 0) timer = setTimeout(finish, quiet, false);
      else timer = setTimeout(proceed, answered ? patience : settling);
    };
    socket.on('data', (part) => {
      parts.push(part);
      clearTimeout(timer);
      timer = left.length > 0 ? setTimeout(proceed, settling) : setTimeout(finish, quiet, false);
    });
    for (const event of ['end', 'close', 'error']) socket.on(event, () => finish(true));
    proceed();
  });
}

// HTTP answers, and behind a 101 the frames.
function lines(bytes) {
  const all = [];
  while (bytes.length > 0) {
    const end = bytes.indexOf('\r\n\r\n');
    if (end < 0) return [...all, `something else: ${bytes.toString('latin1', 0, 60)}`];
    const head = bytes.toString('latin1', 0, end);
    const status = Number(head.split(' ')[1]);
    bytes = bytes.subarray(end + 4);
    if (status === 101) return [...all, '101', ...frames(bytes)];
    if (status === 100) {
      all.push('100');
      continue;
    }
    const body = bodyOf(head, bytes);
    bytes = bytes.subarray(body.used);
    all.push(`${status} ${gist(body.content.toString())}`.trim());
  }
  return all;
}

function bodyOf(head, bytes) {
  const length = /^content-length: *(\d+)/im.exec(head);
  if (length) return { content: bytes.subarray(0, Number(length[1])), used: Number(length[1]) };
  if (!/^transfer-encoding: *chunked/im.test(head)) return { content: Buffer.alloc(0), used: 0 };
  const parts = [];
  let at = 0;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return { content: Buffer.concat(parts), used: bytes.length };
    const size = parseInt(bytes.toString('latin1', at, lineEnd), 16);
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + size + 4;
    if (size === 0) return { content: Buffer.concat(parts), used: at };
  }
}

// Of an Engine.IO error its code, of a payload its packets; other pages are nobody's protocol.
function gist(body) {
  const error = /^\{"code":(\d)/.exec(body);
  if (error) return `error ${error[1]}`;
  return /^[0-6]|^ok$/.test(body) ? anonymous(body).replaceAll('\x1e', ' ') : '';
}

const anonymous = (packet) =>
  packet
    .replaceAll(/"(sid|pid)":"[^"]*"/g, '"$1":"-"')
    .replace(/^(0\{"sid".*)/, '$1')
    .slice(0, 200);

function frames(bytes) {
  const all = [];
  let message = null;
  while (bytes.length >= 2) {
    const opcode = bytes[0] & 15;
    let length = bytes[1] & 127;
    let start = 2;
    if (length === 126) [length, start] = [bytes.readUInt16BE(2), 4];
    if (length === 127) [length, start] = [Number(bytes.readBigUInt64BE(2)), 10];
    let payload = bytes.subarray(start, start + length);
    if (opcode < 8) {
      message ??= { opcode, compressed: (bytes[0] & 0x40) !== 0, parts: [] };
      message.parts.push(payload);
    }
    if (bytes[0] & 0x80 || opcode >= 8) {
      if (opcode < 8) {
        payload = Buffer.concat(message.parts);
        if (message.compressed)
          payload = inflateRawSync(Buffer.concat([payload, Buffer.of(0, 0, 255, 255)]), { finishFlush: 2 });
        all.push(
          message.opcode === 1
            ? anonymous(payload.toString())
            : `binary ${payload.toString('hex').slice(0, 100)}`,
        );
        message = null;
      } else if (opcode === 8) {
        all.push(`close ${payload.length < 2 ? '' : payload.readUInt16BE()}`.trim());
      } else {
        all.push(`${opcode === 9 ? 'ping' : 'pong'} ${payload.toString('hex').slice(0, 40)}`);
      }
    }
    bytes = bytes.subarray(start + length);
  }
  return all;
}
