// Checklist B: CORS, engine middlewares, header events, connection errors, the client bundle.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { connect } from './lib/client.mjs';
import { PollingSession, WebSocketSession, target } from './lib/engine.mjs';
import { assertError, errors } from './lib/errors.mjs';
import { serve } from './lib/target.mjs';
import { RawWebSocket } from './lib/websocket.mjs';

const good = 'http://good.example';

function vary(response) {
  return (response.headers.vary ?? '').split(',').map((name) => name.trim().toLowerCase());
}

describe('CORS with one origin', () => {
  const server = serve('--cors-origin', good, '--cors-credentials');
  const preflight = (query = {}) =>
    server.request('OPTIONS', target('polling', query), {
      headers: {
        Origin: good,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'x-a, x-b',
      },
    });

  test('27 a preflight request is answered with what is allowed', async () => {
    const response = await preflight();
    assert.equal(response.status, 204);
    assert.equal(response.body.length, 0);
    assert.equal(response.headers['access-control-allow-origin'], good);
    assert.equal(response.headers['access-control-allow-credentials'], 'true');
    assert.equal(response.headers['access-control-allow-methods'], 'GET,HEAD,PUT,PATCH,POST,DELETE');
    assert.equal(response.headers['access-control-allow-headers'], 'x-a, x-b');
    assert.ok(vary(response).includes('origin') && vary(response).includes('access-control-request-headers'));
  });

  test('27 a preflight request with a session id is answered as well', async () => {
    const { sid } = await PollingSession.open(server);
    assert.equal((await preflight({ sid })).status, 204);
  });

  test('28 the requests themselves carry the origin and the credentials', async () => {
    const session = await PollingSession.open(server, { headers: { Origin: good } });
    assert.equal(session.response.headers['access-control-allow-origin'], good);
    assert.equal(session.response.headers['access-control-allow-credentials'], 'true');
    assert.ok(vary(session.response).includes('origin'));
    const post = await session.post('40', { Origin: good });
    assert.equal(post.headers['access-control-allow-origin'], good);
  });

  test('28 error answers carry them too, so that a browser shows them to the page', async () => {
    const response = await server.request('GET', target('polling', { sid: 'x' }), {
      headers: { Origin: good },
    });
    assertError(response, errors.sid);
    assert.equal(response.headers['access-control-allow-origin'], good);
  });

  test('29 a foreign origin is not repeated', async () => {
    const response = await server.request('GET', target('polling'), {
      headers: { Origin: 'http://evil.example' },
    });
    assert.notEqual(response.headers['access-control-allow-origin'], 'http://evil.example');
    assert.notEqual(response.headers['access-control-allow-origin'], '*');
  });

  test('31 clients connect over each transport while CORS is on', async () => {
    for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
      const socket = await connect(server, '/', { transports, extraHeaders: { Origin: good } });
      assert.equal(await socket.emitWithAck('echo', 1), 1);
    }
  });
});

describe('CORS options', () => {
  const server = serve(
    ['--cors-origin', good, '--cors-origin', 'https://other.example', '--cors-methods', 'GET,POST'],
    ['--cors-allowed-headers', 'x-mine', '--cors-exposed-headers', 'x-seen,x-too', '--cors-max-age', 600],
    ['--cors-success-status', 200],
  );
  const ask = (method, origin) => server.request(method, target('polling'), { headers: { Origin: origin } });

  test('30 methods, headers, age and status are forwarded', async () => {
    const { status, headers } = await ask('OPTIONS', good);
    assert.equal(status, 200);
    assert.equal(headers['access-control-allow-methods'], 'GET,POST');
    assert.equal(headers['access-control-allow-headers'], 'x-mine');
    assert.equal(headers['access-control-max-age'], '600');
    assert.equal(headers['access-control-expose-headers'], 'x-seen,x-too');
    assert.equal(headers['access-control-allow-credentials'], undefined);
  });

  test('30 exposed headers are named in the answers', async () => {
    assert.equal((await ask('GET', good)).headers['access-control-expose-headers'], 'x-seen,x-too');
  });

  test('30 of several origins the asking one is repeated', async () => {
    for (const origin of [good, 'https://other.example']) {
      const response = await ask('GET', origin);
      assert.equal(response.headers['access-control-allow-origin'], origin);
      assert.ok(vary(response).includes('origin'));
    }
    const { headers } = await ask('GET', 'https://third.example');
    assert.notEqual(headers['access-control-allow-origin'], 'https://third.example');
  });
});

describe('CORS for everybody', () => {
  const server = serve('--cors-origin', '*');

  test('27-28 the star is sent as it is', async () => {
    const get = await server.request('GET', target('polling'), { headers: { Origin: good } });
    assert.equal(get.headers['access-control-allow-origin'], '*');
    const options = await server.request('OPTIONS', target('polling'), { headers: { Origin: good } });
    assert.equal(options.status, 204);
    assert.equal(options.headers['access-control-allow-origin'], '*');
  });
});

