import { expect, test } from "vitest";
import { History, message } from "../testing";
import { catchUp, MAX_CATCH_UP_PAGES } from "./catchUp";

test("with nothing known one page is enough", async () => {
  const history = new History(120);
  const result = await catchUp(history.page, null);
  expect(result).toMatchObject({ hasMore: true, connects: false });
  expect(result.messages.map((m) => m.id)).toEqual(Array.from({ length: 50 }, (_, i) => 71 + i));
  expect(history.asked).toEqual([undefined]);
});

test("nothing missed needs one page", async () => {
  const history = new History(10);
  expect(await catchUp(history.page, 10)).toMatchObject({ connects: true });
  expect(history.asked).toEqual([undefined]);
});

test("pages back until the known message, without a gap and without doubles", async () => {
  const history = new History(200);
  const result = await catchUp(history.page, 60);
  expect(result.connects).toBe(true);
  expect(history.asked).toEqual([undefined, 151, 101]);
  expect(result.messages.map((m) => m.id)).toEqual(Array.from({ length: 150 }, (_, i) => 51 + i));
});

test("goes one page further when a page begins just behind the known message", async () => {
  const history = new History(100);
  const result = await catchUp(history.page, 50);
  expect(history.asked).toEqual([undefined, 51]);
  expect(result.connects).toBe(true);
});

test("gives up connecting after very many pages", async () => {
  const history = new History(50 * (MAX_CATCH_UP_PAGES + 5));
  const result = await catchUp(history.page, 1);
  expect(history.asked).toHaveLength(MAX_CATCH_UP_PAGES);
  expect(result).toMatchObject({ connects: false, hasMore: true });
  expect(result.messages).toHaveLength(50 * MAX_CATCH_UP_PAGES);
});

test.each([
  ["smaller", 3],
  ["empty", 0],
])("does not connect with a replaced database that is %s", async (_, count) => {
  expect(await catchUp(new History(count).page, 50)).toMatchObject({ connects: false, hasMore: false });
});

test("does not connect with a replaced database that lacks the known message", async () => {
  const history = new History(60);
  history.messages = history.messages.filter((m) => m.id !== 20);
  expect((await catchUp(history.page, 20)).connects).toBe(false);
});

test("rejects when any page fails", async () => {
  let calls = 0;
  const page = async () => {
    calls += 1;
    if (calls === 2) throw new Error("lost");
    return { messages: [message(900)], hasMore: true };
  };
  await expect(catchUp(page, 1)).rejects.toThrow("lost");
});

test("does not ask for ever when a server promises more and gives nothing", async () => {
  let calls = 0;
  await catchUp(async () => {
    calls += 1;
    return { messages: [], hasMore: true };
  }, 5);
  expect(calls).toBe(1);
});
