import assert from "node:assert/strict";
import { join } from "node:path";
import { isAccessible } from "../lib/accessibility.mjs";
import { eventually } from "../lib/chatPage.mjs";

export const name = "mentions";

export async function run({ check, person, url, screenshots }) {
  const ann = await person(url);
  const bob = await person(url);
  const people = [ann, bob];
  const room = `mentions ${Date.now()}`;
  const odd = "<b>Bo</b>";
  await ann.signIn("Ann");
  await bob.signIn(odd);
  await ann.createRoom(room);
  await bob.openRoom(room);
  const other = await ann.tab(url);
  people.push(other);
  await other.inRoom(room);
  const shoot = (who, file) => screenshots && who.page.screenshot({ path: join(screenshots, `${file}.png`) });
  const chosen = (who) => who.page.locator('[role="option"][aria-selected="true"]');

  await check("names are completed by keyboard while they are written", people, async () => {
    const field = bob.at("message-input");
    await field.pressSequentially("hello @a");
    await chosen(bob).getByText("Ann").waitFor();
    assert.equal(await field.getAttribute("aria-activedescendant"), await chosen(bob).getAttribute("id"));
    for (const colorScheme of ["light", "dark"]) {
      await bob.page.emulateMedia({ colorScheme });
      await isAccessible(bob, `names to choose from, ${colorScheme}`);
      await shoot(bob, `mention-list-desktop-${colorScheme}`);
    }
    await field.press("Escape");
    await bob.at("mention-list").waitFor({ state: "detached" });
    assert.equal(await field.inputValue(), "hello @a");
    await field.pressSequentially("n");
    await chosen(bob).getByText("Ann").waitFor();
    await field.press("Enter");
    await bob.at("mention-list").waitFor({ state: "detached" });
    assert.equal(await field.inputValue(), "hello @Ann ");
    assert.equal(await bob.page.evaluate(() => document.activeElement.id), "message-input");
  });

  await check("who is mentioned is told on every tab, also where the room is not open", people, async () => {
    await ann.createRoom(`${room} aside`);
    await bob.at("message-input").pressSequentially("look");
    await bob.at("message-input").press("Enter");
    for (const tab of [ann, other]) {
      await eventually(() => tab.toastsSoFar(), [`${odd} mentions you in ${room}`]);
      await tab.hasUnread(1);
    }
    await shoot(ann, "mention-toast-desktop-light");
    const mention = other.at("mention");
    await mention.waitFor();
    assert.deepEqual([await mention.textContent(), await mention.getAttribute("data-me")], ["@Ann", "true"]);
    assert.equal(await bob.at("mention").getAttribute("data-me"), "false");
  });

  await check("the notification leads to the message, by keyboard, and is read then on every tab", people, async () => {
    await ann.at("notification-bell").focus();
    await ann.page.keyboard.press("Enter");
    await ann.at("go-to-message-button").waitFor();
    await isAccessible(ann, "a notification of a mention");
    await shoot(ann, "mention-notification-desktop-light");
    await ann.at("go-to-message-button").focus();
    await ann.page.keyboard.press("Enter");
    await ann.page.locator(".room-title", { hasText: room }).waitFor();
    await ann.page.locator('[data-testid="message"]:focus', { hasText: "hello @Ann look" }).waitFor();
    for (const tab of [ann, other]) await tab.hasUnread(0);
  });

  await check("a nickname is text, whatever is in it, and nobody of that name is nobody", people, async () => {
    await ann.write(`@${odd} and @Nobody`);
    await ann.at("message-input").press("Enter");
    await bob.hasUnread(1);
    await eventually(() => bob.page.locator(".content .mention").allTextContents(), ["@Ann", `@${odd}`]);
    assert.equal(await bob.page.locator(".content b, .toast b").count(), 0);
  });

  await check("nothing in the pages threw", people, async () => {
    assert.deepEqual(people.flatMap(({ errors }) => errors), []);
  });
}
