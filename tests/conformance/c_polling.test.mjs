// Checklist C: the polling transport.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { connect, run } from './lib/client.mjs';
import { PollingSession, separator } from './lib/engine.mjs';
import { assertError, errors } from './lib/errors.mjs';
import { Server, serve } from './lib/target.mjs';
import { duration, sleep } from './lib/wait.mjs';

describe('an echo over polling', { concurrency: true }, () => {
  const server = serve('--engine-only');
  const open = () => PollingSession.open(server);

  test('38 one packet', async () => {
    const session = await open();
    await session.post('4hello');
    const response = await session.poll();
    assert.equal(response.headers['content-type'], 'text/plain; charset=UTF-8');
    assert.equal(response.text, '4hello');
  });

  test('38 several packets of one payload come back in one payload', async () => {
    const session = await open();
    await session.post(['4one', '4two', '4three'].join(separator));
    assert.deepEqual(await session.receive(), ['4one', '4two', '4three']);
  });

  test('39 order is kept over many payloads', async () => {
    const session = await open();
    const sent = Array.from({ length: 200 }, (_, i) => `4${i}`);
    for (let i = 0; i < sent.length; i += 10) await session.post(sent.slice(i, i + 10).join(separator));
    assert.deepEqual(await session.receiveCount(200), sent);
  });

  test('39 order is kept from the server too', async () => {
    const session = await open();
    await session.post('4!send 200 3');
    const numbers = (await session.receiveCount(200)).map((packet) => parseInt(packet.slice(1), 10));
    assert.deepEqual(
      numbers,
      Array.from({ length: 200 }, (_, i) => i),
    );
  });

  test('25 a session lives on requests that each close their connection', async () => {
    const session = await open();
    const headers = { Connection: 'close' };
    for (let i = 0; i < 3; i++) {
      assert.equal((await session.post(`4${i}`, headers)).text, 'ok');
      const response = await session.poll(headers);
      assert.equal(response.text, `4${i}`);
      assert.equal(response.headers.connection, 'close');
    }
    assert.ok(await session.alive());
  });

  test('40 binary travels as base64, also between texts', async () => {
    const session = await open();
    await session.post(['4text', 'bAQIDBA==', '4more'].join(separator));
    assert.deepEqual(await session.receive(), ['4text', 'bAQIDBA==', '4more']);
  });

  test('40 each byte survives', async () => {
    const session = await open();
    const packet = `b${Buffer.from(Array.from({ length: 256 }, (_, i) => i)).toString('base64')}`;
    await session.post(packet);
    assert.deepEqual(await session.receive(), [packet]);
  });

  test('41 a POST is answered with ok', async () => {
    const session = await open();
    const response = await session.post('4hello');
    assert.equal(response.status, 200);
    assert.equal(response.headers['content-type'], 'text/html');
    assert.equal(response.headers['content-length'], '2');
    assert.equal(response.text, 'ok');
  });

  test('42 a second poll at the same time closes the session', async () => {
    const session = await open();
    const first = await session.pendingPoll();
    await server.request('PUT', session.target());
    const second = await session.poll();
    assert.equal(second.status, 400);
    const answer = await first.response();
    assert.equal(answer.status, 200);
    assert.equal(answer.text, '1');
    assertError(await session.poll(), errors.sid);
    await server.logged({ what: 'engine_close', sid: session.sid, reason: 'transport error' });
  });

  test('43 a second POST at the same time closes the session', async () => {
    const session = await open();
    const first = await server.connection();
    first.write(`POST ${session.target()} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n4half`);
    await server.request('PUT', session.target());
    const second = await session.post('4whole');
    assert.equal(second.status, 400);
    await first.closed();
    assertError(await session.poll(), errors.sid);
    await server.logged({ what: 'engine_close', sid: session.sid, reason: 'transport error' });
  });

  test('44 a poll that the client gives up closes the session', async () => {
    const session = await open();
    const poll = await session.pendingPoll();
    await server.request('PUT', session.target());
    poll.destroy();
    await server.logged({ what: 'engine_close', sid: session.sid, reason: 'transport error' });
    assertError(await session.poll(), errors.sid);
  });

  test('45 a POST that the client gives up closes the session', async () => {
    const session = await open();
    const post = await server.connection();
    post.write(`POST ${session.target()} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n4half`);
    await server.request('PUT', session.target());
    post.destroy();
    await server.logged({ what: 'engine_close', sid: session.sid, reason: 'transport error' });
    assertError(await session.poll(), errors.sid);
  });

  test('46 a binary POST is refused and closes the session', async () => {
    const session = await open();
    const response = await session.post('4hello', { 'Content-Type': 'application/octet-stream' });
    assert.equal(response.status, 400);
    assertError(await session.poll(), errors.sid);
  });

  test('52 text of any script arrives as it was', async () => {
    const session = await open();
    const text = '4你好 мир 👋🏽 \u2028\u2029 \u0000 é e\u0301 𝒳';
    await session.post(text);
    assert.deepEqual(await session.receive(), [text]);
  });

  test('53 other methods answer 500 and leave the session alone', async () => {
    const session = await open();
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      const response = await server.request(method, session.target());
      assert.equal(response.status, 500);
      assert.equal(response.body.length, 0);
    }
    await session.post('4still');
    assert.deepEqual(await session.receive(), ['4still']);
  });

  for (const payload of ['abc', '7', `4ok${separator}x`, '2']) {
    test(`55 the payload ${JSON.stringify(payload)} closes the session`, async () => {
      const session = await open();
      assert.equal((await session.post(payload)).text, 'ok');
      assertError(await session.poll(), errors.sid);
      const { reason } = await server.logged({ what: 'engine_close', sid: session.sid });
      assert.equal(reason, payload === '2' ? 'transport error' : 'parse error');
    });
  }

  test('49 a pending poll is answered with the close packet when the server closes', async () => {
    const session = await open();
    const poll = await session.pendingPoll();
    await session.post('4!close');
    assert.equal((await poll.response()).text, '1');
    await server.logged({ what: 'engine_close', sid: session.sid, reason: 'forced close' });
  });

  test('49 a pending poll is answered with a noop when the client closes', async () => {
    const session = await open();
    const poll = await session.pendingPoll();
    assert.equal((await session.post('1')).text, 'ok');
    assert.equal((await poll.response()).text, '6');
    await server.logged({ what: 'engine_close', sid: session.sid, reason: 'transport close' });
    assertError(await session.poll(), errors.sid);
  });

  test('50 without a pending poll the close packet comes with the next one', async () => {
    const session = await open();
    await session.post('4!close');
    assert.deepEqual(await session.receive(), ['6', '1']);
    assertError(await session.poll(), errors.sid);
  });

  test('56 what was sent before a close is delivered first', async () => {
    const session = await open();
    await session.post('4!send-close 3');
    const packets = await session.receive();
    if (packets.at(-1) !== '1') packets.push(...(await session.receive()));
    assert.deepEqual(
      packets.filter((packet) => packet !== '6'),
      ['40', '41', '42', '1'],
    );
  });

  test('56 what was sent before a discard is dropped', async () => {
    const session = await open();
    await session.post('4!send-discard 3');
    assertError(await session.poll(), errors.sid);
  });
});

