import type { Socket } from "socket.io-client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeSocket } from "../testing";
import { contractHash } from "./contract";
import { Line } from "./line";

let line: Line;
/** As the library's manager does it, a namespace keeps its socket. */
let sockets: Map<string, FakeSocket>;

beforeEach(() => {
  vi.stubGlobal("navigator", { onLine: true });
  sockets = new Map();
  line = new Line({
    socket: (namespace, options) => {
      const socket = sockets.get(namespace) ?? new FakeSocket();
      socket.auth ??= options?.auth;
      sockets.set(namespace, socket);
      return socket as unknown as Socket;
    },
  });
});

afterEach(() => vi.unstubAllGlobals());

function authOf(namespace: string): object | undefined {
  let given: object | undefined;
  sockets.get(namespace)!.auth!((auth) => (given = auth));
  return given;
}

test("each namespace says who it is with its own token, and a channel with none", () => {
  line.open("/", { token: "ann" });
  line.open("/channel-tea", {});
  expect(authOf("/")).toEqual({ token: "ann", contract: contractHash });
  expect(authOf("/channel-tea")).toEqual({ contract: contractHash });
});

test("after signing in again the old socket says the new token", () => {
  line.open("/", { token: "old" }).close();
  line.open("/", { token: "new" });
  expect(authOf("/")).toEqual({ token: "new", contract: contractHash });
});

test("going from view to view leaves no listeners", () => {
  for (let visit = 0; visit < 5; visit += 1) line.open("/channel-tea", {}).close();
  expect(sockets.get("/channel-tea")!.listenerCount).toBe(0);
  const link = line.open("/channel-tea", {});
  const once = sockets.get("/channel-tea")!.listenerCount;
  link.close();
  line.open("/channel-tea", {});
  expect(sockets.get("/channel-tea")!.listenerCount).toBe(once);
});

test("a namespace is not open twice", () => {
  line.open("/", { token: "ann" });
  expect(() => line.open("/", { token: "ann" })).toThrow("open already");
});

test("the network's return connects what waits at once, and leaves the rest alone", () => {
  for (const namespace of ["/", "/notifications", "/channel-tea"]) line.open(namespace, {}).connect();
  sockets.get("/")!.letIn();
  sockets.get("/channel-tea")!.refuse("Invalid namespace");
  line.networkReturned();
  const connects = ["/", "/notifications", "/channel-tea"].map((namespace) => sockets.get(namespace)!.connects);
  expect(connects).toEqual([1, 2, 1]);
});
