// The cases of Http11Probe (github.com/MDA2AV/Http11Probe) that apply to a server of this kind, by its names. Cookies,
// content negotiation and ranges are the application's; what stands in bad_input_http by its own number is not repeated.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { canary } from './lib/canary.mjs';
import { official, serve } from './lib/target.mjs';

const host = 'Host: localhost\r\n';
const get = (lines = '', target = '/hello') => `GET ${target} HTTP/1.1\r\n${host}${lines}\r\n`;
const post = (lines, body = '', version = '1.1') =>
  `POST /hello HTTP/${version}\r\n${host}${lines}\r\n${body}`;
const chunked = (body, lines = '') => post(`Transfer-Encoding: chunked\r\n${lines}`, body);
const length = (value, body = '') => post(`Content-Length: ${value}\r\n`, body);
const smuggled = get('', '/smuggled');
const behind = `0\r\n\r\n${smuggled}`;

// What may come of it: the status of the first answer; `refused` ends the connection, and nothing more is answered.
const refused = [400];
const refusedOr501 = [400, 501];
const fine = [200];

const refusals = {
  'SMUG-CL-TE-BOTH': [post('Content-Length: 13\r\nTransfer-Encoding: chunked\r\n', behind)],
  'SMUG-DUPLICATE-CL': [post('Content-Length: 5\r\nContent-Length: 10\r\n', 'helloworld')],
  'SMUG-TE-XCHUNKED': [post('Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n', 'hello'), refusedOr501],
  'SMUG-TE-SP-BEFORE-COLON': [post('Transfer-Encoding : chunked\r\nContent-Length: 5\r\n', 'hello')],
  'COMP-LEADING-CRLF': [`\r\n\r\n${get()}`],
  'SMUG-CL-EXTRA-LEADING-SP': [length(' 5', 'hello')],
  'SMUG-CL-NEGATIVE': [length('-1')],
  'SMUG-CL-NEGATIVE-ZERO': [length('-0')],
  'SMUG-TE-TRAILING-SPACE': [post('Transfer-Encoding: chunked \r\nContent-Length: 5\r\n', 'hello')],
  'SMUG-TE-DOUBLE-CHUNKED': [
    post('Transfer-Encoding: chunked, chunked\r\nContent-Length: 5\r\n', 'hello'),
    refusedOr501,
  ],
  'SMUG-TE-CASE-MISMATCH': [post('Transfer-Encoding: Chunked\r\nContent-Length: 5\r\n', 'hello')],
  'SMUG-CL-COMMA-DIFFERENT': [length('5, 10', 'hello')],
  'SMUG-CL-COMMA-TRIPLE': [length('5, 5, 5', 'hello')],
  'SMUG-TE-NOT-FINAL-CHUNKED': [post('Transfer-Encoding: chunked, gzip\r\n', '0\r\n\r\n'), refusedOr501],
  'SMUG-TE-HTTP10': [post('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n', 'hello', '1.0')],
  'SMUG-CHUNK-BARE-SEMICOLON': [chunked('5;\r\nhello\r\n0\r\n\r\n')],
  'SMUG-CHUNK-EXT-INVALID-TOKEN': [chunked('5;bad[=x\r\nhello\r\n0\r\n\r\n')],
  'SMUG-CHUNK-EXT-CTRL': [chunked('5;\x01ext\r\nhello\r\n0\r\n\r\n')],
  'SMUG-CHUNK-EXT-CR': [chunked('5;a\rX\r\nhello\r\n0\r\n\r\n')],
  'SMUG-CHUNK-EXT-LF': [chunked('5;\nhello\r\n0\r\n\r\n')],
  'SMUG-CHUNK-SIZE-TRAILING-OWS': [chunked('5 \r\nhello\r\n0\r\n\r\n')],
  'SMUG-CHUNK-MISSING-TRAILING-CRLF': [chunked('5\r\nhello0\r\n\r\n')],
  'SMUG-CHUNK-LF-TRAILER': [chunked('5\r\nhello\r\n0\r\n\n')],
  'SMUG-CHUNK-BARE-CR-TERM': [chunked('5\rhello\r\n0\r\n\r\n')],
  'SMUG-CHUNK-INVALID-SIZE-DESYNC': [chunked(`+0\r\n\r\nX${smuggled}`)],
  'SMUG-BARE-CR-HEADER-VALUE': [post('Content-Length: 5\r\nX-Test: val\rue\r\n', 'hello')],
  'SMUG-CL-OCTAL': [length('0o5', 'hello')],
  'SMUG-CL-INTERNAL-SPACE': [length('1 0', 'hello12345')],
  'SMUG-TE-EMPTY-VALUE': [post('Transfer-Encoding: \r\nContent-Length: 5\r\n', 'hello'), refusedOr501],
  'SMUG-TE-LEADING-COMMA': [
    post('Transfer-Encoding: , chunked\r\nContent-Length: 5\r\n', 'hello'),
    refusedOr501,
  ],
  'SMUG-TE-TRAILING-COMMA': [
    post('Transfer-Encoding: chunked,\r\nContent-Length: 5\r\n', 'hello'),
    refusedOr501,
  ],
  'SMUG-TE-DUPLICATE-HEADERS': [
    post('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\nContent-Length: 5\r\n', 'hello'),
    refusedOr501,
  ],
  'SMUG-TE-FORMFEED': [post('Transfer-Encoding: \x0cchunked\r\nContent-Length: 5\r\n', 'hello')],
  'SMUG-TE-OBS-FOLD': [post('Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n', 'hello')],
  'SMUG-OPTIONS-TE-OBS-FOLD': [
    post('Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n', 'hello').replace('POST', 'OPTIONS'),
  ],
  'SMUG-CHUNKED-WITH-PARAMS': [
    post('Transfer-Encoding: chunked;ext=val\r\nContent-Length: 5\r\n', 'hello'),
    refusedOr501,
  ],
  'SMUG-MULTIPLE-HOST-COMMA': [get().replace('localhost', 'localhost, other.example')],
  'SMUG-ABSOLUTE-URI-HOST-MISMATCH': [get('', 'http://other.example/hello')],
  'SMUG-CLTE-SMUGGLED-GET': [
    post(`Content-Length: ${behind.length}\r\nTransfer-Encoding: chunked\r\n`, behind),
  ],
  'SMUG-CLTE-SMUGGLED-GET-CL-PLUS': [
    post(`Content-Length: +${behind.length}\r\nTransfer-Encoding: chunked\r\n`, behind),
  ],
  'SMUG-CLTE-SMUGGLED-GET-TE-OBS-FOLD': [
    post(`Transfer-Encoding:\r\n chunked\r\nContent-Length: ${behind.length}\r\n`, behind),
  ],
  'SMUG-CLTE-SMUGGLED-GET-TE-CASE-MISMATCH': [
    post(`Content-Length: ${behind.length}\r\nTransfer-Encoding: Chunked\r\n`, behind),
  ],
  'SMUG-TECL-SMUGGLED-GET': [
    post('Transfer-Encoding: chunked\r\nContent-Length: 4\r\n', `5c\r\n${smuggled}`),
  ],
  'SMUG-TECL-DESYNC': [post('Transfer-Encoding: chunked\r\nContent-Length: 30\r\n', `0\r\n\r\nX${smuggled}`)],
  'SMUG-CLTE-DESYNC': [post('Content-Length: 6\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\nX${smuggled}`)],
  'SMUG-DUPLICATE-CL-SMUGGLED-GET': [
    post(`Content-Length: 4\r\nContent-Length: ${behind.length}\r\n`, behind),
  ],
  'NORM-SP-BEFORE-COLON-CL': [post('Content-Length: 11\r\nContent-Length : 5\r\n', 'hello world')],
  'NORM-TAB-IN-NAME': [post('Content-Length: 11\r\nContent\tLength: 99\r\n', 'hello world')],
  'NORM-CASE-TE': [post('Content-Length: 11\r\nTRANSFER-ENCODING: chunked\r\n', 'hello world')],
  'RFC9112-2.2-BARE-LF-REQUEST-LINE': [get().replace('HTTP/1.1\r\n', 'HTTP/1.1\n')],
  'RFC9112-2.2-BARE-LF-HEADER': [get('X-Test: value\r\n').replace('localhost\r\n', 'localhost\n')],
  'RFC9112-3-CR-ONLY-LINE-ENDING': [get().replace('HTTP/1.1\r\n', 'HTTP/1.1\r')],
  'RFC9112-3-MISSING-TARGET': [`GET HTTP/1.1\r\n${host}\r\n`],
  'RFC9112-3.2-FRAGMENT-IN-TARGET': [get('', '/hello#frag')],
  'RFC9112-2.3-INVALID-VERSION': [get().replace('HTTP/1.1', 'HTTP/9.9'), [400, 505]],
  'RFC9112-5-INVALID-HEADER-NAME': [get('Bad[Name: value\r\n')],
  'RFC9112-6.1-CL-NON-NUMERIC': [length('abc')],
  'COMP-WHITESPACE-BEFORE-HEADERS': [`GET /hello HTTP/1.1\r\n \r\n${host}\r\n`],
  'COMP-DUPLICATE-HOST-SAME': [get(host)],
  'COMP-VERSION-MISSING-MINOR': [get().replace('HTTP/1.1', 'HTTP/1')],
  'COMP-VERSION-LEADING-ZEROS': [get().replace('HTTP/1.1', 'HTTP/01.01'), [400, 505]],
  'COMP-VERSION-WHITESPACE': [get().replace('HTTP/1.1', 'HTTP/ 1.1')],
  'COMP-SPACE-IN-TARGET': [get('', '/hel lo')],
  'COMP-UNKNOWN-TE-501': [post('Transfer-Encoding: gzip\r\n'), refusedOr501],
  'MAL-NUL-IN-URL': [get('', '/hello\0test')],
  'MAL-CONTROL-CHARS-HEADER': [get('X-Test: abc\x07\x08\x0bdef\r\n')],
  'MAL-CHUNK-SIZE-OVERFLOW': [chunked('FFFFFFFFFFFFFFFF0\r\nhello\r\n0\r\n\r\n')],
  'MAL-CL-OVERFLOW': [length('99999999999999999999')],
  'MAL-WHITESPACE-ONLY-LINE': ['   \r\n\r\n'],
  'MAL-NON-ASCII-URL': [get('', '/caf\u00e9')],
  'MAL-CHUNK-EXT-64K': [chunked(`5;ext=${'a'.repeat(65536)}\r\nhello\r\n0\r\n\r\n`), [400, 413]],
  'MAL-LONG-HEADER-NAME': [get(`${'A'.repeat(65536)}: val\r\n`), [400, 431]],
  'MAL-MANY-HEADERS': [
    get(Array.from({ length: 10000 }, (_, i) => `X-H-${i}: value\r\n`).join('')),
    [400, 431],
  ],
  'MAL-POST-CL-HUGE-NO-BODY': [length('999999999'), [400, 413]],
};

const answered = {
  'COMP-BASELINE': [get(), fine],
  'COMP-LEADING-CRLF once': [`\r\n${get()}`, fine],
  'COMP-POST-CL-BODY': [length(5, 'hello'), fine],
  'COMP-POST-CL-ZERO': [length(0), fine],
  'COMP-POST-NO-CL-NO-TE': [post(''), fine],
  'COMP-CHUNKED-BODY': [chunked('5\r\nhello\r\n0\r\n\r\n'), fine],
  'COMP-CHUNKED-MULTI': [chunked('5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n'), fine],
  'COMP-CHUNKED-EMPTY': [chunked('0\r\n\r\n'), fine],
  'COMP-CHUNKED-EXTENSION': [chunked('5;ext=value\r\nhello\r\n0\r\n\r\n'), fine],
  'COMP-CHUNKED-TRAILER-VALID': [chunked('5\r\nhello\r\n0\r\nX-Checksum: abc\r\n\r\n'), fine],
  'COMP-CHUNKED-HEX-UPPERCASE': [chunked('A\r\nhelloworld\r\n0\r\n\r\n'), fine],
  'COMP-RANGE-POST': [post('Content-Length: 5\r\nRange: bytes=0-10\r\n', 'hello'), fine],
  'COMP-UPGRADE-UNKNOWN': [get('Connection: Upgrade\r\nUpgrade: totally-made-up/1.0\r\n'), fine],
  'COMP-UPGRADE-MISSING-CONN': [get('Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'), fine],
  'SMUG-CL-TRAILING-SPACE': [length('5 ', 'hello'), [200, 400]],
  'SMUG-TE-TAB-BEFORE-VALUE': [
    post('Transfer-Encoding:\tchunked\r\n', '5\r\nhello\r\n0\r\n\r\n'),
    [200, 400],
  ],
  'MAL-CL-TAB-BEFORE-VALUE': [length('\t5', 'hello'), [200, 400]],
  'SMUG-TRANSFER_ENCODING': [
    post('Transfer_Encoding: chunked\r\nContent-Length: 5\r\n', 'hello'),
    [200, 400],
  ],
  'NORM-UNDERSCORE-CL': [post('Content-Length: 11\r\nContent_Length: 99\r\n', 'hello world'), [200, 400]],
  'SMUG-TRAILER-CL': [chunked('5\r\nhello\r\n0\r\nContent-Length: 50\r\n\r\n'), [200, 400]],
  'SMUG-TRAILER-TE': [chunked('5\r\nhello\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n'), [200, 400]],
  'SMUG-OPTIONS-CL-BODY-DESYNC': [length(5, 'hello').replace('POST', 'OPTIONS'), [200, 204, 400, 404, 405]],
  'SMUG-GET-CL-BODY-DESYNC': [length(5, 'hello').replace('POST', 'GET'), [200, 400]],
  'COMP-LONG-URL-OK': [get('', `/hello?${'a'.repeat(7900)}`), fine],
  'MAL-URL-PERCENT-NULL': [get('', '/hello%00.html'), [400, 404]],
  'MAL-URL-PERCENT-CRLF': [get('', '/hello%0d%0aX-Injected:%20true'), [400, 404]],
  'MAL-URL-BACKSLASH': [get('', '/hello\\file'), [400, 404]],
  'COMP-UNKNOWN-METHOD': [get().replace('GET', 'FOOBAR'), [400, 404, 405, 501]],
};

describe(
  'the cases of Http11Probe',
  { concurrency: true, skip: official && 'Node lets through many of them' },
  () => {
    const server = serve();
    canary(server);

    for (const [name, [bytes, statuses = refused]] of Object.entries(refusals)) {
      test(`${name} is refused, and what follows is not read`, async () => {
        const connection = await server.connection();
        connection.write(Buffer.from(bytes, 'utf8')).write(smuggled);
        const response = await connection.response();
        assert.ok(statuses.includes(response?.status), `${response?.status}, expected one of ${statuses}`);
        const rest = await connection.rest();
        assert.ok(!rest.includes('HTTP/1.'), `a second answer: ${rest}`);
      });
    }

    for (const [name, [bytes, statuses]] of Object.entries(answered)) {
      test(`${name} is answered, and so is the next request, or the connection ends`, async () => {
        const connection = await server.connection();
        connection.write(bytes).write(get('Connection: close\r\n'));
        const response = await connection.response();
        assert.ok(statuses.includes(response?.status), `${response?.status}, expected one of ${statuses}`);
        const next = await connection.response();
        if (next !== null) assert.equal(next.text, 'hello');
        else assert.notDeepEqual(statuses, fine, 'the connection has ended');
        await connection.closed();
      });
    }

    test('COMP-HEAD-NO-BODY HEAD is answered without a body', async () => {
      const connection = await server.connection();
      connection.write(get().replace('GET', 'HEAD')).write(get());
      const response = await connection.response({ bodyless: true });
      if (response.status === 200) assert.equal((await connection.response()).text, 'hello');
    });

    test('COMP-NO-1XX-HTTP10 a client of HTTP/1.0 is not told to continue', async () => {
      const connection = await server.connection();
      connection.write(post('Expect: 100-continue\r\nContent-Length: 5\r\n', 'hello', '1.0'));
      const { status } = await connection.response();
      assert.ok(status === 200 || status === 417, `${status}`);
    });

    test('COMP-DATE-FORMAT answers have a date of the form that RFC 9110 wants', async () => {
      const { headers } = await server.request('GET', '/hello');
      assert.equal(new Date(headers.date).toUTCString(), headers.date);
    });

    for (const [name, bytes] of [
      ['COMP-CHUNKED-NO-FINAL', chunked('5\r\nhello\r\n')],
      ['COMP-POST-CL-UNDERSEND', length(10, 'hello')],
      ['MAL-INCOMPLETE-REQUEST', get('X-Test: value\r\n').slice(0, -4)],
    ]) {
      test(`${name} is not answered as if it were whole`, async () => {
        const connection = await server.connection();
        connection.write(bytes);
        connection.socket.end();
        const response = await connection.response();
        assert.ok(response === null || response.status >= 400, `${response?.status}`);
      });
    }
  },
);
