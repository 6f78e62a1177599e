// What a client may do with a generated contract, and what it may not. Each entry is a module of its own; `wrong` ones
// have to be refused in their last statement.
const chat = `
import { io, type Socket } from 'socket.io-client';
import type * as C from './aerie-chat';
declare const socket: Socket<C.ServerToClientEvents, C.ClientToServerEvents>;
declare const channel: Socket<C.ChannelServerToClientEvents, C.ChannelClientToServerEvents>;
declare const news: Socket<C.NotificationsServerToClientEvents, C.NotificationsClientToServerEvents>;
declare function call<R extends keyof C.Routes>(route: R, body?: C.Routes[R] extends { body: infer B } ? B : never):
  Promise<C.Routes[R] extends { response: infer A } ? A : never>;
`;
const gateways = `
import { io, type Socket } from 'socket.io-client';
import type * as C from './reference_gateways';
declare const root: Socket<C.ServerToClientEvents, C.ClientToServerEvents>;
declare const lab: Socket<C.LabServerToClientEvents, C.LabClientToServerEvents>;
declare const events: Socket<C.EventsServerToClientEvents, C.EventsClientToServerEvents>;
`;

export const right = [
  ['chat: connecting', chat, `const s: Socket<C.ServerToClientEvents, C.ClientToServerEvents> = io('/', { auth: { token: 'x' } satisfies C.HandshakeAuth });`],
  ['chat: a callback', chat, `socket.emit('joinRoom', { chatRoomId: 1 }, (answer) => { if (answer.ok) answer.room.name.trim(); else answer.error.code satisfies C.ErrorCodes; });`],
  ['chat: a promise', chat, `const answer = await socket.emitWithAck('sendMessage', { chatRoomId: 1, content: 'hi', clientId: 'a' }); if (answer.ok) answer.message.id.toFixed();`],
  ['chat: a promise with a limit', chat, `const answer = await socket.timeout(100).emitWithAck('leaveRoom', { chatRoomId: 1 }); answer.ok satisfies boolean;`],
  ['chat: a callback with a limit', chat, `socket.timeout(100).emit('joinRoom', { chatRoomId: 1 }, (error, answer) => { if (!error && answer.ok) answer.online.map((user) => user.nickname); });`],
  ['chat: no acknowledgement', chat, `socket.emit('typing', { chatRoomId: 1, typing: true });`],
  ['chat: listening', chat, `socket.on('newMessage', (message) => new Date(message.createdAt).getTime() + message.sender.id); socket.once('tokenExpired', ({ retry }) => !retry);`],
  ['chat: every code', chat, `const words: Record<C.ErrorCode, string> | undefined = undefined; const code: C.ErrorCodes = 'ROOM_NOT_FOUND';`],
  ['chat: a channel', chat, `channel.on('online', (count) => count.toFixed()); channel.emit('say', { content: 'x' }, (answer) => answer.ok && answer.message.from);`],
  ['chat: notifications', chat, `news.on('notification', ({ event, mention }) => (event ? event.creator.nickname : mention?.message.content)); news.on('notificationRead', ({ id }) => id.toFixed());`],
  ['chat: routes', chat, `const page = await call('GET /api/rooms/:id/messages'); page.messages.at(-1)?.content; await call('POST /api/login', { nickname: 'Ann' });`],
  ['chat: a moment may be a Date', chat, `await call('POST /api/events', { title: 't', startsAt: new Date(), invited: ['Bob'], clientId: 'c' });`],
  ['chat: namespaces by name', chat, `type Socket2<N extends keyof C.Namespaces> = Socket<C.Namespaces[N]['serverToClient'], C.Namespaces[N]['clientToServer']>; declare const s: Socket2<'/notifications'>; s.on('ready', ({ user }) => user.id);`],
  ['gateways: join', gateways, `const { joined } = await root.emitWithAck('joinRoom', { chatRoomId: 5 }); joined.toFixed();`],
  ['gateways: an error', gateways, `root.on('exception', (error) => error.cause?.pattern.trim());`],
  ['gateways: whatever comes back', gateways, `lab.emit('echo', { a: 1 }); lab.emit('echo', [1], (answer: unknown) => answer); lab.emit('ret:zero', (answer) => answer.toFixed());`],
  ['gateways: an optional member', gateways, `events.emit('create', { text: 'x' }); events.emit('create', { text: 'x', priority: null });`],
  ['gateways: an enumeration', gateways, `lab.emit('val:nested', { email: 'a@b.example', items: [{ name: 'n', qty: 1 }], color: 'red' }, () => {});`],
  ['gateways: one of some', gateways, `lab.emit('val:none', { name: 'Ann', age: 3, kind: 'a' }, () => {});`],
];