describe('CORS by a function', () => {
  const server = serve('--cors-origin', 'function');
  const allowed = async (origin) => {
    const { headers } = await server.request('GET', target('polling'), { headers: { Origin: origin } });
    return headers['access-control-allow-origin'];
  };

  test('30 a function decides about the origin', async () => {
    assert.equal(await allowed('http://any.example'), 'http://any.example');
    assert.equal(await allowed('http://any.test'), undefined);
  });
});

describe('engine middlewares', () => {
  const server = serve('--engine-middleware', '--max-http-buffer-size', 1000);
  const steps = async () => (await server.log({ what: 'engine_middleware' })).map(({ n }) => n);
  const upgrade = (query) => RawWebSocket.attempt(server, target('websocket', query));

  test('32 they run in order for each polling request and may set headers', async () => {
    const session = await PollingSession.open(server);
    await server.clearLog();
    const response = await session.post('40');
    assert.deepEqual(await steps(), [1, 2]);
    for (const each of [session.response, response]) {
      assert.equal(each.headers['x-first'], '1');
      assert.equal(each.headers['x-second'], '1');
    }
  });

  test('32 they run in order for an upgrade request and may set headers', async () => {
    await server.clearLog();
    const { response } = await upgrade();
    assert.equal(response.status, 101);
    assert.equal(response.headers['x-first'], '1');
    assert.equal(response.headers['x-second'], '1');
    assert.deepEqual(await steps(), [1, 2]);
  });

  test('32 a middleware may go on later', async () => {
    assert.equal((await server.request('GET', target('polling', { mw: 'delay' }))).status, 200);
    assert.equal((await upgrade({ mw: 'delay' })).response.status, 101);
  });

  test('32 a middleware may answer a polling request itself', async () => {
    const response = await server.request('GET', target('polling', { mw: 'end' }));
    assert.equal(response.status, 418);
    assert.equal(response.text, 'teapot');
  });

  test('32 a middleware that ends an upgrade request closes the connection', async () => {
    const { response, socket } = await upgrade({ mw: 'end' });
    assert.notEqual(response?.status, 101);
    await socket.connection.closed();
  });

  test('32 a middleware that fails refuses the request', async () => {
    await server.clearLog();
    assertError(await server.request('GET', target('polling', { mw: 'error' })), errors.request);
    const { response } = await upgrade({ mw: 'error' });
    assert.equal(response.status, 400);
    assert.equal(response.text, 'Bad request');
    const [polling, webSocket] = await server.log({ what: 'connection_error' });
    for (const entry of [polling, webSocket]) {
      assert.equal(entry.code, 3);
      assert.equal(entry.context.name, 'MIDDLEWARE_FAILURE');
    }
  });

  test('33 a body that is too large gets 413 behind a middleware', async () => {
    const session = await PollingSession.open(server);
    assert.equal((await session.post('4'.repeat(1001))).status, 413);
    assert.equal((await session.post('40')).text, 'ok');
  });
});

describe('header events', () => {
  const server = serve('--header-events');
  const count = async (what) => (await server.log({ what })).length;

  test('34-35 initial_headers once a session, headers for each answer, over polling', async () => {
    await server.clearLog();
    const session = await PollingSession.open(server);
    const post = await session.post('40');
    const poll = await session.poll();
    assert.equal(session.response.headers['x-initial'], '1');
    assert.equal(post.headers['x-initial'], undefined);
    assert.equal(poll.headers['x-initial'], undefined);
    for (const { headers } of [session.response, post, poll]) assert.equal(headers['x-every'], '1');
    assert.equal(await count('initial_headers'), 1);
    assert.equal(await count('headers'), 3);
  });

  test('34-35 both once over WebSocket', async () => {
    await server.clearLog();
    const { response } = await RawWebSocket.attempt(server, target('websocket'));
    assert.equal(response.headers['x-initial'], '1');
    assert.equal(response.headers['x-every'], '1');
    assert.equal(await count('initial_headers'), 1);
    assert.equal(await count('headers'), 1);
  });

  test('34-35 only headers for the WebSocket of an upgrade', async () => {
    const session = await PollingSession.open(server);
    const { response } = await RawWebSocket.attempt(server, session.target('websocket'));
    assert.equal(response.headers['x-initial'], undefined);
    assert.equal(response.headers['x-every'], '1');
  });
});

