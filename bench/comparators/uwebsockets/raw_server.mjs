// What uWebSockets.js reaches by itself: it knows the few packets that the load generator sends by their first
// characters, publishes with its own topics, and keeps no state of Socket.IO. [--deflate] compresses what is published, each
// message by itself.
import { announce, port } from "../contract.mjs";
import { uws } from "./uws.mjs";

const handshake = {
  sid: "raw",
  upgrades: [],
  pingInterval: 25000,
  pingTimeout: 20000,
  maxPayload: 1000000,
};

/// The answer to a packet such as 421["echo",...] or 420["join","room"]; it begins with 43 and the same id.
function answer(socket, packet) {
  const bracket = packet.indexOf("[");
  const id = packet.slice(2, bracket);
  if (!packet.startsWith('["join"', bracket)) return `43${id}[${packet.slice(packet.indexOf(",") + 1)}`;
  socket.getUserData().room = JSON.parse(packet.slice(bracket))[1];
  socket.subscribe(socket.getUserData().room);
  return `43${id}[]`;
}

const compress = process.argv.includes("--deflate");
const app = uws.App();
app.ws("/*", {
  compression: compress ? uws.SHARED_COMPRESSOR : uws.DISABLED,
  maxPayloadLength: 1e6,
  maxBackpressure: 1024 * 1024, // what Aerie and the floor allow; by default it drops messages after 64 KiB
  upgrade: (response, request, context) =>
    response.upgrade(
      { room: "bench" },
      request.getHeader("sec-websocket-key"),
      request.getHeader("sec-websocket-protocol"),
      request.getHeader("sec-websocket-extensions"),
      context,
    ),
  open: (socket) => socket.send(`0${JSON.stringify(handshake)}`),
  message: (socket, message) => {
    const packet = Buffer.from(message).toString();
    if (packet.startsWith("42[")) return app.publish(socket.getUserData().room, packet, false, compress);
    if (packet.startsWith("40")) return socket.send('40{"sid":"raw"}');
    if (packet.startsWith("42")) socket.send(answer(socket, packet));
  },
});
app.listen("127.0.0.1", port, (listener) => announce(uws.us_socket_local_port(listener)));
