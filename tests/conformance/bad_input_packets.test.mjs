// Socket.IO packets that no client should send (numbers S1 to S62).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { canary } from './lib/canary.mjs';
import { asOfficial, expectation } from './lib/differences.mjs';
import { noEventPayloads, reservedEvents } from './lib/payloads.mjs';
import { RawClient } from './lib/socketio.mjs';
import { official, serve } from './lib/target.mjs';
import { sleep, until } from './lib/wait.mjs';

const bytes = (...values) => Buffer.from(values);
const placeholder = (num = 0) => `{"_placeholder":true,"num":${num}}`;
const nested = (depth) => `2["echo",${'['.repeat(depth)}${']'.repeat(depth)}]`;
const closes = 'closes';
const lives = 'lives';

// number, what, packets after the main namespace was joined, what comes of it: the connection closes, lives,
// or lives and answers these packets; then the official server's answer, if it is another.
const rows = [
  ['S3', 'CONNECT twice', ['0'], closes],
  ['S5', 'CONNECT with an array', ['0/custom,[]'], closes],
  ['S5', 'CONNECT with a string', ['0/custom,"x"'], closes],
  ['S5', 'CONNECT with broken JSON', ['0/custom,{"a":'], closes],
  ['S5', 'CONNECT with null', ['0/custom,null'], closes],
  ['S8', 'the packet type 7', ['7'], closes],
  ['S9', 'the packet type 9', ['9["x"]'], closes],
  ['S10', 'the packet type a', ['abc'], closes],
  ['S11', 'an empty packet', [''], closes],
  ['S12', 'CONNECT_ERROR from a client', ['4{"message":"x"}'], closes],
  ['S13', 'DISCONNECT with a payload', ['1["x"]'], closes],
  ...noEventPayloads.map((payload) => ['S15-20', `the event payload ${payload}`, [`2${payload}`], closes]),
  ['S21', 'an event without a payload', ['2'], lives],
  ['S22', 'a number as name', ['2[1,2]'], ['2["one",2]']],
  ['S22', 'another number as name', ['2[1.5,2]'], lives],
  ...reservedEvents.map((name) => ['S23-28', `an event named ${name}`, [`2["${name}"]`], closes]),
  ['S29', 'an event named error', ['2["error","x"]'], lives],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'connection', 'new_namespace', '*'].map(
    (name) => ['S30-34', `an event named ${JSON.stringify(name)}`, [`2["${name}",1]`], lives],
  ),
  ['S35', 'a name of 900 KB', [`2["${'x'.repeat(900000)}"]`], lives],
  ['S36', 'the ack id 1', ['21["echo"]'], ['31[]']],
  ['S36', 'the ack id 007', ['2007["echo"]'], ['37[]']],
  ['S37', 'a space as ack id', ['2 ["echo"]'], closes, ['30[]']],
  ['S37', 'a byte order mark as ack id', ['2\ufeff["echo"]'], closes, ['30[]']],
  [
    'S38',
    'the ack id 2^53 + 1',
    ['29007199254740993["echo"]'],
    ['39007199254740993[]'],
    ['39007199254740992[]'],
  ],
  ['S38', 'the ack id 2^64', ['218446744073709551616["echo"]'], closes, ['318446744073709552000[]']],
  ['S39', 'an ack id of 400 digits', [`2${'9'.repeat(400)}["echo"]`], closes, ['3Infinity[]']],
  ['S40', 'a negative ack id', ['2-1["echo"]'], closes],
  ['S40', 'a fraction as ack id', ['21.5["echo"]'], closes],
  ['S41', 'the same ack id twice', ['25["echo",1]', '25["echo",2]'], ['35[1]', '35[2]']],
  ['S42', 'an unknown acknowledgement', ['312345[1]', '3[1]'], lives],
  ['S43', 'an acknowledgement that is no array', ['31{}'], closes],
  ['S43', 'an acknowledgement with broken JSON', ['31abc'], closes],
  ['S45', 'text while attachments are due', [`51-["echo",${placeholder()}]`, '2["echo"]'], closes],
  ['S46', 'no attachment count', [`5["echo",${placeholder()}]`], closes],
  ['S46', 'a binary event and nothing else', ['5'], closes],
  ['S46', 'a binary event and garbage', ['5woooot'], closes],
  ['S47', 'the attachment count 0', [`50-["echo",${placeholder()}]`], closes],
  ['S48', 'the attachment count -1', [`5-1-["echo",${placeholder()}]`], closes],
  ['S49', 'the attachment count 1.5', [`51.5-["echo",${placeholder()}]`], closes],
  ['S50', 'the attachment count a', [`5a-["echo",${placeholder()}]`], closes],
  ['S51', '11 attachments', ['511-["echo"]'], closes],
  [
    'S51',
    '10 attachments',
    [`510-["echo",${placeholder(9)}]`, ...Array.from({ length: 10 }, (_, i) => bytes(i))],
    [`51-["echo",${placeholder()}]`, bytes(9)],
  ],
  ['S52', 'the attachment count 1e1', [`51e1-["echo"]`], closes, null],
  ['S53', 'the attachment count 2147483647', ['52147483647-["echo"]'], closes],
  ['S53', 'an attachment count of 400 digits', [`5${'1'.repeat(400)}-["echo"]`], closes],
  ['S53', 'a binary acknowledgement with too many attachments', ['611-1["echo"]'], closes],
  ['S54', 'binary that was not announced', [bytes(1, 2)], closes],
  [
    'S54',
    'a second attachment where one was announced',
    [`51-["x",${placeholder()}]`, bytes(1), bytes(2)],
    closes,
  ],
  ...['-1', '1', '"0"', '"splice"', 'null', '1e400', 'true', '[]'].map((num) => [
    'S55',
    `the placeholder ${num}`,
    [`51-["echo",${placeholder(num)}]`, bytes(1)],
    closes,
  ]),
  ['S56', 'the placeholder 0.5', [`51-["echo",${placeholder('0.5')}]`, bytes(1)], closes, ['2["echo",null]']],
  [
    'S57',
    'an attachment used twice',
    [`51-["echo",${placeholder()},${placeholder()}]`, bytes(1)],
    [`52-["echo",${placeholder(0)},${placeholder(1)}]`, bytes(1), bytes(1)],
  ],
  ['S57', 'an attachment that is not used', ['51-["echo","x"]', bytes(1)], ['2["echo","x"]']],
  ['S57', 'a placeholder in a plain event', [`2["echo",${placeholder()}]`], [`2["echo",${placeholder()}]`]],
  ['S59', 'JSON of depth 400', [nested(400)], [nested(400)]],
  ['S59', 'JSON of depth 2000', [nested(2000)], closes, [nested(2000)]],
  ['S60', 'minus zero', ['2["echo",-0]'], ['2["echo",0]']],
  ['S60', 'numbers JSON does not know', ['2["echo",NaN]'], closes],
  ['S60', 'a number with leading zeros', ['2["echo",01]'], closes],
  ['S60', 'a hexadecimal number', ['2["echo",0x1]'], closes],
  [
    'S60',
    'fractions and exponents',
    ['2["echo",1.5e3,1E-2,123456789012]'],
    ['2["echo",1500,0.01,123456789012]'],
  ],
  ['S61', 'a lone surrogate', ['2["echo","\\ud800"]'], ['2["echo","\\ud800"]']],
  ['S61', 'an escaped NUL', ['2["echo","\\u0000"]'], ['2["echo","\\u0000"]']],
  ['S61', 'a raw control character', ['2["echo","\x01"]'], closes],
  ['S61', 'duplicate keys', ['2["echo",{"a":1,"a":2}]'], ['2["echo",{"a":2}]']],
  ['S61', 'something after the payload', ['2["echo"]x'], closes],
  ['S61', 'white space around the payload', ['2["echo", 1 ] \n'], ['2["echo",1]']],
  ['S61', 'an escaped solidus', ['2["echo","\\/"]'], ['2["echo","/"]']],
  ['S61', 'an unknown escape', ['2["echo","\\x"]'], closes],
  [
    'S62',
    'an attachment in base64',
    [`51-["echo",${placeholder()}]`, { base64: 'AQID' }],
    [`51-["echo",${placeholder()}]`, bytes(1, 2, 3)],
  ],
  ['N2', 'an event to a namespace not joined', ['2/custom,["echo"]'], closes],
  ['N2', 'an event to the main namespace by its name', ['2/,["echo",1]'], ['2["echo",1]']],
  ['S2', 'an acknowledgement to a namespace not joined', ['3/custom,1[]'], closes],
];