describe('limits', () => {
  const server = serve('--engine-only', '--max-http-buffer-size', 1000);

  test('47 a body above the limit is refused and the session lives on', async () => {
    const session = await PollingSession.open(server);
    const response = await session.post(`4${'x'.repeat(1000)}`);
    assert.equal(response.status, 413);
    assert.equal(response.body.length, 0);
    await session.post('4still');
    assert.deepEqual(await session.receive(), ['4still']);
  });

  test('47 a chunked body above the limit is refused and the session lives on', async () => {
    const session = await PollingSession.open(server);
    const connection = await server.connection();
    connection.write(
      `POST ${session.target()} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    for (let i = 0; i < 11; i++) connection.write(`64\r\n${'4'.repeat(100)}\r\n`);
    assert.equal((await connection.response()).status, 413);
    assert.ok(await session.alive());
  });

  test('47 a body of exactly the limit is taken', async () => {
    const session = await PollingSession.open(server);
    const packet = `4${'x'.repeat(999)}`;
    assert.equal((await session.post(packet)).text, 'ok');
    assert.deepEqual(await session.receive(), [packet]);
  });

  test('47 the limit counts bytes, not characters', async () => {
    const session = await PollingSession.open(server);
    assert.equal((await session.post(`4${'é'.repeat(500)}`)).status, 413);
    assert.equal((await session.post(`4${'é'.repeat(499)}`)).status, 200);
  });
});

describe('pings', () => {
  const server = serve('--engine-only', '--ping-interval', 100, '--ping-timeout', 2000);

  test('48 a ping is written to the pending poll', async () => {
    const session = await PollingSession.open(server);
    const elapsed = await duration(async () => assert.deepEqual(await session.receive(), ['2']));
    assert.ok(elapsed > 50 && elapsed < 2000, `${elapsed} ms`);
  });
});

describe('compression', { concurrency: true }, () => {
  const decoders = { gzip: gunzipSync, deflate: inflateSync, br: brotliDecompressSync, undefined: (bytes) => bytes };
  // The Content-Encoding and the text of a poll after the server was asked for a message.
  async function coded(server, request, accept) {
    const session = await PollingSession.open(server);
    await session.post(`4${request}`);
    const response = await session.poll(accept ? { 'Accept-Encoding': accept } : {});
    const coding = response.headers['content-encoding'];
    return { coding, text: decoders[coding](response.body).toString() };
  }
  const kilobyte = `40:${'x'.repeat(1024)}`;

  describe('by default', () => {
    const server = serve('--engine-only');

    test('51 from 1024 bytes on an answer is compressed if the client accepts it', async () => {
      assert.deepEqual(await coded(server, '!send 1 1024', 'gzip, deflate'), {
        coding: 'gzip',
        text: kilobyte,
      });
      assert.deepEqual(await coded(server, '!send 1 1024', undefined), { coding: undefined, text: kilobyte });
      assert.deepEqual(await coded(server, '!send 1 1024', 'identity'), {
        coding: undefined,
        text: kilobyte,
      });
    });

    test('51 deflate is known as well', async (t) => {
      if (!(await server.supports('http-deflate'))) return t.skip('no deflate');
      assert.deepEqual(await coded(server, '!send 1 1024', 'deflate'), { coding: 'deflate', text: kilobyte });
    });

    test('51 weights decide, then the order of the header', async () => {
      const cases = [
        ['gzip;q=0.5, deflate', 'deflate'],
        ['deflate, gzip', 'deflate'],
        ['*', 'gzip'],
        ['gzip;q=0, *', 'deflate'],
        ['gzip;q=0.2, deflate;q=0.1', 'gzip'],
      ];
      for (const [accept, coding] of cases) {
        assert.deepEqual(await coded(server, '!send 1 1024', accept), { coding, text: kilobyte }, accept);
      }
    });

    test('51 brotli, which the official server knows for its bundle only, is known for polls', async (t) => {
      if (!(await server.supports('http-brotli'))) return t.skip('no brotli for polls');
      assert.deepEqual(await coded(server, '!send 1 1024', 'br'), { coding: 'br', text: kilobyte });
      assert.deepEqual(await coded(server, '!send 1 1024', 'gzip;q=0.5, br;q=0.8'), {
        coding: 'br',
        text: kilobyte,
      });
    });

    test('51 a smaller answer is not compressed', async () => {
      assert.equal((await coded(server, '!send 1 1000', 'gzip')).coding, undefined);
    });

    test('51 a coding with quality 0 is not used', async () => {
      assert.equal((await coded(server, '!send 1 1024', 'gzip;q=0')).coding, undefined);
    });

    test('51 a message may ask not to be compressed', async () => {
      assert.equal((await coded(server, '!plain 2000', 'gzip')).coding, undefined);
    });
  });

  describe('with a threshold', () => {
    const server = serve('--engine-only', '--http-compression', 10);

    test('51 the threshold follows the option', async () => {
      assert.equal((await coded(server, '!send 1 20', 'gzip')).coding, 'gzip');
      assert.equal((await coded(server, '!send 1 4', 'gzip')).coding, undefined);
    });
  });

  describe('off', () => {
    const server = serve('--engine-only', '--http-compression', 'off');

    test('51 compression can be switched off', async () => {
      assert.equal((await coded(server, '!send 1 5000', 'gzip')).coding, undefined);
    });
  });
});

describe('the end of the server', () => {
  test('54 a POST in progress is cut when the server closes the session', async () => {
    const server = await Server.start();
    const session = await PollingSession.open(server);
    await session.post('40');
    await session.receive();
    const post = await server.connection();
    post.write(`POST ${session.target()} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n42["half`);
    await server.request('PUT', session.target());
    await server.request('POST', '/__close');
    await post.closed();
    const { log } = await server.ended();
    const { reason } = log.find(({ what }) => what === 'disconnect');
    assert.equal(reason, 'server shutting down');
  });

  test('56 what is buffered is dropped when the server closes', async () => {
    const server = await Server.start();
    const session = await PollingSession.open(server);
    await session.post('40');
    await session.receive();
    await session.post(`42["do",{"do":"emit","event":"late","times":3}]`);
    await server.request('POST', '/__close');
    const { code } = await server.ended();
    assert.equal(code, 0);
  });
});

describe('the official client over polling', () => {
  const server = serve('--ping-interval', 100, '--ping-timeout', 500);

  test('48 it stays connected while the server pings', async () => {
    const socket = await connect(server, '/', { transports: ['polling'] });
    await sleep(900);
    assert.ok(socket.connected);
    assert.equal((await run(socket, { do: 'info' })).conn.transport, 'polling');
  });

  test('40 binary arguments pass', async () => {
    const socket = await connect(server, '/', { transports: ['polling'] });
    const bytes = Buffer.from([0, 255, 128, 7]);
    assert.deepEqual(await socket.emitWithAck('echo', { bytes, list: [bytes] }), { bytes, list: [bytes] });
  });
});
