// What programs say of their contracts: right uses of the TypeScript compile and wrong ones do not, AsyncAPI and OpenAPI
// are valid, a stale file is found.
//
//     node run.mjs [WORD]       only the tests with this word in their names
//
// AERIE_BIN: where the programs are.
import { Parser } from '@asyncapi/parser';
import { Validator } from '@seriousme/openapi-schema-validator';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { report, test } from '../conformance/lib/checks.mjs';
import { binaries, contractOf, programs, repository, run, textOf } from './programs.mjs';
import { compile, compileProject } from './typescript.mjs';
import { right, wrong } from './uses.mjs';

const typescript = Object.fromEntries(
  await Promise.all(programs.map(async (program) => [program, await contractOf(program, 'typescript')])),
);

// --- TypeScript: one compilation for all
const moduleOf = (kind, index) => `${kind}_${index}`;
const modules = { ...typescript };
for (const [kind, uses] of Object.entries({ right, wrong })) {
  uses.forEach(([, head, use], index) => (modules[moduleOf(kind, index)] = `${head}\n${use}\nexport {};\n`));
}
const found = compile(modules);
const listed = (problems) => problems.map(({ line, text }) => `  line ${line}: ${text}`).join('\n');

for (const program of programs) {
  await test(`the TypeScript of ${program} compiles`, () => assert.equal(listed(found[program]), ''));
  await test(`the TypeScript of ${program} imports nothing`, () => assert.doesNotMatch(typescript[program], /^import/m));
}
for (const [index, [name]] of right.entries()) {
  await test(`right: ${name}`, () => assert.equal(listed(found[moduleOf('right', index)]), ''));
}
for (const [index, [name, head]] of wrong.entries()) {
  await test(`wrong: ${name}`, () => {
    const problems = found[moduleOf('wrong', index)];
    const expected = head.split('\n').length + 1;
    assert.ok(problems.length > 0, 'it compiles');
    assert.ok(problems.every(({ line }) => line === expected), `it fails elsewhere:\n${listed(problems)}`);
  });
}

// --- The chat's page
const pageContract = 'apps/chat/web/src/lib/contract.ts';
await test('the contract that the page of the chat is built on is fresh', async () => {
  const { status, errors } = await run('aerie-chat', '--emit-typescript', path.join(repository, pageContract), '--check');
  assert.equal(status, 0, errors);
});
const changes = [
  ['a member of an event has another name', '  content: string;', '  text: string;'],
  ['a member of an event has another type', '  chatRoomId: number;', '  chatRoomId: string;'],
  ['an event is no longer sent', '  newMessage: (payload: Message) => void;\n', ''],
  ['an event is no longer taken', /  joinRoom: .*\n/, ''],
  ['an event takes more', 'export interface SendRequest {\n', 'export interface SendRequest {\n  color: string;\n'],
];
for (const [name, before, after] of changes) {
  await test(`the page does not compile if ${name}`, () => {
    const text = textOf(pageContract);
    const changed = text.replaceAll(before instanceof RegExp ? new RegExp(before, 'g') : before, after);
    assert.notEqual(changed, text, 'nothing has changed');
    const config = path.join(repository, 'apps/chat/web/tsconfig.json');
    const problems = compileProject(config, path.join(repository, pageContract), changed);
    assert.ok(problems.some((each) => /chat\/web\/src\/(?!lib\/contract)/.test(each)), `it compiles: ${problems}`);
  });
}

// --- AsyncAPI and OpenAPI
const openapiErrors = async (text) => {
  const { valid, errors } = await new Validator().validate(JSON.parse(text));
  return valid ? '' : JSON.stringify(errors, null, 1);
};
const asyncapiErrors = async (text) => {
  const { diagnostics, document } = await new Parser().parse(text);
  // 0 is an error, 1 a warning; that there are later versions is less.
  const problems = diagnostics.filter(({ severity }) => severity <= 1);
  if (problems.length === 0) assert.ok(document !== undefined);
  return problems.map((each) => `${each.path.join('.')}: ${each.message}`).join('\n');
};
for (const program of programs) {
  await test(`the AsyncAPI of ${program} is valid`, async () =>
    assert.equal(await asyncapiErrors(await contractOf(program, 'asyncapi')), ''));
  await test(`the OpenAPI of ${program} is valid`, async () =>
    assert.equal(await openapiErrors(await contractOf(program, 'openapi')), ''));
}
await test('the validators tell what is not valid', async () => {
  const asyncapi = (await contractOf('aerie-chat', 'asyncapi')).replace('"action": "receive"', '"action": "take"');
  assert.notEqual(await asyncapiErrors(asyncapi), '');
  const openapi = (await contractOf('aerie-chat', 'openapi')).replace('"in": "path"', '"in": "somewhere"');
  assert.notEqual(await openapiErrors(openapi), '');
});

// --- --check
await test('a stale file is found, and named', async () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'aerie-contract-'));
  const file = path.join(directory, 'contract.ts');
  try {
    const words = ['--emit-typescript', file];
    assert.equal((await run('reference_gateways', ...words)).status, 0);
    assert.equal((await run('reference_gateways', ...words, '--check')).status, 0);
    writeFileSync(file, readFileSync(file, 'utf8').replace('joinRoom', 'enterRoom'));
    const { status, errors } = await run('reference_gateways', ...words, '--check');
    assert.equal(status, 1);
    assert.match(errors, new RegExp(`^reference_gateways: ${file} is stale: .*; renew it with: reference_gateways --emit-typescript ${file}\n$`));
  } finally {
    rmSync(directory, { recursive: true });
  }
});

await test('the function of CMake has written what the program says', async () => {
  const file = path.join(binaries, '../contracts/gateway_rooms.ts');
  assert.equal(readFileSync(file, 'utf8'), typescript.gateway_rooms);
});

report();
