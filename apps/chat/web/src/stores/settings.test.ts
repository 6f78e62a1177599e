import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { memoryStorage } from "../testing";
import { en } from "../words/en";
import { ko } from "../words/ko";

beforeEach(() => {
  vi.resetModules();
  vi.stubGlobal("localStorage", memoryStorage());
});
afterEach(() => vi.unstubAllGlobals());

async function settingsOf(languages: string[]) {
  vi.stubGlobal("navigator", { languages });
  return import("./settings");
}

test.each([
  [["ko-KR", "en-US"], "ko"],
  [["ko"], "ko"],
  [["de-DE", "ko-KR", "en"], "ko"],
  [["en-GB", "ko"], "en"],
  [["de", "fr"], "en"],
  [["constructor"], "en"],
  [[], "en"],
])("a browser of %j begins in %s", async (languages, expected) => {
  const { useSettings } = await settingsOf(languages);
  expect(useSettings.getState()).toMatchObject({ language: expected, theme: "system" });
});

test("what was chosen is kept, and the system's theme is nothing to keep", async () => {
  const first = await settingsOf(["en"]);
  first.useSettings.getState().chooseLanguage("ko");
  first.useSettings.getState().chooseTheme("dark");
  vi.resetModules();
  const second = await settingsOf(["en"]);
  expect(second.useSettings.getState()).toMatchObject({ language: "ko", theme: "dark" });
  expect(second.words()).toMatchObject({ rooms: ko.rooms });
  second.useSettings.getState().chooseTheme("system");
  vi.resetModules();
  expect((await settingsOf(["en"])).useSettings.getState().theme).toBe("system");
});

test("what an older page has kept and is not known is not taken", async () => {
  localStorage.setItem("aerie-chat/theme", '"sepia"');
  localStorage.setItem("aerie-chat/language", '"xx"');
  const { useSettings } = await settingsOf(["ko"]);
  expect(useSettings.getState()).toMatchObject({ language: "ko", theme: "system" });
});

test.each([
  ["en", ["de-DE", "en-GB"], "en-GB"],
  ["ko", ["en-GB"], "ko"],
  ["en", ["de-DE"], "en"],
] as const)("times in %s for a browser of %j are written as in %s", async (language, languages, expected) => {
  const settings = await settingsOf([...languages]);
  settings.useSettings.getState().chooseLanguage(language);
  expect(settings.locale()).toBe(expected);
});

test("both languages have the same words, and none of them is empty", () => {
  const shape = (words: object): unknown[] =>
    Object.entries(words).map(([key, value]) => [key, typeof value === "object" ? shape(value) : typeof value]);
  expect(shape(ko).sort()).toEqual(shape(en).sort());
  const texts = Object.entries(ko).filter(([, value]) => typeof value === "string");
  expect(texts.filter(([, value]) => value === "")).toEqual([]);
  expect(texts.filter(([, value]) => !/[가-힣]/.test(String(value)))).toEqual([]);
});
