import { expect, test } from "vitest";
import { hashOf, routeOf, type Route } from "./route";

test.each<[string, Route]>([
  ["", { view: "rooms" }],
  ["#/", { view: "rooms" }],
  ["#/somewhere", { view: "rooms" }],
  ["#/channel/tea", { view: "channel", name: "tea" }],
  ["#/channel/", { view: "channel", name: "" }],
  ["#/channel/a%20b", { view: "channel", name: "a b" }],
  ["#/channel/a/b", { view: "channel", name: "a/b" }],
  ["#/channel/%E0%A4%A", { view: "channel", name: "%E0%A4%A" }],
])("the address %j", (hash, route) => {
  expect(routeOf(hash)).toEqual(route);
});

test.each(["tea", "a b", "ä/%"])("the channel %j comes back from its address", (name) => {
  expect(routeOf(hashOf({ view: "channel", name }))).toEqual({ view: "channel", name });
});
