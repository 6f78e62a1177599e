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
const again = (process, start, signal, pause) => async (context) => {
  const { farm, random } = context;
  await process(context).end(signal);
  await sleep(random.between(...pause));
  await farm[start]();
};
const deaf = (share, pause) => async ({ clients, random }) => {
  const chosen = clients.some(share, random);
  for (const client of chosen) client.pause();
  await sleep(random.between(...pause));
  for (const client of chosen) client.resume();
};
// A setting of Redis for a moment, and what it is otherwise.
const configured = (name, value, usual, pause) => async ({ farm, random }) => {
  await farm.command('CONFIG', 'SET', name, value);
  await sleep(random.between(...pause));
  await farm.command('CONFIG', 'SET', name, usual);
};
// A way that is bad for a moment: how, by chance.
const bad = (link, condition, pause) => async ({ farm, random }) => {
  farm.links[link].set(condition(random));
  await sleep(random.between(...pause));
  farm.links[link].set({});
};
const badLinks = (prefix, link, what, tells) => [
  { name: `${prefix}-cut`, what: `the connections ${what} are reset, and new ones for a moment`, tells, happen: bad(link, () => ({ refused: true }), [0, 1500]) },
  { name: `${prefix}-stalled`, what: `nothing passes ${what}`, tells, happen: bad(link, () => ({ cut: true }), [500, 3500]) },
  { name: `${prefix}-slow`, what: `20 to 400 ms each way ${what}`, tells, happen: bad(link, (random) => ({ delay: random.between(20, 400) }), [1000, 3000]) },
  { name: `${prefix}-narrow`, what: `1 to 30 KB a second ${what}`, tells, happen: bad(link, (random) => ({ rate: random.between(1000, 30_000) }), [1000, 3000]) },
];
// The wall clock jumps, and back again.
const shifted = (whose, shift, pause) => async (context) => {
  const { farm, random } = context;
  const name = whose(context);
  farm.shiftClock(name, shift(context));
  await sleep(random.between(...pause));
  farm.shiftClock(name, 0);
};
const hours = (count) => count * 3_600_000;
const command =
  (...words) =>
  async ({ farm }) => {
    await farm.command(...words);
  };
const anyServer = ({ farm, random }) => random.one(farm.servers).process;
const redis = ({ farm }) => farm.redis;
const nginx = ({ farm }) => farm.nginx;

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
  { name: 'clients-deaf', what: 'a third of the clients reads nothing for a moment', happen: deaf(0.33, [300, 900]) },
  {
    name: 'clients-dead',
    what: 'a third of the clients reads nothing for longer than the heartbeat',
    happen: deaf(0.33, [2500, 3500]),
  },
  { name: 'nginx-stopped', what: 'SIGSTOP of the balancer', happen: stopped(nginx, [500, 3000]) },
  {
    name: 'nginx-restarted',
    what: 'the balancer is ended, and started again',
    happen: again(nginx, 'startNginx', 'SIGTERM', [100, 1000]),
  },
  { name: 'nginx-reloaded', what: 'SIGHUP of the balancer', happen: async ({ farm }) => farm.nginx.signal('SIGHUP') },
  {
    name: 'redis-killed',
    what: 'SIGKILL of Redis, and started again',
    // The append-only file may lack the last second.
    tells: ['exactly-once'],
    happen: again(redis, 'startRedis', 'SIGKILL', [100, 1500]),
  },
  {
    name: 'redis-restarted',
    what: 'SIGTERM of Redis, and started again',
    happen: again(redis, 'startRedis', 'SIGTERM', [100, 500]),
  },
  { name: 'redis-stopped', what: 'SIGSTOP of Redis', happen: stopped(redis, [1000, 4000]) },
  { name: 'redis-clients-killed', what: 'CLIENT KILL of commands', happen: command('CLIENT', 'KILL', 'TYPE', 'normal') },
  { name: 'redis-subscribers-killed', what: 'CLIENT KILL of subscriptions', happen: command('CLIENT', 'KILL', 'TYPE', 'pubsub') },
  { name: 'redis-paused', what: 'CLIENT PAUSE', happen: command('CLIENT', 'PAUSE', '1200', 'ALL') },
  { name: 'redis-asleep', what: 'DEBUG SLEEP', happen: command('DEBUG', 'SLEEP', '1.2') },
  { name: 'redis-flushed', what: 'FLUSHALL', tells: ['exactly-once'], happen: command('FLUSHALL') },
  { name: 'redis-scripts-gone', what: 'SCRIPT FLUSH', happen: command('SCRIPT', 'FLUSH') },
  { name: 'redis-full', what: 'no room for any write (maxmemory)', happen: configured('maxmemory', '1', '0', [500, 1500]) },
  {
    name: 'redis-impatient',
    what: 'subscribers may have nothing waiting (output buffer limit)',
    happen: configured('client-output-buffer-limit', 'pubsub 1 1 1', 'pubsub 33554432 8388608 60', [500, 1500]),
  },
  ...badLinks('link', 'server', 'between the balancer and a server', []),
  ...badLinks('redis-link', 'redis', 'between a server and Redis', []),
  {
    name: 'server-clock',
    what: "a server's clock is up to a day ahead or behind",
    happen: shifted(({ farm, random }) => `server ${random.one(farm.servers).index}`, ({ random }) => random.between(-hours(24), hours(24)), [200, 1500]),
  },
  {
    name: 'redis-clock',
    what: "Redis' clock is ahead or behind by less than clients may be away",
    happen: shifted(() => 'redis', ({ random, options }) => random.between(-options.recovery * 500, options.recovery * 500), [200, 1500]),
  },
  {
    name: 'redis-clock-far',
    what: "Redis' clock is hours ahead or behind: what has a time has expired when it jumps, or when it jumps back",
    tells: ['exactly-once'],
    happen: shifted(() => 'redis', ({ random }) => random.one([-1, 1]) * random.between(hours(1), hours(24)), [200, 1500]),
  },
  {
    name: 'everything-at-once',
    what: 'a server is killed, connections are cut and Redis hangs',
    tells: ['at-most-once'],
    async happen(context) {
      const { clients, random, farm } = context;
      for (const client of clients.some(0.5, random)) client.cut();
      farm.redis.signal('SIGSTOP');
      // There are servers that do not start before they have found Redis.
      const back = restarted('SIGKILL', [100, 500])(context);
      await sleep(random.between(700, 1200));
      farm.redis.signal('SIGCONT');
      await back;
    },
  },
];
