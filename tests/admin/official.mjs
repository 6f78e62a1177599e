// The server of server/main.cpp on the official package. It prints its port.
//
//     node official.mjs [--production] [--readonly]
import { instrument } from '@socket.io/admin-ui';
import bcrypt from 'bcryptjs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const { Server } = createRequire(new URL('../conformance/package.json', import.meta.url))('socket.io');
const has = (word) => process.argv.includes(word);
const http = createServer();
const io = new Server(http, { serveClient: false, cors: { origin: true, credentials: true } });

function serve(nsp) {
  nsp.on('connection', (socket) => {
    socket.on('echo', (text, answer) => answer?.(text));
    socket.on('join', (room, answer) => (socket.join(room), answer?.(true)));
    socket.on('leave', (room, answer) => (socket.leave(room), answer?.(true)));
    socket.on('say', (room, text, answer) => (nsp.to(room).emit('said', text), answer?.(true)));
    socket.on('set', (color, answer) => ((socket.data.color = color), answer?.(true)));
  });
}

instrument(io, {
  auth: { type: 'basic', username: 'admin', password: bcrypt.hashSync('right', 4) },
  mode: has('--production') ? 'production' : 'development',
  readonly: has('--readonly'),
});
serve(io.of('/'));
serve(io.of('/chat'));
http.listen(0, '127.0.0.1', () => console.log(http.address().port));
