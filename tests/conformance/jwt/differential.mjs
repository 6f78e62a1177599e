// Compares Aerie's tokens with npm's jsonwebtoken and jose: each accepts what the others sign, and of tokens with odd
// claims, or changed on the way, Aerie thinks as jsonwebtoken does.
//
//     npm ci && node differential.mjs --program <path of jwt_differential>
//
// The differences that are meant, all of them refusals of Aerie:
//   iat       it is no number, or lies more than a minute in the future.
//   infinity  a time is too large for a double.
//   strict    a spelling of base64url that is not canonical; names that occur twice; `crit`, `b64`, `zip`.

import { createHmac, createPublicKey, generateKeyPairSync, createSecretKey } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';

import * as jose from 'jose';
import jsonwebtoken from 'jsonwebtoken';

const { values: options } = parseArgs({ options: { program: { type: 'string' } } });
if (!options.program) {
  console.error('--program must name the program jwt_differential of the build');
  process.exit(2);
}

const now = 1_700_000_000;
const claims = { sub: 'ada', name: 'Ada Lovelace ✓', roles: ['admin'], iat: now - 5, exp: now + 60 };
const failures = [];
const check = (isRight, what) => isRight || failures.push(what);
const sameJson = (a, b) => JSON.stringify(a) === JSON.stringify(b);

async function ask(requests) {
  const child = spawn(options.program, { stdio: ['pipe', 'pipe', 'inherit'] });
  const chunks = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  child.stdin.end(requests.map((request) => `${JSON.stringify({ now, ...request })}\n`).join(''));
  const [code, signal] = await once(child, 'close');
  if (code !== 0) throw new Error(`${options.program} ended with ${signal ?? `status ${code}`}`);
  return Buffer.concat(chunks).toString().trimEnd().split('\n').map((line) => JSON.parse(line));
}

function secret(alg, size) {
  const text = 'k'.repeat(size);
  return { alg, signing: text, verifying: text, object: createSecretKey(Buffer.from(text)), publicObject: createSecretKey(Buffer.from(text)) };
}

function pair(alg, kind, parameters = {}) {
  const { privateKey } = generateKeyPairSync(kind, parameters);
  const publicObject = createPublicKey(privateKey);
  return {
    alg,
    signing: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    verifying: publicObject.export({ type: 'spki', format: 'pem' }),
    object: privateKey,
    publicObject,
  };
}

const keys = [
  secret('HS256', 32), secret('HS384', 48), secret('HS512', 64),
  pair('RS256', 'rsa', { modulusLength: 2048 }), pair('RS384', 'rsa', { modulusLength: 2048 }), pair('RS512', 'rsa', { modulusLength: 3072 }),
  pair('ES256', 'ec', { namedCurve: 'P-256' }), pair('ES384', 'ec', { namedCurve: 'P-384' }),
  pair('EdDSA', 'ed25519'),
];

function theirVerdict(token, key, more = {}) {
  try {
    return { claims: jsonwebtoken.verify(token, key.publicObject, { algorithms: [key.alg], clockTimestamp: now, ...more }) };
  } catch (error) {
    return { error: error.message };
  }
}

async function theyAcceptOurs() {
  const replies = await ask(keys.map((key) => ({ alg: key.alg, key: key.signing, claims })));
  for (const [i, { token }] of replies.entries()) {
    const key = keys[i];
    const { payload } = await jose.jwtVerify(token, key.publicObject, { currentDate: new Date(now * 1000), algorithms: [key.alg] });
    check(sameJson(payload, claims), `jose reads other claims of ${key.alg}: ${JSON.stringify(payload)}`);
    if (key.alg === 'EdDSA') continue; // jsonwebtoken has none.
    const verdict = theirVerdict(token, key);
    check(sameJson(verdict.claims, claims), `jsonwebtoken on ${key.alg}: ${JSON.stringify(verdict)}`);
  }
}

async function weAcceptTheirs() {
  const tokens = await Promise.all(keys.map(async (key) => {
    if (key.alg !== 'EdDSA') return jsonwebtoken.sign(claims, key.object, { algorithm: key.alg });
    return new jose.SignJWT(claims).setProtectedHeader({ alg: key.alg }).sign(key.object);
  }));
  const replies = await ask(tokens.map((token, i) => ({ alg: keys[i].alg, key: keys[i].verifying, token })));
  replies.forEach((reply, i) => check(sameJson(reply.claims, claims), `Aerie on ${keys[i].alg}: ${JSON.stringify(reply)}`));
  check(tokens[0] === (await ask([{ alg: 'HS256', key: keys[0].signing, claims }]))[0].token, 'HS256 tokens differ in their bytes');
}

