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

/** A key as the program is told it: to sign with, or to verify. */
const signer = (key, kid) => ({ alg: key.alg, key: key.signing, ...(kid && { kid }) });
const verifier = (key, kid) => ({ alg: key.alg, key: key.verifying, ...(kid && { kid }) });

const keys = [
  secret('HS256', 32), secret('HS384', 48), secret('HS512', 64),
  pair('RS256', 'rsa', { modulusLength: 2048 }), pair('RS384', 'rsa', { modulusLength: 2048 }), pair('RS512', 'rsa', { modulusLength: 3072 }),
  pair('PS256', 'rsa', { modulusLength: 2048 }), pair('PS384', 'rsa', { modulusLength: 2048 }), pair('PS512', 'rsa', { modulusLength: 2048 }),
  pair('ES256', 'ec', { namedCurve: 'P-256' }), pair('ES384', 'ec', { namedCurve: 'P-384' }), pair('ES512', 'ec', { namedCurve: 'P-521' }),
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
  const replies = await ask(keys.map((key) => ({ key: signer(key), claims })));
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
  const replies = await ask(tokens.map((token, i) => ({ key: verifier(keys[i]), token })));
  replies.forEach((reply, i) => check(sameJson(reply.claims, claims), `Aerie on ${keys[i].alg}: ${JSON.stringify(reply)}`));
  check(tokens[0] === (await ask([{ key: signer(keys[0]), claims }]))[0].token, 'HS256 tokens differ in their bytes');
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
    (value) => [{ payload: `{"aud":${value}}`, aud: 'chat' }, { payload: `{"iss":${value}}`, iss: 'chat' }, { payload: `{"sub":${value}}`, sub: 'chat' }]);
  const edges = [-11, -10, -9, -1, 0, 1, 9, 10, 11].flatMap((away) => ['exp', 'nbf'].map((name) => ({ payload: `{"${name}":${now + away}}`, leeway: 10 })));
  return [...times, ...infinite, ...parties, ...edges, { payload: '{}', aud: 'chat' }, { payload: '{}', iss: 'chat' }, { payload: '{}', sub: 'chat' }, { payload: '{}' }];
}

async function weThinkAlikeOfClaims() {
  const cases = oddClaims().map((one) => ({ ...one, token: tokenOf('{"alg":"HS256","typ":"JWT"}', one.payload) }));
  const replies = await ask(cases.map(({ token, aud, iss, sub, leeway }) => ({
    key: signer(keys[0]), token, ...(leeway && { leeway }), ...(aud && { audiences: [aud] }), ...(iss && { issuer: iss }), ...(sub && { subject: sub }),
  })));
  replies.forEach((reply, i) => {
    const { token, payload, aud, iss, sub, leeway, meant } = cases[i];
    const theirs = theirVerdict(token, keys[0], {
      ...(aud && { audience: aud }), ...(iss && { issuer: iss }), ...(sub && { subject: sub }), ...(leeway && { clockTolerance: leeway }),
    });
    const isSame = (reply.error === undefined) === (theirs.error === undefined);
    check(meant ? reply.error !== undefined : isSame, `${payload}: Aerie ${JSON.stringify(reply)}, jsonwebtoken ${JSON.stringify(theirs)}`);
  });
}

