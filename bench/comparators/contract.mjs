// The contract of bench_server on an official Socket.IO server, whatever carries it.

export function fulfil(io) {
  io.on("connection", (socket) => {
    let room = "bench";
    socket.on("echo", (...args) => args.pop()(...args));
    socket.on("join", (name, ack) => {
      room = name;
      socket.join(name);
      ack();
    });
    socket.on("leave", (name, ack) => {
      socket.leave(name);
      ack();
    });
    socket.on("who", async (payload, ack) => ack((await io.fetchSockets()).length > 0 ? payload : "nobody"));
    socket.on("ask", (payload, ack) =>
      io.timeout(10_000).emit("question", payload, (error) => ack(error ? "not everybody has answered" : payload)),
    );
    socket.on("relay", (payload) => socket.to(room).emit("msg", payload));
    socket.on("msg", (payload) => io.to(room).emit("msg", payload));
  });
}

/// What follows `--name` on the command line.
export const option = (name) => process.argv[process.argv.indexOf(`--${name}`) + 1];

/// The port to listen on; 0 lets the system choose.
export const port = Number(option("port"));

/// What the runner waits for.
export function announce(actualPort) {
  console.log(`listening on http://127.0.0.1:${actualPort}`);
}
