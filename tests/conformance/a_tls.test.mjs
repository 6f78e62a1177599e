// Checklist A 21: the server over TLS, with and without client certificates.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { connect, client, refusal, run } from './lib/client.mjs';
import { PollingSession, WebSocketSession } from './lib/engine.mjs';
import { serve } from './lib/target.mjs';

// A certificate authority, a server's and a client's certificate, made for this run only.
const folder = mkdtempSync(join(tmpdir(), 'aerie-tls-'));
const file = (name) => join(folder, name);
const openssl = (...words) => execFileSync('openssl', words, { stdio: 'pipe' });

function makeCertificates() {
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...curve,
    '-keyout',
    file('ca.key'),
    '-out',
    file('ca.pem'),
    '-subj',
    '/CN=test authority',
  );
  writeFileSync(file('names'), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
  for (const name of ['server', 'client']) {
    openssl(
      'req',
      '-new',
      ...curve,
      '-keyout',
      file(`${name}.key`),
      '-out',
      file(`${name}.csr`),
      '-subj',
      `/CN=${name}`,
    );
    const signer = [
      '-CA',
      file('ca.pem'),
      '-CAkey',
      file('ca.key'),
      '-CAcreateserial',
      '-extfile',
      file('names'),
    ];
    openssl('x509', '-req', '-in', file(`${name}.csr`), ...signer, '-out', file(`${name}.pem`), '-days', '2');
  }
}

makeCertificates();
after(() => rmSync(folder, { recursive: true }));
const ca = readFileSync(file('ca.pem'));
const certificate = { key: readFileSync(file('client.key')), cert: readFileSync(file('client.pem')) };
const ways = [
  ['polling', { transports: ['polling'], ca }],
  ['websocket', { transports: ['websocket'], ca }],
  ['polling, then websocket', { ca }],
];

describe('a server certificate', () => {
  const server = serve('--tls-key', file('server.key'), '--tls-cert', file('server.pem'));

  for (const [name, options] of ways) {
    test(`21 clients that trust it connect over ${name}`, async () => {
      const socket = await connect(server, '/', options);
      assert.equal(await socket.emitWithAck('echo', 'hi'), 'hi');
      assert.equal((await run(socket, { do: 'info' })).handshake.secure, true);
    });
  }

  test('21 raw sessions of both kinds open', async () => {
    assert.ok((await PollingSession.open(server)).sid);
    assert.ok((await WebSocketSession.open(server)).sid);
  });

  test('21 a client that does not trust it refuses', async () => {
    await refusal(client(server, '/', { transports: ['websocket'] }));
  });

  test('21 a large message passes in both directions', async () => {
    const socket = await connect(server, '/', { ca });
    const text = 'é'.repeat(300000);
    assert.equal(await socket.emitWithAck('echo', text), text);
  });
});

describe('client certificates', () => {
  const server = serve(
    ['--tls-key', file('server.key'), '--tls-cert', file('server.pem')],
    ['--tls-ca', file('ca.pem'), '--tls-client-cert'],
  );
  // The harness' own requests need the certificate as well.
  const plain = server.connection.bind(server);
  server.connection = (options) => plain({ ...certificate, ...options });

  for (const [name, options] of ways) {
    test(`21 a client with a certificate connects over ${name}`, async () => {
      const socket = await connect(server, '/', { ...options, ...certificate });
      assert.equal(await socket.emitWithAck('echo', 'hi'), 'hi');
    });

    test(`21 a client without a certificate is refused over ${name}`, async () => {
      await refusal(client(server, '/', options));
    });
  }
});
