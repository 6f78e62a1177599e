// Compares Aerie's JSON codec with V8, text by text: the same texts are accepted, and what is written again is the same
// byte for byte.
//
//     node differential.mjs --program <path of json_differential> [--count 20000] [--seed 1]
//
// The differences that are meant:
//   depth     Aerie refuses texts that are nested more than 512 levels deep.
//   integers  Aerie keeps integers of 64 bits exact, JavaScript rounds them beyond 2^53.
//   order     JavaScript moves members whose key is an array index to the front, Aerie keeps the order of the text.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';

import { randomSource } from '../lib/random_source.mjs';
import { randomText } from './generate.mjs';

const maxDepth = 512;

const { values: options } = parseArgs({
  options: {
    program: { type: 'string' },
    count: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
  },
});
if (!options.program) {
  console.error('--program must name the program json_differential of the build');
  process.exit(2);
}

/** What V8 makes of a text: the value and the text written again, or nothing. */
function judge(text) {
  try {
    const value = JSON.parse(text);
    return { value, text: JSON.stringify(value) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const isContainer = (value) => value !== null && typeof value === 'object';

/** How many arrays and objects are nested, at the deepest place. */
function depthOf(value) {
  let depth = 0;
  for (let level = [value].filter(isContainer); level.length > 0; ++depth) {
    level = level.flatMap((item) => Object.values(item)).filter(isContainer);
  }
  return depth;
}

function hasIndexKey(value) {
  if (!isContainer(value)) return false;
  if (!Array.isArray(value) && Object.keys(value).some((key) => /^(0|[1-9]\d*)$/.test(key))) return true;
  return Object.values(value).some(hasIndexKey);
}

/** Whether two texts that differ are equal once both are read by V8, where that is a difference that is meant. */
function differsAsMeant(source, expected, actual) {
  const isMeant = /\d{16}/.test(source) || hasIndexKey(expected.value);
  return isMeant && judge(actual)?.text === expected.text;
}

/** A complaint about one answer of the program, or nothing. */
function check(source, answer) {
  const expected = judge(source);
  if (answer === 'refused') {
    if (expected && depthOf(expected.value) <= maxDepth) return 'refused, but V8 accepts it';
    return undefined;
  }
  if (!answer.startsWith('accepted ')) return answer;
  const actual = Buffer.from(answer.slice('accepted '.length), 'hex').toString('utf8');
  if (!expected) return 'accepted, but V8 refuses it';
  if (depthOf(expected.value) > maxDepth) return 'accepted, although it is nested too deeply';
  if (actual === expected.text || differsAsMeant(source, expected, actual)) return undefined;
  return `written as ${actual}\n  but by V8 as ${expected.text}`;
}

const shorten = (text) => (text.length <= 400 ? text : `${text.slice(0, 400)}...`);

async function answersOf(program, texts) {
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  const chunks = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  child.stdin.end(texts.map((text) => `${Buffer.from(text, 'utf8').toString('hex')}\n`).join(''));
  const [code, signal] = await once(child, 'close');
  if (code !== 0) throw new Error(`${program} ended with ${signal ?? `status ${code}`}`);
  return Buffer.concat(chunks).toString('latin1').split('\n').slice(0, -1);
}

const random = randomSource(Number(options.seed));
const batchSize = 20000;
let accepted = 0;
let failures = 0;
for (let left = Number(options.count); left > 0; left -= batchSize) {
  const texts = Array.from({ length: Math.min(left, batchSize) }, () => randomText(random));
  const answers = await answersOf(options.program, texts);
  if (answers.length !== texts.length) throw new Error(`${answers.length} answers to ${texts.length} texts`);
  texts.forEach((text, i) => {
    accepted += answers[i].startsWith('accepted') ? 1 : 0;
    const complaint = check(text, answers[i]);
    if (!complaint) return;
    if (++failures <= 20) console.error(`${shorten(JSON.stringify(text))}\n  ${shorten(complaint)}`);
  });
}
console.log(`${options.count} texts from seed ${options.seed}: ${accepted} accepted, ${failures} differences`);
process.exitCode = failures === 0 ? 0 : 1;
