import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { useRooms } from "../stores/rooms";
import { restoreStores } from "../stores/restore";
import { timelineOf } from "../stores/timelines";
import { ann, bob, FakeConnection, History, memoryStorage, message } from "../testing";
import { ChatClient } from "./chatClient";
import { ChatError } from "./errors";

const ROOM = 1;

let connection: FakeConnection;
let history: History;
let client: ChatClient;
let endedWith: string[];

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("localStorage", memoryStorage());
  restoreStores(ann.id);
  connection = new FakeConnection();
  history = new History(3);
  endedWith = [];
  client = new ChatClient({
    connection,
    api: {
      rooms: async () => [],
      createRoom: () => Promise.reject(new ChatError("UNUSED")),
      messages: (_, before) => history.page(before),
      search: () => Promise.reject(new ChatError("UNUSED")),
    },
    me: ann,
    onSessionEnd: (code) => endedWith.push(code),
  });
});

afterEach(() => {
  client.dispose();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

async function connect(): Promise<void> {
  connection.connected = true;
  client.connected();
  await settle();
}

function disconnect(): void {
  connection.connected = false;
  client.disconnected();
}

const ids = () => timelineOf(ROOM).messages.map((m) => m.id);
const pending = () => timelineOf(ROOM).pending.map((p) => [p.content, p.state, p.reason]);

describe("reconnection", () => {
  test("joins the rooms again and fetches exactly what was missed", async () => {
    client.openRoom(ROOM);
    await connect();
    expect(ids()).toEqual([1, 2, 3]);

    disconnect();
    history.messages.push(message(4), message(5));
    await connect();
    expect(connection.sent("joinRoom")).toEqual([{ chatRoomId: ROOM }, { chatRoomId: ROOM }]);
    expect(ids()).toEqual([1, 2, 3, 4, 5]);
  });

  test("asks for nothing when the connection is recovered: what was missed has come", async () => {
    client.openRoom(ROOM);
    await connect();
    const asked = history.asked.length;
    disconnect();
    history.messages.push(message(4), message(5));
    client.received(message(4));
    client.received(message(5));
    connection.connected = true;
    client.connected(true);
    await settle();
    expect(connection.sent("joinRoom")).toHaveLength(1);
    expect(history.asked).toHaveLength(asked);
    expect(ids()).toEqual([1, 2, 3, 4, 5]);
    expect(timelineOf(ROOM)).toMatchObject({ live: true, knownUpTo: 5 });
    client.send(ROOM, "hello");
    await settle();
    expect(connection.sent("sendMessage")).toHaveLength(1);
  });

  test("a room that was not caught up yet is, also when the connection is recovered", async () => {
    client.openRoom(ROOM);
    vi.spyOn(history, "page").mockRejectedValueOnce(new ChatError("NETWORK"));
    await connect();
    disconnect();
    connection.connected = true;
    client.connected(true);
    await settle();
    expect(ids()).toEqual([1, 2, 3]);
    expect(timelineOf(ROOM).live).toBe(true);
  });

  test("a room that was left meanwhile is left when the connection is recovered", async () => {
    client.openRoom(ROOM);
    await connect();
    disconnect();
    client.leaveRoom(ROOM);
    connection.connected = true;
    client.connected(true);
    await settle();
    expect(connection.sent("leaveRoom")).toEqual([{ chatRoomId: ROOM, everywhere: true }]);
    expect(connection.sent("joinRoom")).toHaveLength(1);
  });

  test("what the user leaves without a connection is told with the next one, once, and not followed meanwhile", async () => {
    client.openRoom(ROOM);
    client.leaveRoom(ROOM);
    client.follow([ROOM]);
    await connect();
    expect(connection.sent("leaveRoom")).toEqual([{ chatRoomId: ROOM, everywhere: true }]);
    expect(connection.sent("joinRoom")).toEqual([]);
    disconnect();
    await connect();
    expect(connection.sent("leaveRoom")).toHaveLength(1);
  });

  test("rooms that the user takes part in elsewhere are joined without being opened, and left with them", async () => {
    await connect();
    client.follow([ROOM]);
    await settle();
    expect(connection.sent("joinRoom")).toEqual([{ chatRoomId: ROOM }]);
    expect(useRooms.getState()).toMatchObject({ joined: [ROOM], activeId: null });
    client.leftElsewhere(ROOM);
    await settle();
    expect(connection.sent("leaveRoom")).toEqual([{ chatRoomId: ROOM }]);
    expect(useRooms.getState().joined).toEqual([]);
  });

  test("fills the gap also when a message comes live before the history", async () => {
    client.openRoom(ROOM);
    await connect();
    disconnect();
    history.messages.push(message(4), message(5), message(6));
    connection.connected = true;
    client.connected();
    client.received(message(6));
    await settle();
    expect(ids()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("tries again after a failed catch-up, from where it really was", async () => {
    client.openRoom(ROOM);
    await connect();
    disconnect();
    history.messages.push(message(4), message(5));
    const page = vi.spyOn(history, "page").mockRejectedValueOnce(new ChatError("NETWORK"));
    await connect();
    client.received(message(6));
    expect(useRooms.getState().problems[ROOM]).toBe("The server cannot be reached.");

    history.messages.push(message(6));
    await vi.advanceTimersByTimeAsync(3_000);
    expect(page).toHaveBeenCalledTimes(2);
    expect(ids()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(useRooms.getState().problems[ROOM]).toBeUndefined();
  });

  test("an answer that belongs to the connection before is not used", async () => {
    client.openRoom(ROOM);
    await connect();
    disconnect();
    let answer: (value: { messages: []; hasMore: false }) => void = () => undefined;
    vi.spyOn(history, "page").mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
    await connect();
    disconnect();
    answer({ messages: [], hasMore: false });
    await settle();
    expect(timelineOf(ROOM).live).toBe(false);
    expect(ids()).toEqual([1, 2, 3]);
  });

  test("a room that is gone is not joined again, and the page says why", async () => {
    connection.answers.joinRoom = () => Promise.reject(new ChatError("ROOM_NOT_FOUND"));
    client.openRoom(ROOM);
    await connect();
    expect(useRooms.getState()).toMatchObject({ joined: [], problems: { [ROOM]: "This room no longer exists." } });
  });
});

describe("sending", () => {
  test("confirms by the answer", async () => {
    client.openRoom(ROOM);
    await connect();
    client.send(ROOM, "hello");
    expect(pending()).toEqual([["hello", "sending", undefined]]);
    await settle();
    expect(pending()).toEqual([]);
    expect(timelineOf(ROOM).messages.at(-1)?.content).toBe("hello");
  });

  test("waits without a connection and goes out in order after joining", async () => {
    client.openRoom(ROOM);
    client.send(ROOM, "one");
    client.send(ROOM, "two");
    await settle();
    expect(connection.requests).toEqual([]);
    await connect();
    expect(connection.requests.map((request) => request.event)).toEqual(["joinRoom", "sendMessage", "sendMessage"]);
    expect(connection.sent("sendMessage").map((payload) => payload["content"])).toEqual(["one", "two"]);
    expect(pending()).toEqual([]);
  });

  test("an answer lost with the connection sends again under the same clientId", async () => {
    client.openRoom(ROOM);
    await connect();
    const answer = connection.answers.sendMessage;
    connection.answers.sendMessage = () => Promise.reject(new ChatError("DISCONNECTED"));
    client.send(ROOM, "hello");
    await settle();
    expect(pending()).toEqual([["hello", "sending", undefined]]);

    disconnect();
    connection.answers.sendMessage = answer;
    await connect();
    const [first, second] = connection.sent("sendMessage");
    expect(second).toEqual(first);
    expect(pending()).toEqual([]);
  });

  test("a refusal is said, and trying again keeps the clientId", async () => {
    client.openRoom(ROOM);
    await connect();
    const answer = connection.answers.sendMessage;
    connection.answers.sendMessage = () => Promise.reject(new ChatError("TOO_LONG"));
    client.send(ROOM, "hello");
    await settle();
    expect(pending()).toEqual([["hello", "failed", "The message is longer than 2000 characters."]]);

    connection.answers.sendMessage = answer;
    client.retry(timelineOf(ROOM).pending[0]!);
    await settle();
    const [first, second] = connection.sent("sendMessage");
    expect(second).toEqual(first);
    expect(pending()).toEqual([]);
  });

  test("is not failed by a late error when the broadcast has confirmed it", async () => {
    client.openRoom(ROOM);
    await connect();
    connection.answers.sendMessage = async ({ clientId }) => {
      client.received(message(50, { clientId, content: "hello" }));
      throw new ChatError("TIMEOUT");
    };
    client.send(ROOM, "hello");
    await settle();
    expect(pending()).toEqual([]);
    expect(ids()).toEqual([1, 2, 3, 50]);
  });

  test("what was not confirmed survives the page, what was does not come again", async () => {
    client.openRoom(ROOM);
    await connect();
    client.send(ROOM, "arrives");
    await settle();
    disconnect();
    client.send(ROOM, "waits");

    restoreStores(ann.id);
    expect(pending()).toEqual([["waits", "sending", undefined]]);
    restoreStores(bob.id);
    expect(pending()).toEqual([]);
  });

  test("an expired token ends the session and keeps the message in line", async () => {
    client.openRoom(ROOM);
    await connect();
    connection.answers.sendMessage = () => Promise.reject(new ChatError("EXPIRED_TOKEN"));
    client.send(ROOM, "hello");
    await settle();
    expect(endedWith).toEqual(["EXPIRED_TOKEN"]);
    expect(pending()).toEqual([["hello", "sending", undefined]]);
  });
});

describe("changes", () => {
  test("what one edits or deletes is changed at once, also before its broadcast", async () => {
    client.openRoom(ROOM);
    await connect();
    await client.edit({ chatRoomId: ROOM, id: 2 }, "better");
    expect(timelineOf(ROOM).messages[1]).toMatchObject({ id: 2, content: "better" });
    await client.remove({ chatRoomId: ROOM, id: 2 });
    expect(timelineOf(ROOM).messages[1]).toMatchObject({ id: 2, content: "", deleted: true });
    expect(ids()).toEqual([1, 2, 3]);
  });

  test("a refusal is told, and nothing changes", async () => {
    client.openRoom(ROOM);
    await connect();
    connection.answers.editMessage = () => Promise.reject(new ChatError("NOT_YOURS"));
    await expect(client.edit({ chatRoomId: ROOM, id: 2 }, "mine")).rejects.toThrow("NOT_YOURS");
    expect(timelineOf(ROOM).messages[1]).toMatchObject({ content: "message 2" });
  });

  test("history is loaded back to a message, and no further", async () => {
    history = new History(200);
    client.openRoom(ROOM);
    await connect();
    expect(await client.loadBackTo(ROOM, 60)).toBe(true);
    expect(ids()[0]).toBe(51);
    expect(await client.loadBackTo(ROOM, 60)).toBe(true);
    expect(ids()[0]).toBe(51);
    expect(await client.loadBackTo(ROOM, 0)).toBe(false);
    expect(ids()[0]).toBe(1);
  });
});
