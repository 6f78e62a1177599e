// A WebSocket client that sends any frame, right or wrong (RFC 6455 §5.2), and reads what comes.
import { randomBytes } from 'node:crypto';
import { patience } from './wait.mjs';

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

// The bytes of one frame. `length` overrides the announced length, `form` (0, 2, 8) its encoding; `mask` may be the key.
export function frame(opcode, payload = '', options = {}) {
  const { fin = true, mask = true, rsv = 0, form, length } = options;
  const body = Buffer.from(payload);
  const size = BigInt(length ?? body.length);
  const extended = form ?? (size < 126n ? 0 : size < 65536n ? 2 : 8);
  const head = Buffer.alloc(2 + extended);
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  head[1] = mask ? 0x80 : 0;
  if (extended === 0) head[1] |= Number(size);
  if (extended === 2) {
    head[1] |= 126;
    head.writeUInt16BE(Number(size), 2);
  }
  if (extended === 8) {
    head[1] |= 127;
    head.writeBigUInt64BE(BigInt.asUintN(64, size), 2);
  }
  if (!mask) return Buffer.concat([head, body]);
  const key = mask === true ? randomBytes(4) : mask;
  const masked = Buffer.from(body);
  for (let i = 0; i < masked.length; i++) masked[i] ^= key[i % 4];
  return Buffer.concat([head, key, masked]);
}

export function closePayload(code, reason = '') {
  const text = Buffer.from(reason);
  const payload = Buffer.alloc(2 + text.length);
  payload.writeUInt16BE(code);
  text.copy(payload, 2);
  return payload;
}

export function upgradeRequest(server, path, headers = {}) {
  const lines = Object.entries({
    Host: `127.0.0.1:${server.port}`,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    ...headers,
  });
  const head = lines
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\n${head.join('')}\r\n`;
}

export class RawWebSocket {
  // Opens; throws if the answer is not 101.
  static async open(server, path, headers) {
    const { socket, response } = await RawWebSocket.attempt(server, path, headers);
    if (response?.status !== 101) {
      throw new Error(
        `no WebSocket: ${response?.statusLine ?? 'the connection was closed'} ${response?.text ?? ''}`,
      );
    }
    return socket;
  }

  // Tries to open; gives the answer as well (null if the connection was closed without one).
  static async attempt(server, path, headers = {}, extra = '') {
    const connection = await server.connection();
    connection.write(Buffer.concat([Buffer.from(upgradeRequest(server, path, headers)), Buffer.from(extra)]));
    const response = await connection.response();
    return { socket: new RawWebSocket(connection), response };
  }

  constructor(connection) {
    this.connection = connection;
  }

  send(opcode, payload, options) {
    this.connection.write(frame(opcode, payload, options));
    return this;
  }

  text(payload) {
    return this.send(opcodes.text, payload);
  }

  binary(payload) {
    return this.send(opcodes.binary, payload);
  }

  destroy() {
    this.connection.destroy();
  }

  // The next frame {fin, rsv, opcode, payload}; null when the connection has ended.
  async frame(ms = patience) {
    return this.connection.take(parseFrame, 'a WebSocket frame', ms);
  }

  // The next message: a string, a Buffer, {close: code or null}, {pong: payload}, {ping: payload}; null at the end.
  async next(ms) {
    const first = await this.frame(ms);
    if (first === null) return null;
    const { opcode, payload } = first;
    if (opcode === opcodes.close) return { close: payload.length >= 2 ? payload.readUInt16BE() : null };
    if (opcode === opcodes.ping) return { ping: payload };
    if (opcode === opcodes.pong) return { pong: payload };
    const parts = [payload];
    for (let last = first; !last.fin;) {
      last = await this.frame(ms);
      parts.push(last.payload);
    }
    const whole = Buffer.concat(parts);
    return opcode === opcodes.text ? whole.toString() : whole;
  }

  // Reads on until the server closes: {code} is 1005 for a close frame without a code, 1006 without a close frame.
  async closed(ms = patience) {
    for (;;) {
      const message = await this.next(ms);
      if (message === null) return { code: 1006 };
      if (message.close === undefined) continue;
      this.send(opcodes.close, message.close === null ? '' : closePayload(message.close));
      await this.connection.closed(ms);
      return { code: message.close ?? 1005 };
    }
  }
}

function parseFrame(bytes, ended) {
  const incomplete = ended ? null : undefined;
  if (bytes.length < 2) return incomplete;
  let length = bytes[1] & 0x7f;
  let start = 2;
  if (length === 126) {
    if (bytes.length < 4) return incomplete;
    length = bytes.readUInt16BE(2);
    start = 4;
  } else if (length === 127) {
    if (bytes.length < 10) return incomplete;
    length = Number(bytes.readBigUInt64BE(2));
    start = 10;
  }
  if (bytes.length < start + length) return incomplete;
  const payload = bytes.subarray(start, start + length);
  return {
    fin: bytes[0] >= 0x80,
    rsv: (bytes[0] >> 4) & 7,
    opcode: bytes[0] & 15,
    payload,
    used: start + length,
  };
}
