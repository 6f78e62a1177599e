import assert from "node:assert/strict";
import { tapWire } from "../lib/wire.mjs";

export const name = "anonymous channels";

export async function run({ check, person, url }) {
  const channel = `tea-${Date.now()}`;
  const link = `${url}/#/channel/${channel}`;
  const guests = [await person(link), await person(link), await person(link)];
  const [first, second, third] = guests;

  await check("a link leads three visitors in, who have not signed in, each under a name of their own", guests, async () => {
    const names = await Promise.all(guests.map((guest) => guest.inChannel(channel)));
    assert.equal(new Set(names).size, 3, names.join(" "));
    for (const guest of guests) await guest.at("channel-online").getByText("Here · 3").waitFor();
  });

  await check("what one says all see, once, and under the speaker's name", guests, async () => {
    await first.say("Is the kettle on?");
    await second.sees("Is the kettle on?");
    await second.say("It is");
    for (const guest of guests) {
      await guest.sees("Is the kettle on?");
      await guest.sees("It is");
    }
    const speaker = await first.inChannel(channel);
    await third.page.locator(".group.theirs", { hasText: "Is the kettle on?" }).getByText(speaker).waitFor();
    await first.hasDraft("");
  });

  await check("who comes later sees what was said, and the others hear who comes and goes", guests, async () => {
    const late = await person(url);
    await late.enterChannel(channel);
    await late.seesInOrder(["Is the kettle on?", "It is"], "I");
    await first.at("channel-online").getByText("Here · 4").waitFor();
    await late.close();
    await first.at("channel-online").getByText("Here · 3").waitFor();
  });

  await check("who writes too fast is told so, and keeps the draft", guests, async () => {
    const hasty = await person(url);
    const wire = await tapWire(hasty);
    await hasty.enterChannel(channel);
    await wire.upgraded;
    const problem = hasty.at("send-problem").getByText("You are writing faster");
    let draft;
    for (let attempt = 1; !(await problem.isVisible()); attempt += 1) {
      assert.ok(attempt <= 10, "the server takes any number of messages");
      // As many as are taken in ten seconds, at once: nobody types as fast on every machine.
      for (let i = 0; i < 20; i += 1) wire.send(`42/channel-${channel},["say",{"content":"very fast"}]`);
      draft = `and one more, ${attempt}`;
      await hasty.say(draft);
      await hasty.page.locator('.composer[aria-busy="false"]').waitFor();
    }
    await hasty.hasDraft(draft);
    assert.equal(await third.message(draft).count(), 0);
    await hasty.close();
    await first.at("channel-online").getByText("Here · 3").waitFor();
  });

  await check("a name that is not allowed is told before the server is asked", guests, async () => {
    const lost = await person(`${url}/#/channel/Tea%20Time`);
    const asked = [];
    lost.page.on("request", (request) => asked.push(request.url()));
    const sentence = "A channel's name is made of small letters, digits and dashes.";
    await lost.page.getByRole("main").getByText(sentence).waitFor();
    await lost.at("channel-name-input").fill("Tea Time");
    await lost.at("enter-channel-button").click();
    await lost.page.locator(".name-form").getByText(sentence).waitFor();
    assert.deepEqual(asked.filter((address) => address.includes("/socket.io/")), []);
    await lost.close();
  });

  await check("a draft survives a visit elsewhere and a reload", guests, async () => {
    await second.write("half a thought");
    await second.enterChannel(`${channel}-b`);
    await second.hasDraft("");
    await second.at("channel-item").filter({ has: second.page.getByText(channel, { exact: true }) }).click();
    await second.inChannel(channel);
    await second.hasDraft("half a thought");
    await second.page.reload();
    await second.inChannel(channel);
    await second.hasDraft("half a thought");
  });

  await check("one connection carries rooms, notifications and channels, from view to view", guests, async () => {
    const ann = await person(url);
    await ann.signIn("Ann");
    await ann.createRoom(channel);
    for (let visit = 0; visit < 3; visit += 1) {
      await ann.enterChannel(channel);
      await ann.openRoom(channel);
    }
    await ann.enterChannel(channel);
    await first.say("Who is it?");
    await ann.sees("Who is it?");
    assert.equal(ann.connections.size, 1);
    await first.at("channel-online").getByText("Here · 4").waitFor();
    await ann.close();
  });

  await check("signing in within a channel goes on there", guests, async () => {
    const before = await first.inChannel(channel);
    await first.write("still here");
    await first.at("nickname-input").fill("Kim");
    await first.at("login-button").click();
    await first.at("notification-bell").waitFor();
    assert.equal(await first.inChannel(channel), before);
    await first.hasDraft("still here");
  });

  await check("nothing in the pages threw", guests, async () => {
    assert.deepEqual(guests.flatMap((guest) => guest.errors), []);
  });
}
