// S and N: packets of Socket.IO, namespaces.
import { noEventPayloads, reservedEvents } from '../../lib/payloads.mjs';
import { Inputs, binary, breath, packets, pause, text, upgrade } from '../input.mjs';

const inputs = new Inputs();
const { raw } = inputs;
const add = (number, what, list, differs) => raw(number, what, packets(...list), differs);
const bytes = (...values) => Buffer.from(values);
const placeholder = (num = 0) => `{"_placeholder":true,"num":${num}}`;
// What shows that the connection still lives.
const alive = '299["echo"]';

raw('S2', 'an event before CONNECT', [upgrade(), pause, text('42["echo"]')]);
raw('S1', 'no CONNECT', [upgrade()]);
for (const auth of [
  '[]',
  '"x"',
  'null',
  '{"a":',
  '1',
  'true',
  '{"__proto__":{"admin":true}}',
  '{"pid":"x","offset":"y"}',
])
  raw('S5-S7', `CONNECT with ${auth}`, [upgrade(), pause, text(`40${auth}`), pause, text(`4${alive}`)]);
for (const [number, what, list, differs] of [
  ['S3', 'CONNECT twice', ['0']],
  ['S8', 'the type 7', ['7']],
  ['S9', 'the type 9', ['9["x"]']],
  ['S10', 'the type a', ['abc']],
  ['S11', 'nothing', ['']],
  ['S12', 'CONNECT_ERROR', ['4{"message":"x"}']],
  ['S13', 'DISCONNECT with a payload', ['1["x"]']],
  ['S14', 'an event after DISCONNECT', ['1', breath, '2["echo"]']],
  ['S21', 'an event without a payload', ['2']],
  ['S22', 'a number as name', ['21[1,2]']],
  ['S36', 'the ack id 007', ['2007["echo"]']],
  ['S37', 'a space as ack id', ['2 ["echo"]'], 'S37'],
  ['S37', 'a byte order mark as ack id', ['2\ufeff["echo"]'], 'S37'],
  ['S38', 'the ack id 2^53 + 1', ['29007199254740993["echo"]'], 'S38'],
  ['S38', 'the ack id 2^64', ['218446744073709551616["echo"]'], 'S38'],
  ['S39', 'an ack id of 400 digits', [`2${'9'.repeat(400)}["echo"]`], 'S39'],
  ['S40', 'a negative ack id', ['2-1["echo"]']],
  ['S40', 'a fraction as ack id', ['21.5["echo"]']],
  ['S41', 'the same ack id twice', ['25["echo",1]', '25["echo",2]']],
  ['S42', 'an unknown acknowledgement', ['312345[1]', '3[1]']],
  ['S43', 'an acknowledgement that is no array', ['31{}']],
  ['S43', 'an acknowledgement with broken JSON', ['31abc']],
  ['S45', 'text while attachments are due', [`51-["echo",${placeholder()}]`, '2["echo"]']],
  ['S46', 'no attachment count', [`5["echo",${placeholder()}]`]],
  ['S46', 'a binary event and nothing else', ['5']],
  ['S47', 'the count 0', [`50-["echo",${placeholder()}]`]],
  ['S47', 'the count 0 and binary messages', [`50-["echo"]`, bytes(1), bytes(2), bytes(3)]],
  ['S48', 'the count -1', [`5-1-["echo",${placeholder()}]`]],
  ['S49', 'the count 1.5', [`51.5-["echo",${placeholder()}]`]],
  ['S50', 'the count a', [`5a-["echo",${placeholder()}]`]],
  ['S51', '11 attachments', ['511-["echo"]']],
  [
    'S51',
    '10 attachments',
    [`510-1["echo",${placeholder(9)}]`, ...Array.from({ length: 10 }, (_, i) => bytes(i))],
  ],
  ['S53', 'the count 2147483647', ['52147483647-["echo"]']],
  ['S53', 'the count 599999 and binary messages', ['5599999-["x"]', bytes(1), bytes(2)]],
  ['S53', 'an acknowledgement with 11 attachments', ['611-1["echo"]']],
  ['S54', 'binary that was not announced', [bytes(1, 2)]],
  ['S56', 'the placeholder 0.5', [`51-1["echo",${placeholder('0.5')}]`, bytes(1)], 'S56'],
  ['S57', 'an attachment used twice', [`51-1["echo",${placeholder()},${placeholder()}]`, bytes(1)]],
  ['S57', 'an attachment that is not used', ['51-1["echo","x"]', bytes(1)]],
  ['S57', 'a placeholder in a plain event', [`21["echo",${placeholder()}]`]],
  ['S59', 'JSON of depth 400', [`21["echo",${'['.repeat(400)}${']'.repeat(400)}]`]],
  ['S59', 'JSON of depth 2000', [`21["echo",${'['.repeat(2000)}${']'.repeat(2000)}]`], 'S59'],
  ['S61', 'something after the payload', ['2["echo"]x']],
  ['S61', 'a raw control character', ['21["echo","\x01"]']],
  ['S61', 'a lone surrogate', ['21["echo","\\ud800"]']],
  ['S61', 'white space around the payload', ['21["echo", 1 ] \n']],
  ['S60', 'numbers that JSON does not know', ['21["echo",NaN]']],
  ['S60', 'a number with leading zeros', ['21["echo",01]']],
  ['S60', '1e400', ['21["echo",1e400]']],
  ['2', 'an ack id of a megabyte', [`2${'1'.repeat(900000)}["echo"]`], 'S39'],
  ['2', 'a namespace of 900 KB', [`2/${'n'.repeat(900000)},["echo"]`]],
  ['N1', 'an unknown namespace', ['0/nope,']],
  ['N2', 'an event to a namespace not joined', ['2/admin,["echo"]']],
  ['N2', 'an event to the main namespace by its name', ['2/,1["echo",1]']],
  ['N4', 'a dynamic namespace of 600 bytes', [`0/dyn-${'1'.repeat(600)},`], 'N4'],
  ['N4', 'an unknown namespace of 10 kB', [`0/${'n'.repeat(10000)},`]],
  ['N5', 'a namespace with a query', ['0/admin?x=1,']],
  ['N6', 'a namespace with a NUL', ['0/admin\0,']],
  [
    'N1',
    'the namespaces there are',
    ['0/admin,', pause, '2/admin,1["echo"]', '0/dyn-7,', pause, '2/dyn-7,2["echo"]'],
  ],
  ['N1', 'a dynamic namespace with a letter', ['0/dyn-7a,']],
  ['N8', 'events while a middleware takes its time', ['0/slow,', '2/slow,1["echo"]']],
])
  add(number, what, [...list, alive], differs);