const encode = (text) => Buffer.from(text).toString('base64url');

function tokenOf(header, payload, key = keys[0]) {
  const text = `${encode(header)}.${encode(payload)}`;
  return `${text}.${createHmac('sha256', key.signing).update(text).digest('base64url')}`;
}

/** Claims with one odd member each, and whether Aerie refuses them beyond jsonwebtoken. */
function oddClaims() {
  const odd = ['"1700000060"', 'null', 'true', '[]', '{}', '-1', '0', '1e308', String(now - 1), String(now), String(now + 1), String(now + 50)];
  const times = ['exp', 'nbf', 'iat'].flatMap((name) => odd.map((value) => ({
    payload: `{"${name}":${value}}`,
    meant: name === 'iat' && (value === '1e308' || typeof JSON.parse(value) !== 'number'),
  })));
  const infinite = ['exp', 'nbf', 'iat'].map((name) => ({ payload: `{"${name}":1e400}`, meant: true }));
  const parties = ['"chat"', '["chat"]', '["x","chat"]', '["x"]', '[]', '"x"', 'null', '1', '{"chat":1}', '[["chat"]]'].flatMap(
    (value) => [{ payload: `{"aud":${value}}`, aud: 'chat' }, { payload: `{"iss":${value}}`, iss: 'chat' }]);
  return [...times, ...infinite, ...parties, { payload: '{}', aud: 'chat' }, { payload: '{}', iss: 'chat' }, { payload: '{}' }];
}

async function weThinkAlikeOfClaims() {
  const cases = oddClaims().map((one) => ({ ...one, token: tokenOf('{"alg":"HS256","typ":"JWT"}', one.payload) }));
  const replies = await ask(cases.map(({ token, aud, iss }) => ({
    alg: 'HS256', key: keys[0].signing, token, ...(aud && { audiences: [aud] }), ...(iss && { issuer: iss }),
  })));
  replies.forEach((reply, i) => {
    const { token, payload, aud, iss, meant } = cases[i];
    const theirs = theirVerdict(token, keys[0], { ...(aud && { audience: aud }), ...(iss && { issuer: iss }) });
    const isSame = (reply.error === undefined) === (theirs.error === undefined);
    check(meant ? reply.error !== undefined : isSame, `${payload}: Aerie ${JSON.stringify(reply)}, jsonwebtoken ${JSON.stringify(theirs)}`);
  });
}

/** Every change of one character, cut and addition, for each algorithm of jsonwebtoken. */
async function weAcceptNothingThatTheyRefuse() {
  for (const key of keys.filter(({ alg }) => alg !== 'EdDSA')) {
    const token = jsonwebtoken.sign(claims, key.object, { algorithm: key.alg });
    const changed = [token];
    for (let i = 0; i <= token.length; ++i) {
      changed.push(token.slice(0, i), token.slice(i), `${token.slice(0, i)}A${token.slice(i)}`, `${token.slice(0, i)}A${token.slice(i + 1)}`,
        `${token.slice(0, i)}=${token.slice(i)}`, `${token.slice(0, i)}.${token.slice(i)}`);
    }
    const replies = await ask(changed.map((text) => ({ alg: key.alg, key: key.verifying, token: text })));
    replies.forEach((reply, i) => {
      if (reply.error !== undefined) return;
      check(theirVerdict(changed[i], key).error === undefined, `only Aerie accepts ${changed[i]}`);
      check(changed[i] === token, `Aerie accepts a second spelling: ${changed[i]}`);
    });
    check(replies[0].error === undefined, `Aerie refuses ${token}: ${replies[0].error}`);
  }
}

await theyAcceptOurs();
await weAcceptTheirs();
await weThinkAlikeOfClaims();
await weAcceptNothingThatTheyRefuse();
failures.forEach((failure) => console.error(failure));
console.log(failures.length === 0 ? 'no differences' : `${failures.length} differences`);
process.exitCode = failures.length === 0 ? 0 : 1;
