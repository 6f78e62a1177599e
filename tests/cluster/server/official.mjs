// The server of TARGET.md on the official packages.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

const require = createRequire(import.meta.url);
const { Server } = require('socket.io');
const { createClient, createCluster } = require('redis');
const { createAdapter, createShardedAdapter } = require('@socket.io/redis-adapter');
const { createAdapter: createStreamsAdapter } = require('@socket.io/redis-streams-adapter');

const { values: options } = parseArgs({
  options: {
    port: { type: 'string' },
    redis: { type: 'string' },
    'redis-cluster': { type: 'boolean', default: false },
    adapter: { type: 'string' },
    threads: { type: 'string', default: '1' },
    mode: { type: 'string', default: 'dynamic' },
    'specific-responses': { type: 'boolean', default: false },
    'requests-timeout': { type: 'string', default: '5000' },
    recovery: { type: 'string', default: '0' },
    'ping-interval': { type: 'string', default: '25000' },
    'ping-timeout': { type: 'string', default: '20000' },
  },
});

async function redisClient() {
  const client = options['redis-cluster']
    ? createCluster({ rootNodes: [{ url: options.redis }] })
    : createClient({ url: options.redis });
  client.on('error', (error) => console.error(String(error)));
  await client.connect();
  return client;
}

const pub = await redisClient();
const sub = await redisClient();
function makeAdapter() {
  switch (options.adapter) {
    case 'redis':
      return createAdapter(pub, sub, {
        requestsTimeout: Number(options['requests-timeout']),
        publishOnSpecificResponseChannel: options['specific-responses'],
      });
    case 'redis-streams':
      return createStreamsAdapter(pub);
    default:
      return createShardedAdapter(pub, sub, { subscriptionMode: options.mode });
  }
}

const http = createServer();
const recovery = Number(options.recovery);
const io = new Server(http, {
  adapter: makeAdapter(),
  pingInterval: Number(options['ping-interval']),
  pingTimeout: Number(options['ping-timeout']),
  ...(recovery > 0 && {
    connectionStateRecovery: { maxDisconnectionDuration: recovery * 1000, skipMiddlewares: false },
  }),
});

// An operator for whom and how a `do` says.
function target(nsp, socket, { from, rooms = [], except = [], local, volatile, compress, timeout }) {
  let to = (from === 'socket' ? socket : nsp).to(rooms).except(except);
  if (local) to = to.local;
  if (volatile) to = to.volatile;
  if (compress !== undefined) to = to.compress(compress);
  if (timeout !== undefined) to = to.timeout(timeout);
  return to;
}

// What came of asking many, whether it is all or not.
async function asked(answers) {
  try {
    return { answers: await answers, complete: true };
  } catch (error) {
    return { answers: error.responses ?? [], complete: false };
  }
}

const details = (sockets) =>
  sockets
    .map(({ id, rooms, data }) => ({ id, rooms: [...rooms].sort(), data }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));

async function perform(nsp, socket, job) {
  const to = target(nsp, socket, job);
  const { event, args = [] } = job;
  switch (job.op) {
    case 'emit':
      to.emit(event, ...args);
      return 'ok';
    case 'ask':
      return asked(to.emitWithAck(event, ...args));
    case 'join':
      to.socketsJoin(job.names);
      return 'ok';
    case 'leave':
      to.socketsLeave(job.names);
      return 'ok';
    case 'disconnect':
      to.disconnectSockets(job.close);
      return 'ok';
    case 'fetch':
      return details(await to.fetchSockets());
    case 'side':
      nsp.serverSideEmit(event, ...args);
      return 'ok';
    case 'side-ask':
      return asked(nsp.serverSideEmitWithAck(event, ...args));
    case 'data':
      socket.data = job.data;
      return 'ok';
    default:
      return `there is no ${job.op}`;
  }
}

for (const nsp of [io.of('/'), io.of('/chat')]) {
  nsp.on('side', (text) => nsp.local.emit('side', text));
  nsp.on('question', (...args) => args.at(-1)(args.length > 1 ? args[0] : undefined));
  nsp.on('connection', (socket) => {
    socket.on('join', async (room, done) => {
      await socket.join(room);
      done?.('ok');
    });
    socket.on('leave', async (room, done) => {
      await socket.leave(room);
      done?.('ok');
    });
    socket.on('say', (room, text, done) => {
      nsp.to(room).emit('said', text);
      done?.('ok');
    });
    socket.on('tell', (id, text, done) => {
      nsp.to(id).emit('said', text);
      done?.('ok');
    });
    socket.on('ask', async (room, done) => {
      const { answers } = await asked(nsp.to(room).timeout(1000).emitWithAck('question'));
      done?.(answers.sort());
    });
    socket.on('who', async (room, done) => done?.((await nsp.in(room).fetchSockets()).map(({ id }) => id).sort()));
    socket.on('kick', (room, done) => {
      done?.('ok');
      nsp.in(room).disconnectSockets();
    });
    socket.on('move', (from, to, done) => {
      nsp.in(from).socketsJoin(to);
      nsp.in(from).socketsLeave(from);
      done?.('ok');
    });
    socket.on('recovered', (done) => done?.(socket.recovered));
    socket.on('servers', async (done) => done?.(await nsp.adapter.serverCount()));
    socket.on('side', (text, done) => {
      nsp.serverSideEmit('side', text);
      done?.('ok');
    });
    socket.on('do', async (job, done) => {
      const result = await perform(nsp, socket, job);
      done?.(result);
    });
  });
}

http.listen(Number(options.port), '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${options.port}`));
process.on('SIGTERM', async () => {
  await io.close();
  process.exit(0);
});
