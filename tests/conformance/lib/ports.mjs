// A free port of the range the tests may use (AERIE_PORTS=first-last).
import net from 'node:net';

const [first, last] = (process.env.AERIE_PORTS ?? '14300-14499').split('-').map(Number);

const isFree = (port) =>
  new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });

// Two test files look at the same time: each starts somewhere else.
export async function freePort() {
  const count = last - first + 1;
  const start = Math.floor(Math.random() * count);
  for (let i = 0; i < count; i++) {
    const port = first + ((start + i) % count);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port in ${first}-${last}; set AERIE_PORTS`);
}
