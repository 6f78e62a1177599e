// What may happen. Each ends as it has begun: when it has happened, everything can work again. `tells` is in which
// mode of delivery clients may have to be told that something is missing: what is kept has gone.
const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time));

const onServer = (act) => async (context) => {
  const server = context.random.one(context.farm.servers);
  await act(server, context);
};
const restarted = (signal, pause) =>
  onServer(async (server, { farm, random }) => {
    await server.process.end(signal);
    await sleep(random.between(...pause));
    await farm.startServer(server.index);
  });
const stopped = (process, pause) => async (context) => {
  const which = process(context);
  which.signal('SIGSTOP');
  await sleep(context.random.between(...pause));
  which.signal('SIGCONT');
};
const command =
  (...words) =>
  async ({ farm }) => {
    await farm.command(...words);
  };
const anyServer = ({ farm, random }) => random.one(farm.servers).process;
const redis = ({ farm }) => farm.redis;

export const faults = [
  { name: 'server-killed', what: 'SIGKILL, and started again', tells: ['at-most-once'], happen: restarted('SIGKILL', [100, 1500]) },
  { name: 'server-ended', what: 'SIGTERM, and started again', tells: ['at-most-once'], happen: restarted('SIGTERM', [100, 1000]) },
  { name: 'server-stopped', what: 'SIGSTOP for longer than the heartbeat', happen: stopped(anyServer, [2500, 4000]) },
  { name: 'server-hiccup', what: 'SIGSTOP for a moment', happen: stopped(anyServer, [100, 600]) },
  {
    name: 'clients-cut',
    what: 'a third of the connections is broken off',
    async happen({ clients, random }) {
      for (const client of clients.some(0.33, random)) client.cut();
    },
  },
  {
    name: 'clients-all-cut',
    what: 'every connection is broken off',
    async happen({ clients }) {
      for (const client of clients.all) client.cut();
    },
  },
  {
    name: 'clients-cut-again',
    what: 'connections are broken off again while they come back',
    async happen({ clients, random }) {
      for (let i = 0; i < 6; i++) {
        for (const client of clients.some(0.3, random)) client.cut();
        await sleep(random.between(20, 250));
      }
    },
  },
  {
    name: 'clients-deaf',
    what: 'a third of the clients reads nothing for a moment',
    async happen({ clients, random }) {
      const deaf = clients.some(0.33, random);
      for (const client of deaf) client.pause();
      await sleep(random.between(300, 900));
      for (const client of deaf) client.resume();
    },
  },
  {
    name: 'clients-dead',
    what: 'a third of the clients reads nothing for longer than the heartbeat',
    async happen({ clients, random }) {
      const dead = clients.some(0.33, random);
      for (const client of dead) client.pause();
      await sleep(random.between(2500, 3500));
      for (const client of dead) client.resume();
    },
  },
  { name: 'nginx-stopped', what: 'SIGSTOP of the balancer', happen: stopped(({ farm }) => farm.nginx, [500, 3000]) },
  {
    name: 'nginx-restarted',
    what: 'the balancer is ended, and started again',
    async happen({ farm, random }) {
      await farm.nginx.end('SIGTERM');
      await sleep(random.between(100, 1000));
      await farm.startNginx();
    },
  },
  { name: 'nginx-reloaded', what: 'SIGHUP of the balancer', happen: async ({ farm }) => farm.nginx.signal('SIGHUP') },
  {
    name: 'redis-killed',
    what: 'SIGKILL of Redis, and started again',
    // The append-only file may lack the last second.
    tells: ['exactly-once'],
    async happen({ farm, random }) {
      await farm.redis.end('SIGKILL');
      await sleep(random.between(100, 1500));
      await farm.startRedis();
    },
  },
  {
    name: 'redis-restarted',
    what: 'SIGTERM of Redis, and started again',
    async happen({ farm, random }) {
      await farm.redis.end('SIGTERM');
      await sleep(random.between(100, 500));
      await farm.startRedis();
    },
  },
  { name: 'redis-stopped', what: 'SIGSTOP of Redis', happen: stopped(redis, [1000, 4000]) },
  { name: 'redis-clients-killed', what: 'CLIENT KILL of commands', happen: command('CLIENT', 'KILL', 'TYPE', 'normal') },
  { name: 'redis-subscribers-killed', what: 'CLIENT KILL of subscriptions', happen: command('CLIENT', 'KILL', 'TYPE', 'pubsub') },
  { name: 'redis-paused', what: 'CLIENT PAUSE', happen: command('CLIENT', 'PAUSE', '1200', 'ALL') },
  { name: 'redis-asleep', what: 'DEBUG SLEEP', happen: command('DEBUG', 'SLEEP', '1.2') },
  { name: 'redis-flushed', what: 'FLUSHALL', tells: ['exactly-once'], happen: command('FLUSHALL') },
  { name: 'redis-scripts-gone', what: 'SCRIPT FLUSH', happen: command('SCRIPT', 'FLUSH') },
  {
    name: 'redis-full',
    what: 'no room for any write (maxmemory)',
    async happen({ farm, random }) {
      await farm.command('CONFIG', 'SET', 'maxmemory', '1');
      await sleep(random.between(500, 1500));
      await farm.command('CONFIG', 'SET', 'maxmemory', '0');
    },
  },
  {
    name: 'redis-impatient',
    what: 'subscribers may have nothing waiting (output buffer limit)',
    async happen({ farm, random }) {
      await farm.command('CONFIG', 'SET', 'client-output-buffer-limit', 'pubsub 1 1 1');
      await sleep(random.between(500, 1500));
      await farm.command('CONFIG', 'SET', 'client-output-buffer-limit', 'pubsub 33554432 8388608 60');
    },
  },
  {
    name: 'everything-at-once',
    what: 'a server is killed, connections are cut and Redis hangs',
    tells: ['at-most-once'],
    async happen(context) {
      const { clients, random, farm } = context;
      for (const client of clients.some(0.5, random)) client.cut();
      farm.redis.signal('SIGSTOP');
      await restarted('SIGKILL', [100, 500])(context);
      farm.redis.signal('SIGCONT');
    },
  },
];