describe('packets', { concurrency: true }, () => {
  const server = serve();
  canary(server);

  for (const [number, what, packets, expected, officially] of rows) {
    test(`${number} ${what}`, async () => {
      const client = await RawClient.open(server);
      for (const packet of packets) {
        if (packet.base64) client.session.send(`b${packet.base64}`);
        else client.send(packet);
      }
      const wanted = expectation(number, { expected, official: officially === null ? lives : officially });
      if (officially === null && official) return;
      // The packets alone must do it: whatever came next would close a decoder that waits for attachments.
      if (wanted === closes) return assertClosed(client);
      const fate = await client.fate();
      assert.ok(fate.alive, `the connection was closed with ${fate.code}`);
      if (wanted !== lives) assert.deepEqual(fate.packets, wanted);
    });
  }

  async function assertClosed(client) {
    assert.equal((await client.session.closed()).code, 1005);
    await server.logged({ what: 'disconnect', id: client.id });
    const entries = await server.log({ what: 'disconnect', id: client.id });
    assert.equal(entries.length, 1);
    assert.match(entries[0].reason, /^(forced (server )?close|client namespace disconnect)$/);
  }

  test('S2 an event before CONNECT', async () => {
    const client = await RawClient.open(server, null);
    client.send('2["echo"]');
    assert.equal((await client.session.closed()).code, 1005);
  });

  for (const auth of ['[]', '"x"', 'null', '{"a":']) {
    test(`S5 CONNECT to the main namespace with ${auth}`, async () => {
      const client = await RawClient.open(server, null);
      client.send(`0${auth}`);
      assert.equal((await client.session.closed()).code, 1005);
    });
  }

  test('S6 __proto__ in the auth is a plain key', async () => {
    const client = await RawClient.open(server, null);
    client.send('0{"__proto__":{"admin":true},"constructor":1}');
    assert.match(await client.next(), /^0\{"sid"/);
    client.send('21["do",{"do":"info"}]');
    const answer = await client.next();
    assert.match(answer, /"auth":\{"__proto__":\{"admin":true\},"constructor":1\}/);
  });

  test('S7 a session id to recover, where nothing is recovered', async () => {
    const client = await RawClient.open(server, null);
    client.send('0{"pid":"x","offset":"y"}');
    assert.match(await client.next(), /^0\{"sid":"[^"]{20}"\}$/);
  });

  test('S14 an event after DISCONNECT closes the connection; there is one disconnect, by the client', async () => {
    const client = await RawClient.open(server);
    client.send('1');
    await server.logged({ what: 'disconnect', id: client.id });
    client.send('2["echo"]');
    assert.equal((await client.session.closed()).code, 1005);
    const entries = await server.log({ what: 'disconnect', id: client.id });
    assert.deepEqual(
      entries.map(({ reason }) => reason),
      ['client namespace disconnect'],
    );
  });

  test('S29 an event named error reaches its listener', async () => {
    const client = await RawClient.open(server);
    client.send('2["error","from the client"]');
    await server.logged({ what: 'error', id: client.id, message: 'from the client' });
  });

  test('S59 JSON of depth 100 000', async () => {
    const client = await RawClient.open(server);
    client.send(nested(100000));
    await client.fate();
  });

  for (const number of [
    '1e400',
    '-1e400',
    '18446744073709551616',
    '1'.repeat(100000),
    `0.${'1'.repeat(100000)}`,
    '1e-400',
  ]) {
    test(`S60 the number ${number.slice(0, 24)}`, async () => {
      const client = await RawClient.open(server);
      client.send(`2["echo",${number}]`);
      await client.fate();
    });
  }

  test('S35 ten thousand different names', async () => {
    const client = await RawClient.open(server);
    for (let i = 0; i < 10000; i++) client.send(`2["name ${i}"]`);
    assert.ok((await client.fate()).alive);
  });

  test('S58 attachments that are larger together than the limit of one are taken', async () => {
    const client = await RawClient.open(server);
    const list = [0, 1, 2].map((i) => placeholder(i)).join(',');
    client.send(`53-["echo",${list}]`);
    for (let i = 0; i < 3; i++) client.send(Buffer.alloc(900000, i));
    const { packets } = await client.fate();
    assert.deepEqual(
      packets.slice(1).map((packet) => [packet.length, packet[0]]),
      [0, 1, 2].map((i) => [900000, i]),
    );
  });

  test('C20 many tiny packets in one segment', async () => {
    const client = await RawClient.open(server);
    for (let i = 0; i < 5000; i++) client.send('2["x"]');
    assert.ok((await client.fate()).alive);
  });
});

describe('CONNECT while another is decided', () => {
  const server = serve();

  test('S4 three CONNECTs during a slow middleware make one socket', async () => {
    const client = await RawClient.open(server, null);
    for (let i = 0; i < 3; i++) client.send('0/slow,{"delay":50}');
    const count = expectation('S4', { expected: 1, official: 3 });
    await until(
      async () => (await server.log({ what: 'connection', nsp: '/slow' })).length >= count,
      'connected',
    );
    // Another one that takes longer shows that nothing more comes.
    const later = await RawClient.open(server, '/slow', { delay: 100 });
    assert.ok(later.id);
    assert.equal((await server.log({ what: 'connection', nsp: '/slow' })).length, count + 1);
  });
});

describe('attachments that do not come', () => {
  const server = serve('--assembly-timeout', 300);

  test('S58 a packet that is never complete is given up', async () => {
    const client = await RawClient.open(server);
    client.send(`52-["echo",${placeholder()},${placeholder(1)}]`).send(bytes(1));
    if (asOfficial('S58')) {
      await sleep(500);
      client.send(bytes(2));
      assert.match(await client.next(), /^52-\["echo"/);
      return;
    }
    await client.session.closed();
    await server.logged({ what: 'disconnect', id: client.id });
  });
});
