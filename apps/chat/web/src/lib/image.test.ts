import { expect, test } from "vitest";
import { imageType, MAX_IMAGE_SIZE, readImage, shownSize } from "./image";

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

test.each([
  ["\x89PNG\r\n\x1a\n", "image/png"],
  ["\xff\xd8\xff\xe0", "image/jpeg"],
  ["GIF87a", "image/gif"],
  ["GIF89a", "image/gif"],
  ["RIFF....WEBPVP8 ", "image/webp"],
  ["RIFF....WAVE", null],
  ["<svg xmlns='http://www.w3.org/2000/svg'>", null],
  ["BM", null],
  ["", null],
])("%j is %s", (text, type) => {
  expect(imageType(bytes(text))).toBe(type);
});

test("what is too large or no image is refused, whatever its name says", async () => {
  await expect(readImage(new Blob([new Uint8Array(MAX_IMAGE_SIZE + 1)], { type: "image/png" }))).rejects.toMatchObject({ code: "IMAGE_TOO_LARGE" });
  await expect(readImage(new Blob(["<svg/>"], { type: "image/png" }))).rejects.toMatchObject({ code: "INVALID_IMAGE" });
});

test("an image is shown in its proportions, and not larger than it is", () => {
  expect(shownSize({ width: 640, height: 320 })).toEqual({ width: 320, height: 160 });
  expect(shownSize({ width: 20, height: 10 })).toEqual({ width: 20, height: 10 });
  expect(shownSize({ width: 10, height: 16_000 })).toEqual({ width: 1, height: 320 });
});
