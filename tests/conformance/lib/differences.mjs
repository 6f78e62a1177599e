// Where Aerie answers otherwise than the official server, on purpose. Tests that expect two different
// things name the entry here; `node lib/differences.mjs` prints the table of docs/conformance.md.
import { pathToFileURL } from 'node:url';
import { official } from './target.mjs';

const table = [];
const differ = (number, input, officialAnswer, aerieAnswer, reason) =>
  table.push({ number, input, official: officialAnswer, aerie: aerieAnswer, reason });

export const differences = table;

// The expectation that fits the target. A row with an `official` member must be listed as a difference.
export function expectation(number, row) {
  if (row.official === undefined) return row.expected;
  if (!table.some((entry) => entry.number === number)) {
    throw new Error(`${number} expects different things but is not listed in lib/differences.mjs`);
  }
  return official ? row.official : row.expected;
}

// Whether the target behaves as the official server in a listed difference.
export function asOfficial(number) {
  return expectation(number, { official: true, expected: false });
}

differ(
  'A5',
  'a body announced as 2^63 bytes',
  'waits for it',
  '400 or 413, closed',
  'nothing of that size is ever accepted',
);
differ(
  'A6',
  'a body announced above maxHttpBufferSize',
  '413 when that much has come',
  '413 at once, closed',
  'an attacker need not send a megabyte to be refused',
);
differ('A8', '`Transfer-Encoding: ,chunked`', 'accepted', '400, closed', 'request smuggling (RFC 9112 §6.1)');
differ(
  'A10',
  'Transfer-Encoding on HTTP/1.0',
  'accepted',
  '400, closed',
  'request smuggling (RFC 9112 §6.1)',
);
differ(
  'A28',
  'the preface of HTTP/2',
  '400',
  '505',
  'it names a version that is not spoken (RFC 9110 §15.6.6)',
);
differ('A31', 'an unknown method', '400', '501', 'RFC 9110 §9.1');
differ(
  'A37',
  'an `Expect` that is not known',
  '417, the connection is kept',
  '417, closed',
  'whether the body follows is not known',
);
differ('A22', 'two Host headers', '200', '400, closed', 'RFC 9112 §3.2');
differ('A23', 'a Host with user, path, comma or space', '200', '400, closed', 'RFC 9110 §7.2');
differ(
  'A24',
  'a request target in absolute form',
  '404, compared as it is',
  'its path is used; another host than Host: 400',
  'RFC 9112 §3.2.2',
);
differ(
  'A26',
  'two spaces, or no version, in the request line',
  '200',
  '400, closed',
  'request smuggling (RFC 9112 §3)',
);
differ('A27', 'the version HTTP/2.0 in a request line', '200', '505, closed', 'RFC 9110 §15.6.6');
differ(
  'A30',
  'a request of HTTP/0.9',
  '200',
  '400, closed',
  'it has no headers to check; browsers have dropped it, curl refuses it since 7.66',
);
differ(
  'A39',
  '2500 small headers',
  '200, those above 2000 are dropped',
  '431, closed',
  'a dropped header may have been the one that mattered',
);
differ(
  'A40',
  'a request head that comes too slowly',
  '60 s',
  '10 s, then 408 or a close',
  'slow connections cost an attacker nothing',
);
differ(
  'A41',
  'a body that comes too slowly',
  '300 s',
  '30 s, then 408, and the session ends',
  'slow connections cost an attacker nothing',
);
differ(
  'B20',
  'a second poll on the connection of the first',
  '400',
  '400 as for a session that is unknown',
  'requests of one connection are answered one after the other, and the first answer has ended the session',
);
differ(
  'B25',
  'a polling client that never comes back after its handshake',
  'forgotten after pingInterval and pingTimeout (45 s)',
  'forgotten after 10 s (`first_poll_timeout`)',
  'one connection can open thousands of sessions a second, each of which holds its handshake',
);
differ(
  'B26',
  'more sessions than the process may open descriptors',
  'no limit',
  '503 with Retry-After (`max_sessions`)',
  'polling sessions need no descriptor, so nothing else would bound them',
);
differ(
  'B30',
  'dot segments after the path',
  '200, the path is only a prefix',
  '404',
  'what a proxy in front and the server take the path for must agree',
);
differ(
  '2',
  'an id of the application with characters that mean something in URLs, headers, cookies or JSON',
  'used, as it is or encoded',
  'the session is refused, the log says why',
  'ids often come from clients: a line break would split the answer (CWE-113)',
);
differ(
  'B3',
  'a WebSocket of a version 2 client (EIO=3)',
  '101, then an HTTP answer as if it were frames',
  '400, which says why, as over polling',
  'the client reports `Unexpected server response: 400` instead of `Invalid WebSocket frame: RSV1 must be clear`; a proper close frame would leave it waiting for its timeout',
);
differ(
  'B33',
  'allowRequest throws',
  'the request is never answered',
  'refused',
  'a check that fails must not leave a client hanging, and not let it in',
);
differ(
  'C3',
  'an empty polling payload',
  'closes the connection, or answers `ok`, and the session',
  '`ok`, and closes the session',
  'what becomes of the request does not depend on the moment',
);
differ(
  'C18',
  'a polling payload that is not UTF-8',
  'read with replacement characters',
  'closed, parse error',
  'as over WebSocket',
);
differ(
  'C21',
  'a compressed request body',
  'taken for text',
  '415',
  'nobody inflates what a client sends before a limit is known',
);
differ(
  'D14',
  'an upgrade with transport=polling',
  '101, then closed',
  '400',
  'the answer tells what is wrong',
);
differ(
  'F34',
  'an empty `Sec-WebSocket-Extensions`',
  '400',
  '101, without extensions',
  'it offers nothing; proxies leave such headers behind',
);
differ(
  'F36',
  'endless empty WebSocket fragments',
  'taken for ever (ws 8.21.0)',
  'closed at the limit of fragments',
  'CVE-2026-48779 class',
);
differ(
  'F39',
  'more than 100 pings and pongs a second',
  'taken',
  'closed with 1008',
  'a flood (RFC 6455 §7.4.1): `websockets` (Python) pings every 20 s, browsers, ws, gorilla and OkHttp not unless told to',
);
differ(
  'O3',
  'a WebSocket from an origin outside the CORS list',
  '101',
  '403',
  'CORS does not protect WebSockets: cross-site WebSocket hijacking. `origin_check` off gives the official behaviour',
);
differ('O5', 'CORS origin `*` with credentials', 'starts', 'refuses to start', 'no browser accepts it');
differ(
  'S4',
  'CONNECTs to a namespace while its middlewares run',
  'one socket each',
  'one socket',
  'one client is one socket of a namespace',
);
differ('S37', 'white space in place of an ack id', 'read as 0', 'closed, parse error', 'digits only');
differ(
  'S38',
  'ack ids above 2^53',
  'rounded',
  'exact up to 2^63 - 1, above: closed',
  'the answer must have the id of the question',
);
differ('S39', 'an ack id of 400 digits', 'answered with `Infinity`', 'closed, parse error', 'as above');
differ('S52', 'an attachment count in exponent notation', 'accepted', 'closed, parse error', 'digits only');
differ(
  'S56',
  'a placeholder number that is no whole number',
  'an undefined argument',
  'closed, illegal attachments',
  'it names no attachment',
);
differ(
  'S58',
  'attachments that never come',
  'waited for',
  'closed after 30 s',
  'announced packets hold memory',
);
differ(
  'S59',
  'JSON deeper than 512',
  'parsed',
  'closed, parse error',
  'bounded stack, also in the handlers and in the clients it is sent on to',
);
differ(
  'N3',
  'namespaces joined by one client',
  'no limit',
  '100, then connect_error',
  '20 000 dynamic namespaces cost 57 MB and stay',
);
differ('N4', 'namespace names above 512 bytes', 'no limit', 'connect_error', 'names are kept and logged');
differ(
  'N8',
  'a middleware that never ends',
  'the client waits',
  'connect_error at the deadline',
  'fail closed',
);
differ(
  'N9',
  'a middleware that throws',
  'unhandled rejection, the client waits',
  'connect_error',
  'fail closed',
);
differ('N10', 'rooms joined by one socket', 'no limit', '10 000', 'each is memory');
differ(
  'N13',
  'a client that does not read what it is sent',
  'everything is kept',
  'disconnected above 1 MiB',
  'one slow reader must not take the memory of all',
);
differ(
  'N21',
  'a handler that throws',
  'ends the process',
  'logged, the connection lives',
  "one bad message must not end everybody's connections",
);

differ(
  '50',
  'the server closes a polling client that does not poll at the moment',
  '`disconnect` after its next poll, or 30 s',
  '`disconnect` at once; its next poll, within 30 s, still learns it',
  'nothing more is sent or received anyway',
);

// The line of docs/conformance.md.
export const tableRow = (row) =>
  `| ${row.number} | ${row.input} | ${row.official} | ${row.aerie} | ${row.reason} |`;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.log('| number | input | official server | Aerie | reason |\n|---|---|---|---|---|');
  for (const row of differences) console.log(tableRow(row));
}
