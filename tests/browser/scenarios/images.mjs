import assert from "node:assert/strict";
import { join } from "node:path";
import { isAccessible } from "../lib/accessibility.mjs";
import { eventually } from "../lib/chatPage.mjs";

export const name = "images";

const phone = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

export async function run({ check, person, url, screenshots }) {
  const ann = await person(url);
  const bob = await person(url, phone);
  const people = [ann, bob];
  const room = `images ${Date.now()}`;
  await ann.signIn("Ann");
  await bob.signIn("Bob");
  await ann.createRoom(room);
  await bob.openRoom(room);
  const choose = (who, buffer, name = "image.png") =>
    who.at("image-input").setInputFiles({ name, mimeType: "image/png", buffer });
  const shown = (who) => who.at("image-button").locator("img");
  const isDrawn = (image) => image.evaluate((element) => element.complete && element.naturalWidth > 0);
  const inBothThemes = async (who, what, file) => {
    for (const colorScheme of ["dark", "light"]) {
      await who.page.emulateMedia({ colorScheme });
      await isAccessible(who, `${what}, ${colorScheme}`);
      if (screenshots) await who.page.screenshot({ path: join(screenshots, `${file}-${colorScheme}.png`) });
    }
  };

  await check("an image is seen before it is sent, and one may think better of it", people, async () => {
    await choose(ann, await drawing(ann, 640, 400));
    await ann.at("image-preview").waitFor();
    await inBothThemes(ann, "an image that is about to be sent", "image-preview-desktop");
    await ann.page.getByRole("button", { name: "Do not send the image" }).click();
    await ann.at("image-preview").waitFor({ state: "detached" });
  });

  await check("it comes to everybody with its description", people, async () => {
    await choose(ann, await drawing(ann, 640, 400));
    await ann.at("image-preview").waitFor();
    await ann.say("a hill, for @Bob");
    await ann.at("image-preview").waitFor({ state: "detached" });
    for (const each of people) {
      await each.page.locator('[data-testid="message"][data-state="sent"]', { has: shown(each) }).waitFor();
      await eventually(() => isDrawn(shown(each)), true, "the image has come");
      assert.equal(await shown(each).getAttribute("alt"), "a hill, for @Bob");
      await eventually(async () => (await shown(each).getAttribute("src")).includes("/api/images/"), true, "its address");
    }
    await bob.hasUnread(1);
    await inBothThemes(ann, "an image in a room", "image-room-desktop");
    await inBothThemes(bob, "an image in a room on a phone", "image-room-phone");
  });

  await check("without a description as well, and it is history", people, async () => {
    await choose(ann, await drawing(ann, 40, 400));
    await ann.at("image-preview").waitFor();
    await ann.at("message-input").press("Enter");
    await eventually(() => shown(bob).count(), 2, "images");
    await bob.page.reload();
    await bob.inRoom(room);
    await eventually(() => shown(bob).evaluateAll((all) => all.map(({ alt }) => alt)), ["a hill, for @Bob", "Image without a description"]);
    for (const image of await shown(bob).all()) {
      await image.scrollIntoViewIfNeeded();
      await eventually(() => isDrawn(image), true, "the image of the history");
    }
  });

  await check("it opens large by keyboard; arrows go on, Escape comes back to where one was", people, async () => {
    await ann.at("image-button").first().focus();
    await ann.page.keyboard.press("Enter");
    const large = ann.at("lightbox").locator("img");
    await eventually(() => large.getAttribute("alt"), "a hill, for @Bob");
    await inBothThemes(ann, "an image shown large", "lightbox-desktop");
    await ann.page.keyboard.press("ArrowRight");
    await eventually(() => large.getAttribute("alt"), "Image without a description");
    await ann.page.keyboard.press("ArrowLeft");
    await ann.page.keyboard.press("ArrowLeft");
    await eventually(() => large.getAttribute("alt"), "a hill, for @Bob");
    await ann.page.keyboard.press("Escape");
    await large.waitFor({ state: "detached" });
    await eventually(() => ann.page.evaluate(() => document.activeElement?.dataset.testid), "image-button");
    await bob.at("image-button").first().click();
    await bob.at("lightbox").waitFor();
    await inBothThemes(bob, "an image shown large on a phone", "lightbox-phone");
    await bob.page.getByRole("button", { name: "Close image" }).click();
    await bob.at("lightbox").waitFor({ state: "detached" });
  });

  await check("what is too large or no image is said so, and what was written stays", people, async () => {
    const problem = ann.at("attachment-problem");
    await ann.write("still here");
    await choose(ann, Buffer.alloc(1024 * 1024 + 1, 7));
    await problem.getByText("This image is too large: 1 MB is the most.").waitFor();
    await choose(ann, Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"));
    await problem.getByText("This cannot be sent: an image is PNG, JPEG, GIF or WebP.").waitFor();
    await inBothThemes(ann, "an image that cannot be sent", "image-problem-desktop");
    assert.equal(await ann.draft(), "still here");
    await choose(ann, await drawing(ann, 20, 20));
    await ann.at("image-preview").waitFor();
    assert.equal(await problem.textContent(), "");
    await ann.page.getByRole("button", { name: "Do not send the image" }).click();
    await ann.write("");
  });

  await check("one that is pasted is an image, too", people, async () => {
    const bytes = [...(await drawing(ann, 30, 20))];
    await ann.at("message-input").evaluate((field, content) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(content)], "pasted.png", { type: "image/png" }));
      field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }, bytes);
    await ann.at("image-preview").waitFor();
    await ann.at("send-button").click();
    await eventually(() => shown(bob).count(), 3, "images");
  });

  await check("without a connection it waits, and comes once", people, async () => {
    await ann.goOffline();
    await choose(ann, await drawing(ann, 50, 50));
    await ann.at("image-preview").waitFor();
    await ann.say("later");
    await ann.page.locator('[data-testid="message"][data-state="sending"]', { has: shown(ann) }).waitFor();
    await ann.goOnline();
    await eventually(() => shown(bob).count(), 4, "images");
    await ann.page.locator('[data-testid="message"][data-state="sending"]').waitFor({ state: "detached" });
    assert.equal(await shown(ann).count(), 4);
  });

  await check("deleted, it is gone for everybody", people, async () => {
    const address = await shown(bob).last().getAttribute("src");
    await ann.at("message-input").press("ArrowUp");
    await ann.at("delete-button").click();
    for (const each of people) await eventually(() => shown(each).count(), 3, "images");
    assert.equal((await fetch(new URL(address, url))).status, 404);
  });

  await check("nothing in the pages threw", people, async () => {
    assert.deepEqual(people.flatMap(({ errors }) => errors), []);
  });
}

/** A PNG that is drawn in the page. */
async function drawing(who, width, height) {
  const text = await who.page.evaluate(
    ([width, height]) => {
      const canvas = Object.assign(document.createElement("canvas"), { width, height });
      const context = canvas.getContext("2d");
      const sky = context.createLinearGradient(0, 0, 0, height);
      sky.addColorStop(0, "#4d8fd1");
      sky.addColorStop(1, "#f0d9a8");
      context.fillStyle = sky;
      context.fillRect(0, 0, width, height);
      context.fillStyle = "#2f6b46";
      context.beginPath();
      context.arc(width * 0.6, height * 1.4, height * 0.8, 0, 7);
      context.fill();
      return canvas.toDataURL("image/png").split(",")[1];
    },
    [width, height],
  );
  return Buffer.from(text, "base64");
}