export const wrong = [
  ['chat: an event that nobody takes', chat, `socket.emit('joinRooms', { chatRoomId: 1 });`],
  ['chat: an event that nobody sends', chat, `socket.on('newMessages', () => {});`],
  ['chat: an event of another namespace', chat, `socket.emit('say', { content: 'x' }, () => {});`],
  ['chat: a member of another type', chat, `socket.emit('joinRoom', { chatRoomId: '1' }, () => {});`],
  ['chat: a member that is missing', chat, `socket.emit('sendMessage', { chatRoomId: 1, content: 'hi' }, () => {});`],
  ['chat: a member that nobody knows', chat, `socket.emit('typing', { chatRoomId: 1, typing: true, loud: true });`],
  ['chat: no payload', chat, `socket.emit('typing');`],
  ['chat: a payload too many', chat, `socket.emit('typing', { chatRoomId: 1, typing: true }, 1);`],
  ['chat: an acknowledgement that never comes', chat, `await socket.emitWithAck('typing', { chatRoomId: 1, typing: true });`],
  ['chat: an acknowledgement that is not waited for', chat, `socket.emit('joinRoom', { chatRoomId: 1 });`],
  ['chat: an answer taken for good', chat, `socket.emit('joinRoom', { chatRoomId: 1 }, (answer) => answer.room);`],
  ['chat: a member of the answer that is not there', chat, `socket.emit('leaveRoom', { chatRoomId: 1 }, (answer) => answer.left);`],
  ['chat: a member of an event that is not there', chat, `socket.on('newMessage', (message) => message.text);`],
  ['chat: a listener of another type', chat, `channel.on('online', (count: string) => count);`],
  ['chat: a text for a moment is no number', chat, `socket.on('roomCreated', (room) => room.createdAt.toFixed());`],
  ['chat: a code that does not exist', chat, `const code: C.ErrorCode = 'ROOM_NOT_FUND';`],
  ['chat: an auth without a token', chat, `const auth: C.HandshakeAuth = { tokn: 'x' };`],
  ['chat: a route that does not exist', chat, `await call('GET /api/room');`],
  ['chat: a body of another type', chat, `await call('POST /api/login', { nickname: 1 });`],
  ['chat: a member of a response that is not there', chat, `(await call('GET /api/me')).nickname;`],
  ['gateways: a member of another type', gateways, `root.emit('sendMessage', { chatRoomId: 5, content: 6 }, () => {});`],
  ['gateways: an answer of another type', gateways, `lab.emit('ret:zero', (answer) => answer.trim());`],
  ['gateways: not one of the enumeration', gateways, `lab.emit('val:nested', { email: 'a@b.example', items: [], color: 'blue' }, () => {});`],
  ['gateways: not one of the values', gateways, `lab.emit('val:none', { name: 'Ann', age: 3, kind: 'c' }, () => {});`],
  ['gateways: an element of another type', gateways, `lab.emit('val:nested', { email: 'a@b.example', items: [{ name: 'n' }] }, () => {});`],
  ['gateways: a text where nothing may be', gateways, `events.emit('create', { text: 'x', priority: 'high' });`],
];
