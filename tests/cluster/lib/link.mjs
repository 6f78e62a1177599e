// A way to a server, or to Redis, that can be made bad: nothing passes, slowly, narrowly; or it breaks.
import { connect, createServer } from 'node:net';

/** Listens on a port of its own and passes everything on to `port`. */
export async function startLink(port) {
  let delay = 0;
  let rate = Infinity;
  let cut = false;
  let refused = false;
  const pumps = new Set();
  const sockets = new Set();
  /** Those whose other end has gone, or was never reached, while nothing passed. */
  const orphans = new Set();

  // One direction of one connection: what has come, in order, each piece with the time before which it may not go on.
  function pump(from, to) {
    const waiting = [];
    let budget = 0;
    let timer;
    const each = {
      turn() {
        clearTimeout(timer);
        timer = undefined;
        while (waiting.length > 0 && !cut) {
          const now = Date.now();
          const { due, bytes } = waiting[0];
          if (due > now || (rate !== Infinity && budget > now)) {
            timer = setTimeout(each.turn, Math.max(due, rate === Infinity ? 0 : budget) - now + 1);
            return;
          }
          const piece = rate === Infinity ? bytes : bytes.subarray(0, Math.max(1, Math.floor(rate / 20)));
          if (piece.length === bytes.length) waiting.shift();
          else waiting[0] = { due, bytes: bytes.subarray(piece.length) };
          if (rate !== Infinity) budget = now + (1000 * piece.length) / rate;
          to.write(piece);
        }
      },
      end() {
        clearTimeout(timer);
        pumps.delete(each);
      },
    };
    pumps.add(each);
    from.on('data', (bytes) => {
      waiting.push({ due: Date.now() + delay, bytes });
      if (timer === undefined) each.turn();
    });
    // While nothing passes, the end of a connection does not pass either.
    from.on('close', () => {
      each.end();
      if (cut) orphans.add(to);
      else to.destroy();
    });
    from.on('error', () => {});
  }

  const server = createServer((near) => {
    if (refused) return void near.resetAndDestroy();
    if (cut) {
      // As with packets that vanish: connected by the operating system, and never a word.
      near.on('error', () => {});
      sockets.add(near);
      orphans.add(near);
      near.on('close', () => sockets.delete(near));
      return;
    }
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('close', () => sockets.delete(socket));
    }
    pump(near, far);
    pump(far, near);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: server.address().port,
    url: `redis://127.0.0.1:${server.address().port}`,
    /**
     * `delay`: ms each way; `rate`: bytes a second, each way and connection; `cut`: nothing passes; `refused`: every
     * connection is reset, new ones as well.
     */
    set(condition) {
      ({ delay = 0, rate = Infinity, cut = false, refused = false } = condition);
      const gone = refused ? sockets : cut ? [] : orphans;
      for (const socket of [...gone]) socket.resetAndDestroy();
      if (!cut) orphans.clear();
      for (const each of [...pumps]) each.turn();
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
