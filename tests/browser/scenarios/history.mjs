import assert from "node:assert/strict";
import { join } from "node:path";

export const name = "history";

export async function run({ check, person, url, screenshots }) {
  const ann = await person(url);
  const bob = await person(url);
  const people = [ann, bob];
  const room = `history ${Date.now()}`;
  const textOf = (index) => `line ${String(index).padStart(3, "0")}`;
  const all = Array.from({ length: 130 }, (_, index) => textOf(index));
  await ann.signIn("Ann");
  await bob.signIn("Bob");
  await ann.createRoom(room);

  await check("130 messages in a row arrive, none twice", people, async () => {
    await ann.sayMany(130, textOf);
    await ann.seesInOrder(all, "line");
  });

  await check("history begins at its end and loads backwards", people, async () => {
    await bob.openRoom(room);
    await bob.sees(textOf(129));
    assert.ok((await bob.texts("line")).length < 130, "not all of the history comes at once");
    assert.ok(await distanceFromEnd(bob) < 5, "the list stands at its end");
  });

  await check("loading older messages does not move the others", people, async () => {
    const marked = textOf(85);
    const list = bob.at("message-list");
    await list.evaluate((element) => (element.scrollTop = 400));
    await bob.message(marked).waitFor();
    // What comes into view is laid out in the next frames.
    await list.evaluate(async () => {
      for (let frame = 0; frame < 5; frame++) await new Promise((done) => requestAnimationFrame(done));
    });
    const before = await bob.message(marked).boundingBox();
    const count = (await bob.texts("line")).length;
    await list.evaluate((element) => (element.scrollTop -= 200));
    await bob.page.waitForFunction((known) => document.querySelectorAll(".message").length > known, count);
    const after = await bob.message(marked).boundingBox();
    assert.ok(Math.abs(after.y - before.y - 200) < 2, `it stood at ${before.y}, then at ${after.y} after 200 upwards`);
  });

  await check("scrolling back reaches the first message", people, async () => {
    await bob.page.waitForFunction(() => {
      const list = document.querySelector('[data-testid="message-list"]');
      list.scrollTop = 0;
      return list.textContent.includes("This is where the room begins");
    });
    assert.deepEqual(await bob.texts("line"), all);
  });

  await check("scrolled up, news does not move the list but is announced", people, async () => {
    const list = bob.at("message-list");
    await list.evaluate((element) => (element.scrollTop = 900));
    const before = await list.evaluate((element) => element.scrollTop);
    await ann.say("some news");
    const button = bob.page.getByRole("button", { name: "1 new message" });
    await button.waitFor();
    if (screenshots) await bob.page.screenshot({ path: join(screenshots, "new-message.png") });
    assert.equal(await list.evaluate((element) => element.scrollTop), before);
    await button.click();
    await bob.sees("some news");
    assert.ok(await distanceFromEnd(bob) < 5, "the button leads to the end");
  });

  await check("nothing in the page threw", people, async () => {
    assert.deepEqual([...ann.errors, ...bob.errors], []);
  });
}

function distanceFromEnd(person) {
  return person.at("message-list").evaluate((list) => list.scrollHeight - list.scrollTop - list.clientHeight);
}
