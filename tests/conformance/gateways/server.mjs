// Starts the program that AERIE_GATEWAYS names, and notices when it does not end as it should.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

// Its log is what it writes to its error output, line by line.
export async function startServer(...options) {
  const program = process.env.AERIE_GATEWAYS;
  if (!program) throw new Error('set AERIE_GATEWAYS to the gateway_server program of a build');
  const child = spawn(program, options, { stdio: ['ignore', 'pipe', 'pipe'] });
  const log = [];
  createInterface(child.stderr).on('line', (line) => {
    log.push(line);
    console.error(line);
  });
  const [port] = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    once(child, 'close').then(([code]) =>
      Promise.reject(Object.assign(new Error('the server has not started'), { code, log })),
    ),
  ]);
  return {
    port: Number(port),
    log,
    get running() {
      return child.exitCode === null && child.signalCode === null;
    },
    // Ends it as an operator does; the exit code, or the signal that it has died of.
    async stop() {
      if (!this.running) return child.signalCode ?? child.exitCode;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const [code, signal] = await ended;
      return signal ?? code;
    },
  };
}
