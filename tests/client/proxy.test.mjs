// `aerie connect` through proxies of all kinds, with plain HTTP and within TLS, over polling and WebSockets.
//
//     AERIE_BIN=build/release/bin AERIE_TARGET=official node --test tests/client/proxy.test.mjs
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Server } from '../conformance/lib/target.mjs';
import { httpProxy, socksProxy } from './proxies.mjs';

const bin = process.env.AERIE_BIN ?? 'build/release/bin';
const folder = mkdtempSync(join(tmpdir(), 'aerie-proxy-'));
const file = (name) => join(folder, name);
execFileSync(
  'openssl',
  [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=test'],
    ...['-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:server.test'],
    ...['-keyout', file('key'), '-out', file('pem')],
  ],
  { stdio: 'pipe' },
);

function connect(url, proxy, words = []) {
  return new Promise((resolve, reject) => {
    const child = spawn(`${bin}/aerie`, [
      ...['connect', url, '--proxy', proxy, '--ca-file', file('pem'), '--timeout', '20s', '--json'],
      ...['--emit', 'echo', '["hello"]', '--ack', ...words],
    ]);
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
    child.on('error', reject);
    child.on('close', (status) =>
      resolve({ status, errors, lines: output.split('\n').filter(Boolean).map((line) => JSON.parse(line)) }));
  });
}

const servers = {};
before(async () => {
  servers.plain = await Server.start([]);
  servers.secure = await Server.start(['--tls-key', file('key'), '--tls-cert', file('pem')]);
});
after(async () => {
  for (const server of Object.values(servers)) await server.stop();
  rmSync(folder, { recursive: true });
});

const tls = () => ({ key: readFileSync(file('key')), cert: readFileSync(file('pem')) });
const kinds = {
  http: () => httpProxy({ credentials: 'me:se cret' }),
  https: () => httpProxy({ credentials: 'me:se cret', tls: tls() }),
  socks5: () => socksProxy({ credentials: 'me:se cret' }),
  socks5h: () => socksProxy({ credentials: 'me:se cret' }),
};

for (const [scheme, start] of Object.entries(kinds)) {
  describe(`a proxy of ${scheme}`, () => {
    let proxy;
    before(async () => (proxy = await start()));
    after(() => proxy.stop());

    for (const kind of ['plain', 'secure']) {
      for (const transport of ['polling', 'websocket']) {
        it(`leads to a server, ${kind}, by ${transport}`, async () => {
          const { url, port } = servers[kind];
          // A name that only the proxy knows.
          const host = scheme === 'socks5h' ? 'server.test' : '127.0.0.1';
          const where = `${url.startsWith('https') ? 'https' : 'http'}://${host}:${port}`;
          proxy.asked.length = 0;
          const { status, lines, errors } = await connect(where, `${scheme}://me:se%20cret@${proxy.host}`, [
            '--transport', transport]);
          assert.equal(status, 0, JSON.stringify(lines) + errors);
          assert.deepEqual(lines.at(-1), { type: 'ack', args: ['hello'] });
          const target = { http: '', https: '', socks5: 'address ', socks5h: 'name ' }[scheme] + `${host}:${port}`;
          assert.ok(proxy.asked.length >= 1);
          assert.deepEqual(new Set(proxy.asked), new Set([target]));
        });
      }
    }

    it('that refuses the credentials is the end, and says so', async () => {
      proxy.asked.length = 0;
      const { status, lines } = await connect(servers.plain.url, `${scheme}://me:wrong@${proxy.host}`);
      assert.equal(status, 1);
      assert.equal(lines[0].type, 'error');
      assert.match(JSON.stringify(lines[0]), /name and (a|the) password/);
      assert.deepEqual(proxy.asked, []);
    });

    it('that finds nobody is the end, and says so', async () => {
      const { status, lines } = await connect('http://127.0.0.1:1', `${scheme}://me:se%20cret@${proxy.host}`);
      assert.equal(status, 1);
      assert.match(JSON.stringify(lines[0]), /the proxy (has answered 502|was refused by the server)/);
    });
  });
}

it('a proxy that nobody listens on is told apart from the server', async () => {
  const { status, lines } = await connect(servers.plain.url, 'http://127.0.0.1:1');
  assert.equal(status, 1);
  assert.match(JSON.stringify(lines[0]), /the proxy: /);
});
