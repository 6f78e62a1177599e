import { expect, test } from "vitest";
import { ann, bob, message, pendingMessage } from "../testing";
import { blocksOf, isSameBlock, partsOf, type Block } from "./grouping";

function drawn(blocks: Block[]): string[] {
  return blocks.map((block) =>
    block.kind === "group" ? `${block.sender.nickname}: ${block.entries.map((e) => e.id ?? e.state).join(" ")}` : block.kind,
  );
}

const at = (day: number, hour: number, minute: number): string => new Date(2026, 0, day, hour, minute).toISOString();

test("messages of one sender in a row are one group, until a pause", () => {
  const messages = [
    message(1, { createdAt: at(5, 9, 0) }),
    message(2, { createdAt: at(5, 9, 4) }),
    message(3, { createdAt: at(5, 9, 20) }),
    message(4, { createdAt: at(5, 9, 21), sender: bob }),
    message(5, { createdAt: at(5, 9, 21) }),
  ];
  expect(drawn(blocksOf(messages, [], null, ann.id))).toEqual(["day", "Ann: 1 2", "Ann: 3", "Bob: 4", "Ann: 5"]);
});

test("parts stay as they are when messages come before and behind", () => {
  const messages = Array.from({ length: 200 }, (_, index) => message(index + 1, { sender: index % 2 === 0 ? ann : bob }));
  const parts = (from: number, to: number) =>
    new Map(partsOf(blocksOf(messages.slice(from, to), [], null, ann.id), 100).map(({ key, blocks }) => [key, drawn(blocks).join()]));
  const few = parts(90, 150);
  const many = parts(0, 200);
  expect(many.size).toBeGreaterThan(few.size);
  // All but the first and the last, which are not full.
  const full = [...few].slice(1, -1);
  expect(full.length).toBeGreaterThan(0);
  for (const [key, content] of full) expect(many.get(key)).toBe(content);
});

test("of what has not changed the entries are the same", () => {
  const [first, second] = [blocksOf([message(1), message(2)], [], null, ann.id), [message(1), message(2)]];
  const again = () => blocksOf(second, [], null, ann.id);
  expect(again().every((block, index) => isSameBlock(block, again()[index]!))).toBe(true);
  expect(isSameBlock(first[1]!, blocksOf([message(1), message(2, { content: "other" })], [], null, ann.id)[1]!)).toBe(false);
});

test("midnight divides, also within a group", () => {
  const messages = [message(1, { createdAt: at(5, 23, 59) }), message(2, { createdAt: at(6, 0, 1) })];
  expect(drawn(blocksOf(messages, [], null, ann.id))).toEqual(["day", "Ann: 1", "day", "Ann: 2"]);
});

test("the unread line comes before the first new message of others", () => {
  const messages = [message(1, { sender: bob }), message(2), message(3, { sender: bob }), message(4, { sender: bob })];
  expect(drawn(blocksOf(messages, [], 1, ann.id))).toEqual(["day", "Bob: 1", "Ann: 2", "unread", "Bob: 3 4"]);
  expect(drawn(blocksOf(messages, [], 4, ann.id))).not.toContain("unread");
});

test("pending messages come last, and keep their key when they are confirmed", () => {
  const pending = pendingMessage("a", { writtenAt: new Date(message(2).createdAt).getTime() });
  const before = blocksOf([message(1)], [pending], null, ann.id);
  const after = blocksOf([message(1), message(2, { clientId: "a" })], [], null, ann.id);
  expect(drawn(before)).toEqual(["day", "Ann: 1 sending"]);
  expect(drawn(after)).toEqual(["day", "Ann: 1 2"]);
  const keys = (blocks: Block[]) => blocks.flatMap((b) => (b.kind === "group" ? b.entries.map((e) => e.key) : []));
  expect(keys(after)).toEqual(keys(before));
});
