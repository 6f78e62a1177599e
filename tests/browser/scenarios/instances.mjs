// Two instances behind nginx, one of which is stopped, killed and started again while people talk. They tell each other over
// a stream.

import assert from "node:assert/strict";
import { eventually } from "../lib/chatPage.mjs";

export const name = "instances";
export const startsServer = true;
export const isCluster = true;

export async function run({ check, person, cluster }) {
  const [, second] = cluster.instances;
  const one = cluster.address("one");
  const two = cluster.address("two");
  const ann = await person(one);
  const bob = await person(two);
  /** Ann, in another window that comes to the other instance. */
  const anns = await person(two);
  const people = [ann, bob, anns];
  const tabs = [ann, anns];
  const room = `instances ${Date.now()}`;
  const seesOnline = (each, ...nicknames) =>
    eventually(async () => (await each.at("online-list").locator(".name").allTextContents()).sort(), nicknames);

  await check("a room that one makes is there for all, and who is in it", people, async () => {
    await ann.signIn("Ann");
    await bob.signIn("Bob");
    await anns.signIn("Ann");
    await ann.createRoom(room);
    await bob.openRoom(room);
    await seesOnline(ann, "Ann", "Bob");
    await seesOnline(bob, "Ann", "Bob");
  });

  await check("what one says the other sees, once, and who is writing", people, async () => {
    await ann.say("from the first");
    await bob.sees("from the first");
    await bob.say("from the second");
    await ann.sees("from the second");
    await ann.seesInOrder(["from the first", "from the second"], "from");
    await ann.seesTyping(/Bob is typing/, () => bob.write("about to say"));
    await bob.write("");
  });

  await check("a notification reaches a window on each, once; what one reads is read in the other", people, async () => {
    await bob.plan("Review", "Ann");
    for (const tab of tabs) {
      await eventually(() => tab.toastsSoFar(), ["Bob invites you to Review"]);
      await tab.hasUnread(1);
    }
    await ann.at("notification-bell").click();
    await ann.at("mark-read-button").click();
    for (const tab of tabs) await tab.hasUnread(0);
    await ann.page.keyboard.press("Escape");
    for (const tab of tabs) assert.equal((await tab.toastsSoFar()).length, 1);
  });

  await check("what is unread agrees in a window on each, also in one that has never opened the room", people, async () => {
    const badge = (tab) => tab.at("room-item").filter({ hasText: room }).locator(".badge");
    const aside = `aside ${Date.now()}`;
    await ann.createRoom(aside);
    await anns.openRoom(aside);
    await bob.say("one to be read");
    await bob.say("two to be read");
    for (const tab of tabs) await badge(tab).getByText("2").waitFor();
    for (const tab of tabs) await tab.page.waitForFunction(() => document.title.startsWith("(2) "));
    await ann.openRoom(room);
    for (const tab of tabs) await badge(tab).waitFor({ state: "detached" });
    // What is read here is read when she comes with another device.
    await ann.openRoom(aside);
    await bob.say("three to be read");
    const late = await person(two);
    await late.signIn("Ann");
    for (const tab of [...tabs, late]) await badge(tab).getByText("1").waitFor();
    await late.openRoom(room);
    for (const tab of [...tabs, late]) await badge(tab).waitFor({ state: "detached" });
    // Left on one, it is left on all.
    await late.openRoom(aside);
    await late.page.getByRole("button", { name: `Leave room ${aside}` }).click();
    for (const tab of tabs) await tab.page.getByText("Choose a room or a channel").waitFor();
    await late.close();
    await ann.openRoom(room);
  });

  await check("an instance is stopped: its people come to the other one by themselves, and miss nothing", people, async () => {
    await second.kill("SIGTERM");
    await ann.say("while it was stopped");
    await ann.sees("while it was stopped");
    for (const each of people) await each.isConnected();
    await bob.sees("while it was stopped");
    await bob.say("on the other one now");
    await ann.sees("on the other one now");
    await seesOnline(ann, "Ann", "Bob");
  });

  await check("it is started again: who comes to it finds everything, and all is one chat", people, async () => {
    await second.start();
    await eventually(async () => (await fetch(second.url)).ok, true);
    const carl = await person(two);
    await carl.signIn("Carl");
    await carl.openRoom(room);
    await carl.sees("while it was stopped");
    await seesOnline(ann, "Ann", "Bob", "Carl");
    await carl.say("back on the second");
    for (const each of [ann, bob]) await each.sees("back on the second");
    await bob.plan("Dinner", "Ann");
    for (const tab of tabs) await tab.hasUnread(1);
    await carl.close();
    await seesOnline(ann, "Ann", "Bob");
  });

  await check("an instance is killed: its people miss nothing at the other one, and ask for no history", people, async () => {
    await bob.page.reload();
    await bob.isConnected();
    await bob.openRoom(room);
    await bob.sees("back on the second");
    const asked = [];
    bob.page.on("request", (request) => {
      if (/\/rooms\/\d+\/messages/.test(request.url())) asked.push(request.url());
    });
    await second.kill("SIGKILL");
    await ann.sayMany(5, (index) => `while it lay dead ${index}`);
    await bob.isConnected();
    await bob.say("alive at the first");
    await ann.sees("alive at the first");
    await bob.sees("alive at the first");
    await bob.seesInOrder([0, 1, 2, 3, 4].map((index) => `while it lay dead ${index}`), "while it lay dead");
    assert.deepEqual(asked, []);
  });

  await check("nothing in the pages threw", people, async () => {
    assert.deepEqual(people.flatMap((each) => each.errors), []);
  });
}
