// hostile_target on the official server: the same settings and namespaces.
import http from 'node:http';
import { createRequire } from 'node:module';

// Not by an import, which vulnerable/replace.cjs could not answer.
const { Server } = createRequire(import.meta.url)('socket.io');

const port = Number(process.argv[process.argv.indexOf('--port') + 1]);
const httpServer = http.createServer((request, response) => response.writeHead(404).end());
const io = new Server(httpServer, {
  connectTimeout: 1500,
  pingInterval: 25000,
  pingTimeout: 20000,
  upgradeTimeout: 1500,
  cors: { origin: 'http://good.example', credentials: true },
  perMessageDeflate: true,
});
const slow = io.of('/slow').use((socket, next) => setTimeout(next, 300));
for (const nsp of [io, io.of('/admin'), io.of(/^\/dyn-\d+$/), slow])
  nsp.on('connection', (socket) =>
    socket.on('echo', (...args) => typeof args.at(-1) === 'function' && args.at(-1)('ok')),
  );
httpServer.listen(port, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${port}`));
