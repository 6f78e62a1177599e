// Official clients that talk to each other in rooms and keep account: what each has said and been told is safe, what
// each has heard, and since when nobody has told it that something may be missing.
import { createRequire } from 'node:module';

const require = createRequire(new URL('../cluster/package.json', import.meta.url));
const { io } = require('socket.io-client');
const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time));

/** Sleeps, and gives for how long; what a machine adds that has no time for this process has little weight. */
const turn = async (time) => {
  const began = performance.now();
  await sleep(time);
  return Math.min(performance.now() - began, 2 * time);
};

class Client {
  /** When it has been in its room for sure; nothing while it is not, or while it does not know. */
  since = null;
  told = 0;
  doubled = 0;
  delivered = 0;
  lines = [];
  /** What it has heard after something later of the same client. */
  late = [];
  /** Why it was told. */
  reasons = [];
  /** What has become of what it has said: `pending`, `safe`, or `unknown` if no answer has come. */
  fates = new Map();
  #said = 0;
  #heard = new Map(); // of each sender: the numbers since it is in the room
  #ever = new Map(); // and those of before
  #last = new Map();

  constructor(number, room, url, query, safe, { mutant, target }) {
    this.number = number;
    this.room = room;
    this.safe = safe;
    this.mutant = mutant;
    this.isOfficial = target === 'official';
    this.socket = io(url, {
      transports: ['websocket'],
      forceNew: true,
      query,
      reconnectionDelay: 100,
      reconnectionDelayMax: 500,
      // Longer than anything stands still, and than a busy machine takes.
      timeout: 15_000,
    });
    this.socket.on('said', (message) => this.#spoil(message));
    this.socket.on('connect', () => this.#connected());
  }

  #connected() {
    if (this.socket.recovered) return;
    // It is told that something may be missing. From now on it counts anew.
    if (this.since !== null) {
      this.told += 1;
      void this.#ask();
    }
    this.since = null;
    this.#heard.clear();
    this.#last.clear();
    this.#join();
  }
  async #ask() {
    const reason = this.isOfficial ? null : await this.socket.timeout(2000).emitWithAck('recovered-how').catch(() => null);
    if (reason) this.reasons.push(reason);
  }
  async #join() {
    const { id } = this.socket;
    for (;;) {
      try {
        await this.socket.timeout(2000).emitWithAck('join', this.room);
        break;
      } catch {
        // Another connection asks again, unless it goes on with this session.
        if (!this.socket.connected) await new Promise((resolve) => this.socket.once('connect', resolve));
        if (this.socket.id !== id) return;
      }
    }
    this.since ??= performance.now();
  }

  // What is wrong on purpose, to see that it is noticed.
  #spoil(message) {
    const now = this.mutant && ++this.#count % 7 === 0;
    if (now && this.mutant === 'lost') return;
    if (now && this.mutant === 'disordered') return void setTimeout(() => this.#hear(message), 3000);
    this.#hear(message);
    if (now && this.mutant === 'doubled') this.#hear(message);
  }
  #count = 0;

  #hear({ from, n }) {
    this.delivered += 1;
    const heard = this.#heard.get(from) ?? new Set();
    this.#heard.set(from, heard);
    if (heard.has(n)) {
      this.doubled += 1;
      this.lines.push(`client ${this.number} has heard message ${n} of client ${from} twice`);
      return;
    }
    if (n < (this.#last.get(from) ?? 0)) this.late.push({ from, n, after: this.#last.get(from) });
    this.#last.set(from, Math.max(n, this.#last.get(from) ?? 0));
    heard.add(n);
    const ever = this.#ever.get(from) ?? new Set();
    this.#ever.set(from, ever.add(n));
  }
  hasHeard(from, n) {
    return this.#heard.get(from)?.has(n) ?? false;
  }
  /** Also what it has heard before it was told that something may be missing. */
  hasEverHeard(from, n) {
    return this.#ever.get(from)?.has(n) ?? false;
  }
  /** What is older is not asked for any more. */
  forget(from, n) {
    if (from === this.number) this.fates.delete(n);
    this.#heard.get(from)?.delete(n);
    this.#ever.get(from)?.delete(n);
  }

  /** One message; it counts once the server has said that it is safe. */
  async say() {
    if (!this.socket.connected || this.since === null) return;
    const n = ++this.#said;
    const at = performance.now();
    this.fates.set(n, 'pending');
    try {
      await this.socket.timeout(5000).emitWithAck('say', this.room, { from: this.number, n });
    } catch {
      this.fates.set(n, 'unknown');
      return; // Nobody knows.
    }
    this.fates.set(n, 'safe');
    this.safe.push({ room: this.room, from: this.number, n, at });
  }

  get #stream() {
    return this.socket.io.engine?.transport?.ws?._socket;
  }
  cut() {
    this.#stream?.destroy();
  }
  pause() {
    this.#stream?.pause();
  }
  resume() {
    this.#stream?.resume();
  }
}

export class Clients {
  all = [];
  #safe = [];
  #talking = null;
  /** By room. */
  #members = new Map();

  constructor(farm, options, random) {
    this.farm = farm;
    this.options = options;
    this.random = random;
  }

