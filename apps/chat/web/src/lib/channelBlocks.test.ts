import { expect, test } from "vitest";
import { channelMessage } from "../testing";
import { channelBlocksOf, type ChannelBlock } from "./channelBlocks";

function drawn(blocks: ChannelBlock[]): string[] {
  return blocks.map((block) =>
    block.kind === "group" ? `${block.sender.nickname}: ${block.entries.map((entry) => entry.content).join(" ")}` : block.kind,
  );
}

test("messages of one guest in a row are one group, and a gap is drawn between runs", () => {
  const log = [
    { id: 1, messages: [channelMessage(1, { content: "a" }), channelMessage(2, { content: "b" })] },
    { id: 2, messages: [channelMessage(1, { content: "c" }), channelMessage(2, { content: "d", from: "guest-00000c" })] },
  ];
  const blocks = channelBlocksOf(log);
  expect(drawn(blocks)).toEqual(["day", "guest-00000b: a b", "gap", "day", "guest-00000b: c", "guest-00000c: d"]);
});

test("keys differ although ids come again, and stay when older messages go", () => {
  const run = { id: 2, messages: [channelMessage(1), channelMessage(2)] };
  const keysOf = (blocks: ChannelBlock[]): string[] =>
    blocks.flatMap((block) => (block.kind === "group" ? block.entries.map(({ key }) => key) : []));
  const both = keysOf(channelBlocksOf([{ ...run, id: 1 }, run]));
  expect(new Set(both).size).toBe(4);
  expect(both.slice(2)).toEqual(keysOf(channelBlocksOf([run])));
});
