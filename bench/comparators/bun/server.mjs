// The official server on Bun, with its engine for it.
import { Server as Engine } from "@socket.io/bun-engine";
import { Server } from "socket.io";
import { announce, fulfil, port } from "../contract.mjs";

const io = new Server();
const engine = new Engine({ path: "/socket.io/" });
io.bind(engine);
fulfil(io);
announce(Bun.serve({ ...engine.handler(), hostname: "127.0.0.1", port }).port);
