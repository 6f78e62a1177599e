// What npm's socket.io-client costs: the words and the line of aerie_client.cpp.
//
//     NPM=tests/conformance node bench/client/npm_client.mjs URL echo|receive|connect|hold N [PARAMETER]
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const require = createRequire(`${resolve(process.env.NPM ?? 'tests/conformance')}/package.json`);
const { io } = require('socket.io-client');
const [url, mode, ...numbers] = process.argv.slice(2);
const [count, parameter] = numbers.map(Number);
const burst = 1000;
const openedAtOnce = 50;
const text = 'the text of an echo, of forty characters';

let done = 0;
let sent = 0;
let started;
let cpu;
let over = false;
const sockets = [];

function fail(why) {
  console.error(`npm_client: ${why}`);
  process.exit(1);
}

function open(connected) {
  const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false });
  sockets.push(socket);
  socket.on('connect', () => connected(socket));
  socket.on('connect_error', (error) => fail(error.message));
  socket.on('disconnect', (why) => over || fail(why));
}

function begin() {
  cpu = process.cpuUsage();
  started = process.hrtime.bigint();
}

function end() {
  const used = process.cpuUsage(cpu);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  over = true;
  const grown = process.memoryUsage.rss() - before;
  const line = { work: done, cpu_ns: (used.user + used.system) * 1000, seconds, grown_bytes: grown };
  process.stdout.write(`${JSON.stringify(line)}\n`, () => process.exit(0));
}

const before = process.memoryUsage.rss();
begin();
if (mode === 'echo') {
  open((socket) => {
    const sendOne = () => {
      if (sent === count) return;
      socket.emit('echo', text, ++sent, () => (++done === count ? end() : sendOne()));
    };
    begin();
    for (let i = 0; i < parameter; i++) sendOne();
  });
} else if (mode === 'receive') {
  open((socket) => {
    socket.on('count', (number, payload) => {
      if (payload.length !== parameter) fail('another event than was asked for');
      if (++done === count) return end();
      if (done % burst === 0) socket.emit('count', burst, parameter);
    });
    begin();
    socket.emit('count', burst, parameter);
  });
} else if (mode === 'connect') {
  const next = () => open(() => (++done === count ? end() : next()));
  next();
} else if (mode === 'hold') {
  const holdOne = () => {
    sent++;
    open(() => {
      if (++done === count) end();
      else if (sent < count) holdOne();
    });
  };
  for (let i = 0; i < openedAtOnce && i < count; i++) holdOne();
} else {
  process.exit(2);
}
