// The programs whose contracts are tested, and what they write.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = path.dirname(fileURLToPath(import.meta.url));
export const repository = path.join(here, '../..');
export const binaries = process.env.AERIE_BIN ?? path.join(repository, 'build/release/bin');

export const programs = ['reference_gateways', 'aerie-chat', 'controllers', 'gateway_auth', 'gateway_rooms', 'plain_websocket'];

/** Runs a program that has to end by itself, and soon. */
export function run(program, ...words) {
  return new Promise((done) => {
    execFile(path.join(binaries, program), words, { timeout: 20_000 }, (error, output, errors) => {
      const status = error === null ? 0 : (error.code ?? error.signal);
      done({ status, output, errors });
    });
  });
}

/** A program's contract in one of its forms: "typescript", "asyncapi" or "openapi". */
export async function contractOf(program, form) {
  const { status, output, errors } = await run(program, `--emit-${form}`, '-');
  if (status !== 0) throw new Error(`${program} --emit-${form} has ended with ${status}: ${errors}`);
  return output;
}

export const textOf = (file) => readFileSync(path.join(repository, file), 'utf8');
