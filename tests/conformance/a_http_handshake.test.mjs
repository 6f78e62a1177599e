// Checklist A: the handshake, over plain HTTP and over WebSocket.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { connect, run, transports } from './lib/client.mjs';
import { PollingSession, WebSocketSession, basePath, target } from './lib/engine.mjs';
import { assertError, assertUpgradeError, errors } from './lib/errors.mjs';
import { serve } from './lib/target.mjs';
import { sleep, until } from './lib/wait.mjs';
import { RawWebSocket, upgradeRequest } from './lib/websocket.mjs';

describe('handshake with the defaults', () => {
  const server = serve();

  test('1 a polling handshake answers one open packet with exactly five members', async () => {
    const response = await server.request('GET', target('polling'));
    assert.equal(response.status, 200);
    assert.equal(response.headers['content-type'], 'text/plain; charset=UTF-8');
    assert.equal(Number(response.headers['content-length']), response.body.length);
    assert.equal(response.text[0], '0');
    const names = Object.keys(JSON.parse(response.text.slice(1)));
    assert.deepEqual(names, ['sid', 'upgrades', 'pingInterval', 'pingTimeout', 'maxPayload']);
  });

  test('2 session ids are 20 URL-safe characters and never repeat', async () => {
    const sessions = await Promise.all(Array.from({ length: 50 }, () => PollingSession.open(server)));
    for (const { sid } of sessions) assert.match(sid, /^[A-Za-z0-9_-]{20}$/);
    assert.equal(new Set(sessions.map(({ sid }) => sid)).size, 50);
  });

  test('2 the id of a Socket.IO socket is another one than that of the session', async () => {
    const socket = await connect(server);
    assert.match(socket.id, /^[A-Za-z0-9_-]{20}$/);
    assert.notEqual(socket.id, socket.io.engine.id);
  });

  test('3 the default intervals and sizes are announced', async () => {
    const { handshake } = await PollingSession.open(server);
    assert.equal(handshake.pingInterval, 25000);
    assert.equal(handshake.pingTimeout, 20000);
    assert.equal(handshake.maxPayload, 1000000);
  });

  test('4 polling offers the upgrade to WebSocket, WebSocket offers nothing', async () => {
    assert.deepEqual((await PollingSession.open(server)).handshake.upgrades, ['websocket']);
    assert.deepEqual((await WebSocketSession.open(server)).handshake.upgrades, []);
  });

  test('5 a session opens directly over WebSocket', async () => {
    const session = await WebSocketSession.open(server);
    const names = Object.keys(session.handshake);
    assert.deepEqual(names, ['sid', 'upgrades', 'pingInterval', 'pingTimeout', 'maxPayload']);
    const socket = await connect(server, '/', { transports: ['websocket'] });
    assert.equal((await run(socket, { do: 'info' })).conn.transport, 'websocket');
  });

  for (const transport of ['', 'foo', 'constructor', '__proto__', 'toString', 'webtransport']) {
    test(`6-7 the transport ${JSON.stringify(transport)} is unknown over polling and over WebSocket`, async () => {
      const path = `${basePath}?EIO=4&transport=${transport}`;
      assertError(await server.request('GET', path), errors.transport);
      assertUpgradeError((await RawWebSocket.attempt(server, path)).response, errors.transport.message);
    });
  }

  test('6 a request without a transport is refused', async () => {
    assertError(await server.request('GET', `${basePath}?EIO=4`), errors.transport);
  });

  for (const sid of ['nothing', '__proto__', 'constructor']) {
    test(`8 the session id ${sid} is unknown`, async () => {
      assertError(await server.request('GET', target('polling', { sid })), errors.sid);
      const { response } = await RawWebSocket.attempt(server, target('websocket', { sid }));
      assertUpgradeError(response, errors.sid.message);
    });
  }

  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    test(`9 a handshake by ${method} is refused`, async () => {
      assertError(await server.request(method, target('polling')), errors.method);
    });
  }

  test('10 WebSocket without an upgrade request is refused', async () => {
    assertError(await server.request('GET', target('websocket')), errors.request);
  });

  test('10 a polling session used with transport=websocket without an upgrade is refused', async () => {
    const session = await PollingSession.open(server);
    assertError(await server.request('GET', session.target('websocket')), errors.request);
    assert.ok(await session.alive());
  });

  test('11 a control character in the Origin is refused', async () => {
    const response = await server.request('GET', target('polling'), {
      headers: { Origin: 'http://a\u0001b' },
    });
    assert.equal(response.status, 400);
  });

  for (const query of ['', 'EIO=3&', 'EIO=abc&', 'EIO=5&', 'EIO=&', 'EIO=4&EIO=5&']) {
    test(`12 the protocol version ${JSON.stringify(query)} is refused`, async () => {
      assertError(await server.request('GET', `${basePath}?${query}transport=polling`), errors.protocol);
      const { socket, response } = await RawWebSocket.attempt(
        server,
        `${basePath}?${query}transport=websocket`,
      );
      // The official server answers 101 before it looks at the version.
      assert.ok([101, 400].includes(response.status));
      await socket.connection.closed();
    });
  }

  test('12 the order of the checks is transport, session, method, version', async () => {
    assertError(await server.request('POST', `${basePath}?transport=foo&sid=x`), errors.transport);
    assertError(await server.request('POST', `${basePath}?transport=polling&sid=x`), errors.sid);
    assertError(await server.request('POST', `${basePath}?transport=polling`), errors.method);
  });

  for (const [name, options] of transports) {
    test(`15 query parameters reach the request and the handshake over ${name}`, async () => {
      const socket = await connect(server, '/', { ...options, query: { a: 'b c', 'd&e': 'é=1' } });
      const { handshake } = await run(socket, { do: 'info' });
      const wanted = { a: 'b c', 'd&e': 'é=1', EIO: '4', transport: name };
      for (const [key, value] of Object.entries(wanted)) assert.equal(handshake.query[key], value);
      assert.ok(handshake.url.startsWith(basePath));
    });

    test(`22 the remote address is known over ${name}`, async () => {
      const socket = await connect(server, '/', options);
      const { handshake, conn } = await run(socket, { do: 'info' });
      assert.match(handshake.address, /127\.0\.0\.1$/);
      assert.match(conn.remoteAddress, /127\.0\.0\.1$/);
    });
  }

  test('15 a query given in the URI of the client reaches the handshake', async () => {
    const socket = await connect(server, '/?fromUri=1');
    assert.equal((await run(socket, { do: 'info' })).handshake.query.fromUri, '1');
  });

  test('16 there is no cookie by default', async () => {
    const { response } = await PollingSession.open(server);
    assert.equal(response.headers['set-cookie'], undefined);
  });

  test('18 the path needs its trailing slash; what follows it is not looked at', async () => {
    const query = '?EIO=4&transport=polling';
    assert.equal((await server.request('GET', `/socket.io${query}`)).status, 404);
    assert.equal((await server.request('GET', `/socket.io/more${query}`)).status, 200);
  });

  test('19 other paths reach the other request handlers', async () => {
    const hello = await server.request('GET', '/hello');
    assert.equal(hello.text, 'hello');
    assert.equal((await server.request('GET', '/nowhere')).status, 404);
    assert.equal((await server.request('GET', `/engine.io/?EIO=4&transport=polling`)).status, 404);
  });

  test('23 X-XSS-Protection is sent to Internet Explorer only', async () => {
    const header = async (agent) => {
      const { response } = await PollingSession.open(server, { headers: { 'User-Agent': agent } });
      return response.headers['x-xss-protection'];
    };
    assert.equal(await header('Mozilla/5.0 (compatible;MSIE 8.0; Windows NT 6.0)'), '0');
    assert.equal(await header('Mozilla/5.0 (Windows NT 6.3; Trident/7.0; rv:11.0) like Gecko'), '0');
    assert.equal(await header('Mozilla/5.0 (X11; Linux) Firefox/130.0'), undefined);
  });

  test('24 no answer of a session may be stored', async () => {
    const session = await PollingSession.open(server);
    assert.equal(session.response.headers['cache-control'], 'no-store');
    assert.equal((await session.post('40')).headers['cache-control'], 'no-store');
    assert.equal((await session.poll()).headers['cache-control'], 'no-store');
  });

  test('25 a client that asks to close the connection is obeyed', async () => {
    const connection = await server.connection();
    connection.write(`GET ${target('polling')} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    const response = await connection.response();
    assert.equal(response.status, 200);
    assert.equal(response.headers.connection, 'close');
    await connection.closed();
  });

  test('25 otherwise a connection serves one request after another', async () => {
    const connection = await server.connection();
    for (let i = 0; i < 3; i++) {
      connection.write(`GET ${target('polling')} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      assert.equal((await connection.response()).status, 200);
    }
  });

  test('26 a chunked body is read', async () => {
    const session = await PollingSession.open(server);
    await session.post('40');
    await session.receive();
    const event = Buffer.from('42["echo","zwölf Boxkämpfer €"]');
    const connection = await server.connection();
    connection.write(
      `POST ${session.target()} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    for (const byte of event)
      connection.write(Buffer.concat([Buffer.from('1\r\n'), Buffer.of(byte), Buffer.from('\r\n')]));
    connection.write('0\r\n\r\n');
    assert.equal((await connection.response()).text, 'ok');
    assert.deepEqual(await session.receive(), [event.toString()]);
  });

  test('26 a body may come in any number of pieces, cut inside of a character', async () => {
    const session = await PollingSession.open(server);
    await session.post('40');
    await session.receive();
    const event = Buffer.from('42["echo","😀€é"]');
    const head = `POST ${session.target()} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${event.length}\r\n\r\n`;
    const connection = await server.connection();
    for (const byte of Buffer.concat([Buffer.from(head), event])) {
      connection.write(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    assert.equal((await connection.response()).text, 'ok');
    assert.deepEqual(await session.receive(), [event.toString()]);
  });
});

describe('options', { concurrency: true }, () => {
  describe('of the session', () => {
    const server = serve(
      ['--ping-interval', 3210, '--ping-timeout', 1230, '--max-http-buffer-size', 4321, '--no-upgrades'],
      ['--cookie', 'true', '--initial-packet', '2["hi"]', '--add-trailing-slash', 'off'],
    );

    test('3 intervals and sizes follow the options', async () => {
      const { handshake } = await PollingSession.open(server);
      assert.equal(handshake.pingInterval, 3210);
      assert.equal(handshake.pingTimeout, 1230);
      assert.equal(handshake.maxPayload, 4321);
    });

    test('4 no upgrade is offered when upgrades are off', async () => {
      assert.deepEqual((await PollingSession.open(server)).handshake.upgrades, []);
    });

    test('16 the cookie has the session id and safe attributes', async () => {
      const { response, sid } = await PollingSession.open(server);
      assert.deepEqual(response.headers['set-cookie'], [`io=${sid}; Path=/; HttpOnly; SameSite=Lax`]);
    });

    test('17 the initial packet comes with the handshake', async () => {
      const { packets } = await PollingSession.open(server);
      assert.equal(packets[1], '42["hi"]');
      const session = await WebSocketSession.open(server);
      assert.equal(await session.next(), '42["hi"]');
    });

    test('18 without the trailing slash both spellings are served', async () => {
      const query = '?EIO=4&transport=polling';
      assert.equal((await server.request('GET', `/socket.io${query}`)).status, 200);
      assert.equal((await server.request('GET', `/socket.io/${query}`)).status, 200);
    });
  });

  describe('cookie details', () => {
    const cookie = JSON.stringify({ name: 'who', path: '/some', httpOnly: false, sameSite: 'strict' });
    const server = serve('--cookie', cookie, '--transports', 'polling', '--path', '/other');
    const open = () => PollingSession.open(server, { path: '/other/' });

    test('16 name, path, httpOnly and sameSite of the cookie follow the options', async () => {
      const { response, sid } = await open();
      assert.deepEqual(response.headers['set-cookie'], [`who=${sid}; Path=/some; SameSite=Strict`]);
    });

    test('16 only the handshake sets the cookie', async () => {
      const session = await open();
      assert.equal((await session.post('40')).headers['set-cookie'], undefined);
      assert.equal((await session.poll()).headers['set-cookie'], undefined);
    });

    test('4 no upgrade is offered when WebSocket is off', async () => {
      assert.deepEqual((await open()).handshake.upgrades, []);
    });

    test('6 a transport that is off is unknown', async () => {
      assertError(await server.request('GET', target('websocket', {}, '/other/')), errors.transport);
    });

    test('19 the path follows the option', async () => {
      assert.equal((await server.request('GET', target('polling'))).status, 404);
    });
  });

  describe('cookie without a path', () => {
    const server = serve('--cookie', '{"path":false}', '--transports', 'websocket');

    test('16 a cookie may have no path', async () => {
      const { response } = await RawWebSocket.attempt(server, target('websocket'));
      assert.equal(response.status, 101);
      assert.equal(response.headers['set-cookie'], undefined, 'over WebSocket no cookie is set');
    });

    test('6 polling is unknown when it is off', async () => {
      assertError(await server.request('GET', target('polling')), errors.transport);
    });
  });

  describe('allowRequest and generateId', () => {
    const server = serve('--allow-request', '--generate-id', '--cookie', '{"path":false}');
    const get = (query) => server.request('GET', target('polling', query));
    const upgrade = async (query) =>
      (await RawWebSocket.attempt(server, target('websocket', query))).response;

    test('16 a cookie without a path has no Path attribute', async () => {
      const { response, sid } = await PollingSession.open(server);
      assert.deepEqual(response.headers['set-cookie'], [`io=${sid}; HttpOnly; SameSite=Lax`]);
    });

    test('13 allowRequest refuses with 403, over WebSocket with 400', async () => {
      assertError(await get({ deny: '1' }), errors.forbidden, 403);
      assertUpgradeError(await upgrade({ deny: '1' }), 'Forbidden');
    });

    test('13 allowRequest may give the message', async () => {
      assertError(await get({ deny: 'not on Sundays' }), { code: 4, message: 'not on Sundays' }, 403);
      assertUpgradeError(await upgrade({ deny: 'not on Sundays' }), 'not on Sundays');
    });

    test('14 allowRequest may decide later', async () => {
      assert.equal((await get({ delay: '20' })).status, 200);
      assertError(await get({ delay: '20', deny: '1' }), errors.forbidden, 403);
      assert.equal((await upgrade({ delay: '20' })).status, 101);
    });

    test('12 the version is checked after allowRequest', async () => {
      assertError(await get({ EIO: '3', deny: '1' }), errors.forbidden, 403);
      assertError(await get({ EIO: '3' }), errors.protocol);
    });

    test('13 allowRequest is asked once a session', async () => {
      const session = await PollingSession.open(server);
      const response = await server.request('POST', session.target('polling', { deny: '1' }), { body: '40' });
      assert.equal(response.text, 'ok');
    });

    test('2 generateId makes the ids', async () => {
      const session = await PollingSession.open(server, { query: { id: 'my-own-id' } });
      assert.equal(session.sid, 'my-own-id');
      await session.post('40');
      assert.match((await session.receive())[0], /^40\{"sid"/);
      const socket = await WebSocketSession.open(server, { query: { id: 'my-ws-id' } });
      assert.equal(socket.sid, 'my-ws-id');
    });

    test('2 generateId may take its time', async () => {
      const session = await PollingSession.open(server, { query: { id: 'later', id_delay: '10' } });
      assert.equal(session.sid, 'later');
    });

    for (const query of [{ id_fail: '1' }, { id_fail: '1', id_delay: '5' }]) {
      test(`2 a failing generateId refuses the session ${JSON.stringify(query)}`, async () => {
        assertError(await get(query), errors.request);
        const { socket } = await RawWebSocket.attempt(server, target('websocket', query));
        await socket.connection.closed();
      });
    }
  });

  describe('upgrade requests for nobody', () => {
    const server = serve('--destroy-upgrade-timeout', 150);

    test('20 an upgrade that nobody handles is closed after destroyUpgradeTimeout', async () => {
      const connection = await server.connection();
      const start = performance.now();
      connection.write(upgradeRequest(server, '/elsewhere'));
      await connection.closed();
      const elapsed = performance.now() - start;
      assert.ok(elapsed > 140 && elapsed < 5000, `closed after ${elapsed} ms`);
    });

    test('20 a WebSocket that was handled lives on', async () => {
      const session = await WebSocketSession.open(server);
      await sleep(250);
      session.send('40');
      assert.match(await session.next(), /^40/);
    });
  });

  describe('upgrade requests for somebody else', () => {
    const server = serve('--destroy-upgrade', 'off', '--destroy-upgrade-timeout', 50);

    test('20 with destroyUpgrade off it is left alone', async () => {
      const connection = await server.connection();
      connection.write(upgradeRequest(server, '/elsewhere'));
      await sleep(200);
      assert.equal(connection.ended, false);
    });
  });

  describe('disconnecting before the answer', () => {
    const server = serve('--allow-request');

    test('14 a client that leaves while allowRequest thinks is forgotten', async () => {
      const connection = await server.connection();
      connection.write(`GET ${target('polling', { delay: '60' })} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      connection.destroy();
      assert.equal((await server.request('GET', target('polling', { delay: '100' }))).status, 200);
      await until(
        async () => (await server.json('GET', '/__engine')).clientsCount <= 2,
        'no session is left over',
      );
    });
  });
});
