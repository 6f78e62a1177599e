import { describe, expect, test } from "vitest";
import { channelMessage } from "../testing";
import { MAX_KEPT, newIn, said, welcomed, type ChannelLog } from "./channelLog";

const ids = (log: ChannelLog): number[][] => log.map((run) => run.messages.map(({ id }) => id));
const messages = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => channelMessage(from + index));
const knowing = (from: number, to: number): ChannelLog => welcomed([], messages(from, to));

describe("a message that comes live", () => {
  test("follows what is known, once, whatever the order", () => {
    const log = [5, 4, 5].reduce((before, id) => said(before, channelMessage(id)), knowing(1, 3));
    expect(ids(log)).toEqual([[1, 2, 3, 4, 5]]);
  });

  test("begins an empty channel", () => {
    expect(ids(said(welcomed([], []), channelMessage(1)))).toEqual([[1]]);
  });
});

describe("coming back", () => {
  test("goes on where it was when the last messages reach back", () => {
    expect(ids(welcomed(knowing(1, 3), messages(2, 6)))).toEqual([[1, 2, 3, 4, 5, 6]]);
  });

  test("shows a gap when they do not", () => {
    expect(ids(welcomed(knowing(1, 3), messages(60, 62)))).toEqual([[1, 2, 3], [60, 61, 62]]);
  });

  test("keeps what was said before a restart, whose ids come again", () => {
    const later = [channelMessage(1, { sentAt: "2026-01-06T08:00:00.000Z" })];
    const log = welcomed(knowing(1, 3), later);
    expect(ids(log)).toEqual([[1, 2, 3], [1]]);
    expect(ids(said(log, channelMessage(2)))).toEqual([[1, 2, 3], [1, 2]]);
  });

  test("to an empty channel again and again makes one gap", () => {
    const empty = welcomed(welcomed(knowing(1, 3), []), []);
    expect(ids(empty)).toEqual([[1, 2, 3], []]);
    expect(ids(welcomed(empty, messages(1, 1)))).toEqual([[1, 2, 3], [1]]);
  });

  test("tells what is new", () => {
    expect(newIn(knowing(1, 3), messages(2, 5)).map(({ id }) => id)).toEqual([4, 5]);
  });
});

test("the oldest go first when there are too many", () => {
  const log = welcomed(knowing(1, 3), messages(1000, 999 + MAX_KEPT - 1));
  expect(log.map((run) => run.messages.length)).toEqual([1, MAX_KEPT - 1]);
  expect(log.flatMap((run) => run.messages)[0]?.id).toBe(3);
  expect(ids(said(said(log, channelMessage(9998)), channelMessage(9999))).map((run) => run.length)).toEqual([MAX_KEPT]);
});
