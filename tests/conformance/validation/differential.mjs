// Compares Aerie's validation with class-validator as NestJS' ValidationPipe runs it: the same errors with the same
// texts in the same order, the same flat list of texts, the same message left.
//
//     npm ci && node differential.mjs --program <path of validation_differential> [--count 5000] [--seed 1]
//
// The differences that are meant:
//   dates    Aerie takes ISO strings with `Z` or an offset and numbers; `new Date(x)` takes almost everything.
//   pattern  `.` matches a whole character, as it does in JavaScript with the flag `u`.
//   groups   They choose among rules only: a described member stays known, and may stay absent.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';

import { classOf, described, forget, ValidationPipe } from './dtos.mjs';
import { randomSource } from '../lib/random_source.mjs';
import { randomCase } from './generate.mjs';

const { values: settings } = parseArgs({
  options: { program: { type: 'string' }, count: { type: 'string', default: '5000' }, seed: { type: 'string', default: '1' } },
});
if (!settings.program) {
  console.error('--program must name the program validation_differential of the build');
  process.exit(2);
}

const copy = (value) => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

async function askNest({ dto, fields, payload, options }) {
  const metatype = fields ? classOf(fields) : described[dto];
  const { enableImplicitConversion, ...rest } = options;
  const pipe = new ValidationPipe({
    ...rest, transform: true, transformOptions: { enableImplicitConversion }, exceptionFactory: (errors) => ({ errors }),
  });
  try {
    return { errors: [], messages: [], plain: copy(await pipe.transform(copy(payload), { type: 'body', metatype })) };
  } catch (error) {
    // class-validator 0.15 itself fails on some values, such as 1e-7 with IsNumber({maxDecimalPlaces}).
    if (error instanceof TypeError || error instanceof URIError) return undefined;
    if (!error.errors) throw error;
    const flatten = new ValidationPipe().createExceptionFactory();
    return { errors: copy(error.errors), messages: flatten(error.errors).getResponse().message };
  } finally {
    if (fields) forget(metatype);
  }
}

async function askAerie(cases) {
  const child = spawn(settings.program, { stdio: ['pipe', 'pipe', 'inherit'] });
  const chunks = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  child.stdin.end(cases.map((one) => `${JSON.stringify(one)}\n`).join(''));
  const [code, signal] = await once(child, 'close');
  if (code !== 0) throw new Error(`${settings.program} ended with ${signal ?? `status ${code}`}`);
  return Buffer.concat(chunks).toString().trimEnd().split('\n').map((line) => JSON.parse(line));
}

/** Errors with their members in one order; constraints stay in the order in which they were checked. */
const ordered = (errors) => errors.map(({ property, value, constraints, children }) => ({
  property, ...(value !== undefined && { value: sorted(value) }), constraints: constraints && Object.entries(constraints), children: children && ordered(children),
}));

function sorted(value) {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** Whether the other side may answer something else: see above. */
function isMeant({ dto, payload, options }) {
  if (options.groups && !isObject(payload)) return true;
  const when = isObject(payload) && dto === 'Types' ? payload.when : undefined;
  return typeof when === 'boolean' || (typeof when === 'string' && !/^\d{4}-\d\d-\d\d(T.*Z)?$/.test(when)) || Array.isArray(when);
}

/** What differs, or nothing. */
function differenceOf(test, nest, aerie) {
  if (!same(ordered(nest.errors), ordered(aerie.errors))) return 'errors';
  if (!same(nest.messages, aerie.messages)) return 'messages';
  // A class instance for nothing is the application's business: see decode_validated.
  if (nest.errors.length > 0 || !isObject(test.payload)) return undefined;
  return same(sorted(nest.plain), sorted(aerie.plain)) ? undefined : 'what is left';
}

const random = randomSource(Number(settings.seed));
const cases = Array.from({ length: Number(settings.count) }, () => randomCase(random));
const replies = await askAerie(cases);
const failures = [];
let refused = 0;
for (const [i, test] of cases.entries()) {
  const nest = await askNest(test);
  if (nest === undefined || isMeant(test)) continue;
  refused += nest.errors.length > 0 ? 1 : 0;
  const difference = differenceOf(test, nest, replies[i]);
  if (difference) failures.push(`${difference} differ: ${JSON.stringify(test)}\n  NestJS ${JSON.stringify(nest)}\n  Aerie  ${JSON.stringify(replies[i])}`);
}
failures.slice(0, 20).forEach((failure) => console.error(failure));
console.log(`${cases.length} messages, of which ${refused} are refused: ${failures.length} differences`);
process.exitCode = failures.length === 0 ? 0 : 1;
