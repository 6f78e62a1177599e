// Published vulnerabilities of servers of this kind, by their ids: the input that each one was about.
import { deflateRawSync } from 'node:zlib';
import { frame } from '../../lib/websocket.mjs';
import {
  Inputs,
  binary,
  get,
  masked,
  packets,
  path,
  pause,
  poll,
  polling,
  post,
  sessionId,
  text,
  upgrade,
  upgradeLines,
} from '../input.mjs';

const inputs = new Inputs();
const { raw } = inputs;
const bytes = (...values) => Buffer.from(values);
const alive = '299["echo"]';
const offered = (value) => upgrade(`Sec-WebSocket-Extensions: ${value}\r\n${upgradeLines}`);
const chunked = (body) =>
  `POST ${polling}&sid=${sessionId} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n${body}`;

raw('CVE-2020-28481', 'an origin that no one has allowed', get(polling, 'Origin: http://evil.example\r\n'));
raw('CVE-2024-38355', 'an event named error that nobody listens to', packets('2["error"]', alive));
raw('CVE-2020-36048', 'a polling payload above the limit', post(`4${'x'.repeat(1_000_000)}`), 'A6');
raw('CVE-2022-21676', 'a frame with reserved bits behind the handshake', [
  upgrade(),
  frame(1, 'test', { rsv: 3 }),
]);
for (const name of ['__proto__', 'constructor', 'hasOwnProperty'])
  raw('CVE-2023-31125', `the transport ${name}, and its upgrade`, [
    get(path(`transport=${name}`)),
    upgrade(upgradeLines, path(`transport=${name}`)),
  ]);
raw('CVE-2026-59725', 'a binary payload', [
  post(bytes(4, 1), 'Content-Type: application/octet-stream\r\n'),
  poll(),
]);
raw(
  'CVE-2020-36049',
  'a packet with an id and a namespace of a megabyte',
  packets(`2/${'n'.repeat(450000)},${'1'.repeat(450000)}["echo"]`),
);
raw(
  'CVE-2022-2421',
  'a placeholder that names a method',
  packets('51-["echo",{"_placeholder":true,"num":"splice"}]', bytes(1)),
);
raw('CVE-2023-32695', 'an event name that is an object', packets('2[{"toString":"foo"}]'));
raw(
  'CVE-2026-33151',
  'more attachments than anybody sends',
  packets('599999-["x"]', ...Array.from({ length: 20 }, (_, i) => bytes(i))),
);
raw(
  'CVE-2026-69185',
  'no attachments and binary without end',
  packets('50-["x"]', ...Array.from({ length: 20 }, (_, i) => bytes(i))),
);
raw('CVE-2016-10542', 'a length of 2^63', [packets(), pause, binary('', { form: 8, length: 1n << 63n })]);
raw('CVE-2016-10518', 'pings, which are answered by their own bytes', [
  packets(),
  pause,
  masked(9, ''),
  masked(9, 'x'.repeat(125)),
]);
raw('GHSA-5v72-xg48-5rpm', 'extensions named as members of a prototype', offered('constructor'));
raw('GHSA-5v72-xg48-5rpm', 'extensions without a name', offered(',;constructor'));
raw(
  'CVE-2021-32640',
  'a subprotocol with many spaces',
  upgrade(`Sec-WebSocket-Protocol: b${' '.repeat(12000)}x\r\n${upgradeLines}`),
);
raw(
  'CVE-2024-37890',
  '2000 headers before the upgrade',
  upgrade(`${'a: 1\r\n'.repeat(2100)}${upgradeLines}`),
  'A39',
);
raw('CVE-2026-45736', 'close frames with reasons', [
  packets(),
  pause,
  masked(8, Buffer.concat([bytes(3, 232), Buffer.alloc(100, 0x61)])),
]);
raw('CVE-2026-48779', 'a message in fragments of one byte', [
  packets(),
  pause,
  [...'421["echo"]'].map((letter, i, all) => masked(i === 0 ? 1 : 0, letter, { fin: i === all.length - 1 })),
]);
raw('CVE-2016-10544', 'a message that inflates to 20 MB', [
  offered('permessage-deflate; client_no_context_takeover; server_no_context_takeover'),
  pause,
  text(deflateRawSync('40'), { rsv: 4 }),
  pause,
  binary(deflateRawSync(Buffer.alloc(20e6)), { rsv: 4 }),
]);
raw('uWebSockets#1497', 'a body that is longer than its Content-Length', [post('6'), pause, 'x y z\r\n\r\n']);
raw('CVE-2026-50020', 'control bytes before the request line', ['\0\x01', get()]);
raw(
  'CVE-2022-32213',
  'a Transfer-Encoding that is none',
  `POST ${polling} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunkedchunked\r\n\r\n1\r\n6\r\n0\r\n\r\n`,
);
raw(
  'CVE-2022-32215',
  'a Transfer-Encoding of several lines',
  `POST ${polling} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n , identity\r\n\r\n1\r\n6\r\n0\r\n\r\n`,
);
raw(
  'CVE-2022-35256',
  'a header line that does not end by CR LF',
  get(polling, 'X-A: a\rTransfer-Encoding: chunked\r\n'),
);
raw('CVE-2024-22019', 'a chunk extension of 20 KB', chunked(`1;a=${'x'.repeat(20000)}\r\n6\r\n0\r\n\r\n`));
raw('CVE-2026-46527', 'an empty X-Forwarded-For', get(polling, 'X-Forwarded-For: ,,\r\n'));
raw(
  'CVE-2026-48802',
  'ten thousand pongs',
  [packets(), pause, text('3\x1e3'), text('3')].concat(Array(10000).fill(text('3')), text(`4${alive}`)),
);
raw('netty-socketio#945', 'an attachment count of ten digits', packets('52147483647-["x"]'));
raw('CVE-2026-40879', 'five thousand tiny packets at once', packets(...Array(5000).fill('2["x"]'), alive));
raw(
  'CVE-2019-13611',
  'a WebSocket from another origin',
  upgrade(`Origin: http://evil.example\r\n${upgradeLines}`),
  'O3',
);

export default inputs;
