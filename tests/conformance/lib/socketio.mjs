// Socket.IO protocol 5 by hand, over a WebSocket: for packets that no client would send.
import { isDeepStrictEqual } from 'node:util';
import { WebSocketSession } from './engine.mjs';

export class RawClient {
  // Opens a connection and joins `nsp` (null: joins nothing).
  static async open(server, nsp = '/', auth = undefined) {
    const client = new RawClient(await WebSocketSession.open(server));
    if (nsp !== null) client.id = await client.join(nsp, auth);
    return client;
  }

  constructor(session) {
    this.session = session;
    this.sid = session.sid;
  }

  // Sends a Socket.IO packet without the Engine.IO type, or a Buffer as it is.
  send(packet) {
    this.session.send(typeof packet === 'string' ? `4${packet}` : packet);
    return this;
  }

  // The next Socket.IO packet, a Buffer, {close} or null.
  async next(ms) {
    const packet = await this.session.next(ms);
    return typeof packet === 'string' ? packet.slice(1) : packet;
  }

  // Joins a namespace; gives the socket's id.
  async join(nsp, auth) {
    const prefix = nsp === '/' ? '0' : `0${nsp},`;
    this.send(prefix + (auth === undefined ? '' : JSON.stringify(auth)));
    const answer = await this.next();
    if (typeof answer !== 'string' || !answer.startsWith(prefix)) {
      throw new Error(`CONNECT ${nsp} was answered by ${JSON.stringify(answer)}`);
    }
    return JSON.parse(answer.slice(prefix.length)).sid;
  }

  emit(...event) {
    return this.send(`2${JSON.stringify(event)}`);
  }

  // Runs a command of FIXTURE.md as this socket, gives its value. Packets before the answer are kept.
  async command(command, ...args) {
    this.send(`2999${JSON.stringify(['do', command, ...args])}`);
    this.kept = [];
    for (;;) {
      const packet = await this.next();
      if (typeof packet === 'string' && packet.startsWith('3999')) {
        const [answer] = JSON.parse(packet.slice(4));
        if (answer.error !== undefined) throw new Error(answer.error);
        return answer.ok;
      }
      if (packet === null || packet.close !== undefined) throw new Error('the connection was closed');
      this.kept.push(packet);
    }
  }

  // What became of the connection: {alive, packets, code}. Proved by an echo that comes back, or by its end.
  async fate(ms) {
    const packets = [];
    const proof = ['echo', 'still here'];
    this.emit(...proof);
    for (;;) {
      const packet = await this.next(ms);
      if (packet === null) return { alive: false, packets, code: 1006 };
      if (packet.close !== undefined) return { alive: false, packets, code: packet.close ?? 1005 };
      if (
        typeof packet === 'string' &&
        packet[0] === '2' &&
        isDeepStrictEqual(JSON.parse(packet.slice(1)), proof)
      ) {
        return { alive: true, packets };
      }
      packets.push(packet);
    }
  }

  destroy() {
    this.session.destroy();
  }
}
