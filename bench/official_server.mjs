// The contract of bench_server on the official Node server, for comparisons in one run.
//
//   node bench/official_server.mjs --port 3000
import { createServer } from "node:http";
import { createRequire } from "node:module";

const require = createRequire(new URL("../tests/conformance/package.json", import.meta.url));
const { Server } = require("socket.io");

const port = Number(process.argv[process.argv.indexOf("--port") + 1]);
const http = createServer();
const io = new Server(http);

io.on("connection", (socket) => {
  let room = "bench";
  socket.on("echo", (...args) => args.pop()(...args));
  socket.on("join", (name, ack) => {
    room = name;
    socket.join(name);
    ack();
  });
  socket.on("msg", (payload) => io.to(room).emit("msg", payload));
});

http.listen(port, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${port}`));
