// Engine.IO sessions of protocol 4, spoken by hand: over long-polling and over WebSocket.
import { RawWebSocket } from './websocket.mjs';
import { patience, within } from './wait.mjs';

export const separator = '\x1e';
export const basePath = '/socket.io/';

// The request target of a session: query is an object or a string.
export function target(transport, query = {}, path = basePath) {
  const search = new URLSearchParams({ EIO: '4', transport, ...query });
  return `${path}?${search}`;
}

export class PollingSession {
  // Opens a session; `query` and `headers` go with its first request.
  static async open(server, { query = {}, headers = {}, path } = {}) {
    const response = await server.request('GET', target('polling', query, path), { headers });
    if (response.status !== 200) throw new Error(`no session: ${response.statusLine} ${response.text}`);
    return new PollingSession(server, response, path);
  }

  constructor(server, response, path) {
    this.server = server;
    this.response = response;
    this.path = path;
    this.packets = response.text.split(separator);
    this.handshake = JSON.parse(this.packets[0].slice(1));
    this.sid = this.handshake.sid;
  }

  target(transport = 'polling', query = {}) {
    return target(transport, { sid: this.sid, ...query }, this.path);
  }

  poll(headers = {}) {
    return this.server.request('GET', this.target(), { headers });
  }

  post(body, headers = { 'Content-Type': 'text/plain;charset=UTF-8' }) {
    return this.server.request('POST', this.target(), { headers, body });
  }

  // Starts a poll on a connection of its own; the caller reads the response.
  async pendingPoll() {
    const connection = await this.server.connection();
    connection.write(`GET ${this.target()} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    return connection;
  }

  // The packets of the next poll.
  async receive() {
    const response = await this.poll();
    if (response.status !== 200) throw new Error(`poll: ${response.statusLine} ${response.text}`);
    return response.text.split(separator);
  }

  // Polls (and answers pings) until `enough(packets)`.
  async receiveUntil(enough, ms = patience) {
    const packets = [];
    const loop = async () => {
      while (!enough(packets)) {
        for (const packet of await this.receive()) {
          if (packet === '2') await this.post('3');
          else if (packet !== '6') packets.push(packet);
        }
      }
      return packets;
    };
    return within(loop(), () => `enough packets (so far ${JSON.stringify(packets).slice(0, 500)})`, ms);
  }

  receiveCount(count, ms) {
    return this.receiveUntil((packets) => packets.length >= count, ms);
  }

  // Whether the server still knows the session. A request that touches nothing: an empty upgrade attempt by PUT.
  async alive() {
    const response = await this.server.request('PUT', this.target());
    return !(response.status === 400 && JSON.parse(response.text).code === 1);
  }

  // A WebSocket for this session, opened but not yet probed.
  webSocket(headers) {
    return RawWebSocket.open(this.server, this.target('websocket'), headers);
  }

  // The whole upgrade as the official client does it; gives the WebSocket.
  async upgrade() {
    const socket = await this.webSocket();
    socket.text('2probe');
    const answer = await socket.next();
    if (answer !== '3probe') throw new Error(`probe: ${JSON.stringify(answer)}`);
    socket.text('5');
    return new WebSocketSession(socket, this.handshake);
  }
}

export class WebSocketSession {
  static async open(server, { query = {}, headers, path } = {}) {
    const socket = await RawWebSocket.open(server, target('websocket', query, path), headers);
    const packet = await socket.next();
    return new WebSocketSession(socket, JSON.parse(packet.slice(1)), packet);
  }

  constructor(socket, handshake, packet) {
    this.socket = socket;
    this.handshake = handshake;
    this.packet = packet;
    this.sid = handshake.sid;
    this.answerPings = true;
  }

  send(packet) {
    if (typeof packet === 'string') this.socket.text(packet);
    else this.socket.binary(packet);
    return this;
  }

  // The next packet: a string, a Buffer, or {close}; pings are answered on the way.
  async next(ms = patience) {
    for (;;) {
      const message = await this.socket.next(ms);
      if (message !== '2' || !this.answerPings) return message;
      this.socket.text('3');
    }
  }

  async take(count, ms) {
    const packets = [];
    while (packets.length < count) packets.push(await this.next(ms));
    return packets;
  }

  closed(ms) {
    return this.socket.closed(ms);
  }

  destroy() {
    this.socket.destroy();
  }
}