  async connect() {
    const { clients, rooms, servers, everywhere } = this.options;
    const url = `http://127.0.0.1:${this.farm.port}`;
    for (let i = 0; i < clients; i++) {
      // In one server's memory the promise is about what is said on that server.
      const server = i % servers;
      const room = everywhere ? `room ${i % rooms}` : `room of server ${server}`;
      this.all.push(new Client(i, room, url, everywhere ? {} : { server }, this.#safe, this.options));
    }
    for (const client of this.all) this.#members.set(client.room, [...(this.#members.get(client.room) ?? []), client]);
    if ((await this.backAfter(Date.now())) === null) throw new Error('the clients cannot connect');
    this.#talking = this.#talk();
    this.all.forEach((client) => (client.told = 0));
  }
  some(share, random) {
    return this.all.filter(() => random.fraction() < share);
  }

  async #talk() {
    let due = performance.now();
    while (!this.closed) {
      void this.random.one(this.all).say();
      const pause = this.options['say-every'] / this.options.clients;
      due = Math.max(due + pause, performance.now() - 1000);
      // A timer is a millisecond late or more: what is due meanwhile is said at once.
      if (due > performance.now()) await sleep(due - performance.now());
    }
  }
  talk(time) {
    return sleep(time);
  }

  /** Seconds until everybody is in its room again; null if that takes far too long. */
  async backAfter(began) {
    const is = ({ socket, since }) => socket.connected && since !== null;
    // A connection that was broken off is not known to be until a turn of the loop later.
    await sleep(50);
    // As long as more come back it goes on.
    let most = 0;
    for (let waited = 0; waited < 30_000; waited += await turn(20)) {
      const back = this.all.filter(is).length;
      if (back > most) [most, waited] = [back, 0];
      if (back === this.all.length) return (Date.now() - began) / 1000;
    }
    return null;
  }

  /** Who is not in its room, and what it does. */
  away() {
    return this.all
      .filter(({ socket, since }) => !socket.connected || since === null)
      .map(({ number, socket, since }) => {
        const { _readyState: manager, engine } = socket.io;
        return `client ${number}: connected ${socket.connected}, in its room ${since !== null}, manager ${manager}, engine ${engine?.readyState}, id ${socket.id}`;
      });
  }

  /** What was safe and should have come by now. */
  async check() {
    const upTo = performance.now();
    const isMissing = ({ room, from, n, at }) =>
      this.#members.get(room).filter((client) => client.since !== null && client.since < at && !client.hasHeard(from, n));
    const due = () => this.#safe.filter(({ at }) => at < upTo);
    // What was said last may be under way, and what waits for Redis takes its time; a slow machine takes more. What is
    // not there when nothing has come for long does not come any more.
    const isExpected = this.options.target === 'official' || this.options.mutant;
    const patience = isExpected ? 8000 : 30_000;
    let left = Infinity;
    for (let waited = 0; ; waited += await turn(50)) {
      const now = due().reduce((total, message) => total + isMissing(message).length, 0);
      if (now < left) [left, waited] = [now, 0];
      // What follows happens in the same turn: what is found safe only after it is due next time.
      if (now === 0 || waited > patience) break;
    }
    const sum = (what) => this.all.reduce((total, client) => total + client[what], 0);
    const disordered = this.#disordered();
    const result = { sent: 0, lost: 0, missed: 0, lines: this.all.flatMap((client) => client.lines) };
    for (const what of ['delivered', 'doubled', 'told']) result[what] = sum(what);
    result.disordered = disordered.length;
    result.lines.push(...disordered);
    result.reasons = this.all.flatMap((client) => client.reasons);
    const undecided = new Set();
    for (const message of due()) {
      const missing = isMissing(message);
      // Who is not there may be told yet, or be sent it: that shows when it is back.
      if (missing.some(({ socket }) => !socket.connected)) {
        undecided.add(message);
        continue;
      }
      result.sent += 1;
      result.lost += missing.length;
      const { room, from, n } = message;
      const all = this.#members.get(room).filter((client) => !client.hasEverHeard(from, n));
      result.missed += all.length - missing.length;
      for (const client of missing)
        result.lines.push(`client ${client.number} has not heard message ${message.n} of client ${message.from}`);
    }
    // What is long ago cannot come twice any more, as sessions end.
    const old = upTo - 60_000;
    const isKept = (message) => message.at >= upTo || undecided.has(message);
    const kept = this.#safe.filter(isKept);
    this.#forgotten = this.#forgotten.concat(this.#safe.filter((message) => !isKept(message)));
    for (const { room, from, n } of this.#forgotten.filter(({ at }) => at < old))
      for (const client of this.#members.get(room)) client.forget(from, n);
    this.#forgotten = this.#forgotten.filter(({ at }) => at >= old);
    this.#safe.splice(0, this.#safe.length, ...kept);
    for (const client of this.all) Object.assign(client, { delivered: 0, doubled: 0, told: 0, lines: [], reasons: [] });
    return result;
  }
  #forgotten = [];

  // A message that was not answered may lie in a server that stands still, and go on when its client is at another one
  // long since: it has no place among those that were.
  #disordered() {
    const fate = ({ from, n }) => this.all[from].fates.get(n);
    return this.all.flatMap((client) => {
      const late = client.late.filter((each) => fate(each) === 'safe');
      client.late = client.late.filter((each) => fate(each) === 'pending');
      return late.map(({ from, n, after }) => `client ${client.number} has heard message ${n} of client ${from} after ${after}`);
    });
  }

  close() {
    this.closed = true;
    for (const { socket } of this.all) socket.close();
  }
}
