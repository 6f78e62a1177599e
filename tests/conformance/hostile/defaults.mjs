// An official package, socket.io or engine.io, with the settings that it has by itself: what was wrong with these.
import http from 'node:http';
import { createRequire } from 'node:module';

const valueOf = (option) => process.argv[process.argv.indexOf(option) + 1];
const name = valueOf('--package');
// Not by an import, which vulnerable/replace.cjs could not answer.
const library = createRequire(import.meta.url)(name);

const server = http.createServer();
if (name === 'engine.io') library.attach(server);
else if (library.Server) new library.Server(server);
else library(server);
server.listen(Number(valueOf('--port')), '127.0.0.1', () => console.log('listening on its port'));
