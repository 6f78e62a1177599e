import assert from "node:assert/strict";
import { join } from "node:path";

export const name = "conversation";

export async function run({ check, person, url, screenshots }) {
  const ann = await person(url);
  const bob = await person(url);
  const people = [ann, bob];
  const room = `talk ${Date.now()}`;

  await check("the page comes from its server and signs in", people, async () => {
    await ann.signIn("Ann");
    await bob.signIn("Bob");
  });

  await check("a new room appears for everybody", people, async () => {
    await ann.createRoom(room);
    await bob.openRoom(room);
  });

  await check("a room's name cannot be taken twice, and the page says so", people, async () => {
    await bob.at("room-name-input").fill(room);
    await bob.at("create-room-button").click();
    await bob.page.getByText("A room with this name already exists.").waitFor();
    await bob.at("room-name-input").fill("");
  });

  await check("two users see each other's messages once", people, async () => {
    await ann.say("Hello Bob");
    await bob.sees("Hello Bob");
    await bob.say("Hello Ann");
    await ann.sees("Hello Ann");
    await ann.sees("Hello Bob");
    await bob.sees("Hello Ann");
    await ann.message("Hello Bob").and(ann.page.locator('[data-state="sent"]')).waitFor();
  });

  await check("Shift+Enter makes a line, markup stays text", people, async () => {
    await ann.at("message-input").pressSequentially("<b>one</b>");
    await ann.at("message-input").press("Shift+Enter");
    await ann.at("message-input").pressSequentially("two");
    await ann.at("message-input").press("Enter");
    await bob.page.locator(".content", { hasText: "<b>one</b>" }).waitFor();
    assert.equal(await bob.page.locator(".content", { hasText: "<b>one</b>" }).textContent(), "<b>one</b>\ntwo");
  });

  await check("who is online is listed, and leaves the list", people, async () => {
    const list = ann.at("online-list").getByRole("listitem");
    await list.filter({ hasText: "Bob" }).waitFor();
    const carl = await person(url);
    await carl.signIn("Carl");
    await carl.openRoom(room);
    await list.filter({ hasText: "Carl" }).waitFor();
    await carl.close();
    await list.filter({ hasText: "Carl" }).waitFor({ state: "detached" });
  });

  await check("typing is shown and ends", people, async () => {
    await ann.seesTyping("Bob is typing…", () => bob.at("message-input").pressSequentially("hm"));
    await bob.write("");
    await ann.at("typing").getByText("Bob is typing…").waitFor({ state: "detached" });
  });

  await check("a message that is too long is not sent, and the page says so", people, async () => {
    await ann.write("x".repeat(2001));
    await ann.page.getByText("1 characters too many").waitFor();
    await ann.at("message-input").press("Enter");
    assert.equal((await ann.draft()).length, 2001);
    await ann.write("");
  });

  await check("each room keeps its draft, also over a reload", people, async () => {
    const other = `${room} (other)`;
    await ann.write("half a thought");
    await ann.createRoom(other);
    await ann.hasDraft("");
    await ann.write("another one");
    await ann.page.reload();
    await ann.inRoom(other);
    await ann.hasDraft("another one");
    await ann.page.locator(".room-item", { has: ann.page.getByText(room, { exact: true }) }).click();
    await ann.hasDraft("half a thought");
    await ann.write("");
  });

  await check("messages in a room that is not open are counted", people, async () => {
    await bob.createRoom(`${room} (aside)`);
    await ann.say("Are you there?");
    await bob.page.locator(".room-item", { hasText: room }).locator(".badge", { hasText: "1" }).first().waitFor();
    await bob.page.locator(".room-item", { has: bob.page.getByText(room, { exact: true }) }).click();
    await bob.page.getByText("New messages", { exact: true }).waitFor();
    await bob.sees("Are you there?");
    if (screenshots) await bob.page.screenshot({ path: join(screenshots, "unread-line.png") });
  });

  await check("nothing in the page threw", people, async () => {
    assert.deepEqual([...ann.errors, ...bob.errors], []);
  });
}
