import assert from "node:assert/strict";
import { eventually } from "../lib/chatPage.mjs";

export const name = "coming back to a channel";
export const startsServer = true;

export async function run({ check, person, url, server }) {
  const link = `${url}/#/channel/tea`;
  const ann = await person(link);
  const bob = await person(link);
  const people = [ann, bob];
  const firstName = await ann.inChannel("tea");
  await bob.inChannel("tea");
  await ann.say("before");
  await bob.sees("before");

  await check("a lost network is said, and what came meanwhile is there afterwards", people, async () => {
    await ann.goOffline();
    await ann.page.getByText("What you write stays in the field").waitFor();
    await ann.write("kept");
    await bob.say("meanwhile");
    await bob.sees("meanwhile");
    await ann.goOnline();
    await ann.sees("meanwhile");
    await ann.sees("before");
    await ann.hasDraft("kept");
    assert.notEqual(await ann.inChannel("tea"), firstName);
    await ann.page.locator(".group.mine", { hasText: "before" }).waitFor();
  });

  await check("a killed server is noticed, and what is written waits in the field", people, async () => {
    await server.kill();
    await ann.isNotConnected();
    await bob.isNotConnected();
    await ann.say("kept over the restart");
    await ann.hasDraft("kept over the restart");
  });

  await check("after the restart everybody is back by themselves", people, async () => {
    await server.start();
    await ann.inChannel("tea");
    await bob.inChannel("tea");
    await ann.at("channel-online").getByText("Here · 2").waitFor();
    await ann.hasDraft("kept over the restart");
    await ann.at("message-input").press("Enter");
    await bob.sees("kept over the restart");
    await ann.hasDraft("");
  });

  await check("what the server has forgotten is still shown, above the gap", people, async () => {
    await bob.sees("before");
    await bob.page.getByText("You were away. Something may be missing here.").waitFor();
    const last = bob.page.locator('[data-testid="message"]').last().locator(".content");
    await eventually(() => last.textContent(), "kept over the restart");
  });

  await check("nothing in the pages threw", people, async () => {
    assert.deepEqual([...ann.errors, ...bob.errors], []);
  });
}
