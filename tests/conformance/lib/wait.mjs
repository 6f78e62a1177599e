// Waiting with a deadline: a test never hangs, and never sleeps longer than it must.

// How long to wait for what must come, in milliseconds: the machine may be busy. Only failures take that long.
export const patience = 10000;

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const told = (what) => (typeof what === 'function' ? what() : what);

// The value of `promise`, or an error that names `what` after `ms`: a text, or a function that makes one by then.
export function within(promise, what, ms = patience) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${ms} ms: ${told(what)}`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// Asks `probe` again and again until it gives something truthy. `what` is as for within().
export async function until(probe, what, ms = patience) {
  const deadline = performance.now() + ms;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (performance.now() > deadline) throw new Error(`not within ${ms} ms: ${told(what)}`);
    await sleep(5);
  }
}

// The arguments of the next `event` of an EventEmitter.
export function once(emitter, event, ms = patience) {
  const happened = new Promise((resolve) => emitter.once(event, (...args) => resolve(args)));
  return within(happened, `event ${event}`, ms);
}

// Milliseconds that `action` takes.
export async function duration(action) {
  const start = performance.now();
  await action();
  return performance.now() - start;
}
