// F: WebSocket frames, extensions and subprotocols.
import { deflateRawSync } from 'node:zlib';
import { Inputs, binary, breath, masked, packets, pause, text, upgrade, upgradeLines } from '../input.mjs';
import { closePayload, frame, opcodes } from '../../lib/websocket.mjs';

const { continuation, close, ping, pong } = opcodes;
const inputs = new Inputs();
const { raw } = inputs;
const joined = (...frames) => [packets(), frames];
const bytes = (...values) => Buffer.from(values);

raw('F1', 'no mask', joined(frame(opcodes.text, '4x', { mask: false })));
for (const rsv of [1, 2, 3, 4, 5, 6, 7])
  raw('F2-F3', `the reserved bits ${rsv}`, joined(text('42["echo"]', { rsv })));
for (const opcode of [3, 4, 5, 6, 7, 11, 12, 13, 14, 15])
  raw('F4-F5', `the opcode ${opcode}`, joined(masked(opcode, '')));
raw('F6', 'a continuation of nothing', joined(masked(continuation, 'x')));
raw('F7', 'a new message inside of another', joined(text('4', { fin: false }), text('x')));
for (const opcode of [ping, pong, close])
  raw('F8', `a fragmented frame of opcode ${opcode}`, joined(masked(opcode, '', { fin: false })));
for (const opcode of [ping, pong, close])
  raw(
    'F9',
    `126 bytes in a frame of opcode ${opcode}`,
    joined(masked(opcode, closePayload(1000, 'x'.repeat(124)))),
  );
raw('F10', 'a ping of 125 bytes', joined(masked(ping, Buffer.alloc(125, 0xc3))));
raw('F11', 'a close of one byte', joined(masked(close, 'x')));
for (const code of [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535, 1000, 1001, 1011, 3000, 4999])
  raw('F12-F23', `the close code ${code}`, joined(masked(close, closePayload(code))));
raw(
  'F24',
  'a close reason that is not UTF-8',
  joined(masked(close, Buffer.concat([closePayload(1000), bytes(0xff)]))),
);
for (const wrong of [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]])
  raw('F25', `text with ${Buffer.from(wrong).toString('hex')}`, joined(text(bytes(0x34, ...wrong))));
raw(
  'F26',
  'a character split over fragments',
  joined(
    [...Buffer.from('421["echo","€😀"]')].map((byte, i, all) =>
      masked(i === 0 ? 1 : 0, bytes(byte), { fin: i === all.length - 1 }),
    ),
  ),
);
raw('F27', 'a length with its top bit set', joined(binary('', { form: 8, length: 1n << 63n })));
raw('F28', 'a length of 2^53', joined(binary('', { form: 8, length: 1n << 53n })));
raw('F28', 'a length one above the limit', joined(binary('', { form: 8, length: 1000001 })));
for (const form of [2, 8])
  raw('F29', `a length in ${form} bytes that needs none`, joined(text('421["echo"]', { form })));
raw('F38', 'an empty text message', joined(text('')));
raw('F38', 'an empty binary message', joined(binary('')));
raw('F39', 'fifty pongs and a ping', joined(Array(50).fill(masked(pong, 'x')), masked(ping, 'last')));
raw('F41', 'events behind a close frame', joined(masked(close, closePayload(1000)), text('421["echo"]')));
raw('F43', 'half a frame', joined(text('421["echo"]').subarray(0, 9)));
raw(
  'F35',
  'RSV1 on a continuation',
  joined(text('4', { fin: false }), masked(continuation, 'x', { rsv: 4 })),
);
raw('2', 'bytes behind the handshake that are no frame', [upgrade(), 'test']);

const offered = (value) => upgrade(`Sec-WebSocket-Extensions: ${value}\r\n${upgradeLines}`);
const compressing = (...frames) => [
  offered('permessage-deflate; client_no_context_takeover; server_no_context_takeover'),
  pause,
  ...frames.flatMap((each) => [each, breath]),
];
const compress = (data) => deflateRawSync(Buffer.from(data));
raw(
  'F34',
  'a compressed event',
  compressing(
    text(compress('40'), { rsv: 4 }),
    text(compress('421["echo"]'), { rsv: 4 }),
    text('422["echo"]'),
  ),
);
raw(
  'F30',
  'a small message that inflates above the limit',
  compressing(text('40'), binary(compress(Buffer.alloc(5e6)), { rsv: 4 })),
);
raw(
  'F31',
  'garbage instead of compressed bytes',
  compressing(text('40'), text(bytes(0xff, 0xff, 0xff, 0xff), { rsv: 4 })),
);
raw(
  'F35',
  'RSV1 on a compressed continuation',
  compressing(
    text(compress('40').subarray(0, 2), { rsv: 4, fin: false }),
    masked(continuation, compress('40').subarray(2), { rsv: 4 }),
  ),
);
raw('F35', 'RSV1 on a ping', compressing(masked(ping, 'x', { rsv: 4 })));
for (const value of [
  'constructor',
  ',;constructor',
  'permessage-deflate; server_max_window_bits=7',
  'permessage-deflate; server_max_window_bits=16',
  'permessage-deflate; client_max_window_bits; client_max_window_bits',
  'permessage-deflate; unknown',
  'permessage-deflate; server_max_window_bits',
  'permessage-deflate; server_max_window_bits=10',
  'x-other',
  '',
  'permessage-deflate;',
  ', ,',
])
  raw('F34', `the extensions ${JSON.stringify(value)}`, offered(value), value === '' ? 'F34' : undefined);
for (const value of [`b${' '.repeat(8000)}x`, ',', 'a,,b', 'a b', 'a, a', 'chat'])
  raw(
    'F40',
    `the subprotocol ${JSON.stringify(value.slice(0, 20))}`,
    upgrade(`Sec-WebSocket-Protocol: ${value}\r\n${upgradeLines}`),
  );

export default inputs;
