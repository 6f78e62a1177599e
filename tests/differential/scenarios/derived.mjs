// Scenarios beyond the recorded ones; what they expect follows from the specification (golden/derived.json).
import { scenario, token } from './lib.mjs';

const L = '/lab';
const lab = (label, event, ...args) =>
  scenario(`lab: ${event}, ${label}`, ['lab', 'param', 'derived'], async (t) => {
    const a = await t.open('A', L);
    t.ack(a, event, ...args);
  });

// An answer that looks like an event is one, however it comes about.
const spoofed = { event: 'spoofed', data: 1, more: 2 };
lab('looks like a WsResponse', 'promise', spoofed);
lab('looks like a WsResponse', 'val:none', { ...spoofed, name: 'Kim', age: 1 });
lab('event without data', 'echo', { event: 'spoofed' });
lab('event that is zero', 'echo', { event: 0, data: 1 });
lab('event in an array', 'echo', [{ event: 'spoofed', data: 1 }]);
lab('unicode keys and deep values', 'echo', { 키: [{ '': [[[[0.1, -0, 1e21, '\u0000\u{1f44b}']]]] }] });
lab('numbers at the edge', 'echo', [9007199254740991, -9007199254740991, 1e-7, 5e-324, 1.7976931348623157e308]);

lab('no payload', 'ack:manual');
lab('binary', 'ack:manual', Buffer.from([7]));
lab('one key is missing', 'body:two', { a: 1 });
lab('no payload', 'body:two');
lab('a key of a text', 'body:key', ['name']);
for (const [label, n] of [['zero', '0'], ['negative', '-3'], ['a number', 41], ['spaces', ' 5'], ['an exponent', '1e3'], ['empty', ''], ['true', true], ['an array', [1]]])
  lab(label, 'body:whole-int', n);
for (const [label, b] of [['true', true], ['false', false], ['the text false', 'false'], ['one', 1], ['null', null]])
  lab(label, 'body:bool', { b });
lab('no payload', 'body:default');
lab('false', 'body:default', { n: false });
for (const [label, body] of [['missing', {}], ['empty array', { ids: [] }], ['fractions', { ids: '1.5,-2' }], ['an object', { ids: {} }], ['words in an array', { ids: [1, 'x'] }]])
  lab(label, 'body:array', body);
for (const [label, x] of [['text', 'x'], ['true', true], ['fraction', 0.5]]) lab(label, 'type', x);
lab('two', 'type', 1, 2);

const good = { name: 'Kim', age: 20 };
lab('a number as text', 'val:implicit', { name: 'Kim', age: '20' });
lab('everything', 'val:whitelist', { ...good, admin: true, tag: 'abc', kind: 'b', extra: 1 });
lab('optional ones that are null', 'val:whitelist', { ...good, tag: null, kind: null });
lab('wrong optional ones', 'val:ws', { ...good, admin: 'yes', tag: 5 });
lab('the limits', 'val:ws', { name: '12345678', age: 150 });
lab('wide characters', 'val:ws', { name: '👋👋👋👋👋👋👋👋', age: 0 });
lab('extra property and wrong types', 'val:forbid', { age: 'x', extra: [1], name: null });
lab('an extra item property', 'val:nested', { email: 'a@b.co', items: [{ name: 'x', qty: 1, z: 1 }, { qty: 2, name: 'y' }] });
lab('two wrong items', 'val:nested', { email: 'a@b.co', items: [{ qty: 1 }, { name: 'x', qty: 'x' }] });
lab('valid', 'val:httpfilter', { email: 'a@b.co', items: [], color: 'green' });
lab('no payload', 'val:httpfilter');

scenario('lab: an error of one handler leaves the other alone', ['lab', 'param', 'derived'], async (t) => {
  const a = await t.open('A', L);
  t.ack(a, 'throw:error');
  t.ack(a, 'echo', 'same packet train');
});
scenario('lab: handshake with an origin', ['lab', 'connection', 'derived'], async (t) => {
  const a = await t.open('A', L, { extraHeaders: { origin: 'http://evil.example' }, auth: {} });
  await t.ack(a, 'handshake');
});
scenario('lab: bye leaves the other namespaces of the connection alone', ['lab', 'connection', 'derived'], async (t) => {
  const { Manager } = await import('socket.io-client');
  const m = new Manager(t.urls.events, { transports: ['websocket'], reconnection: false });
  for (const n of ['lab', 'chat']) {
    const s = m.socket('/' + n); t.sockets.push(s); s.name = n;
    s.onAny((e, ...a) => t.note(n, 'event', e, ...a)); s.on('disconnect', (r) => t.note(n, 'disconnect', r));
    await new Promise((r) => s.on('connect', () => { t.note(n, 'connect'); r(); }));
  }
  t.emit(t.sockets[0], 'bye'); await t.settle();
  await t.http('H', 'events', 'POST', '/broadcast', { body: { message: 'still here' } });
});
scenario('lab: two streams of one client', ['lab', 'param', 'derived'], async (t) => {
  const a = await t.open('A', L);
  t.ack(a, 'obs:plain'); t.ack(a, 'obs:mixed');
});
scenario('lab: moving and kicking by room', ['lab', 'connection', 'derived'], async (t) => {
  const a = await t.open('A', L); const b = await t.open('B', L); const c = await t.open('C', L);
  await t.ack(a, 'join', 'one'); await t.ack(b, 'join', 'one'); await t.ack(c, 'moveall', ['one', 'two']); await t.settle();
  await t.ack(a, 'leave', 'nothing'); t.emit(c, 'kick', 'two');
});
scenario('scoped: the pipe leaves what is no text', ['scoped', 'derived'], async (t) => { const a = await t.open('A', '/scoped'); t.ack(a, 'plain', 5); });
scenario('scoped: an answer that is dropped passes the interceptors', ['scoped', 'derived'], async (t) => { const a = await t.open('A', '/scoped'); t.emit(a, 'plain', 'v'); });

