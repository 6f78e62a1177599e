import { expect, test } from "vitest";
import { channelNameIn, channelNameProblem } from "./channelName";

test.each(["a", "7", "tea-time", "a-", "x".repeat(63)])("%j is a channel's name", (name) => {
  expect(channelNameProblem(name)).toBeNull();
});

test.each([
  ["", "needs a name"],
  ["x".repeat(64), "at most 63 characters"],
  ["-tea", "begins with a letter or a digit"],
  ["Tea", "small letters"],
  ["tea time", "small letters"],
  ["tee_zeit", "small letters"],
  ["tée", "small letters"],
  ["a/b", "small letters"],
  ["tea\n", "small letters"],
])("%j is none, and the reason is told", (name, reason) => {
  expect(channelNameProblem(name)).toContain(reason);
});

test.each(["tea", "  tea ", "#tea", "https://chat.example/#/channel/tea", "#/channel/tea"])("finds the name in %j", (text) => {
  expect(channelNameIn(text)).toBe("tea");
});
