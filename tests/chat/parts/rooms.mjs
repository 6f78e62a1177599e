import assert from "node:assert/strict";

export const name = "rooms";

const nicknames = (users) => users.map((user) => user.nickname).sort();
const isOnline = (...expected) => ({ users }) => JSON.stringify(nicknames(users)) === JSON.stringify(expected.sort());

export async function run({ check, newServer }) {
  const server = newServer();
  await server.start();
  const ann = await server.person("Ann");
  const bob = await server.person("Bob");
  const carl = await server.person("Carl");
  const room = await ann.createRoom("Kitchen");
  const other = await ann.createRoom("Garden");

  await check("joining gives the room and who is there", async () => {
    const tab = await ann.open();
    assert.deepEqual(await tab.join(room.id), { ok: true, room, online: [ann.user] });
    assert.deepEqual(await tab.join(room.id), { ok: true, room, online: [ann.user] });
    const bobs = await bob.open();
    const joined = await bobs.join(room.id);
    assert.deepEqual(nicknames(joined.online), ["Ann", "Bob"]);
    const { chatRoomId, users } = await tab.hears("online", isOnline("Ann", "Bob"));
    assert.equal(chatRoomId, room.id);
    assert.deepEqual(users.find(({ id }) => id === bob.user.id), bob.user);
    bobs.close();
    await tab.hears("online", isOnline("Ann"));
    tab.close();
  });

  await check("rooms that are not there and requests of a wrong shape are refused", async () => {
    const tab = await ann.open();
    const code = async (event, ...args) => {
      const answer = await tab.ask(event, ...args);
      assert.equal(answer.ok, false, JSON.stringify(args));
      assert.ok(answer.error.message.length > 5);
      return answer.error.code;
    };
    assert.equal(await code("joinRoom", { chatRoomId: 999 }), "ROOM_NOT_FOUND");
    assert.equal(await code("joinRoom", { chatRoomId: -1 }), "ROOM_NOT_FOUND");
    for (const event of ["joinRoom", "leaveRoom"]) {
      const shapes = [[], [null], [5], ["1"], [[]], [{}], [{ chatRoomId: "1" }], [{ chatRoomId: 1.5 }], [{ chatRoomId: null }]];
      for (const args of shapes) assert.equal(await code(event, ...args), "BAD_REQUEST", JSON.stringify(args));
    }
    assert.equal((await tab.join(room.id)).ok, true);
    tab.close();
  });

  await check("a user with two tabs is online once, until the last one leaves", async () => {
    const watcher = await carl.open([room.id]);
    const first = await ann.open([room.id]);
    const second = await ann.open([room.id]);
    await watcher.seesOnline(room.id, "Ann", "Carl");
    const { online } = await second.join(room.id);
    assert.deepEqual(nicknames(online), ["Ann", "Carl"]);
    const changes = watcher.events("online").length;
    first.close();
    // Bob's visit comes after whatever the first tab's end would have changed.
    const bobs = await bob.open([room.id]);
    await watcher.seesOnline(room.id, "Ann", "Bob", "Carl");
    for (const { users } of watcher.events("online").slice(changes)) assert.ok(nicknames(users).includes("Ann"));
    second.close();
    await watcher.seesOnline(room.id, "Bob", "Carl");
    bobs.close();
    watcher.close();
  });

  await check("leaving takes one out of the room, and out of its talk", async () => {
    const anns = await ann.open([room.id]);
    const bobs = await bob.open([room.id]);
    assert.deepEqual(await bobs.ask("leaveRoom", { chatRoomId: room.id }), { ok: true });
    assert.deepEqual(await bobs.ask("leaveRoom", { chatRoomId: room.id }), { ok: true });
    await anns.seesOnline(room.id, "Ann");
    await anns.send(room.id, "Bob has gone");
    assert.equal((await bobs.send(room.id, "no")).error.code, "NOT_A_MEMBER");
    await bobs.join(room.id);
    await anns.send(room.id, "Bob is back");
    await bobs.hears("newMessage", ({ content }) => content === "Bob is back");
    assert.deepEqual(bobs.events("newMessage").map(({ content }) => content), ["Bob is back"]);
    anns.close();
    bobs.close();
  });

  await check("typing is shown to the others of the room, once", async () => {
    const anns = await ann.open([room.id]);
    const bobs = await bob.open([room.id, other.id]);
    const carls = await carl.open([other.id]);
    anns.socket.emit("typing", { chatRoomId: room.id, typing: true });
    assert.deepEqual(await bobs.hears("typing"), { chatRoomId: room.id, user: ann.user, typing: true });
    anns.socket.emit("typing", { chatRoomId: room.id, typing: false });
    await bobs.hears("typing", ({ typing }) => !typing);
    // What is no request, and a room that one is not in, are ignored.
    anns.socket.emit("typing");
    anns.socket.emit("typing", { chatRoomId: room.id });
    anns.socket.emit("typing", { chatRoomId: other.id, typing: true });
    await anns.send(room.id, "done");
    await bobs.hears("newMessage");
    assert.equal(bobs.events("typing").length, 2);
    assert.deepEqual([...anns.events("typing"), ...carls.events("typing")], []);
    for (const tab of [anns, bobs, carls]) tab.close();
  });

  await check("a new room is told to everybody", async () => {
    const tabs = await Promise.all([ann, bob, carl].map((person) => person.open()));
    const made = await bob.createRoom("Attic");
    for (const tab of tabs) assert.deepEqual(await tab.hears("roomCreated"), made);
    for (const tab of tabs) tab.close();
  });

  await check("forty come and go, and in the end all agree on who is there", async () => {
    const people = await Promise.all(Array.from({ length: 40 }, (_, i) => server.person(`Guest ${String(i).padStart(2, "0")}`)));
    const tabs = await Promise.all(people.map((person) => person.open([other.id])));
    await Promise.all(tabs.filter((_, i) => i % 2 === 1).map((tab) => tab.close()));
    const staying = people.filter((_, i) => i % 2 === 0).map(({ user }) => user.nickname);
    for (const tab of tabs.filter((_, i) => i % 2 === 0)) {
      const last = await tab.hears("online", isOnline(...staying));
      assert.equal(last, tab.events("online").at(-1));
    }
  });
}
