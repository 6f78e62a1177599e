// Malformed, hostile and merely unusual HTTP requests (numbers A1 to A45).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { canary, openFiles } from './lib/canary.mjs';
import { expectation } from './lib/differences.mjs';
import { PollingSession, target } from './lib/engine.mjs';
import { official, serve } from './lib/target.mjs';
import { sleep, until } from './lib/wait.mjs';

const refused = { status: [400], closed: true };
const tooLarge = { status: [431], closed: true };
const fine = { status: [200] };
// Node 18 lets through what Node 20 refuses.
const refusedSinceNode20 = official && parseInt(process.versions.node, 10) < 20 ? fine : refused;
const host = 'Host: localhost\r\n';
const get = (lines = '', line = 'GET /hello HTTP/1.1') => `${line}\r\n${host}${lines}\r\n`;
const post = (lines, body = '') => `POST /hello HTTP/1.1\r\n${host}${lines}\r\n${body}`;
const chunked = (body, lines = '') => post(`Transfer-Encoding: chunked\r\n${lines}`, body);
const handshakeBy = (method) => get('', `${method} ${target('polling')} HTTP/1.1`);

// number, what, bytes, what Aerie does, what the official server does if that is something else
const rows = [
  [
    'A1',
    'Content-Length and Transfer-Encoding',
    post('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
    refused,
  ],
  [
    'A2',
    'two different Content-Lengths',
    post('Content-Length: 4\r\nContent-Length: 5\r\n', 'abcde'),
    refused,
  ],
  ['A3', 'two equal Content-Lengths', post('Content-Length: 5\r\nContent-Length: 5\r\n', 'abcde'), refused],
  ['A3', 'a list of equal Content-Lengths', post('Content-Length: 5, 5\r\n', 'abcde'), refused],
  ...['-1', '+5', '0x5', '', '1_0', '5 5', 'five', '5;', '5.0'].map((length) => [
    'A4',
    `the Content-Length ${JSON.stringify(length)}`,
    post(`Content-Length: ${length}\r\n`, 'abcde'),
    refused,
  ]),
  ['A5', 'the Content-Length 2^64', post('Content-Length: 18446744073709551616\r\n'), refused],
  [
    'A5',
    'the Content-Length 2^63',
    post('Content-Length: 9223372036854775808\r\n'),
    { status: [400, 413], closed: true },
    'waits',
  ],
  ...['xchunked', 'gzip', 'identity'].map((coding) => [
    'A7',
    `the Transfer-Encoding ${coding}`,
    post(`Transfer-Encoding: ${coding}\r\n`, '0\r\n\r\n'),
    { status: [400, 501], closed: true },
  ]),
  ...['chunked, identity', 'chunked, chunked', 'chunked;a=b', '"chunked"'].map((coding) => [
    'A8',
    `the Transfer-Encoding ${coding}`,
    post(`Transfer-Encoding: ${coding}\r\n`, '0\r\n\r\n'),
    { status: [400, 501], closed: true },
  ]),
  [
    'A8',
    'the Transfer-Encoding ,chunked',
    post('Transfer-Encoding: ,chunked\r\n', '0\r\n\r\n'),
    { status: [400, 501], closed: true },
    fine,
  ],
  ['A9', 'a folded Transfer-Encoding', post('Transfer-Encoding:\r\n chunked\r\n', '0\r\n\r\n'), refused],
  [
    'A9',
    'Transfer-Encoding with a space before the colon',
    post('Transfer-Encoding : chunked\r\n', '0\r\n\r\n'),
    refused,
  ],
  [
    'A9',
    'Transfer-Encoding with a vertical tab',
    post('Transfer-Encoding: \x0bchunked\r\n', '0\r\n\r\n'),
    refused,
  ],
  ['A9', 'Transfer-Encoding with a NUL', post('Transfer-Encoding: chunked\0\r\n', '0\r\n\r\n'), refused],
  [
    'A10',
    'Transfer-Encoding on HTTP/1.0',
    `POST /hello HTTP/1.0\r\n${host}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    refused,
    fine,
  ],
  ...['0x1', '-1', '+1', '1_0', 'g', '', '11111111111111111'].map((size) => [
    'A11',
    `the chunk size ${JSON.stringify(size)}`,
    chunked(`${size}\r\na\r\n0\r\n\r\n`),
    refused,
  ]),
  ['A11', 'a space before the chunk size', chunked(' 1\r\na\r\n0\r\n\r\n'), refused],
  ['A12', 'a chunk size that ends by LF', chunked('1\na\r\n0\r\n\r\n'), refused],
  ['A12', 'a chunk that ends by LF', chunked('1\r\na\n0\r\n\r\n'), refused],
  ['A12', 'a chunk size that ends by CR', chunked('1\ra\r\n0\r\n\r\n'), refused],
  ['A12', 'a chunk with more data than its size', chunked('1\r\nab\r\n0\r\n\r\n'), refused],
  [
    'A13',
    'a chunk extension of 64 KiB',
    chunked(`1;${'x'.repeat(65536)}\r\na\r\n0\r\n\r\n`),
    { status: [400, 413], closed: true },
  ],
  ['A16', 'lines that end by LF', get().replaceAll('\r\n', '\n'), refused],
  ['A16', 'a CR inside a value', get('X-A: a\rb\r\n'), refused],
  ['A17', 'a folded header', get('X-A: a\r\n b\r\n'), refused],
  ['A18', 'a space before the colon', get('X-A : 1\r\n'), refusedSinceNode20],
  ['A19', 'a NUL in a value', get('X-A: a\0b\r\n'), refused],
  ['A19', 'a control character in a name', get('X\x01A: a\r\n'), refused],
  ['A19', 'a control character in the URL', get('', 'GET /hel\x01lo HTTP/1.1'), refused],
  ['A20', 'a header name that is not ASCII', get('Ünï: a\r\n'), refused],
  ['A20', 'an empty header name', get(': a\r\n'), refusedSinceNode20],
  ['A20', 'a header without a colon', get('nothing\r\n'), refused],
  ['A21', 'no Host', 'GET /hello HTTP/1.1\r\n\r\n', refusedSinceNode20],
  ['A22', 'two Host headers', get('Host: other\r\n'), refused, fine],
  ...['user@localhost', 'localhost/path', 'a,b', 'a b'].map((value) => [
    'A23',
    `the Host ${JSON.stringify(value)}`,
    `GET /hello HTTP/1.1\r\nHost: ${value}\r\n\r\n`,
    refused,
    fine,
  ]),
  ['A24', 'an absolute URI', get('', 'GET http://localhost/hello HTTP/1.1'), fine, { status: [404] }],
  [
    'A24',
    'an absolute URI with another host',
    get('', 'GET http://elsewhere/hello HTTP/1.1'),
    refused,
    { status: [404] },
  ],
  ['A25', 'OPTIONS *', get('', 'OPTIONS * HTTP/1.1'), { status: [400, 404] }],
  ['A25', 'GET *', get('', 'GET * HTTP/1.1'), { status: [400, 404] }],
  ['A26', 'a tab in the request line', get('', 'GET\t/hello HTTP/1.1'), refused],
  ['A26', 'two spaces in the request line', get('', 'GET  /hello HTTP/1.1'), refused, fine],
  ['A26', 'no version', get('', 'GET /hello'), refused, fine],
  ...['HTTP/1.a', 'HTTP/01.1', 'http/1.1', 'HTTP/1.10', 'HTTP/11', 'HTTPS/1.1'].map((version) => [
    'A26',
    `the version ${version}`,
    get('', `GET /hello ${version}`),
    { status: [400, 505], closed: true },
  ]),
  [
    'A27',
    'the version HTTP/2.0',
    get('', 'GET /hello HTTP/2.0'),
    { status: [505], closed: true },
    { status: [200], closed: true },
  ],
  ['A28', 'the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', { status: [400, 505], closed: true }],
  ['A29', 'HTTP/1.0', 'GET /hello HTTP/1.0\r\n\r\n', { status: [200], closed: true }],
  ['A30', 'HTTP/0.9', 'GET /hello\r\n\r\n', refused, fine],
  ['A31', 'a method in lower case', get('', 'get /hello HTTP/1.1'), refused],
  ['A31', 'an unknown method', get('', 'BREW /hello HTTP/1.1'), { status: [400, 404, 405, 501] }],
  [
    'A31',
    'a method of 64 KiB',
    get('', `${'A'.repeat(65536)} /hello HTTP/1.1`),
    { status: [400, 431, 501], closed: true },
  ],
  ['A32', 'a handshake by TRACE', handshakeBy('TRACE'), { status: [400, 405, 501] }],
  ['A37', 'an unknown Expect', post('Expect: foo\r\nContent-Length: 0\r\n'), { status: [417] }],
  [
    'A38',
    'headers of 17 KB together',
    get(Array.from({ length: 17 }, (_, i) => `X-${i}: ${'x'.repeat(1000)}\r\n`).join('')),
    tooLarge,
  ],
  ['A38', 'one header of 17 KB', get(`X-A: ${'x'.repeat(17000)}\r\n`), tooLarge],
  [
    'A38',
    'a URL of 17 KB',
    get('', `GET /hello?${'x'.repeat(17000)} HTTP/1.1`),
    { status: [414, 431], closed: true },
  ],
  ['A39', '2500 small headers', get('a: 1\r\n'.repeat(2500)), tooLarge, fine],
  ['A44', '300 bytes of garbage', Buffer.alloc(300, 0xa5), refused],
  [
    'A44',
    'a TLS handshake',
    Buffer.concat([Buffer.of(22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3), Buffer.alloc(500, 7)]),
    refused,
  ],
  [
    'A28',
    'control bytes before the request line',
    Buffer.concat([Buffer.of(0, 1), Buffer.from(get())]),
    refused,
  ],
];

describe('HTTP requests', { concurrency: true }, () => {
  const server = serve();
  canary(server);

  for (const [number, what, bytes, expected, officially] of rows) {
    test(`${number} ${what}`, async () => {
      const connection = await server.connection();
      connection.write(bytes);
      const wanted = expectation(number, { expected, official: officially });
      if (wanted === 'waits') return assertWaits(connection);
      const response = await connection.response();
      assert.notEqual(response, null, 'the connection was closed without an answer');
      assert.ok(
        wanted.status.includes(response.status),
        `${response.status}, expected one of ${wanted.status}`,
      );
      if (!wanted.closed) return;
      const rest = await connection.rest();
      assert.ok(!rest.includes('HTTP/1.'), `a second answer: ${rest}`);
    });
  }

  async function assertWaits(connection) {
    await sleep(200);
    assert.equal(connection.ended, false);
  }

  test('A6 a body above the limit is refused before it comes', async () => {
    const session = await PollingSession.open(server);
    const connection = await server.connection();
    connection.write(`POST ${session.target()} HTTP/1.1\r\n${host}Content-Length: 1000001\r\n\r\n`);
    const wanted = expectation('A6', { expected: 413, official: 'waits' });
    if (wanted === 'waits') return assertWaits(connection);
    assert.equal((await connection.response()).status, wanted);
    await connection.closed();
    assert.ok(await session.alive());
  });

  for (const trailer of [
    'Content-Length: 9',
    'Transfer-Encoding: chunked',
    'Host: elsewhere',
    'Authorization: x',
  ]) {
    test(`A14 the trailer ${trailer} changes nothing`, async () => {
      const connection = await server.connection();
      connection.write(chunked(`4\r\nfour\r\n0\r\n${trailer}\r\n\r\n`) + get());
      const response = await connection.response();
      // The official server refuses those that would change the framing.
      if (response.status === 400) return connection.closed();
      assert.equal(response.text, '4 bytes');
      assert.equal((await connection.response()).text, 'hello');
    });
  }

  test('A15 chunks of one byte', async () => {
    const session = await PollingSession.open(server);
    await session.post('40');
    await session.receive();
    const text = 'x'.repeat(50000);
    const connection = await server.connection();
    const body = [...`42["echo","${text}"]`].map((byte) => `1\r\n${byte}\r\n`).join('');
    connection.write(
      `POST ${session.target()} HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n${body}0\r\n\r\n`,
    );
    assert.equal((await connection.response()).text, 'ok');
    assert.deepEqual(await session.receive(), [`42["echo","${text}"]`]);
  });

  test('A23 an empty Host', async () => {
    const connection = await server.connection();
    connection.write('GET /hello HTTP/1.1\r\nHost: \r\n\r\n');
    // RFC 9110 §7.2 allows it for targets without an authority.
    assert.ok([200, 400].includes((await connection.response()).status));
  });

  for (const method of ['PUT', 'DELETE', 'PATCH', 'POST', 'OPTIONS']) {
    test(`A32-A33 a handshake by ${method} is refused, the connection kept`, async () => {
      const connection = await server.connection();
      connection.write(handshakeBy(method).replace('\r\n\r\n', '\r\nContent-Length: 0\r\n\r\n'));
      const response = await connection.response();
      assert.equal(response.status, 400);
      assert.deepEqual(JSON.parse(response.text), { code: 2, message: 'Bad handshake method' });
      connection.write(get());
      assert.equal((await connection.response()).text, 'hello');
    });
  }

  test('A32 a handshake by HEAD is refused without a body', async () => {
    const connection = await server.connection();
    connection.write(handshakeBy('HEAD'));
    assert.equal((await connection.response({ bodyless: true })).status, 400);
    connection.write(get());
    assert.equal((await connection.response()).text, 'hello');
  });

  test('A36 CONNECT is not served', async () => {
    const connection = await server.connection();
    connection.write('CONNECT localhost:80 HTTP/1.1\r\nHost: localhost:80\r\n\r\n');
    const response = await connection.response();
    assert.ok(response === null || response.status >= 400);
    await connection.closed();
  });

  test('A37 a client that waits for 100 Continue gets it', async () => {
    const connection = await server.connection();
    connection.write(post('Expect: 100-continue\r\nContent-Length: 4\r\n'));
    assert.equal((await connection.response()).status, 100);
    connection.write('four');
    assert.equal((await connection.response()).text, '4 bytes');
  });

  test('A43 pipelined requests are answered in their order', async () => {
    const connection = await server.connection();
    const requests = Array.from({ length: 30 }, (_, i) =>
      i % 3 ? post(`Content-Length: ${i}\r\n`, 'x'.repeat(i)) : get(),
    );
    connection.write(requests.join(''));
    for (let i = 0; i < 30; i++) {
      assert.equal((await connection.response()).text, i % 3 ? `${i} bytes` : 'hello');
    }
  });

  test('A43 pipelined handshakes are answered each', async () => {
    const connection = await server.connection();
    connection.write(handshakeBy('GET').repeat(3));
    const ids = new Set();
    for (let i = 0; i < 3; i++) ids.add((await connection.response()).text);
    assert.equal(ids.size, 3);
  });

  test('A43 many more pipelined requests than a client may have waiting', async () => {
    const connection = await server.connection();
    connection.write(get().repeat(2000));
    for (let i = 0; i < 2000; i++) assert.equal((await connection.response()).status, 200);
  });
});

describe('connections that break off', () => {
  const server = serve();
  canary(server);

  test('A45 a FIN or RST at every byte of a request leaves nothing behind', async () => {
    const session = await PollingSession.open(server);
    const before = openFiles(server);
    const request = Buffer.from(
      `POST ${session.target('polling', { sid: 'unknown' })} HTTP/1.1\r\n${host}Content-Length: 4\r\n\r\nfour`,
    );
    for (let length = 0; length <= request.length; length++) {
      const connection = await server.connection();
      if (length > 0) connection.write(request.subarray(0, length));
      if (length % 2) connection.reset();
      else connection.socket.end();
      connection.socket.resume();
    }
    await until(() => openFiles(server) <= before + 2, 'the descriptors are closed');
  });

  test('A44 a connection that sends nothing harms nobody', async () => {
    const connection = await server.connection();
    assert.equal((await server.request('GET', '/hello')).text, 'hello');
    connection.destroy();
  });
});

// The official deadlines are a minute and more, and not ours to wait for.
const aerieOnly = { skip: official && 'its deadlines are too long for a test' };

describe('slow requests', { concurrency: true }, () => {
  const server = serve('--header-timeout', 300, '--body-timeout', 300);
  canary(server);

  test('A40 a head that comes byte by byte is cut at its deadline', aerieOnly, async () => {
    const connection = await server.connection();
    const start = performance.now();
    const drip = setInterval(() => connection.socket.writable && connection.write('X'), 50);
    connection.write('GET /hello HTTP/1.1\r\nX-');
    const response = await connection.response();
    clearInterval(drip);
    assert.ok(response === null || response.status === 408);
    await connection.closed();
    const elapsed = performance.now() - start;
    assert.ok(elapsed > 250 && elapsed < 3000, `${elapsed} ms`);
  });

  test(
    'A41 a body that comes byte by byte is cut at its deadline, and the session ends',
    aerieOnly,
    async () => {
      const session = await PollingSession.open(server);
      const connection = await server.connection();
      const drip = setInterval(() => connection.socket.writable && connection.write('x'), 50);
      connection.write(`POST ${session.target()} HTTP/1.1\r\n${host}Content-Length: 1000\r\n\r\n4`);
      const response = await connection.response();
      clearInterval(drip);
      assert.ok(response === null || response.status === 408);
      await connection.closed();
      await until(async () => !(await session.alive()), 'the session ends');
    },
  );

  test('A44 a connection that stays silent is closed at the deadline', aerieOnly, async () => {
    const connection = await server.connection();
    await connection.closed();
  });
});