/** What the options of signing put into a token, and those of verifying demand of it: in both directions, with both libraries. */
async function weAgreeOnOptions() {
  const ours = keys.map((key, i) => ({
    key: signer(key, `key-${i}`), claims: { name: 'ada' }, expiresIn: 60, notBeforeIn: -10, issuer: 'aerie', subject: 'ada', tokenId: '7', audiences: ['chat'],
  }));
  const expected = { name: 'ada', exp: now + 60, nbf: now - 10, iss: 'aerie', aud: 'chat', sub: 'ada', jti: '7' };
  const findKey = ({ kid }) => keys[Number(kid.slice('key-'.length))].publicObject;
  const demands = { audience: 'chat', issuer: 'aerie', subject: 'ada' };
  for (const [i, { token }] of (await ask(ours)).entries()) {
    const { alg, publicObject } = keys[i];
    const { payload, protectedHeader } = await jose.jwtVerify(token, findKey, { currentDate: new Date(now * 1000), algorithms: [alg], ...demands });
    check(sameJson(payload, expected), `jose reads other claims of ${alg}: ${JSON.stringify(payload)}`);
    check(protectedHeader.kid === `key-${i}` && protectedHeader.typ === 'JWT', `${alg}: header ${JSON.stringify(protectedHeader)}`);
    for (const other of [{ audience: 'x' }, { issuer: 'x' }, { subject: 'x' }]) {
      const refused = await jose.jwtVerify(token, publicObject, { currentDate: new Date(now * 1000), ...demands, ...other }).catch(({ code }) => code);
      check(refused === 'ERR_JWT_CLAIM_VALIDATION_FAILED', `jose accepts ${alg} for ${JSON.stringify(other)}`);
    }
    if (alg === 'EdDSA') continue; // jsonwebtoken has none.
    const verdict = theirVerdict(token, keys[i], { ...demands, jwtid: '7' });
    check(sameJson(verdict.claims, expected), `jsonwebtoken on ${alg}: ${JSON.stringify(verdict)}`);
  }
}

/** Tokens of both libraries, whose `kid` selects the key: the right one, another of the set, one that is unknown, none. */
async function weFindKeysByTheirIds() {
  const set = keys.map((key, i) => verifier(key, `key-${i}`));
  const josesTokens = await Promise.all(keys.flatMap((key, i) => [`key-${i}`, `key-${(i + 1) % keys.length}`, 'unknown', undefined].map(
    (kid) => new jose.SignJWT(claims).setProtectedHeader({ alg: key.alg, ...(kid && { kid }) }).sign(key.object))));
  const jsonwebtokens = keys.flatMap((key, i) => (key.alg === 'EdDSA' ? [] : [`key-${i}`, `key-${(i + 1) % keys.length}`, 'unknown', ''].map(
    (keyid) => jsonwebtoken.sign(claims, key.object, { algorithm: key.alg, keyid }))));
  const replies = await ask([...josesTokens, ...jsonwebtokens].map((token) => ({ key: set[0], keys: set, token })));
  replies.forEach((reply, i) => check((reply.error === undefined) === (i % 4 === 0), `token ${i} of a key set: ${JSON.stringify(reply)}`));
}

/** No token is accepted with the key of another one, whatever both are: of the same kind, or a public key taken for a secret. */
async function weNeverMixKeys() {
  const tokens = await Promise.all(keys.map((key) => new jose.SignJWT(claims).setProtectedHeader({ alg: key.alg }).sign(key.object)));
  const pairs = tokens.flatMap((token, i) => keys.map((key, j) => ({ token, key: verifier(key), isOwn: i === j })));
  const forged = keys.slice(3).map((key) => ({ key: verifier(key), isOwn: false, token: tokenOf('{"alg":"HS256","typ":"JWT"}', JSON.stringify(claims), { signing: key.verifying }) }));
  const cases = [...pairs, ...forged];
  const replies = await ask(cases.map(({ token, key }) => ({ token, key })));
  replies.forEach((reply, i) => check((reply.error === undefined) === cases[i].isOwn, `a token of another key: ${JSON.stringify(reply)}`));
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
    const replies = await ask(changed.map((text) => ({ key: verifier(key), token: text })));
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
await weAgreeOnOptions();
await weFindKeysByTheirIds();
await weNeverMixKeys();
await weAcceptNothingThatTheyRefuse();
failures.forEach((failure) => console.error(failure));
console.log(failures.length === 0 ? 'no differences' : `${failures.length} differences`);
process.exitCode = failures.length === 0 ? 0 : 1;
