// A TCP (or TLS) connection that writes exact bytes and reads HTTP responses as they come.
import net from 'node:net';
import tls from 'node:tls';
import { patience, within } from './wait.mjs';

const separator = Buffer.from('\r\n\r\n');

export class RawConnection {
  #received = Buffer.alloc(0);
  #ended = false;
  #wake = () => {};

  static open(server, options = {}) {
    const target = { host: '127.0.0.1', port: server.port, rejectUnauthorized: false, ...options };
    const event = server.secure ? 'secureConnect' : 'connect';
    return new Promise((resolve, reject) => {
      const socket = server.secure ? tls.connect(target) : net.connect(target);
      socket.once('error', reject);
      socket.once(event, () => resolve(new RawConnection(socket)));
    });
  }

  constructor(socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (bytes) => {
      this.#received = Buffer.concat([this.#received, bytes]);
      this.#wake();
    });
    const end = () => {
      this.#ended = true;
      this.#wake();
    };
    socket.on('end', end).on('close', end).on('error', end);
  }

  write(bytes) {
    this.socket.write(bytes);
    return this;
  }

  destroy() {
    this.socket.destroy();
  }

  // Closes with RST instead of FIN.
  reset() {
    this.socket.resetAndDestroy();
  }

  get ended() {
    return this.#ended;
  }

  // Waits until `parse(received, ended)` gives something; the value's `used` bytes are consumed.
  async take(parse, what, ms = patience) {
    const attempt = async () => {
      for (;;) {
        const value = parse(this.#received, this.#ended);
        if (value !== undefined) return value;
        await new Promise((resolve) => (this.#wake = resolve));
      }
    };
    const value = await within(attempt(), what, ms);
    if (value?.used) this.#received = this.#received.subarray(value.used);
    return value;
  }

  // The next response; null if the connection ended without one.
  response({ bodyless = false, ms = patience } = {}) {
    return this.take((bytes, ended) => parseResponse(bytes, ended, bodyless), 'an HTTP response', ms);
  }

  // Resolves when the server has closed the connection (what it still sends is thrown away).
  closed(ms = patience) {
    return this.take(
      (bytes, ended) => (ended ? { used: bytes.length } : undefined),
      'the connection closes',
      ms,
    );
  }

  // All bytes until the server closes.
  async rest(ms = patience) {
    const all = await this.take(
      (bytes, ended) => (ended ? { used: bytes.length, bytes } : undefined),
      'the connection closes',
      ms,
    );
    return all.bytes;
  }
}

function parseResponse(bytes, ended, bodyless) {
  const end = bytes.indexOf(separator);
  if (end < 0) return ended ? null : undefined;
  const [statusLine, ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = parseHeaders(lines);
  const status = Number(statusLine.split(' ')[1]);
  const body = bytes.subarray(end + separator.length);
  const head = { status, statusLine, headers, headerLines: lines };
  const finish = (content, used) => ({
    ...head,
    body: content,
    text: content.toString(),
    used: end + 4 + used,
  });

  if (bodyless || status === 304 || status === 204 || status < 200) return finish(Buffer.alloc(0), 0);
  if (/chunked/i.test(headers['transfer-encoding'] ?? '')) {
    const chunked = parseChunks(body);
    if (chunked) return finish(chunked.content, chunked.used);
    return ended ? null : undefined;
  }
  if (headers['content-length'] !== undefined) {
    const length = Number(headers['content-length']);
    if (body.length >= length) return finish(body.subarray(0, length), length);
    return ended ? null : undefined;
  }
  return ended ? finish(body, body.length) : undefined;
}

// Values of repeated headers are joined by ", ", except those of Set-Cookie: they are an array.
function parseHeaders(lines) {
  const headers = Object.create(null);
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'set-cookie') (headers[name] ??= []).push(value);
    else headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return headers;
}

function parseChunks(bytes) {
  const parts = [];
  let position = 0;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', position);
    if (lineEnd < 0) return undefined;
    const size = parseInt(bytes.subarray(position, lineEnd).toString('latin1'), 16);
    const start = lineEnd + 2;
    if (bytes.length < start + size + 2) return undefined;
    if (size === 0) return { content: Buffer.concat(parts), used: start + 2 };
    parts.push(bytes.subarray(start, start + size));
    position = start + size + 2;
  }
}
