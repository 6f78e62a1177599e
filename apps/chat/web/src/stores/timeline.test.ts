import { describe, expect, test } from "vitest";
import type { Message } from "../lib/types";
import { changeTime, message, pendingMessage } from "../testing";
import { caughtUp, changed, emptyTimeline, lostConnection, prepend, putPending, receive, removePending } from "./timeline";
import type { Timeline } from "./timeline";

const ids = (timeline: Timeline): number[] => timeline.messages.map((m) => m.id);
const history = (...known: number[]) => known.map((id) => message(id));

function liveWith(...known: number[]): Timeline {
  return caughtUp(emptyTimeline, { messages: history(...known), hasMore: true, connects: false });
}

describe("receiving", () => {
  test("puts messages in the order of their ids, whatever the order they come in", () => {
    const timeline = [5, 3, 9, 4].reduce((t, id) => receive(t, message(id)), emptyTimeline);
    expect(ids(timeline)).toEqual([3, 4, 5, 9]);
  });

  test("keeps a message that comes twice once", () => {
    const timeline = receive(receive(liveWith(1, 2), message(3)), message(3));
    expect(ids(timeline)).toEqual([1, 2, 3]);
  });

  test("replaces the pending message with the same clientId", () => {
    const waiting = putPending(liveWith(1), pendingMessage("a"));
    const timeline = receive(waiting, message(2, { clientId: "a" }));
    expect(ids(timeline)).toEqual([1, 2]);
    expect(timeline.pending).toEqual([]);
  });

  test("leaves a pending message alone when somebody else uses its clientId", () => {
    const waiting = putPending(liveWith(1), pendingMessage("a"));
    const timeline = receive(waiting, message(2, { clientId: "a", sender: { id: 99, nickname: "Mallory" } }));
    expect(timeline.pending).toHaveLength(1);
  });

  test("moves what is known on while live, and not while there may be a gap", () => {
    expect(receive(liveWith(1, 2), message(3)).knownUpTo).toBe(3);
    expect(receive(lostConnection(liveWith(1, 2)), message(9)).knownUpTo).toBe(2);
  });
});

describe("catching up", () => {
  test("fills the gap in front of what has come live meanwhile", () => {
    const gap = receive(lostConnection(liveWith(1, 2)), message(7));
    const timeline = caughtUp(gap, { messages: history(2, 3, 4, 5, 6), hasMore: true, connects: true });
    expect(ids(timeline)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(timeline).toMatchObject({ knownUpTo: 7, live: true });
  });

  test("keeps what is known of older history when it connects", () => {
    const all = { ...lostConnection(liveWith(1, 2)), hasOlder: false };
    expect(caughtUp(all, { messages: history(2, 3), hasMore: true, connects: true }).hasOlder).toBe(false);
  });

  test("starts over when it does not reach back, but keeps what came live after it", () => {
    const gap = receive(lostConnection(liveWith(1, 2)), message(90));
    const timeline = caughtUp(gap, { messages: history(70, 80), hasMore: true, connects: false });
    expect(ids(timeline)).toEqual([70, 80, 90]);
    expect(timeline.hasOlder).toBe(true);
  });

  test("drops what a replaced database does not have", () => {
    const timeline = caughtUp(lostConnection(liveWith(40, 50)), {
      messages: history(1, 2),
      hasMore: false,
      connects: false,
    });
    expect(ids(timeline)).toEqual([1, 2]);
    expect(timeline).toMatchObject({ knownUpTo: 2, hasOlder: false });
  });

  test("confirms pending messages that were sent before the connection was lost", () => {
    const waiting = putPending(lostConnection(liveWith(1)), pendingMessage("a"));
    const found = [message(1), message(2, { clientId: "a" })];
    expect(caughtUp(waiting, { messages: found, hasMore: false, connects: true }).pending).toEqual([]);
  });

  test("knows nothing of an empty room, and is live", () => {
    const timeline = caughtUp(emptyTimeline, { messages: [], hasMore: false, connects: false });
    expect(timeline).toMatchObject({ messages: [], knownUpTo: null, live: true, hasOlder: false });
  });

  test("keeps a message that came live before the history of an empty room", () => {
    const early = receive(emptyTimeline, message(1));
    expect(ids(caughtUp(early, { messages: [], hasMore: false, connects: false }))).toEqual([1]);
  });
});

describe("paging back", () => {
  test("puts the page in front", () => {
    const timeline = prepend(liveWith(5, 6), 5, { messages: history(3, 4), hasMore: false });
    expect(ids(timeline)).toEqual([3, 4, 5, 6]);
    expect(timeline.hasOlder).toBe(false);
  });

  test("ignores a page that was asked for before the timeline started over", () => {
    const timeline = liveWith(70, 80);
    expect(prepend(timeline, 5, { messages: history(3, 4), hasMore: false })).toBe(timeline);
  });

  test("does not touch what is known at the other end", () => {
    const gap = lostConnection(liveWith(5, 6));
    expect(prepend(gap, 5, { messages: history(3, 4), hasMore: true })).toMatchObject({ knownUpTo: 6, live: false });
  });
});

describe("pending messages", () => {
  test("keep the order in which they were written when one changes", () => {
    const two = putPending(putPending(emptyTimeline, pendingMessage("a")), pendingMessage("b"));
    const timeline = putPending(two, pendingMessage("a", { state: "failed", reason: "No." }));
    expect(timeline.pending.map((p) => [p.clientId, p.state])).toEqual([
      ["a", "failed"],
      ["b", "sending"],
    ]);
  });

  test("can be removed", () => {
    const one = putPending(emptyTimeline, pendingMessage("a"));
    expect(removePending(one, "a").pending).toEqual([]);
    expect(removePending(one, "unknown")).toBe(one);
  });
});

test("losing the connection of a timeline that is not live changes nothing", () => {
  expect(lostConnection(emptyTimeline)).toBe(emptyTimeline);
});

test("a change takes its message's place, and adds none that is not known", () => {
  const timeline = changed(liveWith(1, 2), message(2, { content: "better", changedAt: changeTime(1) }));
  expect(timeline.messages.map(({ content }) => content)).toEqual(["message 1", "better"]);
  expect(changed(timeline, message(9, { changedAt: changeTime(1) })).messages).toHaveLength(2);
});

test.each<[string, (timeline: Timeline, old: Message) => Timeline]>([
  ["a page of older messages", (timeline, old) => prepend(timeline, 5, { messages: [old], hasMore: false })],
  ["a catch-up", (timeline, old) => caughtUp(timeline, { messages: [old, message(5)], hasMore: false, connects: true })],
  ["its first broadcast", (timeline, old) => receive(timeline, old)],
])("what was read before a change and comes after it by %s is shown changed", (_, come) => {
  const gone = message(4, { content: "", deleted: true, changedAt: changeTime(2) });
  const timeline = come(changed(liveWith(5), gone), message(4, { content: "older", changedAt: changeTime(1) }));
  expect(timeline.messages[0]).toEqual(gone);
});

test("changes that overtake each other leave the last one", () => {
  const [first, second] = [1, 2].map((n) => message(2, { content: `change ${n}`, changedAt: changeTime(n) }));
  for (const order of [[first, second], [second, first]]) {
    const timeline = order.reduce((before, change) => changed(before, change!), liveWith(1, 2));
    expect(timeline.messages[1]).toEqual(second);
    expect(receive(timeline, message(2)).messages[1]).toEqual(second);
  }
});
