import assert from "node:assert/strict";
import { Tab, socketOf } from "../lib/person.mjs";
import { within } from "../../conformance/lib/wait.mjs";

export const name = "channels";

export async function run({ check, newServer }) {
  const server = newServer();
  await server.start();

  /** A tab in a channel, with how it was welcomed. */
  const visit = async (channel) => {
    const tab = new Tab(socketOf(`${server.url}/channel-${channel}`));
    await within(new Promise((resolve) => tab.socket.on("connect", resolve)), "the channel lets anybody in");
    return { tab, welcome: await tab.hears("welcome") };
  };

  await check("nobody signs in: everybody gets a name, and hears who is there", async () => {
    const first = await visit("names");
    assert.match(first.welcome.name, /^guest-[0-9a-f]{6}$/);
    assert.deepEqual(first.welcome, { name: first.welcome.name, online: 1, recent: [] });
    const second = await visit("names");
    assert.notEqual(second.welcome.name, first.welcome.name);
    assert.equal(second.welcome.online, 2);
    await first.tab.hears("online", (online) => online === 2);
    second.tab.close();
    await first.tab.hears("online", (online) => online === 1);
    first.tab.close();
  });

  await check("however many come and go at once, everybody knows the same number in the end", async () => {
    const guests = await Promise.all(Array.from({ length: 12 }, () => visit("crowd")));
    const agreed = async (among, count) => {
      await Promise.all(among.map(({ tab }) => tab.hears("online", (online) => online === count)));
      // What was still on its way is here before the acknowledgement.
      for (const { tab } of among) {
        await tab.ask("say", { content: "still here" });
        assert.equal(tab.events("online").at(-1), count);
      }
    };
    await agreed(guests, 12);
    for (const { tab } of guests.splice(0, 4)) tab.close();
    await agreed(guests, 8);
    for (const { tab } of guests) tab.close();
  });

  await check("what is said goes to everybody in the channel, the speaker too, and to no other channel", async () => {
    const here = [await visit("here"), await visit("here")];
    const there = await visit("there");
    const answer = await here[0].tab.ask("say", { content: "hello 🙂" });
    assert.equal(answer.ok, true);
    assert.deepEqual([answer.message.id, answer.message.from], [1, here[0].welcome.name]);
    for (const { tab } of here) assert.deepEqual(await tab.hears("said"), answer.message);
    assert.deepEqual((await there.tab.ask("say", { content: "only here" })).message.id, 1);
    assert.deepEqual(there.tab.events("said").map(({ content }) => content), ["only here"]);
    for (const { tab } of [...here, there]) tab.close();
  });

  await check("what is said again under its id is said once, on another connection as well", async () => {
    const [first, second] = [await visit("again"), await visit("again")];
    const said = await first.tab.ask("say", { content: "once", clientId: "a" });
    assert.equal(said.message.clientId, "a");
    assert.deepEqual(await first.tab.ask("say", { content: "once", clientId: "a" }), said);
    assert.deepEqual(await second.tab.ask("say", { content: "once", clientId: "a" }), said);
    assert.equal((await second.tab.ask("say", { content: "twice", clientId: "b" })).message.id, said.message.id + 1);
    for (const { tab } of [first, second]) {
      await tab.hears("said", ({ content }) => content === "twice");
      assert.deepEqual(tab.events("said").map(({ content }) => content), ["once", "twice"]);
    }
    for (const clientId of [5, "", "x".repeat(200)]) {
      assert.equal((await first.tab.ask("say", { content: "x", clientId })).error.code, "BAD_REQUEST", String(clientId));
    }
    for (const { tab } of [first, second]) tab.close();
  });

  await check("who comes later sees what was said last", async () => {
    const { tab } = await visit("late");
    for (const content of ["one", "two"]) await tab.ask("say", { content });
    const late = await visit("late");
    assert.deepEqual(late.welcome.recent.map(({ id, content }) => [id, content]), [[1, "one"], [2, "two"]]);
    tab.close();
    late.tab.close();
  });

  await check("what is no message is refused with its code", async () => {
    const { tab } = await visit("refused");
    const code = async (...args) => (await tab.ask("say", ...args)).error.code;
    assert.equal(await code({ content: " \n" }), "EMPTY");
    assert.equal(await code({ content: "x".repeat(2001) }), "TOO_LONG");
    for (const args of [[], [null], [{}], [{ content: 5 }]]) assert.equal(await code(...args), "BAD_REQUEST");
    assert.deepEqual(tab.events("said"), []);
    tab.close();
  });

  await check("who says too much at once is told so", async () => {
    const { tab } = await visit("throttled");
    const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => tab.ask("say", { content: `${i}` })));
    const refused = answers.filter(({ ok }) => !ok);
    assert.equal(refused.length, 10);
    assert.ok(refused.every(({ error }) => error.code === "TOO_MANY_REQUESTS"), JSON.stringify(refused[0]));
    tab.close();
  });

  await check("a name that is none is no channel", async () => {
    for (const channel of ["", "-x", "A", "a_b", "x".repeat(64), "a/b"]) {
      const socket = socketOf(`${server.url}/channel-${channel}`);
      const error = await within(new Promise((resolve) => socket.on("connect_error", resolve)), channel);
      assert.equal(error.message, "Invalid namespace", channel);
      socket.disconnect();
    }
  });
}
