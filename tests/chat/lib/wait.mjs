// Waiting with a deadline: only failures take that long.

export const patience = 10_000;

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The value of `promise`, or an error that names `what`. */
export function within(promise, what, ms = patience) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${ms} ms: ${what}`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Asks `probe` until it gives something truthy. `what` is a text, or a function that makes one at the end. */
export async function until(probe, what, ms = patience) {
  const deadline = performance.now() + ms;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (performance.now() > deadline) throw new Error(`not within ${ms} ms: ${typeof what === 'function' ? what() : what}`);
    await sleep(10);
  }
}
