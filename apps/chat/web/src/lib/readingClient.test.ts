import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { unreadCount, useRead } from "../stores/read";
import { restoreStores } from "../stores/restore";
import { useRooms } from "../stores/rooms";
import { caughtUp } from "../stores/timeline";
import { timelineOf, useTimelines } from "../stores/timelines";
import { ann, bob, FakeConnection, memoryStorage, message } from "../testing";
import { ChatError } from "./errors";
import { ReadingClient } from "./readingClient";
import type { ReadState } from "./types";

const ROOM = 1;
const state = (upTo: number, unread: number, newest: number, chatRoomId = ROOM): ReadState => ({ chatRoomId, upTo, unread, newest });

let connection: FakeConnection;
let client: ReadingClient;
let answer: () => Promise<ReadState[]>;
let followed: number[];
let left: number[];

function open(): void {
  restoreStores(ann.id);
  connection = new FakeConnection();
  connection.connected = true;
  followed = [];
  left = [];
  client = new ReadingClient({
    connection,
    api: { reading: () => answer() },
    follow: (roomIds) => {
      for (const id of roomIds) useRooms.getState().join(id);
      followed.push(...roomIds);
    },
    leftElsewhere: (roomId) => {
      useRooms.getState().leave(roomId);
      left.push(roomId);
    },
    onSessionEnd: () => undefined,
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("localStorage", memoryStorage());
  answer = async () => [];
  open();
});

afterEach(() => {
  client.dispose();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (ms = 1_000) => vi.advanceTimersByTimeAsync(ms);
const count = () => unreadCount(timelineOf(ROOM), useRead.getState().upTo[ROOM] ?? 0, useRead.getState().states[ROOM], ann.id);
const receive = (ids: number[], hasMore: boolean) => {
  const messages = ids.map((id) => message(id, { sender: bob }));
  useTimelines.getState().change(ROOM, (timeline) => caughtUp(timeline, { messages, hasMore, connects: false }));
};

describe("what is seen here", () => {
  test("is told once, however many messages are seen in a row", async () => {
    useRooms.getState().open(ROOM);
    for (const id of [4, 5, 6]) useRead.getState().mark(ROOM, id);
    await pass();
    expect(connection.sent("markRead")).toEqual([{ chatRoomId: ROOM, upTo: 6 }]);
    await pass();
    expect(connection.sent("markRead")).toHaveLength(1);
  });

  test("is not told where another tab has told it already", async () => {
    useRooms.getState().open(ROOM);
    useRead.getState().heard(ann.id, ROOM, 6);
    client.heard(state(6, 0, 6));
    await pass();
    expect(connection.sent("markRead")).toEqual([]);
  });

  test("is told with the next connection when there is none, or when the server could not store it", async () => {
    useRooms.getState().open(ROOM);
    connection.connected = false;
    useRead.getState().mark(ROOM, 6);
    await pass();
    connection.connected = true;
    connection.answers.markRead = () => Promise.reject(new ChatError("STORE_FAILED"));
    client.connected();
    await pass();
    connection.answers.markRead = ({ chatRoomId, upTo }) => ({ state: state(upTo, 0, upTo, chatRoomId) });
    client.connected();
    await pass();
    expect(connection.sent("markRead")).toEqual([{ chatRoomId: ROOM, upTo: 6 }, { chatRoomId: ROOM, upTo: 6 }]);
    expect(useRead.getState().states[ROOM]).toEqual(state(6, 0, 6));
  });

  test("what an older page has kept in the browser is told: it is not unread again", async () => {
    useRooms.getState().open(ROOM);
    useRead.getState().mark(ROOM, 6);
    client.dispose();
    open();
    client.ready();
    await pass();
    expect(connection.sent("markRead")).toEqual([{ chatRoomId: ROOM, upTo: 6 }]);
    expect(left).toEqual([]);
  });
});

describe("what is seen elsewhere", () => {
  test("rooms that one takes part in on another device are followed, with what is unread in them", async () => {
    answer = async () => [state(2, 70, 90)];
    client.ready();
    await pass();
    expect(followed).toEqual([ROOM]);
    expect(count()).toBe(70);
  });

  test("the server's count holds until what is here reaches back, and what comes is added", () => {
    client.heard(state(2, 70, 90));
    receive([89, 90], true);
    expect(count()).toBe(70);
    receive([89, 90, 91, 92], true);
    expect(count()).toBe(72);
    receive([1, 2, 89, 90, 91, 92], false);
    expect(count()).toBe(4);
    client.heard(state(91, 1, 92));
    expect(count()).toBe(1);
  });

  test("an older word that comes late is ignored", () => {
    client.heard(state(91, 1, 92));
    client.heard(state(90, 2, 92));
    client.heard(state(91, 0, 91));
    expect(useRead.getState()).toMatchObject({ upTo: { [ROOM]: 91 }, states: { [ROOM]: state(91, 1, 92) } });
  });

  test("a message that was counted and is deleted makes the counts be asked for anew", async () => {
    client.heard(state(2, 70, 90));
    receive([89, 90], true);
    answer = async () => [state(2, 69, 90)];
    client.changed(message(50, { deleted: true }));
    client.changed(message(51, { deleted: true }));
    await pass();
    expect(count()).toBe(69);
  });

  test("a room that is left elsewhere is left, also where that was while nobody was here", async () => {
    client.heard(state(2, 0, 2));
    client.left(ROOM);
    expect(left).toEqual([ROOM]);
    client.heard(state(2, 0, 2));
    client.dispose();
    open();
    client.ready();
    await pass();
    expect(left).toEqual([ROOM]);
  });

  test("one that is left while the states are on their way is not followed", async () => {
    let give: (states: ReadState[]) => void = () => undefined;
    answer = () => new Promise((resolve) => (give = resolve));
    client.ready();
    client.left(ROOM);
    give([state(2, 0, 2), state(3, 1, 4, 2)]);
    await pass();
    expect(followed).toEqual([2]);
  });

  test("what could not be loaded is tried again", async () => {
    answer = () => Promise.reject(new ChatError("NETWORK"));
    client.ready();
    await pass();
    answer = async () => [state(2, 7, 9)];
    await pass(3_000);
    expect(count()).toBe(7);
  });
});
