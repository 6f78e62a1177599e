// The official server on uWebSockets.js.
import { Server } from "socket.io";
import { announce, fulfil, port } from "../contract.mjs";
import { uws } from "./uws.mjs";

const app = uws.App();
const io = new Server();
io.attachApp(app);
fulfil(io);
app.listen("127.0.0.1", port, (listener) => announce(uws.us_socket_local_port(listener)));
