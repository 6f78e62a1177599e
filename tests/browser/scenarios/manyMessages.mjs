import assert from "node:assert/strict";
import { Person } from "../../chat/lib/person.mjs";
import { eventually } from "../lib/chatPage.mjs";

export const name = "many messages";

const PEOPLE = 10;
const EACH = 1_000;
/** Only failures take that long, and a machine that does much else. */
const PATIENCE_MS = 120_000;
/** Groups that are drawn at a time, wherever one is: those in the window and around it, of some thousands. */
const MOST_DRAWN = 300;

export async function run({ check, person, url }) {
  const ann = await person(url);
  const people = [ann];
  const room = `many ${Date.now()}`;
  const list = () => ann.at("message-list");

  await check("a room of 10 000 messages opens at its end, with the last of them", people, async () => {
    const writers = await Promise.all(Array.from({ length: PEOPLE }, (_, index) => Person.signIn(url, `Writer ${index}`)));
    const { id } = await writers[0].createRoom(room);
    await Promise.all(
      writers.map(async (writer, index) => {
        const tab = await writer.open([id]);
        const lines = "and something more to read. ".repeat(index);
        const send = (n) =>
          tab.socket.timeout(PATIENCE_MS).emitWithAck("sendMessage", {
            chatRoomId: id,
            content: `line ${n} ${lines}`,
            clientId: `${index}/${n}`,
          });
        const answers = await Promise.all(Array.from({ length: EACH }, (_, n) => send(n)));
        assert.ok(answers.every(({ ok }) => ok));
        writer.leave();
      }),
    );
    await ann.signIn("Ann");
    await ann.openRoom(room);
    const count = await ann.at("message").count();
    assert.ok(count > 0 && count <= 100, `${count} messages are there at first`);
  });

  await check("one can go back to the first of them, and only what is seen is drawn", people, async () => {
    await ann.page.waitForFunction(
      () => {
        const element = document.querySelector('[data-testid="message-list"]');
        element.scrollTop = 0;
        return document.querySelector(".list-top").textContent.includes("This is where the room begins");
      },
      undefined,
      { timeout: PATIENCE_MS },
    );
    assert.equal(await ann.at("message").count(), PEOPLE * EACH);
    const drawn = await list().evaluate(drawnOnTheWay);
    assert.ok(Math.max(...drawn) <= MOST_DRAWN, `${drawn} groups are drawn`);
    assert.ok(Math.min(...drawn) > 0, `${drawn} groups are drawn`);
  });

  await check("what is scrolled moves as far as one scrolls, and no further", people, async () => {
    const jumps = await list().evaluate(jumpsOnTheWay);
    assert.deepEqual(jumps.filter((jump) => Math.abs(jump) > 1), []);
  });

  await check("what is said last comes to the end of them all", people, async () => {
    await list().evaluate((element) => (element.scrollTop = 0));
    await ann.say("the last of all");
    const last = () => list().evaluate((element) => [...element.querySelectorAll(".content")].at(-1).textContent);
    await eventually(last, "the last of all");
    const left = await list().evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
    assert.ok(left < 5, `${left} px from the end`);
  });

  await check("nothing in the page threw", people, async () => {
    assert.deepEqual(ann.errors, []);
  });

  const { median, slowest } = await list().evaluate(framesOnTheWay);
  console.log(`measured: frames of scrolling through 10 000 messages: median ${median} ms, slowest of 20 in 19 ${slowest} ms`);
}

/** Runs in the page: how many groups are drawn at eleven places from the first message to the last. */
async function drawnOnTheWay(list) {
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const counts = [];
  for (let step = 0; step <= 10; step += 1) {
    list.scrollTop = (list.scrollHeight - list.clientHeight) * (step / 10);
    await frame();
    const parts = [...list.querySelectorAll(".group > .bubbles")];
    counts.push(parts.filter((part) => part.checkVisibility({ contentVisibilityAuto: true })).length);
  }
  return counts;
}

/** Runs in the page: by how much a message moves otherwise than one scrolls, upwards from the middle. */
async function jumpsOnTheWay(list) {
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  list.scrollTop = list.scrollHeight / 2;
  await frame();
  const middle = list.getBoundingClientRect().top + list.clientHeight / 2;
  const jumps = [];
  for (let step = 0; step < 40; step += 1) {
    const seen = [...document.elementsFromPoint(list.getBoundingClientRect().left + list.clientWidth / 2, middle)];
    const group = seen.map((element) => element.closest(".group")).find(Boolean) ?? null;
    if (!group) {
      list.scrollTop -= 20;
      await frame();
      continue;
    }
    const before = group.getBoundingClientRect().top;
    list.scrollTop -= 180;
    await frame();
    jumps.push(group.getBoundingClientRect().top - before - 180);
  }
  return jumps;
}

/** Runs in the page: how long frames take while one scrolls fast, which is for people to read. */
async function framesOnTheWay(list) {
  const times = [];
  list.scrollTop = 0;
  const step = list.scrollHeight / 120;
  for (let n = 0; n < 120; n += 1) {
    const start = performance.now();
    list.scrollTop += step;
    await new Promise((resolve) => requestAnimationFrame(resolve));
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const at = (share) => Math.round(times[Math.floor(times.length * share)] * 10) / 10;
  return { median: at(0.5), slowest: at(0.95) };
}