scenario('bouncer: the query is asked before auth', ['connection', 'derived'], async (t) => { const a = await t.open('A', '/bouncer', { query: { token: 'no' }, auth: { token: 'ok' } }); t.ack(a, 'hi'); });
scenario('gate: other events pass the socket middleware', ['connection', 'derived'], async (t) => { const a = await t.open('A', '/gate', { auth: { key: 'sesame' } }); t.ack(a, 'allowed', 1); await t.ack(a, 'trail'); });
scenario('notifications: a token without userId', ['notifications', 'derived'], async (t) => { await t.open('A', '/notifications', { auth: { token: token({ sub: 'x' }) } }); });
scenario('notifications: an unknown client hears nothing', ['notifications', 'derived'], async (t) => {
  await t.open('A', '/chat'); await t.http('H', 'events', 'POST', '/notify/5', { body: [1, { a: null }] });
});
scenario('chat: a message that is no text is not changed', ['events', 'derived'], async (t) => {
  await t.open('A', '/chat');
  await t.http('H', 'events', 'POST', '/broadcast', { body: { message: { deep: ['x'] } } }); await t.settle();
  await t.http('H', 'events', 'POST', '/broadcast', { body: { message: 5 } });
});
scenario('events: secure answers nobody who did not ask', ['events', 'derived'], async (t) => { const a = await t.open('A', '/events', { auth: { token: token({ userId: 'text' }) } }); t.emit(a, 'secure'); await t.ack(a, 'secure', 1, 2); });

scenario('http: unknown routes', ['http', 'derived'], async (t) => {
  await t.http('H', 'events', 'POST', '/nothing?a=1', { body: { x: 1 }, show: ['content-type'] });
  await t.http('H', 'cola', 'GET', '/', {});
  await t.http('H', 'cola', 'PUT', '/log', {});
  await t.http('H', 'life', 'GET', '/shutdown', {});
});
scenario('http: no content', ['http', 'derived'], async (t) => { await t.http('H', 'rebook', 'POST', '/chat/reset', { show: ['content-length'] }); });
scenario('rebook: typing is never acknowledged', ['rebook', 'derived'], async (t) => { const a = await t.open('A', '/', {}, 'rebook'); await t.ack(a, 'typing', { chatRoomId: 1 }); });
scenario('rebook: REST validation, an array', ['rebook', 'http', 'derived'], async (t) => { await t.http('H', 'rebook', 'POST', '/chat/rooms/4/messages', { body: [] }); });
scenario('rebook: REST validation, twenty characters', ['rebook', 'http', 'derived'], async (t) => {
  await t.http('setup', 'rebook', 'POST', '/chat/reset'); delete t.logs.setup;
  await t.http('H', 'rebook', 'POST', '/chat/rooms/-4/messages', { body: { content: 'x'.repeat(20) } });
  await t.http('H', 'rebook', 'GET', '/chat/rooms/-4/messages', {});
});
scenario('cola: the main namespace hears nothing of what is shouted', ['cola', 'derived'], async (t) => {
  await t.open('A', '/', {}, 'cola'); const b = await t.open('B', '/b', {}, 'cola'); t.emit(b, 'shout', { loud: true });
});
scenario('lifecycle: a hook is heard by every client of the namespace', ['lifecycle', 'derived'], async (t) => {
  const back = async () => { for (let i = 0; i < 80; i++) { try { await fetch(t.urls.life + '/x'); return; } catch { await new Promise((r) => setTimeout(r, 50)); } } };
  await back(); const a = await t.open('A', '/', {}, 'life'); await t.open('B', '/', {}, 'life'); await t.ack(a, 'order');
  await t.http('H', 'life', 'POST', '/shutdown'); await t.settle(400); await back();
  const c = await t.open('C', '/', {}, 'life'); await t.ack(c, 'order');
});
