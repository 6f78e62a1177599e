import assert from "node:assert/strict";
import { Tab, call, refusal, socketOf } from "../lib/person.mjs";
import { within } from "../../conformance/lib/wait.mjs";

export const name = "notifications";

const startsAt = "2027-03-01T09:30:00.000Z";
let clientIds = 0;

export async function run({ check, newServer }) {
  const server = newServer();
  await server.start();
  const ann = await server.person("Ann");
  const bob = await server.person("Bob");
  const carl = await server.person("Carl");

  const invite = (person, invited, more = {}) =>
    person.call("POST", "/api/events", { title: "Review", startsAt, invited, clientId: `event-${++clientIds}`, ...more });
  const page = async (person, query = "") => (await person.call("GET", `/api/notifications${query}`)).body;
  /** A tab of a user that hears notifications. */
  const open = async (person) => {
    const tab = new Tab(socketOf(`${server.url}/notifications`, { token: person.token }));
    await within(new Promise((resolve) => tab.socket.on("connect", resolve)), "the tab is let in");
    assert.deepEqual(await tab.hears("ready"), { user: person.user });
    return tab;
  };

  await check("they are for who has signed in", async () => {
    const error = await refusal(`${server.url}/notifications`, { token: "nonsense" });
    assert.deepEqual([error.message, error.data], ["INVALID_TOKEN", { code: "INVALID_TOKEN", retry: false }]);
    for (const [method, path] of [["POST", "/api/events"], ["GET", "/api/notifications"], ["POST", "/api/notifications/1/read"]]) {
      assert.equal((await call(server.url, method, path, { body: method === "POST" ? {} : undefined })).status, 401, path);
    }
  });

  await check("an appointment is told to every open tab of those invited, and to nobody else", async () => {
    const tabs = [await open(bob), await open(bob)];
    const others = await open(carl);
    const { status, body: event } = await invite(ann, ["Bob"]);
    assert.equal(status, 201);
    assert.deepEqual(event, { id: event.id, title: "Review", startsAt, creator: ann.user });
    const [first, second] = await Promise.all(tabs.map((tab) => tab.hears("notification")));
    assert.deepEqual(first, second);
    assert.deepEqual([first.event, first.read], [event, false]);
    assert.deepEqual((await page(bob)).notifications[0], first);
    assert.deepEqual(others.events("notification"), []);
    for (const tab of [...tabs, others]) tab.close();
  });

  await check("one who was away finds it later", async () => {
    const { body: event } = await invite(ann, ["Carl", "Bob", "Carl"]);
    const { notifications, unread } = await page(carl);
    assert.deepEqual(notifications.map((each) => each.event.id), [event.id]);
    assert.equal(unread, 1);
  });

  await check("what one tab has read is read in the others", async () => {
    const tab = await open(carl);
    const [{ id }] = (await page(carl)).notifications;
    assert.equal((await carl.call("POST", `/api/notifications/${id}/read`)).status, 204);
    assert.deepEqual(await tab.hears("notificationRead"), { id });
    assert.equal((await carl.call("POST", `/api/notifications/${id}/read`)).status, 204);
    const { notifications, unread } = await page(carl);
    assert.deepEqual([notifications[0].read, unread], [true, 0]);
    assert.deepEqual((await page(carl, "?unread=true")).notifications, []);
    assert.equal(tab.events("notificationRead").length, 1);
    tab.close();
  });

  await check("nobody reads what is not theirs", async () => {
    const [{ id }] = (await page(bob)).notifications;
    const answer = await carl.call("POST", `/api/notifications/${id}/read`);
    assert.deepEqual([answer.status, answer.body.code], [404, "NOT_FOUND"]);
    assert.equal((await page(bob)).notifications[0].read, false);
  });

  await check("the same client id is the same appointment", async () => {
    const more = { clientId: "twice" };
    const first = await invite(ann, ["Carl"], more);
    const second = await invite(ann, ["Carl"], more);
    assert.deepEqual(second.body, first.body);
    assert.equal((await page(carl, "?unread=true")).notifications.length, 1);
  });

  await check("what is no appointment is refused with its code", async () => {
    const code = async (...args) => {
      const { status, body } = await invite(ann, ...args);
      assert.equal(status, 400);
      return body.code;
    };
    assert.equal(await code([]), "INVALID_EVENT");
    assert.equal(await code(Array(101).fill("Bob")), "INVALID_EVENT");
    assert.equal(await code(["Nobody"]), "UNKNOWN_USER");
    assert.equal(await code(["Bob"], { title: " " }), "INVALID_EVENT");
    assert.equal(await code(["Bob"], { startsAt: "soon" }), "INVALID_EVENT");
    assert.equal(await code(["Bob"], { clientId: "" }), "BAD_REQUEST");
  });

  await check("who is mentioned is told on every tab, wherever he is, and nobody else", async () => {
    const tabs = [await open(bob), await open(bob)];
    const others = await open(carl);
    const room = await ann.createRoom("Mentions");
    const anns = await ann.open([room.id]);
    const { message } = await anns.send(room.id, "@Bob, look: @Ann <b>@Nobody</b>");
    assert.deepEqual(message.mentions, [bob.user, ann.user]);
    for (const tab of tabs) {
      const { mention, event, read } = await tab.hears("notification");
      assert.deepEqual([mention, event, read], [{ room, message }, undefined, false]);
    }
    assert.deepEqual((await page(bob)).notifications[0], tabs[0].events("notification")[0]);
    assert.deepEqual(await ann.history(room.id), [message]);
    // The same message again tells nobody; a change those who were not mentioned before.
    await anns.send(room.id, "again", message.clientId);
    const { message: edited } = await anns.edit(room.id, message.id, "@Bob and @Carl");
    assert.deepEqual((await others.hears("notification")).mention, { room, message: edited });
    assert.deepEqual(tabs.map((tab) => tab.events("notification").length), [1, 1]);
    // What is deleted is nowhere to be read.
    await anns.remove(room.id, message.id);
    assert.equal((await page(bob)).notifications[0].mention.message.content, "");
    for (const tab of [...tabs, others, anns]) tab.close();
  });

  await check("mentions are counted by themselves: more than 60 in a minute are refused, other messages are not", async () => {
    const dora = await server.person("Dora");
    const tab = await dora.open([1]);
    const answers = await Promise.all(Array.from({ length: 61 }, (_, i) => tab.send(1, `@Carl ${i}`)));
    assert.deepEqual(answers.map(({ ok }) => ok), [...Array(60).fill(true), false]);
    assert.equal(answers.at(-1).error.code, "TOO_MANY_REQUESTS");
    assert.equal((await tab.send(1, "nobody is mentioned")).ok, true);
    tab.close();
  });

  await check("they survive a restart", async () => {
    const before = await page(bob);
    await server.end("SIGTERM");
    await server.start();
    assert.deepEqual(await page(bob), before);
  });
}
