import assert from "node:assert/strict";
import { newId } from "../lib/person.mjs";
import { within } from "../../conformance/lib/wait.mjs";

export const name = "messages";

const contents = (messages) => messages.map(({ content }) => content);

export async function run({ check, newServer }) {
  const server = newServer();
  await server.start();
  const ann = await server.person("Ann");
  const bob = await server.person("Bob");
  const roomFor = (() => {
    let rooms = 0;
    return async () => (await ann.createRoom(`Room ${(rooms += 1)}`)).id;
  })();

  await check("a message goes to everybody in the room, its sender before the answer", async () => {
    const room = await roomFor();
    const anns = await ann.open([room]);
    const bobs = await bob.open([room]);
    for (let i = 0; i < 50; i += 1) {
      const clientId = newId();
      let heardBefore = false;
      anns.socket.once("newMessage", () => (heardBefore = true));
      const { ok, message } = await anns.send(room, `hello ${i}`, clientId);
      assert.ok(ok && heardBefore, "the sender hears it before the answer");
      assert.deepEqual(Object.keys(message).sort(), ["chatRoomId", "clientId", "content", "createdAt", "id", "sender"]);
      assert.deepEqual([message.chatRoomId, message.content, message.clientId, message.sender], [room, `hello ${i}`, clientId, ann.user]);
      assert.deepEqual(anns.events("newMessage").at(-1), message);
      assert.deepEqual(await bobs.hears("newMessage", ({ id }) => id === message.id), message);
    }
    assert.equal(bobs.events("newMessage").length, 50);
    anns.close();
    bobs.close();
  });

  await check("the same client id is the same message: later, at once, and from another tab", async () => {
    const room = await roomFor();
    const anns = await ann.open([room]);
    const second = await ann.open([room]);
    const bobs = await bob.open([room]);
    const clientId = newId();
    const { message } = await anns.send(room, "only once", clientId);
    assert.deepEqual(await anns.send(room, "only once", clientId), { ok: true, message });
    assert.deepEqual(await second.send(room, "another text", clientId), { ok: true, message });
    const raced = newId();
    const answers = await Promise.all([anns, second, anns, second].map((tab) => tab.send(room, "raced", raced)));
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
    // Bob may use the same id: it is his own.
    const bobsOwn = await bobs.send(room, "Bob's", clientId);
    assert.notEqual(bobsOwn.message.id, message.id);
    for (const tab of [anns, second, bobs]) {
      await tab.hears("newMessage", ({ content }) => content === "Bob's");
      assert.deepEqual(contents(tab.events("newMessage")), ["only once", "raced", "Bob's"]);
      tab.close();
    }
    assert.deepEqual(contents(await ann.history(room)), ["only once", "raced", "Bob's"]);
  });

  await check("its sender edits a message: the room hears it before the answer, and history has it", async () => {
    const room = await roomFor();
    const anns = await ann.open([room]);
    const bobs = await bob.open([room]);
    const { message } = await anns.send(room, "frist");
    let heardBefore = false;
    anns.socket.once("messageChanged", () => (heardBefore = true));
    const edited = await anns.edit(room, message.id, "first");
    assert.ok(edited.ok && heardBefore, JSON.stringify(edited));
    const { changedAt, ...rest } = edited.message;
    assert.deepEqual(rest, { ...message, content: "first" });
    assert.ok(Date.parse(changedAt) >= Date.parse(message.createdAt));
    assert.deepEqual(await bobs.hears("messageChanged"), edited.message);
    assert.deepEqual(await bob.history(room), [edited.message]);
    const again = await anns.edit(room, message.id, "First");
    assert.ok(Date.parse(again.message.changedAt) > Date.parse(changedAt), "a later change is later");
    anns.close();
    bobs.close();
  });

  await check("its sender deletes a message: its content is gone everywhere, its place stays", async () => {
    const room = await roomFor();
    const anns = await ann.open([room]);
    const bobs = await bob.open([room]);
    const clientId = newId();
    const { message } = await anns.send(room, "a secret", clientId);
    await anns.send(room, "behind it");
    const { ok, message: gone } = await anns.remove(room, message.id);
    assert.ok(ok);
    assert.deepEqual([gone.id, gone.content, gone.deleted], [message.id, "", true]);
    assert.deepEqual(await bobs.hears("messageChanged"), gone);
    assert.deepEqual(contents(await bob.history(room)), ["", "behind it"]);
    assert.deepEqual((await bob.call("GET", `/api/rooms/${room}/search?q=secret`)).body, { messages: [], hasMore: false });
    assert.deepEqual((await anns.send(room, "a secret", clientId)).message, gone, "it does not come back");
    for (const answer of [await anns.edit(room, message.id, "back"), await anns.remove(room, message.id)]) {
      assert.deepEqual([answer.ok, answer.error?.code], [false, "NOT_FOUND"]);
    }
    assert.equal(bobs.events("messageChanged").length, 1);
    anns.close();
    bobs.close();
  });

  await check("nobody changes what is not theirs, or from outside the room", async () => {
    const room = await roomFor();
    const other = await roomFor();
    const anns = await ann.open([room]);
    const bobs = await bob.open([room, other]);
    const stranger = await bob.open([]);
    const { message } = await anns.send(room, "Ann's");
    const { id } = message;
    const cases = [
      [bobs, room, id, "Bob's", "NOT_YOURS"],
      [bobs, room, id, null, "NOT_YOURS"],
      [bobs, other, id, "elsewhere", "NOT_FOUND"],
      [bobs, other, id, null, "NOT_FOUND"],
      [stranger, room, id, "from outside", "NOT_A_MEMBER"],
      [stranger, room, id, null, "NOT_A_MEMBER"],
      [stranger, 9999, id, "nowhere", "ROOM_NOT_FOUND"],
      [anns, room, id + 1000, "nothing", "NOT_FOUND"],
      [anns, room, id, "", "EMPTY"],
      [anns, room, id, "x".repeat(2001), "TOO_LONG"],
      [anns, room, "one", "text", "BAD_REQUEST"],
      [anns, room, id, 5, "BAD_REQUEST"],
    ];
    for (const [tab, chatRoomId, messageId, content, code] of cases) {
      const answer = content === null ? await tab.remove(chatRoomId, messageId) : await tab.edit(chatRoomId, messageId, content);
      assert.deepEqual([answer.ok, answer.error?.code], [false, code], JSON.stringify([chatRoomId, messageId, content]));
    }
    assert.deepEqual(await ann.history(room), [message]);
    assert.deepEqual(anns.events("messageChanged"), []);
    for (const tab of [anns, bobs, stranger]) tab.close();
  });

  await check("a room is searched, page by page, and nothing is a wildcard", async () => {
    const room = await roomFor();
    const anns = await ann.open([room]);
    const said = ["Green Tea", "100% sure", "100 is sure", "a_b", "aXb", "back\\slash", "한국어 차", "tea again", "🙂 tea"];
    for (const text of said) assert.ok((await anns.send(room, text)).ok);
    const found = async (text, more = "") => {
      const { status, body } = await bob.call("GET", `/api/rooms/${room}/search?q=${encodeURIComponent(text)}${more}`);
      return status === 200 ? contents(body.messages) : [status, body.code];
    };
    for (const [text, expected] of [
      ["TEA", ["Green Tea", "tea again", "🙂 tea"]],
      ["0%", ["100% sure"]],
      ["a_b", ["a_b"]],
      ["\\", ["back\\slash"]],
      ["국어", ["한국어 차"]],
      ["🙂", ["🙂 tea"]],
      ["' OR 1=1 --", []],
      ["", [400, "EMPTY"]],
      ["  ", [400, "EMPTY"]],
      ["x".repeat(101), [400, "TOO_LONG"]],
    ]) assert.deepEqual(await found(text), expected, text);
    assert.deepEqual(await found("tea", "&limit=0"), [400, "BAD_REQUEST"]);
    const { body } = await bob.call("GET", `/api/rooms/${room}/search?q=tea&limit=2`);
    assert.deepEqual([contents(body.messages), body.hasMore], [["tea again", "🙂 tea"], true]);
    assert.deepEqual(await found("tea", `&limit=2&before=${body.messages[0].id}`), ["Green Tea"]);
    assert.equal((await bob.call("GET", `/api/rooms/${room}/search`)).status, 400);
    assert.equal((await bob.call("GET", "/api/rooms/9999/search?q=tea")).body.code, "ROOM_NOT_FOUND");
    anns.close();
  });

  await check("texts arrive as they were sent", async () => {
    const room = await roomFor();
    const anns = await ann.open([room]);
    const texts = ["🙂".repeat(2000), "a\u0000b", "\ud83d half an emoji", "</script>\u2028", "e\u0301 é", "  kept  "];
    for (const text of texts) assert.equal((await anns.send(room, text)).message.content, text);
    assert.deepEqual(contents(await bob.history(room)), texts);
    anns.close();
  });

  await check("what is no message is refused with its code", async () => {
    const room = await roomFor();
    const anns = await ann.open([room]);
    const cases = [
      [{ content: "x".repeat(2001) }, "TOO_LONG"],
      [{ content: "🙂".repeat(2001) }, "TOO_LONG"],
      [{ content: "" }, "EMPTY"],
      [{ content: " \n\u00a0" }, "EMPTY"],
      [{ chatRoomId: 1 }, "NOT_A_MEMBER"],
      [{ chatRoomId: 9999 }, "ROOM_NOT_FOUND"],
      [{ content: 5 }, "BAD_REQUEST"],
      [{ content: null }, "BAD_REQUEST"],
      [{ content: undefined }, "BAD_REQUEST"],
      [{ content: Buffer.from("bytes") }, "BAD_REQUEST"],
      [{ clientId: 7 }, "BAD_REQUEST"],
      [{ clientId: "" }, "BAD_REQUEST"],
      [{ clientId: "x".repeat(129) }, "BAD_REQUEST"],
      [{ clientId: undefined }, "BAD_REQUEST"],
      [{ chatRoomId: "1" }, "BAD_REQUEST"],
      [{ chatRoomId: undefined }, "BAD_REQUEST"],
    ];
    for (const [change, code] of cases) {
      const request = { chatRoomId: room, content: "x", clientId: newId(), ...change };
      const answer = await anns.ask("sendMessage", request);
      assert.deepEqual([answer.ok, answer.error?.code], [false, code], JSON.stringify(change).slice(0, 60));
      assert.match(answer.error.message, /\w+ \w+/);
    }
    for (const args of [[], ["text"], [null], [[1, 2]]]) {
      assert.equal((await anns.ask("sendMessage", ...args)).error.code, "BAD_REQUEST");
    }
    // Nobody who asks for no answer is missed, and nothing of all this was stored.
    anns.socket.emit("sendMessage", "nonsense");
    anns.socket.emit("sendMessage");
    assert.equal((await anns.send(room, "still here")).ok, true);
    assert.deepEqual(contents(await ann.history(room)), ["still here"]);
    anns.close();
  });

  await check("many at once arrive everywhere in one order, the order of history", async () => {
    const room = await roomFor();
    const people = await Promise.all(Array.from({ length: 8 }, (_, i) => server.person(`Talker ${i}`)));
    const options = (i) => (i % 3 === 0 ? { transports: ["polling"] } : {});
    const tabs = await Promise.all(people.map((person, i) => person.open([room], options(i))));
    const sent = tabs.flatMap((tab, i) => Array.from({ length: 50 }, (_, n) => tab.send(room, `${i}: ${n}`)));
    for (const answer of await Promise.all(sent)) assert.equal(answer.ok, true);
    const ids = (await ann.history(room)).map(({ id }) => id);
    assert.equal(ids.length, 400);
    for (const tab of tabs) {
      await tab.hears("newMessage", ({ id }) => id === ids.at(-1));
      assert.deepEqual(tab.events("newMessage").map(({ id }) => id), ids);
      tab.close();
    }
    // Each one's own messages keep the order in which they were sent.
    const first = (await ann.history(room)).filter(({ content }) => content.startsWith("3: "));
    assert.deepEqual(contents(first), Array.from({ length: 50 }, (_, n) => `3: ${n}`));
  });

  await check("pages stand still while the room goes on", async () => {
    const room = await roomFor();
    const anns = await ann.open([room]);
    const said = [];
    for (let i = 0; i < 137; i += 1) said.push((await anns.send(room, `line ${i}`)).message);
    const page = async (query) => (await bob.call("GET", `/api/rooms/${room}/messages?${query}`)).body;

    const standard = await page("");
    assert.deepEqual(standard, { messages: said.slice(-50), hasMore: true });
    for (const limit of [1, 7, 50, 100]) {
      const collected = [];
      for (let hasMore = true; hasMore; ) {
        const { messages, hasMore: more } = await page(`limit=${limit}${collected[0] ? `&before=${collected[0].id}` : ""}`);
        assert.ok(messages.length === limit || !more);
        collected.unshift(...messages);
        hasMore = more;
        if (limit > 1) await anns.send(room, "meanwhile");
      }
      assert.deepEqual(collected.filter(({ content }) => content !== "meanwhile"), said);
      assert.equal(new Set(collected.map(({ id }) => id)).size, collected.length);
    }
    assert.deepEqual(await page(`before=${said[0].id}`), { messages: [], hasMore: false });
    assert.deepEqual(await page(`before=${said[10].id}&limit=10`), { messages: said.slice(0, 10), hasMore: false });
    assert.deepEqual(await page(`before=${said[11].id}&limit=10`), { messages: said.slice(1, 11), hasMore: true });
    anns.close();
  });

  await check("a message whose answer is lost with the connection is sent again, stored once and answered once", async () => {
    const room = await roomFor();
    const bobs = await bob.open([room]);
    const retrying = { retries: 5, ackTimeout: 3000, reconnection: true, reconnectionDelay: 10, reconnectionDelayMax: 50 };
    const anns = await ann.open([room], retrying);
    for (let i = 0; i < 10; i += 1) {
      const request = { chatRoomId: room, content: `through the tunnel ${i}`, clientId: newId() };
      const { engine } = anns.socket.io;
      const answered = anns.socket.emitWithAck("sendMessage", request);
      // It is on its way, and stored before anybody hears of the end of the connection; the answer goes nowhere.
      anns.socket.io.engine.close();
      const answer = await within(answered, "the answer to the message that was sent again");
      assert.equal(answer.ok, true, JSON.stringify(answer));
      assert.equal(answer.message.clientId, request.clientId);
      assert.notEqual(anns.socket.io.engine, engine, "on another connection");
      assert.equal(anns.socket.recovered, true);
    }
    const said = Array.from({ length: 10 }, (_, i) => `through the tunnel ${i}`);
    await bobs.hears("newMessage", ({ content }) => content === said.at(-1));
    assert.deepEqual(contents(bobs.events("newMessage")), said);
    assert.deepEqual(contents(anns.events("newMessage")), said);
    assert.deepEqual(contents(await bob.history(room)), said);
    anns.close();
    bobs.close();
  });

  await check("a message whose sender hangs up at once is stored and told", async () => {
    const room = await roomFor();
    const bobs = await bob.open([room]);
    for (let i = 0; i < 20; i += 1) {
      const anns = await ann.open([room]);
      anns.socket.emit("sendMessage", { chatRoomId: room, content: `parting ${i}`, clientId: newId() });
      anns.close();
    }
    // What was sent before the goodbye was received before it.
    await bobs.hears("newMessage", ({ content }) => content === "parting 19");
    assert.deepEqual(contents(bobs.events("newMessage")).sort(), contents(await bob.history(room)).sort());
    assert.equal((await bob.history(room)).length, 20);
    bobs.close();
  });
}
