// client_suite against the official server, or against Aerie's: tests/conformance/lib/target.mjs says which.
//
//     AERIE_BIN=build/release/bin AERIE_TARGET=official node --test tests/client/suite.test.mjs
//     AERIE_BIN=build/release/bin AERIE_FIXTURE=$PWD/build/release/bin/conformance_server AERIE_THREADS=4 \
//       node --test tests/client/suite.test.mjs
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { Server } from '../conformance/lib/target.mjs';

const program = `${process.env.AERIE_BIN ?? 'build/release/bin'}/client_suite`;

// Whole suites, as gtest has them, each a process of its own.
const suites = spawnSync(program, ['--gtest_list_tests'], { encoding: 'utf8' })
  .stdout.split('\n')
  .filter((line) => /^\w+\.$/.test(line));

function run(words, url) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { env: { ...process.env, AERIE_URL: url } });
    const limit = setTimeout(() => child.kill('SIGKILL'), 240_000);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', reject);
    child.on('close', (status) => {
      clearTimeout(limit);
      resolve({ status, output });
    });
  });
}

let server;
before(async () => (server = await Server.start([])));
after(() => server.stop());

describe('what the official client asserts of itself', () => {
  it('is in four suites', () => assert.equal(suites.length, 4, suites.join(' ')));
  for (const suite of suites) {
    it(suite, async () => {
      const { status, output } = await run([`--gtest_filter=${suite}*`], server.url);
      assert.equal(status, 0, output);
      assert.match(output, /\[ {2}PASSED {2}\] [1-9]\d* tests?/, output);
    });
  }
});