for (const payload of noEventPayloads)
  add('S15-S20', `the event payload ${payload}`, [`2${payload}`, alive]);
for (const name of [
  ...reservedEvents,
  'error',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '',
  'connection',
  '*',
])
  add('S23-S34', `an event named ${JSON.stringify(name)}`, [`21["${name}",1]`, alive]);
for (const num of ['-1', '1', '"0"', '"splice"', 'null', '1e400', 'true', '[]'])
  add('S55', `the placeholder ${num}`, [`51-["echo",${placeholder(num)}]`, bytes(1), alive]);
raw(
  'S52',
  'the count 1e1',
  packets('51e1-1["echo"]', ...Array.from({ length: 10 }, (_, i) => bytes(i)), alive),
  'S52',
);
raw(
  'S4',
  'three CONNECTs while a middleware takes its time',
  packets('0/slow,', '0/slow,', '0/slow,', alive),
  'S4',
);
raw('S62', 'an attachment in base64', [
  packets(`51-1["echo",${placeholder()}]`),
  text('bAQID'),
  text(`4${alive}`),
]);
raw('S35', 'a hundred names', packets(...Array.from({ length: 100 }, (_, i) => `2["name ${i}"]`), alive));
raw('N3', 'thirty namespaces', packets(...Array.from({ length: 30 }, (_, i) => `0/dyn-${i},`), pause, alive));
raw('C9', 'a ping of a client of version 4', [packets(), text('2'), text(`4${alive}`)]);
raw('C10', 'stray pongs', [packets(), Array(200).fill(text('3')), text(`4${alive}`)]);
raw('S54', 'an empty binary message', [packets(), binary(''), text(`4${alive}`)]);

export default inputs;
