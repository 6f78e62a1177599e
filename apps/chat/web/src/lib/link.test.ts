import type { Socket } from "socket.io-client";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeSocket } from "../testing";
import { CONNECT_AGAIN_MS, Link, type LinkOptions } from "./link";

let socket: FakeSocket;
let states: unknown[];
let closed: boolean;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("navigator", { onLine: true });
  socket = new FakeSocket();
  states = [];
  closed = false;
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function open(options: LinkOptions = {}): Link {
  const onState = (state: string, refusal?: string): number => states.push(refusal ?? state);
  const link = new Link(socket as unknown as Socket, { onState, ...options }, () => (closed = true));
  link.connect();
  return link;
}

describe("a link", () => {
  test("tells how the connection stands", () => {
    open();
    socket.letIn();
    socket.lose("transport close");
    expect(states).toEqual(["reconnecting", "connected", "reconnecting"]);
  });

  test("comes back after the server has thrown it out, which the library would not", () => {
    open();
    socket.letIn();
    socket.lose("io server disconnect");
    expect(socket.connects).toBe(1);
    vi.advanceTimersByTime(CONNECT_AGAIN_MS);
    expect(socket.connects).toBe(2);
  });

  test("tries again after a refusal that will pass", () => {
    open();
    socket.refuse("STORE_FAILED", { code: "STORE_FAILED", retry: true });
    vi.advanceTimersByTime(CONNECT_AGAIN_MS);
    expect(socket.connects).toBe(2);
  });

  test.each([
    ["Invalid namespace", undefined, "The server has no channel of this name."],
    ["BANNED", { code: "BANNED", retry: false }, "BANNED"],
  ])("gives up after the refusal %s, in words, until it is asked to try again", (message, data, sentence) => {
    const link = open();
    socket.refuse(message, data);
    vi.advanceTimersByTime(10 * CONNECT_AGAIN_MS);
    expect(states.at(-1)).toBe(sentence);
    expect(socket.connects).toBe(1);
    expect(link.isWaiting).toBe(false);
    link.connect();
    expect(socket.connects).toBe(2);
  });

  test("leaves a refusal alone that somebody has dealt with", () => {
    open({ onRefused: (code) => code === "EXPIRED_TOKEN" });
    socket.refuse("EXPIRED_TOKEN", { code: "EXPIRED_TOKEN", retry: false });
    vi.advanceTimersByTime(CONNECT_AGAIN_MS);
    expect(states).toEqual(["reconnecting"]);
    expect(socket.connects).toBe(1);
  });

  test("leaves nothing behind when it is closed, a planned attempt neither", () => {
    const link = open();
    socket.letIn();
    socket.lose("io server disconnect");
    link.close();
    vi.advanceTimersByTime(CONNECT_AGAIN_MS);
    expect([socket.listenerCount, socket.connects, socket.active, closed]).toEqual([0, 1, false, true]);
  });
});
