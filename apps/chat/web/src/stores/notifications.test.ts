import { describe, expect, test } from "vitest";
import { notification } from "../testing";
import { arrived, loaded, marked, noNotifications, type Notifications } from "./notifications";

const known = (...ids: number[]): Notifications => ids.reduce((before, id) => arrived(before, notification(id)), noNotifications);
const shape = ({ list, unread }: Notifications) => [list.map(({ id, read }) => `${id}${read ? " read" : ""}`), unread];

describe("arriving", () => {
  test("puts the newest first, once, and counts", () => {
    expect(shape(known(1, 3, 2, 3))).toEqual([["3", "2", "1"], 3]);
  });

  test("does not count what is read already", () => {
    expect(arrived(noNotifications, notification(1, { read: true })).unread).toBe(0);
  });
});

describe("marking", () => {
  test("counts once, however often it is told", () => {
    const once = marked(known(1, 2), 1, true);
    expect(shape(once)).toEqual([["2", "1 read"], 1]);
    expect(marked(once, 1, true)).toBe(once);
  });

  test("can be taken back", () => {
    expect(shape(marked(marked(known(1), 1, true), 1, false))).toEqual([["1"], 1]);
  });

  test("counts an older one too, which is not in the list, and never below nothing", () => {
    expect(marked({ ...known(9), unread: 5 }, 1, true).unread).toBe(4);
    expect(marked(noNotifications, 1, true).unread).toBe(0);
  });
});

describe("what the server has", () => {
  const page = { notifications: [notification(2), notification(1, { read: true })], unread: 7 };

  test("replaces what was known", () => {
    expect(loaded(page, [])).toMatchObject({ unread: 7, loaded: true });
  });

  test("and what came meanwhile counts once, whether the answer has it or not", () => {
    const news = [{ arrived: notification(2) }, { arrived: notification(3) }, { read: 1 }, { read: 2 }];
    expect(shape(loaded(page, news))).toEqual([["3", "2 read", "1 read"], 7]);
  });
});
