import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { newId } from "../lib/person.mjs";
import { sleep, within } from "../../conformance/lib/wait.mjs";

export const name = "durability";

/** Sends until the connection ends; says which messages were answered, and which were not. */
async function sendUntilTheEnd(tab, room) {
  const answered = new Map();
  const unanswered = new Map();
  let ended = false;
  tab.socket.once("disconnect", () => (ended = true));
  const sendOne = async () => {
    const clientId = newId();
    const content = `text of ${clientId}`;
    unanswered.set(clientId, content);
    const { ok, message } = await tab.send(room, content, clientId);
    if (!ok) return;
    answered.set(clientId, message);
    unanswered.delete(clientId);
  };
  const lane = async () => {
    while (!ended) await Promise.race([sendOne().catch(() => undefined), untilEnded(tab)]);
  };
  await Promise.all(Array.from({ length: 5 }, lane));
  return { answered, unanswered };
}

function untilEnded(tab) {
  return new Promise((resolve) => {
    if (!tab.socket.connected) resolve();
    else tab.socket.once("disconnect", resolve);
  });
}

export async function run({ check, newServer, kind }) {
  const server = newServer({ words: ["--message-limit", 1_000_000] });
  await server.start();
  const people = await Promise.all(["Ann", "Bob", "Carl"].map((nickname) => server.person(nickname)));
  for (const person of people) person.stored = new Map();

  /** Lets everybody talk until the server ends, starts it again, and looks for what they were promised. */
  async function talkUntil(end) {
    const tabs = await Promise.all(people.map((person) => person.open([1])));
    for (const tab of tabs) tab.socket.setMaxListeners?.(100);
    const talks = tabs.map((tab) => sendUntilTheEnd(tab, 1));
    await end();
    const results = await within(Promise.all(talks), "everybody notices the end");
    await server.start();
    let unanswered = 0;
    for (const [i, { answered, unanswered: open }] of results.entries()) {
      assert.ok(answered.size > 0, "somebody was answered");
      for (const [clientId, message] of answered) people[i].stored.set(clientId, message);
      // What was not answered is sent again, as the page does, and is there once in the end.
      const tab = await people[i].open([1]);
      for (const [clientId, content] of open) {
        const { ok, message } = await tab.send(1, content, clientId);
        assert.ok(ok);
        people[i].stored.set(clientId, message);
      }
      unanswered += open.size;
      tab.close();
    }
    await everythingIsThereOnce();
    return unanswered;
  }

  async function everythingIsThereOnce() {
    const history = await people[0].history(1);
    const byKey = new Map(history.map((message) => [`${message.sender.id} ${message.clientId}`, message]));
    assert.equal(byKey.size, history.length, "no message is there twice");
    let expected = 0;
    for (const { user, stored } of people) {
      for (const [clientId, message] of stored) assert.deepEqual(byKey.get(`${user.id} ${clientId}`), message);
      expected += stored.size;
    }
    assert.equal(history.length, expected);
    assert.deepEqual(history, [...history].sort((a, b) => a.id - b.id));
  }

  for (let round = 1; round <= 5; round += 1) {
    await check(`round ${round}: killed in the middle of it, the server keeps every message it has acknowledged, once`, () =>
      talkUntil(async () => {
        await sleep(100 + 130 * round);
        await server.end("SIGKILL");
      }),
    );
  }

  for (const signal of ["SIGTERM", "SIGINT"]) {
    await check(`asked to end by ${signal}, it ends at once and in order`, () =>
      talkUntil(async () => {
        await sleep(200);
        const start = performance.now();
        assert.deepEqual(await server.end(signal), { code: 0, signal: null });
        assert.ok(performance.now() - start < 3_000, "within three seconds");
      }),
    );
  }

  // PostgreSQL's disk is its own affair.
  if (kind === "postgres") return;

  await check("a disk that is full answers STORE_FAILED, and everything else goes on", async () => {
    const [ann, bob] = people;
    const anns = await ann.open([1]);
    const bobs = await bob.open([1]);
    const limitFiles = (bytes) => execFileSync("prlimit", ["--pid", String(server.pid), `--fsize=${bytes}:unlimited`]);
    const refused = new Map();
    // Less than one page of the log: nothing can be written, whatever room it has.
    limitFiles(4096);
    for (let i = 0; i < 5; i += 1) {
      const clientId = newId();
      const content = `refused ${i}`;
      refused.set(clientId, content);
      const answer = await anns.send(1, content, clientId);
      assert.deepEqual([answer.ok, answer.error?.code], [false, "STORE_FAILED"]);
    }
    anns.socket.emit("typing", { chatRoomId: 1, typing: true });
    await bobs.hears("typing");
    assert.equal((await bobs.join(1)).ok, true);
    const failed = await ann.call("POST", "/api/rooms", { name: "No space" });
    assert.deepEqual([failed.status, failed.body.code], [503, "STORE_FAILED"]);
    await everythingIsThereOnce();

    limitFiles("unlimited");
    for (const [clientId, content] of refused) {
      const { ok, message } = await anns.send(1, content, clientId);
      assert.ok(ok);
      ann.stored.set(clientId, message);
    }
    await bobs.hears("newMessage", ({ clientId }) => clientId === [...refused.keys()].at(-1));
    assert.equal(bobs.events("newMessage").filter(({ clientId }) => refused.has(clientId)).length, refused.size);
    await everythingIsThereOnce();
    anns.close();
    bobs.close();
  });
}
