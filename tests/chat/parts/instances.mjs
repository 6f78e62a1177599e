// Two instances behind one Redis and one PostgreSQL: for their clients they are one chat.

import assert from "node:assert/strict";
import { Person, Tab, newId, socketOf } from "../lib/person.mjs";
import { sleep, until, within } from "../../conformance/lib/wait.mjs";

export const name = "instances";

export async function run({ check, newServer, redis, postgres, adapter }) {
  const database = postgres.newDatabase();
  const stateOf = async (server, part) => (await (await fetch(`${server.url}/ready`)).json()).parts[part]?.status;
  const isIn = (server, part, state) =>
    until(async () => (await stateOf(server, part)) === state, `${part} is ${state} in /ready`, 20_000);
  const settings = { database, words: ["--redis", redis.url, "--adapter", adapter] };
  const here = newServer(settings);
  const there = newServer(settings);
  await here.start();
  await there.start();
  const ann = await here.person("Ann");
  const bob = await there.person("Bob");

  /** The same person, on another instance. */
  const at = (server, { token, user, expiresAt }) => new Person(server.url, { token, user, expiresAt });
  const visit = async (server, channel) => {
    const tab = new Tab(socketOf(`${server.url}/channel-${channel}`));
    return { tab, welcome: await tab.hears("welcome") };
  };
  /** A tab on each, which know of each other. */
  const meet = async () => {
    const anns = await ann.open([1]);
    const bobs = await bob.open([1]);
    await Promise.all([anns.seesOnline(1, "Ann", "Bob"), bobs.seesOnline(1, "Ann", "Bob")]);
    return [anns, bobs];
  };

  await check("who is in a room is told on both, and who goes", async () => {
    const [anns, bobs] = await meet();
    const again = await at(here, bob).open([1]);
    assert.deepEqual((await again.join(1)).online.map(({ nickname }) => nickname), ["Ann", "Bob"]);
    bobs.close();
    await sleep(300);
    assert.deepEqual(anns.online(1), ["Ann", "Bob"], "he has another tab");
    again.close();
    await anns.seesOnline(1, "Ann");
    anns.close();
  });

  await check("what is changed or deleted on one is told on both", async () => {
    const [anns, bobs] = await meet();
    const room = (await ann.createRoom("Changes")).id;
    for (const tab of [anns, bobs]) await tab.join(room);
    const { message } = await anns.send(room, "frist");
    const { message: edited } = await anns.edit(room, message.id, "first");
    assert.deepEqual(await bobs.hears("messageChanged"), edited);
    const { message: gone } = await anns.remove(room, message.id);
    assert.deepEqual(await bobs.hears("messageChanged", ({ deleted }) => deleted), gone);
    assert.deepEqual(await bob.history(room), [gone]);
    await anns.hears("messageChanged", ({ deleted }) => deleted);
    assert.equal(anns.events("messageChanged").length, 2);
    anns.close();
    bobs.close();
  });

  await check("a message goes to everybody on both, once, and is history on both", async () => {
    const [anns, bobs] = await meet();
    const { ok, message } = await anns.send(1, "hello");
    assert.ok(ok);
    assert.deepEqual(await bobs.hears("newMessage"), message);
    // Over a stream it comes to both by way of Redis: to the sender no sooner than to others.
    await anns.hears("newMessage");
    assert.deepEqual(anns.events("newMessage"), [message]);
    const { message: answer } = await bobs.send(1, "hello, too");
    assert.deepEqual(await anns.hears("newMessage", ({ id }) => id === answer.id), answer);
    await sleep(100);
    assert.equal(bobs.events("newMessage").length, 2);
    assert.deepEqual(await ann.history(1), [message, answer]);
    assert.deepEqual(await bob.history(1), [message, answer]);
    anns.close();
    bobs.close();
  });

  await check("many at once on both: all arrive everywhere, each once, and ids are the order of history", async () => {
    const [anns, bobs] = await meet();
    const before = (await ann.history(1)).length;
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? anns : bobs).send(1, `message ${i}`)),
    );
    const ids = answers.map(({ message }) => message.id).sort((a, b) => a - b);
    for (const tab of [anns, bobs]) {
      await until(() => tab.events("newMessage").length >= 200, "all messages arrive");
      const heard = tab.events("newMessage").map(({ id }) => id).sort((a, b) => a - b);
      assert.deepEqual(heard, ids);
    }
    assert.deepEqual((await bob.history(1)).slice(before).map(({ id }) => id), ids);
    anns.close();
    bobs.close();
  });

  await check("the same client id on both is the same message", async () => {
    const [anns, other] = [await ann.open([1]), await at(there, ann).open([1])];
    const clientId = newId();
    const answers = await Promise.all([anns, other].map((tab) => tab.send(1, "once", clientId)));
    assert.equal(answers[0].message.id, answers[1].message.id);
    await sleep(200);
    for (const tab of [anns, other])
      assert.equal(tab.events("newMessage").filter((message) => message.clientId === clientId).length, 1);
    anns.close();
    other.close();
  });

  await check("typing is shown to the others on both", async () => {
    const [anns, bobs] = await meet();
    anns.socket.emit("typing", { chatRoomId: 1, typing: true });
    const news = await bobs.hears("typing");
    assert.deepEqual(news, { chatRoomId: 1, user: ann.user, typing: true });
    assert.deepEqual(anns.events("typing"), []);
    anns.close();
    bobs.close();
  });

  await check("a new room is told on both, and can be entered on both", async () => {
    const [anns, bobs] = await meet();
    const room = await ann.createRoom("Everywhere");
    for (const tab of [anns, bobs]) assert.deepEqual(await tab.hears("roomCreated"), room);
    assert.deepEqual((await bobs.join(room.id)).room, room);
    anns.close();
    bobs.close();
  });

  await check("a tab on each: a notification reaches both, once; what one has read is read in the other", async () => {
    const tabs = [];
    for (const server of [here, there]) {
      const tab = new Tab(socketOf(`${server.url}/notifications`, { token: bob.token }));
      await tab.hears("ready");
      tabs.push(tab);
    }
    for (const [i, person] of [ann, at(there, ann)].entries()) {
      const body = { title: `Review ${i}`, startsAt: new Date().toISOString(), invited: ["Bob"], clientId: newId() };
      assert.equal((await person.call("POST", "/api/events", body)).status, 201);
    }
    for (const tab of tabs) await until(() => tab.events("notification").length >= 2, "both notifications arrive");
    await sleep(200);
    for (const tab of tabs) assert.equal(tab.events("notification").length, 2);
    const { id } = tabs[0].events("notification")[0];
    assert.equal((await bob.call("POST", `/api/notifications/${id}/read`)).status, 204);
    for (const tab of tabs) assert.deepEqual(await tab.hears("notificationRead"), { id });
    assert.equal((await at(here, bob).call("GET", "/api/notifications?unread=true")).body.unread, 1);
    for (const tab of tabs) tab.close();
  });

  await check("what is read on one instance is read on the other: every tab is told, with what is left to read", async () => {
    const [anns, bobs] = await meet();
    const room = (await ann.createRoom("Reading")).id;
    for (const tab of [anns, bobs]) await tab.join(room);
    const tabs = [];
    for (const server of [here, there]) {
      const tab = new Tab(socketOf(`${server.url}/notifications`, { token: bob.token }));
      await tab.hears("ready");
      tabs.push(tab);
    }
    const ids = [];
    for (const text of ["one", "two", "three"]) ids.push((await anns.send(room, text)).message.id);
    const state = { chatRoomId: room, upTo: ids[0], unread: 2, newest: ids[2] };
    assert.deepEqual(await bobs.markRead(room, ids[0]), { ok: true, state });
    for (const tab of tabs) assert.deepEqual(await tab.hears("roomRead"), state);
    for (const server of [here, there]) assert.deepEqual((await at(server, bob).reading())[room], state);
    // On the other instance he reads on, and the first one knows.
    const other = await at(here, bob).open([room]);
    await other.markRead(room, ids[2]);
    for (const tab of tabs) await tab.hears("roomRead", ({ upTo, unread }) => upTo === ids[2] && unread === 0);
    await other.ask("leaveRoom", { chatRoomId: room, everywhere: true });
    for (const tab of tabs) assert.deepEqual(await tab.hears("roomLeft"), { chatRoomId: room });
    for (const server of [here, there]) assert.equal((await at(server, bob).reading())[room], undefined);
    for (const tab of [...tabs, anns, bobs, other]) tab.close();
  });

  await check("an anonymous channel is one: its number, its names, what is said, and what was", async () => {
    const first = await visit(here, "all");
    const second = await visit(there, "all");
    assert.notEqual(first.welcome.name, second.welcome.name);
    for (const { tab } of [first, second]) await tab.hears("online", (online) => online === 2);
    const { message } = await first.tab.ask("say", { content: "one" });
    assert.deepEqual(await second.tab.hears("said"), message);
    const { message: next } = await second.tab.ask("say", { content: "two" });
    assert.ok(next.id > message.id);
    await first.tab.hears("said", ({ content }) => content === "two");
    second.tab.close();
    await first.tab.hears("online", (online) => online === 1);
    const late = await visit(there, "all");
    assert.deepEqual(late.welcome.recent.map(({ content }) => content), ["one", "two"]);
    assert.equal(late.welcome.online, 2);
    first.tab.close();
    late.tab.close();
  });

  await check("who is on an instance that is asked to end is gone at once", async () => {
    const [anns] = await meet();
    const start = performance.now();
    await there.end("SIGTERM");
    await anns.seesOnline(1, "Ann");
    assert.ok(performance.now() - start < 7_000, "before it would be forgotten");
    anns.close();
  });

  await check("one that comes back has heard what it missed: it knows who is there, and what was said", async () => {
    const anns = await ann.open([1]);
    const guest = await visit(here, "meanwhile");
    await guest.tab.ask("say", { content: "you were away" });
    await there.start();
    const bobs = await bob.open([1]);
    await bobs.seesOnline(1, "Ann", "Bob");
    const late = await visit(there, "meanwhile");
    assert.deepEqual(late.welcome.recent.map(({ content }) => content), ["you were away"]);
    for (const tab of [anns, bobs, guest.tab, late.tab]) tab.close();
  });

  if (adapter === "redis-streams") {
    await check("an instance is killed: who was on it goes on at the other one, and misses nothing", async () => {
      const [anns] = await meet();
      const retrying = { reconnection: true, reconnectionDelay: 300, reconnectionDelayMax: 300 };
      const bobs = await bob.open([1], retrying);
      const { message: first } = await anns.send(1, "before");
      await bobs.hears("newMessage", ({ id }) => id === first.id);
      const { id } = bobs.socket;
      const back = new Promise((resolve) => bobs.socket.once("connect", resolve));
      // As a load balancer does it.
      bobs.socket.io.uri = here.url;
      await there.end("SIGKILL");
      const sent = [];
      for (let i = 0; i < 20; i += 1) sent.push((await anns.send(1, `meanwhile ${i}`)).message.id);
      await within(back, "he is back", 10_000);
      assert.equal(bobs.socket.recovered, true);
      assert.equal(bobs.socket.id, id);
      sent.push((await anns.send(1, "after")).message.id);
      await bobs.hears("newMessage", (message) => message.id === sent.at(-1));
      const heard = bobs.events("newMessage").map((message) => message.id);
      assert.deepEqual(heard.slice(heard.indexOf(first.id) + 1), sent, "each once, in their order");
      // He is in his room, for the others and for what he says himself.
      await anns.seesOnline(1, "Ann", "Bob");
      assert.equal((await bobs.send(1, "back")).ok, true);
      anns.close();
      bobs.close();
      await there.start();
    });

    await check("a message that its instance stored and told nobody is told when its sender sends it again", async () => {
      const [anns, bobs] = await meet();
      const clientId = newId();
      const { message } = await anns.send(1, "was it told?", clientId);
      await bobs.hears("newMessage", ({ id }) => id === message.id);
      await sleep(1_100);
      const again = await (await at(there, ann).open([1])).send(1, "was it told?", clientId);
      assert.deepEqual(again.message, message);
      await until(() => bobs.events("newMessage").filter(({ id }) => id === message.id).length === 2, "it is told again");
      anns.close();
      bobs.close();
    });
  }

  await check("who is on an instance that is killed is gone after a few seconds", async () => {
    const [anns] = await meet();
    await there.end("SIGKILL");
    await anns.seesOnline(1, "Ann");
    await there.start();
    anns.close();
  });

  await check("while Redis is away each goes on by itself, nothing that was answered is lost, and afterwards all is well", async () => {
    const [anns, bobs] = await meet();
    await redis.kill();
    const { ok, message } = await anns.send(1, "said without Redis");
    assert.ok(ok);
    // Over streams what is said waits for Redis, for the others of the same instance as well.
    const waits = adapter === "redis-streams";
    const heardBy = (tab) => tab.events("newMessage").filter(({ id }) => id === message.id);
    if (!waits) await until(() => heardBy(anns).length === 1, "Ann hears it");
    assert.ok((await bob.history(1)).some(({ id }) => id === message.id), "the database has it");
    await anns.seesOnline(1, "Ann");
    await isIn(here, "cluster", "degraded");
    await redis.start();
    await isIn(here, "cluster", "up");
    if (waits) for (const tab of [anns, bobs]) await until(() => heardBy(tab).length === 1, "both hear it", 20_000);
    await Promise.all([anns.seesOnline(1, "Ann", "Bob"), bobs.seesOnline(1, "Ann", "Bob")]);
    await until(async () => {
      const { message: sent } = await anns.send(1, "and with it");
      await sleep(100);
      return bobs.events("newMessage").some(({ id }) => id === sent.id);
    }, "messages cross again", 20_000);
    anns.close();
    bobs.close();
  });

  await check("while PostgreSQL is away both say so at once, and afterwards what was answered is there", async () => {
    const [anns, bobs] = await meet();
    const { message } = await anns.send(1, "before");
    await postgres.kill();
    for (const tab of [anns, bobs]) {
      const start = performance.now();
      const { ok, error } = await tab.send(1, "during");
      assert.deepEqual([ok, error?.code], [false, "STORE_FAILED"]);
      assert.ok(performance.now() - start < 3_000, "at once");
    }
    assert.equal((await ann.call("GET", "/api/rooms")).status, 503);
    assert.equal(await stateOf(here, "database"), "degraded");
    anns.socket.emit("typing", { chatRoomId: 1, typing: true });
    await bobs.hears("typing");
    await postgres.start();
    for (const server of [here, there]) await isIn(server, "database", "up");
    const clientId = newId();
    const after = await until(async () => {
      const answer = await bobs.send(1, "after", clientId);
      return answer.ok && answer.message;
    }, "messages are stored again", 20_000);
    await anns.hears("newMessage", ({ id }) => id === after.id);
    const history = await until(async () => ann.history(1).catch(() => null), "history is read again");
    assert.ok(history.some(({ id }) => id === message.id));
    assert.equal(history.filter((one) => one.clientId === clientId).length, 1);
    anns.close();
    bobs.close();
  });

  await within(Promise.all([ann.leave(), bob.leave()]), "everybody leaves");
}
