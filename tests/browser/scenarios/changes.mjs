import assert from "node:assert/strict";
import { join } from "node:path";
import { isAccessible } from "../lib/accessibility.mjs";
import { eventually } from "../lib/chatPage.mjs";

export const name = "changes";

const phone = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

export async function run({ check, person, url, screenshots }) {
  const ann = await person(url);
  const bob = await person(url);
  const people = [ann, bob];
  const room = `changes ${Date.now()}`;
  const shoot = async (who, file) => {
    if (screenshots) await who.page.screenshot({ path: join(screenshots, `${file}.png`) });
  };

  await check("one edits what one has said, by keyboard alone, and others see it", people, async () => {
    await ann.signIn("Ann");
    await bob.signIn("Bob");
    await ann.createRoom(room);
    await bob.openRoom(room);
    await ann.say("frist");
    await bob.sees("frist");
    await ann.message("frist").and(ann.page.locator('[data-state="sent"]')).waitFor();
    await ann.at("message-input").press("ArrowUp");
    await ann.page.locator('[data-testid="edit-input"]:focus').waitFor();
    await ann.at("edit-input").fill("first");
    await isAccessible(ann, "a message that is edited");
    await shoot(ann, "edit-desktop-light");
    await ann.page.keyboard.press("Enter");
    for (const each of people) {
      await each.sees("first");
      await each.message("first").getByText("edited", { exact: true }).waitFor();
      assert.deepEqual(await each.texts("frist"), []);
    }
    await ann.page.locator('[data-testid="message-input"]:focus').waitFor();
  });

  await check("Escape leaves it as it was, and nothing is an error beside it", people, async () => {
    await ann.message("first").getByTestId("edit-button").focus();
    await ann.page.keyboard.press("Enter");
    await ann.at("edit-input").fill("");
    await ann.at("save-button").click();
    await ann.at("message-edit").getByText("The message is empty.").waitFor();
    await ann.at("edit-input").press("Escape");
    await ann.sees("first");
  });

  await check("what is another's offers nothing to change", people, async () => {
    assert.equal(await bob.message("first").getByTestId("edit-button").count(), 0);
  });

  await check("one deletes what one has said, and it is gone for all, also after a reload", people, async () => {
    await ann.say("a mistake");
    await bob.sees("a mistake");
    await ann.message("a mistake").and(ann.page.locator('[data-state="sent"]')).waitFor();
    await ann.at("message-input").press("ArrowUp");
    await ann.at("delete-button").click();
    for (const each of people) {
      await each.sees("Message deleted");
      assert.deepEqual(await each.texts("a mistake"), []);
    }
    await bob.page.reload();
    await bob.inRoom(room);
    await bob.sees("first");
    await bob.sees("Message deleted");
    await isAccessible(bob, "a deleted message");
  });

  await check("a change that was missed without a connection is seen after it", people, async () => {
    await bob.goOffline();
    await ann.message("first").getByTestId("edit-button").focus();
    await ann.page.keyboard.press("Enter");
    await ann.at("edit-input").fill("first of all");
    await ann.page.keyboard.press("Enter");
    await ann.sees("first of all");
    await bob.goOnline();
    await bob.sees("first of all");
  });

  await check("a text is found in what is not loaded, and shown in its place", people, async () => {
    await ann.say("the needle, at last");
    await bob.sees("the needle, at last");
    for (const each of [ann, bob]) await each.sayMany(40, (index) => `${each === ann ? "hay" : "straw"} ${index}`);
    await bob.page.reload();
    await bob.inRoom(room);
    await bob.sees("straw 39");
    assert.deepEqual(await bob.texts("the needle"), []);
    await bob.at("search-button").click();
    await bob.at("search-input").fill("NEEDLE");
    await bob.page.keyboard.press("Enter");
    await bob.at("search-count").getByText("1 message found").waitFor();
    await isAccessible(bob, "what was found");
    await shoot(bob, "search-desktop-light");
    await bob.at("search-result").click();
    await bob.page.locator('[data-testid="message"]:focus', { hasText: "the needle, at last" }).waitFor();
    await bob.message("the needle, at last").waitFor();
    await eventually(() => isInView(bob, "the needle, at last"), true, "the needle is in view");
  });

  await check("more is found on asking, and nothing is said to be nothing", people, async () => {
    await bob.at("search-button").click();
    await bob.at("search-input").fill("hay");
    await bob.at("start-search-button").click();
    await bob.at("search-count").getByText("At least 20 messages found").waitFor();
    await bob.at("more-results-button").click();
    await bob.at("search-count").getByText("40 messages found", { exact: true }).waitFor();
    await bob.at("search-input").fill("100%");
    await bob.page.keyboard.press("Enter");
    await bob.at("search-count").getByText("Nothing found").waitFor();
    await bob.page.keyboard.press("Escape");
    await bob.page.keyboard.press("Escape");
  });

  await check("on a phone, in the dark", people, async () => {
    const pocket = await person(url, { ...phone, colorScheme: "dark" });
    people.push(pocket);
    await pocket.signIn("Ann");
    await pocket.openRoom(room);
    await pocket.say("from the phone");
    const sent = pocket.message("from the phone").and(pocket.page.locator('[data-state="sent"]'));
    await sent.getByTestId("edit-button").click();
    await pocket.at("edit-input").fill("from my phone");
    await isAccessible(pocket, "a message that is edited on a phone");
    await shoot(pocket, "edit-phone-dark");
    await pocket.at("save-button").click();
    await bob.sees("from my phone");
    await pocket.at("search-button").click();
    await pocket.at("search-input").fill("phone");
    await pocket.page.keyboard.press("Enter");
    await pocket.at("search-count").getByText("1 message found").waitFor();
    await isAccessible(pocket, "what was found on a phone");
    await shoot(pocket, "search-phone-dark");
    const overflow = await pocket.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `the page is ${overflow} px too wide`);
  });

  await check("nothing in the page threw", people, async () => {
    assert.deepEqual(people.flatMap(({ errors }) => errors), []);
  });
}

async function isInView(person, text) {
  return person.message(text).evaluate((element) => {
    const list = element.closest('[data-testid="message-list"]').getBoundingClientRect();
    const { top, bottom } = element.getBoundingClientRect();
    return top >= list.top && bottom <= list.bottom;
  });
}
