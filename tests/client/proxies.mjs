// Proxies for the tests: CONNECT over HTTP or TLS, and SOCKS5. Each keeps a list of where it was asked to go.
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';

// Passes bytes on both ways, until one of them has ended.
function join(one, other) {
  one.pipe(other);
  other.pipe(one);
  for (const [socket, peer] of [[one, other], [other, one]]) {
    socket.on('error', () => peer.destroy());
    socket.on('close', () => peer.destroy());
  }
}

function listening(server, asked) {
  return new Promise((resolve) => {
    const sockets = new Set();
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    server.listen(0, '127.0.0.1', () =>
      resolve({
        asked,
        host: `127.0.0.1:${server.address().port}`,
        stop: () => {
          for (const socket of sockets) socket.destroy();
          return new Promise((done) => server.close(done));
        },
      }),
    );
  });
}

// `credentials` is `user:password`, or nothing; `tls` are the options of a server of Node's `https`.
export function httpProxy({ credentials, tls } = {}) {
  const asked = [];
  const server = tls ? https.createServer(tls) : http.createServer();
  server.on('request', (request, response) => response.writeHead(405).end());
  server.on('connect', (request, socket, head) => {
    socket.on('error', () => {});
    const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
    if (wanted && request.headers['proxy-authorization'] !== wanted) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    asked.push(request.url);
    const [, host, port] = /^(.*):(\d+)$/.exec(request.url);
    const target = net.connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.write(head);
      join(socket, target);
    });
    target.on('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
  });
  return listening(server, asked);
}

// The next `size` bytes of a socket that nobody reads otherwise.
async function take(socket, size) {
  while (true) {
    const bytes = socket.read(size);
    if (bytes) return bytes;
    if (socket.readableEnded || socket.destroyed) throw new Error('the client has gone');
    await new Promise((resolve) => {
      const over = () => {
        for (const event of ['readable', 'end', 'close']) socket.off(event, over);
        resolve();
      };
      for (const event of ['readable', 'end', 'close']) socket.on(event, over);
    });
  }
}

async function text(socket) {
  const [size] = await take(socket, 1);
  return (await take(socket, size)).toString();
}

async function serveSocks(socket, credentials, asked) {
  const [, methods] = await take(socket, 2);
  const offered = [...(await take(socket, methods))];
  const method = credentials ? 2 : 0;
  if (!offered.includes(method)) return socket.end(Buffer.from([5, 255]));
  socket.write(Buffer.from([5, method]));
  if (credentials) {
    await take(socket, 1);
    const given = `${await text(socket)}:${await text(socket)}`;
    socket.write(Buffer.from([1, given === credentials ? 0 : 1]));
    if (given !== credentials) return socket.end();
  }
  const [, , , kind] = await take(socket, 4);
  const host = kind === 3 ? await text(socket) : [...(await take(socket, 4))].join('.');
  const port = (await take(socket, 2)).readUInt16BE();
  asked.push(`${kind === 3 ? 'name' : 'address'} ${host}:${port}`);
  const target = net.connect(port, host === 'server.test' ? '127.0.0.1' : host, () => {
    socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
    join(socket, target);
  });
  target.on('error', () => socket.end(Buffer.from([5, 5, 0, 1, 0, 0, 0, 0, 0, 0])));
}

export function socksProxy({ credentials } = {}) {
  const asked = [];
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    serveSocks(socket, credentials, asked).catch(() => socket.destroy());
  });
  return listening(server, asked);
}
