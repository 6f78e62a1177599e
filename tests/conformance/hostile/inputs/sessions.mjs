// B to D: handshakes, session ids, polling payloads and upgrades.
import {
  Inputs,
  breath,
  get,
  masked,
  path,
  pause,
  poll,
  polling,
  post,
  sessionId,
  sessionUpgrade,
  text,
  upgrade,
  upgradeLines,
} from '../input.mjs';

const inputs = new Inputs();
const { raw } = inputs;
const query = (text) => get(`/socket.io/?${text}`);

for (const version of [
  '',
  'EIO=0&',
  'EIO=3&',
  'EIO=5&',
  'EIO=abc&',
  'EIO=4&EIO=5&',
  'EIO=5&EIO=4&',
  'EIO=04&',
  'EIO=4.0&',
  'EIO=%34&',
])
  raw('B1-B6', `the version ${JSON.stringify(version)}`, query(`${version}transport=polling`));
for (const transport of [
  'foo',
  '__proto__',
  'constructor',
  'toString',
  'webtransport',
  'websocket',
  '',
  'POLLING',
  'polling%00',
])
  raw('B7-B12', `the transport ${JSON.stringify(transport)}`, query(`EIO=4&transport=${transport}`));
raw('B7', 'no transport', query('EIO=4'));
for (const transport of ['__proto__', 'constructor', 'foo', 'webtransport'])
  raw(
    'B9',
    `an upgrade to the transport ${transport}`,
    upgrade(upgradeLines, path(`transport=${transport}`)),
  );
for (const sid of ['x', '__proto__', 'constructor', '%00', 'a'.repeat(2000)])
  raw('B13-B14', `the sid ${sid.slice(0, 20)}`, query(`EIO=4&transport=polling&sid=${sid}`));
raw('B15', 'an empty sid', query('EIO=4&transport=polling&sid='));
raw('B16', 'an unknown sid and no version', query('transport=polling&sid=x'));
raw(
  'B17',
  'a session of polling asked for over WebSocket',
  query(`EIO=4&transport=websocket&sid=${sessionId}`),
);
raw('B20', 'two polls at once', [poll(), poll(), poll(), poll()], 'B20');
raw('B22', 'a poll after the close packet', [post('1'), poll()]);
raw('B28', 'broken percent signs', query('EIO=4&transport=polling&a=%zz%ff%'));
raw('B29', '1000 parameters', query(`EIO=4&transport=polling${'&a=1'.repeat(1000)}&b`));
raw('B29', 'parameters without names', query('&&=&EIO=4&transport=polling&=x&'));
for (const target of ['/socket.ioX?', '//socket.io/?', '/%73ocket.io/?', '/socket.io?', '/other?'])
  raw('B30', `the path ${target}`, get(`${target}EIO=4&transport=polling`));
for (const target of ['/socket.io/../x?', '/socket.io/%2e%2e/x?'])
  raw('B30', `the path ${target}`, get(`${target}EIO=4&transport=polling`), 'B30');

const separator = '\x1e';
for (const [number, what, body, differs] of [
  ['C3', 'nothing', '', 'C3'],
  ['C4', 'x', 'x'],
  ['C5', 'abc', 'abc'],
  ['C6', 'separators', separator.repeat(3)],
  ['C7', '7', '7'],
  ['C8', 'a message and a separator', `40${separator}`],
  ['C9', 'a ping', '2'],
  ['C10', 'a pong', '3'],
  ['C11', 'an open packet', '0'],
  ['C12', 'an upgrade packet', '5'],
  ['C13', 'a noop', '6'],
  ['C14', 'a close packet', '1'],
  ['C15', 'broken base64', 'b!!!!'],
  ['C17', 'a form', 'd=40'],
  ['C18', 'text that is not UTF-8', Buffer.of(0x36, 0xff, 0xfe), 'C18'],
  ['C19', 'a NUL in a message', '4\0'],
  ['C20', '10 000 packets', Array(10000).fill('6').join(separator)],
])
  raw(number, `a payload of ${what}`, [post(body), post('6')], differs);
raw('C16', 'a binary body', [post(Buffer.of(4, 1), 'Content-Type: application/octet-stream\r\n'), post('6')]);
raw('C21', 'a compressed body', post('6', 'Content-Encoding: gzip\r\n'), 'C21');
raw('C14', 'CONNECT and a poll that brings its answer', [post('40'), poll()]);

raw('D1', 'an upgrade of an unknown session', upgrade(upgradeLines, path('transport=websocket&sid=x')));
raw('D2', 'a message before the probe', [sessionUpgrade(), pause, text('40')]);
raw('D3', 'an upgrade without a probe', [sessionUpgrade(), pause, text('5'), breath, text('40')]);
raw('D4', 'a probe and a message', [sessionUpgrade(), pause, text('2probe'), pause, text('40')]);
raw('D5', 'a probe and nothing else', [sessionUpgrade(), pause, text('2probe')]);
raw('D9', 'a probe, an upgrade and a message', [
  sessionUpgrade(),
  pause,
  text('2probe'),
  pause,
  text('5'),
  breath,
  text('40'),
]);
raw('D12', 'a close frame in the middle of an upgrade', [
  sessionUpgrade(),
  pause,
  text('2probe'),
  pause,
  masked(8, ''),
]);
raw('D14', 'an upgrade with transport=polling', upgrade(upgradeLines, polling), 'D14');
for (const version of ['12', 'x', '']) {
  const lines = upgradeLines.replace('Version: 13', `Version: ${version}`);
  raw('D15', `the WebSocket version ${JSON.stringify(version)}`, upgrade(lines));
}
for (const key of ['', 'short', 'dGhlIHNhbXBsZSBub25jZQ', 'x'.repeat(200)])
  raw(
    'D15',
    `the key ${JSON.stringify(key.slice(0, 30))}`,
    upgrade(upgradeLines.replace('dGhlIHNhbXBsZSBub25jZQ==', key)),
  );
raw(
  'D16',
  'an upgrade by POST',
  upgrade(`${upgradeLines}Content-Length: 0\r\n`, path('transport=websocket'), 'POST'),
);
raw('D16', 'an upgrade to something else', upgrade(upgradeLines.replace('websocket', 'h2c')));
raw('D17', 'an upgrade on another path', upgrade(upgradeLines, '/elsewhere'));

const good = 'Origin: http://good.example\r\n';
raw('O1', 'an origin that is welcome, over polling', get(polling, good));
raw('O1', 'an origin that is welcome, over WebSocket', upgrade(good + upgradeLines));
for (const origin of [
  'http://evil.example',
  'null',
  'file://',
  'http://good.example.evil',
  'http://good.example:81',
  'https://good.example',
  'http://GOOD.example',
  'http://good.example.',
]) {
  raw('O2', `the origin ${origin} over polling`, get(polling, `Origin: ${origin}\r\n`));
  raw('O3', `the origin ${origin} over WebSocket`, upgrade(`Origin: ${origin}\r\n${upgradeLines}`), 'O3');
}
raw(
  'O7',
  'an upgrade of a session from another origin',
  upgrade(`Origin: http://evil.example\r\n${upgradeLines}`, path(`transport=websocket&sid=${sessionId}`)),
  'O3',
);

export default inputs;
