import { expect, test } from "vitest";
import { partsOf } from "./links";

const hrefs = (content: string): string[] => partsOf(content).flatMap((part) => (part.kind === "link" ? [part.href] : []));

test.each<[string, string[]]>([
  ["https://example.org", ["https://example.org/"]],
  ["see http://example.org/a?b=c#d.", ["http://example.org/a?b=c#d"]],
  ["(https://example.org/a)", ["https://example.org/a"]],
  ["https://example.org/a_(b)", ["https://example.org/a_(b)"]],
  ["[https://example.org/a]!", ["https://example.org/a"]],
  ["HTTPS://EXAMPLE.ORG/A", ["https://example.org/A"]],
  ["https://example.org/한국", ["https://example.org/%ED%95%9C%EA%B5%AD"]],
  ["https://a.example, https://b.example", ["https://a.example/", "https://b.example/"]],
  ['<a href="https://example.org">', ["https://example.org/"]],
])("%j has the links %j", (content, expected) => {
  expect(hrefs(content)).toEqual(expected);
});

test.each([
  "",
  "nothing",
  "javascript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "ftp://example.org",
  "https://",
  "http://:80",
  "https://bank.example@evil.example/",
  "https://bank.example:secret@evil.example/",
])("%j has none", (content) => {
  expect(hrefs(content)).toEqual([]);
});

test.each(["a https://example.org, b", "https://example.org", "plain", "https://u@x.example and https://y.example)"])(
  "nothing of %j is lost",
  (content) => {
    expect(partsOf(content).map((part) => part.text).join("")).toBe(content);
  },
);
