import { expect, test } from "vitest";
import { ago, dayName } from "./time";

const now = new Date(2026, 0, 5, 12, 0);
const before = (seconds: number): number => now.getTime() - seconds * 1_000;

test.each([
  [-30, "Just now"],
  [59, "Just now"],
  [60, "1 minute ago"],
  [3_599, "59 minutes ago"],
  [3_600, "1 hour ago"],
  [86_400, "1 day ago"],
  [6 * 86_400, "6 days ago"],
])("%d seconds ago", (seconds, text) => {
  expect(ago(before(seconds), now)).toBe(text);
});

test.each([
  [4, "Yesterday"],
  [5, "Today"],
  [6, "Tomorrow"],
])("the %dth of January, on the 5th", (day, name) => {
  expect(dayName(new Date(2026, 0, day, 23, 59).getTime(), now)).toBe(name);
});
