// Free ports of the range the tests may use (AERIE_PORTS=first-last).
import net from 'node:net';

const [first, last] = (process.env.AERIE_PORTS ?? '14300-14499').split('-').map(Number);

// What this process has taken, in the order in which it has.
const taken = [];

const listens = (...where) =>
  new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(undefined));
    server.listen(...where, () => resolve(server));
  });

const isFree = async (port) => {
  const probe = await listens(port, '127.0.0.1');
  if (probe) await new Promise((resolve) => probe.close(resolve));
  return probe !== undefined;
};

// Other test files look for ports at the same time, and a port must also stay ours while nobody listens there: before
// a server has started, or between its end and its return. So this process holds a name for it, an abstract Unix
// socket's, which goes when it ends.
async function take(port) {
  if (taken.includes(port)) return false;
  taken.push(port);
  const holder = await listens(`\0aerie-test-port-${port}`);
  holder?.unref();
  if (holder && (await isFree(port))) return true;
  holder?.close();
  taken.splice(taken.indexOf(port), 1);
  return false;
}

// A port that nobody listens on, for this process alone.
export async function freePort() {
  const count = last - first + 1;
  const start = Math.floor(Math.random() * count);
  for (let i = 0; i < count; i++) {
    const port = first + ((start + i) % count);
    if (await take(port)) return port;
  }
  // Those of servers that have ended: the oldest first.
  for (const port of [...taken]) {
    if (!(await isFree(port))) continue;
    taken.push(...taken.splice(taken.indexOf(port), 1));
    return port;
  }
  throw new Error(`no free port in ${first}-${last}; set AERIE_PORTS`);
}
