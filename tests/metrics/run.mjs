// The page of metrics of the chat's server, from outside: it is one that Prometheus reads, tells what clients do, and has
// every name that the dashboard and the documentation speak of.
//
//     node run.mjs [WORD]       only the tests with this word in their names
//
// AERIE_BIN: where the programs are.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { report, test } from '../conformance/lib/checks.mjs';
import { ChatServer } from '../chat/lib/server.mjs';
import { startRedis } from '../chat/lib/services.mjs';
import { within } from '../conformance/lib/wait.mjs';
import { readMetrics } from './page.mjs';

const repository = path.resolve(import.meta.dirname, '../..');
const program = [path.join(process.env.AERIE_BIN ?? path.join(repository, 'build/release/bin'), 'aerie-chat')];

const portOf = (server) => Number(/the metrics are at port (\d+)/.exec(server.output)?.[1]);
const read = async (url) => {
  const answer = await fetch(url);
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
};
const value = (page, family, labels = {}) =>
  page
    .get(family)
    ?.samples.filter((sample) => Object.entries(labels).every(([name, text]) => sample.labels[name] === text))
    .reduce((sum, sample) => sum + sample.value, 0);

const redis = await startRedis();
const words = ['--host', '127.0.0.1', '--metrics-port', '0', '--recovery', '2m'];
const server = new ChatServer(program, { port: 0, words: redis ? [...words, '--redis', redis.url] : words });
await server.start();
const operations = `http://127.0.0.1:${portOf(server)}`;
const url = /listening on (\S+)/.exec(server.output)[1].replace('localhost', '127.0.0.1');

await test('the page is on its own port only', async () => {
  assert.equal((await read(`${operations}/metrics`)).status, 200);
  assert.equal((await read(`${url}/metrics`)).status, 404);
  assert.equal((await read(`${operations}/api/rooms`)).status, 404);
});

await test('health is on its port as well', async () => {
  const live = await read(`${operations}/live`);
  assert.deepEqual([live.status, JSON.parse(live.text)], [200, { status: 'live' }]);
  const ready = await read(`${operations}/ready`);
  assert.equal(ready.status, 200);
  assert.ok(JSON.parse(ready.text).parts.database, ready.text);
});

await test('the page is one that Prometheus reads, and tells what a client does', async () => {
  const before = readMetrics((await read(`${operations}/metrics`)).text);
  server.url = url;
  const person = await server.person('Ada');
  await person.open();
  const sessions = await within(
    (async () => {
      for (;;) {
        const page = readMetrics((await read(`${operations}/metrics`)).text);
        if (value(page, 'aerie_engineio_sessions', { transport: 'websocket' }) === 1) return page;
      }
    })(),
    'the session is counted',
  );
  assert.equal(value(sessions, 'aerie_engineio_sessions_opened_total') - value(before, 'aerie_engineio_sessions_opened_total'), 1);
  assert.equal(value(sessions, 'aerie_socketio_sockets'), 1);
  assert.ok(sessions.get('aerie_loop_turn_seconds').samples.some((sample) => sample.name.endsWith('_count') && sample.value > 0));
});

/** Every name of ours, or of the process, in a text. */
const namesIn = (text) => new Set(text.match(/\b(?:aerie|process)_[a-z_]+[a-z]\b/g));

await test('the dashboard asks for metrics that there are', async () => {
  const page = readMetrics((await read(`${operations}/metrics`)).text);
  const dashboard = JSON.parse(readFileSync(path.join(repository, 'deploy/grafana/aerie.json'), 'utf8'));
  const queries = dashboard.panels.flatMap((panel) => (panel.targets ?? []).map((target) => target.expr));
  assert.ok(queries.length > 20, 'it has queries');
  const there = new Set([...page.values()].flatMap(({ name, type }) => (type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name])));
  for (const query of queries) {
    const names = namesIn(query);
    assert.ok(names.size > 0, query);
    for (const name of names) {
      // Without Redis there is no cluster to speak of.
      if (!redis && name.startsWith('aerie_cluster')) continue;
      assert.ok(there.has(name), `${name} in ${query}`);
    }
    for (const [, labels] of query.matchAll(/\bby \(([^)]*)\)/g)) {
      const [name] = names;
      const family = page.get(name) ?? page.get(name.replace(/_(bucket|sum|count)$/, ''));
      if (!family) continue;
      for (const label of labels.split(', ')) {
        if (label === 'instance') continue; // Prometheus' own
        assert.ok(family.samples.some((sample) => label in sample.labels), `${label} of ${name}`);
      }
    }
  }
});

await test('the documentation names every metric, and none that there is not', async () => {
  const page = readMetrics((await read(`${operations}/metrics`)).text);
  const rows = readFileSync(path.join(repository, 'docs/metrics.md'), 'utf8').matchAll(/^\| `([a-z_]+)` \| (\w+) \|/gm);
  const documented = new Map([...rows].map(([, name, type]) => [name, type]));
  const there = new Map([...page.values()].map(({ name, type }) => [name, type]));
  for (const [name, type] of there) assert.equal(documented.get(name), type, name);
  for (const name of documented.keys()) if (redis || !name.startsWith('aerie_cluster')) assert.ok(there.has(name), name);
});

await server.close();
await redis?.close();

await test('a port that is taken stops the start', async () => {
  const first = new ChatServer(program, { port: 0, words });
  await first.start();
  const second = new ChatServer(program, { port: 0, words: ['--host', '127.0.0.1', '--metrics-port', portOf(first)] });
  const { code } = await second.launch();
  assert.equal(code, 1, second.output);
  await second.close();
  await first.close();
});

report();