describe('connection errors', () => {
  const server = serve('--allow-request', '--generate-id', '--engine-middleware');
  const cases = [
    ['GET', target('foo'), 0, { transport: 'foo' }],
    ['GET', target('polling', { sid: 'unknown' }), 1, { sid: 'unknown' }],
    ['POST', target('polling'), 2, { method: 'POST' }],
    ['GET', target('websocket'), 3, { name: 'TRANSPORT_HANDSHAKE_ERROR' }],
    ['GET', target('polling', { id_fail: '1' }), 3, { name: 'ID_GENERATION_ERROR' }],
    ['GET', target('polling', { mw: 'error' }), 3, { name: 'MIDDLEWARE_FAILURE' }],
    ['GET', target('polling', { deny: 'no' }), 4, { message: 'no' }],
    ['GET', target('polling', { EIO: '3' }), 5, { protocol: 3 }],
  ];

  for (const [method, path, code, context] of cases) {
    test(`36 connection_error tells code ${code} with ${JSON.stringify(context)}`, async () => {
      await server.clearLog();
      await server.request(method, path);
      const entry = await server.logged({ what: 'connection_error' });
      assert.equal(entry.code, code);
      assert.equal(entry.message, Object.values(errors).find((each) => each.code === code).message);
      assert.equal(entry.url, path);
      for (const [name, value] of Object.entries(context)) assert.equal(entry.context[name], value);
    });
  }

  test('36 a transport that does not fit the session is named', async () => {
    const session = await WebSocketSession.open(server);
    await server.clearLog();
    assertError(await server.request('GET', target('polling', { sid: session.sid })), errors.request);
    const { context } = await server.logged({ what: 'connection_error' });
    assert.deepEqual(
      [context.name, context.transport, context.previousTransport],
      ['TRANSPORT_MISMATCH', 'polling', 'websocket'],
    );
  });
});

describe('the client bundle', () => {
  const server = serve('--cors-origin', good);
  const versionTag = async () => (await server.request('GET', '/socket.io/socket.io.js')).headers.etag;
  const files = ['socket.io', 'socket.io.min', 'socket.io.msgpack.min', 'socket.io.esm.min'];

  for (const name of files) {
    test(`37 ${name}.js is served, with its source map`, async () => {
      const script = await server.request('GET', `/socket.io/${name}.js`);
      assert.equal(script.status, 200);
      assert.equal(script.headers['content-type'], 'application/javascript; charset=utf-8');
      assert.equal(script.headers['cache-control'], 'public, max-age=0');
      assert.match(script.headers.etag, /^"\d+\.\d+\.\d+"$/);
      assert.match(script.text, /Socket\.IO v4/);
      const map = await server.request('GET', `/socket.io/${name}.js.map`);
      assert.equal(map.status, 200);
      assert.equal(map.headers['content-type'], 'application/json; charset=utf-8');
      assert.equal(JSON.parse(map.text).version, 3);
    });
  }

  test('37 a client that has the version gets 304, by strong and by weak tag', async () => {
    const tag = await versionTag();
    for (const known of [tag, `W/${tag}`]) {
      const response = await server.request('GET', '/socket.io/socket.io.js', {
        headers: { 'If-None-Match': known },
      });
      assert.equal(response.status, 304);
    }
    const other = await server.request('GET', '/socket.io/socket.io.js', {
      headers: { 'If-None-Match': '"0.0.1"' },
    });
    assert.equal(other.status, 200);
  });

  const codings = [
    ['gzip', gunzipSync],
    ['deflate', inflateSync],
    ['br', brotliDecompressSync],
  ];
  for (const [coding, decode] of codings) {
    test(`37 the bundle is compressed for a client that accepts ${coding}`, async (t) => {
      if (coding === 'br' && !(await server.supports('brotli'))) return t.skip('no brotli');
      const plain = await server.request('GET', '/socket.io/socket.io.min.js');
      const headers = { 'Accept-Encoding': coding };
      const response = await server.request('GET', '/socket.io/socket.io.min.js', { headers });
      assert.equal(response.headers['content-encoding'], coding);
      assert.equal(decode(response.body).toString(), plain.text);
    });
  }

  test('37 CORS applies to the bundle', async () => {
    const response = await server.request('GET', '/socket.io/socket.io.js', { headers: { Origin: good } });
    assert.equal(response.headers['access-control-allow-origin'], good);
  });

  test('37 the query is not looked at; unknown files and other paths are not served', async () => {
    assert.equal((await server.request('GET', '/socket.io/socket.io.js?buster=1')).status, 200);
    assert.ok([400, 404].includes((await server.request('GET', '/socket.io/socket.io.v2.js')).status));
    assert.ok([400, 404].includes((await server.request('GET', '/socket.io/../package.json')).status));
    assert.equal((await server.request('GET', '/socket.iox/socket.io.js')).status, 404);
  });
});

describe('no client bundle', () => {
  const server = serve('--serve-client', 'off');

  test('37 with serveClient off there is none', async () => {
    const response = await server.request('GET', '/socket.io/socket.io.js');
    assert.ok([400, 404].includes(response.status));
  });
});
