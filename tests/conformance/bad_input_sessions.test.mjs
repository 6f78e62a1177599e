// Bad handshakes, session ids, polling payloads and upgrades (numbers B1 to B33, C1 to C22, D1 to D17).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { canary } from './lib/canary.mjs';
import { asOfficial, expectation } from './lib/differences.mjs';
import { PollingSession, WebSocketSession, basePath, separator, target } from './lib/engine.mjs';
import { assertError, assertUpgradeError, errors } from './lib/errors.mjs';
import { randomSource } from './lib/random_source.mjs';
import { serve } from './lib/target.mjs';
import { until } from './lib/wait.mjs';
import { RawWebSocket } from './lib/websocket.mjs';

describe('handshakes', { concurrency: true }, () => {
  const server = serve('--allow-request');
  canary(server);
  const get = (path) => server.request('GET', path);

  const refused = [
    ['B1', 'no EIO', '?transport=polling', errors.protocol],
    ['B2', 'EIO=0', '?EIO=0&transport=polling', errors.protocol],
    ['B3', 'EIO=3', '?EIO=3&transport=polling', errors.protocol],
    ['B4', 'EIO=5', '?EIO=5&transport=polling', errors.protocol],
    ['B5', 'EIO=abc', '?EIO=abc&transport=polling', errors.protocol],
    ['B6', 'EIO twice, the last wins', '?EIO=4&EIO=5&transport=polling', errors.protocol],
    ['B7', 'no transport', '?EIO=4', errors.transport],
    ['B8', 'an unknown transport', '?EIO=4&transport=foo', errors.transport],
    ['B9', 'the transport __proto__', '?EIO=4&transport=__proto__', errors.transport],
    ['B10', 'the transport constructor', '?EIO=4&transport=constructor', errors.transport],
    ['B11', 'the transport webtransport', '?EIO=4&transport=webtransport', errors.transport],
    ['B12', 'WebSocket without an upgrade', '?EIO=4&transport=websocket', errors.request],
    ['B13', 'an unknown sid', '?EIO=4&transport=polling&sid=x', errors.sid],
    ['B14', 'the sid __proto__', '?EIO=4&transport=polling&sid=__proto__', errors.sid],
    ['B16', 'an unknown sid and no EIO', '?transport=polling&sid=x', errors.sid],
  ];
  for (const [number, what, query, error] of refused) {
    test(`${number} ${what}`, async () => assertError(await get(basePath + query), error));
  }

  const accepted = [
    ['B6', 'EIO twice, the last one right', '?EIO=5&EIO=4&transport=polling'],
    ['B15', 'an empty sid', '?EIO=4&transport=polling&sid='],
    ['B28', 'broken percent signs', '?EIO=4&transport=polling&a=%zz%ff%'],
    ['B29', 'many parameters', `?EIO=4&transport=polling${'&a=1'.repeat(1000)}&b`],
    ['B29', 'parameters without names', '?&&=&EIO=4&transport=polling&=x&'],
  ];
  for (const [number, what, query] of accepted) {
    test(`${number} ${what}`, async () => assert.equal((await get(basePath + query)).status, 200));
  }

  test('B3 EIO=3 over WebSocket', async () => {
    const path = '/socket.io/?EIO=3&transport=websocket';
    const { response, socket } = await RawWebSocket.attempt(server, path);
    assert.equal(response.status, expectation('B3', { expected: 400, official: 101 }));
    if (response.status === 400) assertUpgradeError(response, 'Unsupported protocol version');
    await socket.connection.closed();
  });

  test('B17-18 the transport must be that of the session', async () => {
    const polling = await PollingSession.open(server);
    assertError(await get(polling.target('websocket')), errors.request);
    const webSocket = await WebSocketSession.open(server);
    assertError(await get(target('polling', { sid: webSocket.sid })), errors.request);
  });

  test('B22 a closed session is unknown', async () => {
    const session = await PollingSession.open(server);
    await session.post('1');
    assertError(await session.poll(), errors.sid);
  });

  test('B27 a control character in the Origin', async () => {
    const response = await server.request('GET', target('polling'), { headers: { Origin: 'a\x02b' } });
    assert.equal(response.status, 400);
  });

  const paths = [
    ['B30', '/socket.ioX', 404],
    ['B30', '//socket.io/', 404],
    ['B30', '/socket.io/../x', 404, 200],
    ['B30', '/socket.io/%2e%2e/x', 404, 200],
    ['B30', '/%73ocket.io/', 404],
  ];
  for (const [number, path, expected, officially] of paths) {
    test(`${number} the path ${path}`, async () => {
      const wanted = expectation(number, { expected, official: officially });
      const { status } = await get(`${path}?EIO=4&transport=polling`);
      assert.ok(status === wanted || (wanted === 404 && status === 400), `${status}, expected ${wanted}`);
    });
  }

  test('B33 an allowRequest that throws lets nobody in', async () => {
    const query = { allow_throw: '1' };
    if (asOfficial('B33')) {
      // The exception is nobody's: the request stays unanswered.
      const connection = await server.connection();
      connection.write(`GET ${target('polling', query)} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      await server.logged({ what: 'handler_error' });
      return;
    }
    const { status } = await get(target('polling', query));
    assert.ok([400, 403].includes(status), `${status}`);
    assert.notEqual((await RawWebSocket.attempt(server, target('websocket', query))).response?.status, 101);
  });
});

describe('polling payloads', { concurrency: true }, () => {
  const server = serve('--engine-only');

  async function fate(session) {
    return (await session.alive()) ? 'lives' : 'closed';
  }

  const payloads = [
    ['C3', 'nothing', '', 'closed'],
    ['C4', 'x', 'x', 'closed'],
    ['C5', 'abc', 'abc', 'closed'],
    ['C6', 'separators', separator.repeat(3), 'closed'],
    ['C7', '7', '7', 'closed'],
    ['C8', 'a message and a separator', `4hi${separator}`, 'closed'],
    ['C9', 'a ping', '2', 'closed'],
    ['C10', 'a pong', '3', 'lives'],
    ['C11', 'an open packet', '0', 'lives'],
    ['C12', 'an upgrade packet', '5', 'lives'],
    ['C13', 'a noop', '6', 'lives'],
    ['C14', 'a close packet', '1', 'closed'],
    ['C15', 'broken base64', 'b!!!!', 'lives'],
    ['C15', 'base64 of an impossible length', 'bAAAAA', 'lives'],
    ['C17', 'a form', 'd=40', 'closed'],
    ['C18', 'text that is not UTF-8', Buffer.from([0x34, 0xff, 0xfe]), 'closed', 'lives'],
    ['C18', 'UTF-8 that is cut off', Buffer.from([0x34, 0xe2, 0x82]), 'closed', 'lives'],
    ['C19', 'a NUL in a message', '4\0', 'lives'],
    ['C20', 'half a million packets', Array(499999).fill('6').join(separator), 'lives'],
  ];
  for (const [number, what, body, expected, officially] of payloads) {
    test(`${number} ${what}`, async () => {
      const session = await PollingSession.open(server);
      const response = await session.post(body);
      const wanted = expectation(number, { expected, official: officially });
      const statuses = wanted === 'lives' ? [200] : [200, 400];
      assert.ok(statuses.includes(response.status), `${response.status}`);
      assert.equal(await fate(session), wanted);
    });
  }

  // Clients break base64 into lines (Java's, all of Android's), use the URL-safe alphabet, leave padding out.
  function base64Texts() {
    const random = randomSource(15);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_';
    const foreign = ['\n', '\r\n', ' ', '\t', '=', '==', '!', '.', '\x7f', '\u00e9', '\0'];
    const bytes = Buffer.from(Array.from({ length: 200 }, () => random.below(256)));
    const texts = [`${bytes.toString('base64').replace(/.{76}/g, '$&\n')}\n`, '=bad', 'Zg==Zg==', 'Zm9v\n'];
    for (let count = 0; count < 300; ++count) {
      const share = random.pick([0, 0.1, 0.4]);
      const character = () => (random.chance(share) ? random.pick(foreign) : random.pick(alphabet));
      texts.push(Array.from({ length: random.below(30) }, character).join(''));
    }
    return texts;
  }
  const decoded = (text) => `b${Buffer.from(text, 'base64').toString('base64')}`;

  test('C15 base64 is read as Node reads it, over polling', async () => {
    const session = await PollingSession.open(server);
    const texts = base64Texts();
    await session.post(texts.map((text) => `b${text}`).join(separator));
    assert.deepEqual(await session.receiveCount(texts.length), texts.map(decoded));
  });

  test('C15 base64 is read as Node reads it, over WebSocket', async () => {
    const session = await WebSocketSession.open(server);
    const texts = base64Texts();
    for (const text of texts) session.send(`b${text}`);
    const answers = await session.take(texts.length);
    assert.deepEqual(
      answers.map((bytes) => `b${bytes.toString('base64')}`),
      texts.map(decoded),
    );
  });

  test('C8 the packets before a bad one are handled', async () => {
    const session = await PollingSession.open(server);
    await session.post(`4!callbacks 1${separator}4hi${separator}x`);
    const { sid } = session;
    await server.logged({ what: 'engine_close', sid, reason: 'parse error' });
  });

  test('C1-C2 the limit is a million bytes', async () => {
    const session = await PollingSession.open(server);
    assert.equal((await session.post('4'.repeat(1000001))).status, 413);
    assert.equal((await session.post('4'.repeat(1000000))).status, 200);
    assert.equal(await fate(session), 'lives');
  });

  test('C16 a binary body', async () => {
    const session = await PollingSession.open(server);
    const response = await session.post(Buffer.of(4, 1), { 'Content-Type': 'application/octet-stream' });
    assert.equal(response.status, 400);
    assert.equal(await fate(session), 'closed');
  });

  test('C21 a compressed body is not inflated', async () => {
    const session = await PollingSession.open(server);
    const { gzipSync } = await import('node:zlib');
    const response = await session.post(gzipSync(Buffer.alloc(1e6)), { 'Content-Encoding': 'gzip' });
    assert.equal(response.status, expectation('C21', { expected: 415, official: 200 }));
  });
});

describe('upgrade requests', { concurrency: true }, () => {
  const server = serve('--engine-only');
  const attempt = (path, headers) => RawWebSocket.attempt(server, path, headers);

  async function assertPollingWorks(session) {
    await session.post('4still');
    await session.receiveUntil((packets) => packets.includes('4still'));
  }

  test('D1 an unknown sid', async () => {
    const { response, socket } = await attempt(target('websocket', { sid: 'x' }));
    assertUpgradeError(response, 'Session ID unknown');
    await socket.connection.closed();
  });

  test('D14 an upgrade with transport=polling', async () => {
    const { response, socket } = await attempt(target('polling'));
    assert.equal(response.status, expectation('D14', { expected: 400, official: 101 }));
    await socket.closed();
  });

  for (const version of ['12', undefined, 'x']) {
    test(`D15 the WebSocket version ${version}`, async () => {
      const { response, socket } = await attempt(target('websocket'), { 'Sec-WebSocket-Version': version });
      assert.ok([400, 426].includes(response.status));
      assert.match(response.headers['sec-websocket-version'], /13/);
      await socket.connection.closed();
    });
  }

  for (const key of [
    undefined,
    '',
    'short',
    'dGhlIHNhbXBsZSBub25jZQ',
    'dGhlIHNhbXBsZSBub25jZQ==='.padEnd(200, 'x'),
  ]) {
    test(`D15 the WebSocket key ${key}`, async () => {
      const { response, socket } = await attempt(target('websocket'), { 'Sec-WebSocket-Key': key });
      assert.equal(response.status, 400);
      await socket.connection.closed();
    });
  }

  test('D16 an upgrade by POST', async () => {
    const connection = await server.connection();
    const lines =
      'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nContent-Length: 0\r\n';
    connection.write(
      `POST ${target('websocket')} HTTP/1.1\r\nHost: localhost\r\n${lines}Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    );
    assert.equal((await connection.response()).status, 400);
  });

  test('D16 an upgrade to something else', async () => {
    const { response } = await attempt(target('websocket'), { Upgrade: 'h2c' });
    assert.equal(response.status, 400);
  });

  for (const extensions of ['constructor', ',;constructor', 'permessage-deflate; server_max_window_bits=7']) {
    test(`F34 the extensions ${JSON.stringify(extensions)} do not harm the server`, async () => {
      const { response } = await attempt(target('websocket'), { 'Sec-WebSocket-Extensions': extensions });
      assert.ok([101, 400].includes(response.status));
    });
  }

  for (const protocol of [`b${' '.repeat(8000)}x`, ',', 'a,,b', 'a b']) {
    test(`F40 the subprotocol ${JSON.stringify(protocol.slice(0, 20))} is refused`, async () => {
      const { response } = await attempt(target('websocket'), { 'Sec-WebSocket-Protocol': protocol });
      assert.equal(response.status, 400);
    });
  }

  test('D13 a WebSocket that dies right after the upgrade ends the session once', async () => {
    const session = await PollingSession.open(server);
    const socket = await session.webSocket();
    socket.text('2probe');
    await socket.next();
    socket.text('5');
    socket.connection.socket.end();
    await server.logged({ what: 'engine_close', sid: session.sid, reason: 'transport close' });
    assert.equal((await server.log({ what: 'engine_close', sid: session.sid })).length, 1);
  });

  test('D9 messages by POST during the probe come before those over WebSocket', async () => {
    for (let round = 0; round < 10; round++) {
      const session = await PollingSession.open(server);
      const socket = await session.webSocket();
      socket.text('2probe');
      const posts = [session.post('40'), socket.next()];
      await posts[0];
      await posts[1];
      await session.post('41');
      socket.text('5').text('42').text('43');
      const packets = [];
      while (packets.length < 4) packets.push(await socket.next());
      assert.deepEqual(packets, ['40', '41', '42', '43']);
      socket.destroy();
    }
  });

  test('D2 a WebSocket that speaks out of turn leaves polling alone', async () => {
    const session = await PollingSession.open(server);
    const socket = await session.webSocket();
    socket.text('40');
    await socket.closed();
    await assertPollingWorks(session);
  });

  test('D12 sessions whose WebSockets hang in the middle are freed', async () => {
    const session = await PollingSession.open(server);
    const socket = await session.webSocket();
    socket.text('2probe');
    await socket.next();
    await session.post('1');
    await until(async () => !(await session.alive()), 'the session is gone');
    assert.equal((await server.log({ what: 'engine_close', sid: session.sid })).length, 1);
  });
});
