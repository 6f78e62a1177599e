// Compares Aerie's MessagePack with notepack.io: what notepack writes is read and written again byte for byte, and what
// Aerie accepts of damaged messages means the same to notepack.
//
//     npm ci && node differential.mjs --program <path of msgpack_differential> [--count 20000] [--seed 1]
//
// The differences that are meant:
//   refused  invalid UTF-8, keys that are no strings, unknown extensions, sizes beyond the message, depth over 512.
//   written  an invalid date as nil, whole numbers beyond 64 bits as doubles, a lone surrogate as U+FFFD, where notepack
//            writes another value.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs, isDeepStrictEqual } from 'node:util';

import notepack from 'notepack.io';

import { randomSource } from '../lib/random_source.mjs';

const { values: options } = parseArgs({
  options: { program: { type: 'string' }, count: { type: 'string', default: '20000' }, seed: { type: 'string', default: '1' } },
});
if (!options.program) {
  console.error('--program must name the program msgpack_differential of the build');
  process.exit(2);
}

const random = randomSource(Number(options.seed));
const edges = [0, 31, 32, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 2147483647, 2147483648, 4294967295, 4294967296, 9007199254740991, 9007199254740992, 9223372036854774784];
const characters = ['a', 'b', 'é', '한', '👋', '\u0000', '"', ' ', '\ufe0f'];
const times = [0, 1, 999, 1000, 4294967295000, 4294967295001, 4294967296000, 17179869183999, 17179869184000, -1, -1000, -62135596800000, 8.64e15, -8.64e15, 1700000000123];

function text() {
  const length = random.chance(0.05) ? random.pick([31, 32, 33, 255, 256, 65536]) : random.below(12);
  return Array.from({ length }, () => random.pick(characters)).join('');
}

function number() {
  const kind = random.next();
  if (kind < 0.4) return random.pick([1, -1]) * (random.pick(edges) + random.below(3) - 1);
  if (kind < 0.6) return random.below(300) - 150;
  if (kind < 0.7) return random.pick([NaN, Infinity, -Infinity, 0.1, -0.5, 5e-324, 1.7976931348623157e308 / 3.3e300 / 7]);
  const double = new DataView(new ArrayBuffer(8));
  double.setUint32(0, random.below(4294967296));
  double.setUint32(4, random.below(4294967296));
  const value = double.getFloat64(0);
  if (Number.isNaN(value)) return NaN;
  return Number.isInteger(value) && Math.abs(value) >= 2 ** 63 ? random.below(100) : value;
}

function value(depth) {
  const kind = random.next();
  if (depth > 0 && kind < 0.2) return Array.from({ length: size() }, () => value(depth - 1));
  if (depth > 0 && kind < 0.4) return Object.fromEntries(Array.from({ length: size() }, () => [`k${text()}`, value(depth - 1)]));
  if (kind < 0.6) return text();
  if (kind < 0.8) return number();
  if (kind < 0.85) return new Date(random.pick(times));
  if (kind < 0.9) return Buffer.from(Array.from({ length: random.chance(0.05) ? 300 : random.below(9) }, () => random.below(256)));
  return random.pick([true, false, null, undefined]);
}

const size = () => (random.chance(0.03) ? random.pick([15, 16, 17, 40]) : random.below(5));

const prefixes = [0xc0, 0xc1, 0xc4, 0xc7, 0xc8, 0xca, 0xcb, 0xcf, 0xd3, 0xd4, 0xd6, 0xd7, 0xd8, 0xd9, 0xdc, 0xde, 0xdf, 0x80, 0x90, 0xa1, 0xff, 0x00];

function damaged(bytes) {
  const changed = [...bytes.subarray(0, 4000)];
  for (let changes = 1 + random.below(3); changes > 0; --changes) {
    const at = random.below(changed.length + 1);
    const byte = random.chance(0.6) ? random.pick(prefixes) : random.below(256);
    if (random.chance(0.3)) changed.splice(at, random.below(3) + 1);
    else if (random.chance(0.5)) changed.splice(at, 0, byte);
    else changed[Math.min(at, changed.length)] = byte;
  }
  return Buffer.from(changed);
}

function decode(bytes) {
  try {
    return { value: plain(notepack.decode(bytes)) };
  } catch {
    return undefined;
  }
}

/** A value in which what MessagePack does not tell apart is the same. */
function plain(value) {
  if (value === undefined || (value instanceof Date && Number.isNaN(value.getTime()))) return null;
  if (value === 0) return 0;
  if (value instanceof ArrayBuffer) return Buffer.from(value);
  if (Array.isArray(value)) return value.map(plain);
  const isObject = value !== null && typeof value === 'object' && !Buffer.isBuffer(value) && !(value instanceof Date);
  if (!isObject) return value;
  // notepack takes `__proto__` for what JavaScript takes it for.
  return Object.fromEntries(Object.entries(value).filter(([key, item]) => item !== undefined && key !== '__proto__').map(([key, item]) => [key, plain(item)]));
}

async function answersOf(messages) {
  const child = spawn(options.program, { stdio: ['pipe', 'pipe', 'inherit'] });
  const chunks = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  child.stdin.end(messages.map((message) => `${message.toString('hex')}\n`).join(''));
  const [code, signal] = await once(child, 'close');
  if (code !== 0) throw new Error(`${options.program} ended with ${signal ?? `status ${code}`}`);
  return Buffer.concat(chunks).toString('latin1').split('\n').slice(0, -1);
}

function check(message, isWhole, answer) {
  if (answer === 'refused') return isWhole ? 'refused, but notepack has written it' : undefined;
  if (!answer.startsWith('accepted ')) return answer;
  const again = Buffer.from(answer.slice('accepted '.length), 'hex');
  if (isWhole) return again.equals(message) ? undefined : `written as ${again.toString('hex')}`;
  const theirs = decode(message);
  if (!theirs) return 'accepted, but notepack refuses it';
  return isDeepStrictEqual(decode(again), theirs) ? undefined : `written as ${again.toString('hex')}, which means something else`;
}

const messages = Array.from({ length: Number(options.count) }, () => {
  const whole = notepack.encode(value(4));
  return random.chance(0.5) ? { bytes: whole, isWhole: true } : { bytes: damaged(whole), isWhole: false };
});
const answers = await answersOf(messages.map(({ bytes }) => bytes));
let accepted = 0;
let failures = 0;
for (const [i, { bytes, isWhole }] of messages.entries()) {
  accepted += answers[i] === 'refused' ? 0 : 1;
  const failure = check(bytes, isWhole, answers[i]);
  if (!failure) continue;
  if (++failures <= 20) console.error(`${bytes.toString('hex').slice(0, 400)}\n  ${failure.slice(0, 400)}`);
}
console.log(`${messages.length} messages, of which ${accepted} are accepted: ${failures} differences`);
process.exitCode = failures === 0 ? 0 : 1;
