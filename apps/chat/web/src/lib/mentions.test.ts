import { describe, expect, test } from "vitest";
import type { User } from "./types";
import { completed, matching, mentionParts, writingAt } from "./mentions";

const user = (nickname: string, id = 1): User => ({ id, nickname });
const shape = (text: string, ...names: string[]) => mentionParts(text, names.map((name) => user(name))).map((part) => (part.user ? [part.text] : part.text));

describe("mentions in a text", () => {
  test.each([
    ["hello", [], ["hello"]],
    ["@Ann", ["Ann"], [["@Ann"]]],
    ["hi @Ann, and @Bob!", ["Ann", "Bob"], ["hi ", ["@Ann"], ", and ", ["@Bob"], "!"]],
    ["@Ann Lee is here", ["Ann", "Ann Lee"], [["@Ann Lee"], " is here"]],
    ["@Annabel", ["Ann"], ["@Annabel"]],
    ["ann@Bob", ["Bob"], ["ann@Bob"]],
    ["@민수님 안녕", ["민수"], [["@민수"], "님 안녕"]],
    ["@<b>x</b>", ["<b>x</b>"], [["@<b>x</b>"]]],
    ["@@Ann", ["Ann"], ["@", ["@Ann"]]],
    ["@Ann", [], ["@Ann"]],
  ])("%s", (text, names, expected) => {
    expect(shape(text, ...names)).toEqual(expected);
  });
});

describe("what is written at the caret", () => {
  test.each([
    ["@", 1, { start: 0, query: "" }],
    ["hi @An", 6, { start: 3, query: "An" }],
    ["hi @Ann Le", 10, { start: 3, query: "Ann Le" }],
    ["hi @Ann", 3, null],
    ["a@b", 3, null],
    ["@ Ann", 5, null],
    ["@Ann\nyes", 8, null],
    [`@${"x".repeat(33)}`, 34, null],
    ["nothing", 7, null],
  ])("%s", (text, caret, expected) => {
    expect(writingAt(text, caret)).toEqual(expected);
  });

  test("names that begin the same way are offered, those of the same letters first", () => {
    expect(matching(["bo", "Bob", "Ann"], "bo")).toEqual(["bo", "Bob"]);
    expect(matching(["Bob", "Ann"], "")).toEqual(["Ann", "Bob"]);
    expect(matching(["Bob"], "Bob")).toEqual([]);
    expect(matching(["Bob", "Bobby"], "Bob")).toEqual(["Bob", "Bobby"]);
    expect(matching(["Bob"], "x")).toEqual([]);
  });

  test("a name is put in the place of what is there", () => {
    expect(completed("hi @An", { start: 3, query: "An" }, "Ann")).toEqual({ text: "hi @Ann ", caret: 8 });
    expect(completed("hi @An there", { start: 3, query: "An" }, "Ann")).toEqual({ text: "hi @Ann there", caret: 8 });
  });
});
