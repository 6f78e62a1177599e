// A: requests that are malformed, or merely unusual.
import { Inputs, get, host, poll, polling, post, sessionId } from '../input.mjs';

const inputs = new Inputs();
const framed = (lines, body = '') =>
  `POST ${polling}&sid=${sessionId} HTTP/1.1\r\n${host}${lines}\r\n${body}`;
const chunked = (body, lines = '') => framed(`Transfer-Encoding: chunked\r\n${lines}`, body);
const { raw } = inputs;

raw(
  'A1',
  'Content-Length and Transfer-Encoding',
  framed('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
);
raw('A2', 'two different Content-Lengths', framed('Content-Length: 1\r\nContent-Length: 2\r\n', '66'));
raw('A3', 'two equal Content-Lengths', framed('Content-Length: 1\r\nContent-Length: 1\r\n', '6'));
raw('A3', 'a list of equal Content-Lengths', framed('Content-Length: 1, 1\r\n', '6'));
for (const length of ['-1', '+5', '0x5', '', '1_0', '5 5', 'five', '5;', '5.0', '18446744073709551616'])
  raw('A4', `the Content-Length ${JSON.stringify(length)}`, framed(`Content-Length: ${length}\r\n`, '66666'));
raw('A5', 'the Content-Length 2^63', framed('Content-Length: 9223372036854775808\r\n'), 'A5');
raw('A6', 'a body announced above the limit', framed('Content-Length: 1000001\r\n'), 'A6');
for (const coding of [
  'xchunked',
  'gzip',
  'identity',
  'chunked, identity',
  'chunked, chunked',
  'chunked;a=b',
  '"chunked"',
])
  raw('A7-A8', `the Transfer-Encoding ${coding}`, framed(`Transfer-Encoding: ${coding}\r\n`, '0\r\n\r\n'));
raw('A8', 'the Transfer-Encoding ,chunked', framed('Transfer-Encoding: ,chunked\r\n', '0\r\n\r\n'), 'A8');
raw('A9', 'a folded Transfer-Encoding', framed('Transfer-Encoding:\r\n chunked\r\n', '0\r\n\r\n'));
raw(
  'A9',
  'Transfer-Encoding with a space before the colon',
  framed('Transfer-Encoding : chunked\r\n', '0\r\n\r\n'),
);
raw('A9', 'Transfer-Encoding with a vertical tab', framed('Transfer-Encoding: \x0bchunked\r\n', '0\r\n\r\n'));
raw(
  'A10',
  'Transfer-Encoding on HTTP/1.0',
  framed('Transfer-Encoding: chunked\r\n', '0\r\n\r\n').replace('1.1', '1.0'),
  'A10',
);
for (const size of ['0x1', '-1', '+1', '1_0', 'g', '', '11111111111111111'])
  raw('A11', `the chunk size ${JSON.stringify(size)}`, chunked(`${size}\r\n6\r\n0\r\n\r\n`));
raw('A12', 'a chunk size that ends by LF', chunked('1\n6\r\n0\r\n\r\n'));
raw('A12', 'a chunk that ends by LF', chunked('1\r\n6\n0\r\n\r\n'));
raw('A12', 'a chunk with more data than its size', chunked('1\r\n66\r\n0\r\n\r\n'));
raw('A13', 'a chunk extension of 64 KiB', chunked(`1;${'x'.repeat(65536)}\r\n6\r\n0\r\n\r\n`));
raw('A14', 'a chunked body with trailers', [
  chunked('1\r\n6\r\n0\r\nX-Sum: 1\r\nAuthorization: x\r\n\r\n'),
  get(),
]);
raw(
  'A15',
  'a body in chunks of one byte',
  chunked([...'6\x1e6\x1e6'].map((byte) => `1\r\n${byte}\r\n`).join('') + '0\r\n\r\n'),
);
raw('A16', 'lines that end by LF', get().replaceAll('\r\n', '\n'));
raw('A16', 'a CR inside a value', get(polling, 'X-A: a\rb\r\n'));
raw('A17', 'a folded header', get(polling, 'X-A: a\r\n b\r\n'));
raw('A18', 'a space before the colon', get(polling, 'X-A : 1\r\n'));
for (const line of ['X-A: a\0b', 'X\x01A: a', 'Ünï: a', ': a', 'nothing'])
  raw('A19-A20', `the header line ${JSON.stringify(line)}`, get(polling, `${line}\r\n`));
raw('A19', 'a control character in the URL', get(`${polling}\x01`));
raw('A21', 'no Host', `GET ${polling} HTTP/1.1\r\n\r\n`);
raw('A22', 'two Host headers', get(polling, host), 'A22');
for (const value of ['user@localhost', 'localhost/path', 'a,b', 'a b'])
  raw('A23', `the Host ${JSON.stringify(value)}`, get().replace('localhost', value), 'A23');
raw('A24', 'an absolute URI', get(`http://localhost${polling}`), 'A24');
raw('A24', 'an absolute URI with another host', get(`http://elsewhere${polling}`), 'A24');
raw('A26', 'a tab in the request line', get(polling, '', `GET\t${polling} HTTP/1.1`));
raw('A26', 'two spaces in the request line', get(polling, '', `GET  ${polling} HTTP/1.1`), 'A26');
raw('A26', 'no version', get(polling, '', `GET ${polling}`), 'A26');
for (const version of ['HTTP/1.a', 'HTTP/01.1', 'http/1.1', 'HTTP/1.10', 'HTTP/11', 'HTTPS/1.1'])
  raw('A26', `the version ${version}`, get(polling, '', `GET ${polling} ${version}`));
raw('A27', 'the version HTTP/2.0', get(polling, '', `GET ${polling} HTTP/2.0`), 'A27');
raw('A28', 'the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'A28');
raw('A28', 'control bytes before the request line', ['\0\x01', get()]);
raw('A29', 'HTTP/1.0', get().replace('1.1', '1.0'));
raw('A30', 'HTTP/0.9', `GET ${polling}\r\n\r\n`, 'A30');
raw('A31', 'a method in lower case', get(polling, '', `get ${polling} HTTP/1.1`));
raw('A31', 'an unknown method', get(polling, '', `BREW ${polling} HTTP/1.1`), 'A31');
raw('A31', 'a method of 64 KiB', get(polling, '', `${'A'.repeat(65536)} ${polling} HTTP/1.1`), 'A31');
for (const method of ['PUT', 'DELETE', 'PATCH', 'POST'])
  raw('A32-A33', `a handshake by ${method}`, [
    get(polling, 'Content-Length: 0\r\n', `${method} ${polling} HTTP/1.1`),
    get(),
  ]);
raw('A35', 'a PUT to a session, which goes on', [
  get(polling, 'Content-Length: 0\r\n', `PUT ${polling}&sid=${sessionId} HTTP/1.1`),
  post('6'),
]);
raw(
  'A38',
  'headers of 17 KB together',
  get(polling, Array.from({ length: 17 }, (_, i) => `X-${i}: ${'x'.repeat(1000)}\r\n`).join('')),
);
raw('A38', 'one header of 17 KB', get(polling, `X-A: ${'x'.repeat(17000)}\r\n`));
raw('A38', 'a URL of 17 KB', get(`${polling}&x=${'x'.repeat(17000)}`));
raw('A39', '2500 small headers', get(polling, 'a: 1\r\n'.repeat(2500)), 'A39');
raw('A43', 'three handshakes at once', get().repeat(3));
raw('A43', 'a post, a handshake and a post', [post('6'), get(), post('6')]);
raw('A44', '300 bytes of garbage', Buffer.alloc(300, 0xa5));
raw('A44', 'a TLS handshake', [Buffer.of(22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3), Buffer.alloc(500, 7)]);
raw('A44', 'half a request', get().slice(0, -2));
raw('A37', 'an unknown Expect', framed('Expect: foo\r\nContent-Length: 0\r\n'), 'A37');
raw(
  'A34',
  'a preflight request',
  get(
    polling,
    'Origin: http://good.example\r\nAccess-Control-Request-Method: POST\r\n',
    `OPTIONS ${polling} HTTP/1.1`,
  ),
);
raw(
  'A34',
  'a preflight request of a session',
  get(
    polling,
    'Origin: http://good.example\r\nAccess-Control-Request-Method: POST\r\n',
    `OPTIONS ${polling}&sid=${sessionId} HTTP/1.1`,
  ),
);

// The proxy headers that nobody was told to trust.
raw('2', 'X-Forwarded-For without an address', poll('X-Forwarded-For: ,,\r\nForwarded: for=\r\n'));

export default inputs;
