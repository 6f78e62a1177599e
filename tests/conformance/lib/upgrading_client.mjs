// A client that upgrades while messages flow, as fast as this machine can repeat it. It follows the rules of
// the official one: poll all the time, pause polling after the probe, upgrade once nothing is under way.
import { separator, target } from './engine.mjs';
import { RawWebSocket } from './websocket.mjs';

export class UpgradingClient {
  #queue = [];
  #posting = null;
  #polling = null;
  #paused = false;
  #socket = null;
  #done = false;
  #failed;

  // `onMessage(text)` gets every message. `failure` rejects when something goes wrong.
  static async open(server, onMessage) {
    const client = new UpgradingClient(server, onMessage);
    client.gets = await server.connection();
    client.posts = await server.connection();
    client.gets.write(client.#request('GET', target('polling')));
    const response = await client.gets.response();
    client.sid = JSON.parse(response.text.slice(1)).sid;
    client.#polling = client.#guard(client.#poll());
    return client;
  }

  constructor(server, onMessage) {
    this.server = server;
    this.onMessage = onMessage;
    this.failure = new Promise((_, reject) => (this.#failed = reject));
    this.failure.catch(() => {});
  }

  send(text) {
    this.#queue.push(`4${text}`);
    this.#pump();
  }

  async upgrade() {
    const socket = await RawWebSocket.open(this.server, target('websocket', { sid: this.sid }));
    socket.text('2probe');
    const answer = await socket.next();
    if (answer !== '3probe') throw new Error(`the probe was answered by ${JSON.stringify(answer)}`);
    this.#paused = true;
    await Promise.all([this.#polling, this.#posting]);
    socket.text('5');
    this.#socket = socket;
    this.#guard(this.#listen());
    this.#pump();
  }

  close() {
    this.#done = true;
    this.#socket?.destroy();
    this.gets.destroy();
    this.posts.destroy();
  }

  #guard(promise) {
    return promise.catch((error) => {
      if (!this.#done) this.#failed(error);
    });
  }

  #request(method, path, body = '') {
    const length = method === 'POST' ? `Content-Length: ${Buffer.byteLength(body)}\r\n` : '';
    return `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${length}\r\n${body}`;
  }

  #pump() {
    if (this.#queue.length === 0) return;
    if (this.#socket) {
      for (const packet of this.#queue.splice(0)) this.#socket.text(packet);
    } else if (!this.#posting && !this.#paused) {
      this.#posting = this.#guard(this.#post(this.#queue.splice(0))).then(() => {
        this.#posting = null;
        this.#pump();
      });
    }
  }

  async #post(packets) {
    this.posts.write(this.#request('POST', target('polling', { sid: this.sid }), packets.join(separator)));
    const response = await this.posts.response();
    if (response?.text !== 'ok') throw new Error(`a POST was answered by ${response?.statusLine}`);
  }

  async #poll() {
    while (!this.#paused) {
      this.gets.write(this.#request('GET', target('polling', { sid: this.sid })));
      const response = await this.gets.response();
      if (response?.status !== 200) throw new Error(`a poll was answered by ${response?.statusLine}`);
      for (const packet of response.text.split(separator)) this.#receive(packet);
    }
  }

  async #listen() {
    for (;;) {
      const packet = await this.#socket.next();
      if (typeof packet !== 'string') throw new Error('the WebSocket was closed');
      this.#receive(packet);
    }
  }

  #receive(packet) {
    if (packet[0] === '4') this.onMessage(packet.slice(1));
    else if (packet === '2') this.#sendControl('3');
    else if (packet !== '6') throw new Error(`unexpected packet ${packet.slice(0, 40)}`);
  }

  #sendControl(packet) {
    this.#queue.unshift(packet);
    this.#pump();
  }
}
