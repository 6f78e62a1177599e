import assert from "node:assert/strict";
import { eventually } from "../lib/chatPage.mjs";

export const name = "notifications";
export const startsServer = true;

export async function run({ check, person, url, server }) {
  const ann = await person(url);
  await ann.signIn("Ann");
  const other = await ann.tab(url);
  await other.isConnected();
  const bob = await person(url);
  await bob.signIn("Bob");
  const people = [ann, other, bob];
  const tabs = [ann, other];

  await check("an invitation is announced in both tabs at once", people, async () => {
    await bob.plan("Release review", "Ann");
    for (const tab of tabs) {
      await eventually(() => tab.toastsSoFar(), ["Bob invites you to Release review"]);
      await tab.hasUnread(1);
    }
    assert.equal(await ann.at("toasts").getAttribute("aria-live"), "polite");
    await ann.page.waitForFunction(() => document.title.startsWith("(1) "));
    await bob.hasUnread(0);
  });

  await check("what one tab reads is read in the other", people, async () => {
    await ann.at("notification-bell").click();
    await ann.at("mark-read-button").click();
    for (const tab of tabs) await tab.hasUnread(0);
    await other.at("toast").waitFor({ state: "detached" });
    await other.at("notification-bell").click();
    await other.page.locator('[data-testid="notification"][data-read="true"]').getByText("Release review").waitFor();
  });

  await check("the keyboard closes the panel, and is back at the bell", people, async () => {
    for (const tab of tabs) {
      await tab.page.keyboard.press("Escape");
      await tab.at("notification-panel").waitFor({ state: "detached" });
      await eventually(() => tab.page.evaluate(() => document.activeElement?.dataset.testid), "notification-bell");
    }
  });

  await check("an invitation of nobody is refused in words, and what was written stays", people, async () => {
    await bob.writeAppointment("Lunch", "Ann, Nobody");
    await bob.at("plan-button").click();
    await bob.page.getByText("One of these nicknames has never been here.").waitFor();
    await bob.at("appointment-title").fill(" ");
    await bob.at("plan-button").click();
    await bob.page.getByText("An appointment needs a title.").waitFor();
    assert.equal(await bob.at("appointment-invited").inputValue(), "Ann, Nobody");
    await ann.hasUnread(0);
  });

  await check("planning again after a lost answer plans it once", people, async () => {
    await bob.writeAppointment("Lunch", "Ann");
    await bob.page.route("**/api/events", async (route) => void ((await route.fetch()), await route.abort()), { times: 1 });
    await bob.at("plan-button").click();
    await bob.at("appointment-error").getByText("Try again: it is planned once").waitFor();
    await ann.hasUnread(1);
    await bob.at("plan-button").click();
    await bob.at("appointment-done").getByText("Lunch").waitFor();
    await bob.plan("Dinner", "Ann");
    await ann.hasUnread(2);
  });

  await check("what came while the network was away is there afterwards, in order", people, async () => {
    await ann.goOffline();
    await bob.plan("Breakfast", "Ann");
    await ann.goOnline();
    for (const tab of tabs) await tab.hasUnread(3);
    await ann.at("notification-bell").click();
    const titles = ann.page.locator('[data-testid="notification"] strong:last-child');
    await eventually(() => titles.allTextContents(), ["Breakfast", "Dinner", "Lunch", "Release review"]);
  });

  await check("all can be read at once, in both tabs", people, async () => {
    await ann.page.getByRole("button", { name: "Mark all as read" }).click();
    for (const tab of tabs) await tab.hasUnread(0);
    await ann.page.keyboard.press("Escape");
  });

  await check("what came to somebody who was away waits for the sign-in", people, async () => {
    const carl = await person(url);
    await carl.signIn("Carl");
    await carl.close();
    await bob.plan("Tea", "Carl, Ann");
    const again = await person(url);
    await again.signIn("Carl");
    await again.hasUnread(1);
    assert.deepEqual(await again.toastsSoFar(), []);
    await again.close();
  });

  await check("after a restart of the server they go on", people, async () => {
    await server.kill();
    // One that has not noticed yet would still call itself connected after the restart.
    for (const each of people) await each.isNotConnected();
    await server.start();
    for (const each of people) await each.isConnected();
    for (const tab of tabs) await tab.hasUnread(1);
    await bob.plan("Supper", "Ann");
    for (const tab of tabs) await tab.hasUnread(2);
  });

  await check("nothing in the pages threw", people, async () => {
    assert.deepEqual(people.flatMap((each) => each.errors), []);
  });
}
