// Upgrades under traffic: node upgrade_traffic.mjs [count, default 300] [seed]
// While each client changes from polling to WebSocket, numbered messages flow in both directions; afterwards
// nothing may be lost, doubled or out of order. One client in ten is engine.io-client, one socket.io-client,
// the others speak the protocol by hand. Takes its target as the tests do. Prints `N passed, N failed`.
import { Socket as EngineSocket } from 'engine.io-client';
import { io } from 'socket.io-client';
import { randomSource } from './lib/random_source.mjs';
import { Server } from './lib/target.mjs';
import { UpgradingClient } from './lib/upgrading_client.mjs';
import { sleep, within } from './lib/wait.mjs';

const count = Number(process.argv[2] ?? 300);
const seed = Number(process.argv[3] ?? Date.now() % 1e6);
const concurrency = 16;
const messages = 60;
const burst = 10;

// Checks two numbered streams: the echoes of what was sent, and the bursts that the server began itself.
class Ledger {
  #echoes = 0;
  #bursts = 0;
  #settle;

  constructor(bursts) {
    this.expectedBursts = bursts * burst;
    this.complete = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    this.complete.catch(() => {});
  }

  echo(number) {
    if (number !== this.#echoes) return this.fail(`message ${number} came where ${this.#echoes} was due`);
    this.#echoes++;
    this.#check();
  }

  burst(number) {
    const due = this.#bursts % burst;
    if (number !== due) return this.fail(`burst message ${number} came where ${due} was due`);
    this.#bursts++;
    this.#check();
  }

  // One more than expected is an error, too.
  #check() {
    if (this.#echoes > messages || this.#bursts > this.expectedBursts)
      this.fail('more messages than were sent');
    if (this.#echoes === messages && this.#bursts === this.expectedBursts) this.#settle.resolve();
  }

  fail(text) {
    this.#settle.reject(new Error(text));
  }

  get state() {
    return `${this.#echoes} of ${messages} echoes, ${this.#bursts} of ${this.expectedBursts} of the bursts`;
  }
}

// Sends all messages in uneven pieces, and asks for three bursts on the way.
async function talk(random, send, askForBurst) {
  const asks = new Set([5, 25, 45]);
  for (let i = 0; i < messages; i++) {
    send(i);
    if (asks.has(i)) askForBurst();
    if (random() < 0.3) await sleep(Math.floor(random() * 3));
  }
}

async function byHand(servers, random) {
  const ledger = new Ledger(3);
  const client = await UpgradingClient.open(servers.engine, (text) => {
    const colon = text.indexOf(':');
    if (colon < 0) ledger.echo(Number(text));
    else ledger.burst(Number(text.slice(0, colon)));
  });
  const upgrade = sleep(Math.floor(random() * 15)).then(() => client.upgrade());
  const talking = talk(
    random,
    (i) => client.send(String(i)),
    () => client.send(`!send ${burst} 20`),
  );
  try {
    await settle(ledger, Promise.all([upgrade, talking, ledger.complete]), client.failure);
    // What is sent last comes last: anything doubled would come before it.
    const end = new Promise((resolve) => (client.onMessage = resolve));
    client.send('end');
    const text = await within(end, 'the last message');
    if (text !== 'end') throw new Error(`${text} came where the end was due`);
  } finally {
    client.close();
  }
}

async function byEngineClient(servers, random) {
  const ledger = new Ledger(3);
  const socket = new EngineSocket(servers.engine.url, { path: '/socket.io/' });
  const upgraded = new Promise((resolve) => socket.once('upgrade', resolve));
  socket.on('message', (text) => {
    const colon = text.indexOf(':');
    if (colon < 0) ledger.echo(Number(text));
    else ledger.burst(Number(text.slice(0, colon)));
  });
  socket.on('close', (reason) => ledger.fail(`closed: ${reason}`));
  await new Promise((resolve) => socket.once('open', resolve));
  const talking = talk(
    random,
    (i) => socket.send(String(i)),
    () => socket.send(`!send ${burst} 20`),
  );
  try {
    await settle(ledger, Promise.all([upgraded, talking, ledger.complete]));
  } finally {
    socket.off('close');
    socket.close();
  }
}

async function bySocketClient(servers, random) {
  const ledger = new Ledger(3);
  const socket = io(servers.socket.url, { forceNew: true, reconnection: false });
  const upgraded = new Promise((resolve) =>
    socket.io.once('open', () => socket.io.engine.once('upgrade', resolve)),
  );
  socket.on('echo', (number) => ledger.echo(number));
  socket.on('count', (number) => ledger.burst(number));
  socket.on('disconnect', (reason) => ledger.fail(`disconnected: ${reason}`));
  socket.on('connect_error', (error) => ledger.fail(error.message));
  await within(new Promise((resolve) => socket.once('connect', resolve)), 'connected');
  const talking = talk(
    random,
    (i) => socket.emit('echo', i),
    () => socket.emit('count', burst, 20),
  );
  try {
    await settle(ledger, Promise.all([upgraded, talking, ledger.complete]));
    await socket.timeout(10000).emitWithAck('echo', 'end');
    await ledger.complete;
  } finally {
    socket.off();
    socket.disconnect();
  }
}

function settle(ledger, work, failure = new Promise(() => {})) {
  const whole = within(
    Promise.race([work, failure, ledger.complete.then(() => work)]),
    'all messages',
    20000,
  );
  return whole.catch((error) => {
    throw new Error(`${error.message} (${ledger.state})`);
  });
}

const servers = {
  engine: await Server.start(['--engine-only']),
  socket: await Server.start(),
};
const kinds = { 0: byEngineClient, 5: bySocketClient };
let passed = 0;
let failed = 0;
let started = 0;

async function worker() {
  while (started < count) {
    const index = started++;
    const run = kinds[index % 10] ?? byHand;
    try {
      await run(servers, randomSource(seed + index).next);
      passed++;
    } catch (error) {
      failed++;
      console.log(`upgrade ${index} (${run.name}, seed ${seed}): ${error.message}`);
    }
    if ((passed + failed) % 1000 === 0) console.log(`${passed + failed} upgrades, ${failed} failed`);
  }
}

await Promise.all(Array.from({ length: concurrency }, worker));
await Promise.all(Object.values(servers).map((server) => server.stop()));
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
