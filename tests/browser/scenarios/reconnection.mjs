import assert from "node:assert/strict";

export const name = "reconnection";
export const startsServer = true;

export async function run({ check, person, url, server }) {
  const ann = await person(url);
  const bob = await person(url);
  const people = [ann, bob];
  const room = `reconnection ${Date.now()}`;
  await ann.signIn("Ann");
  await bob.signIn("Bob");
  await ann.createRoom(room);
  await bob.openRoom(room);
  await ann.say("before the restart");
  await bob.sees("before the restart");

  await check("a killed server is noticed, and said", people, async () => {
    await server.kill();
    for (const each of people) await each.isNotConnected();
    await ann.page.locator(".banner").waitFor();
  });

  await check("what is sent without a server waits", people, async () => {
    await ann.say("waits for the server");
    await ann.message("waits for the server").and(ann.page.locator('[data-state="sending"]')).waitFor();
    await ann.say("waits as well");
  });

  await check("after the restart everybody is back, and what waited arrives once", people, async () => {
    await server.start();
    await ann.isConnected();
    await bob.isConnected();
    await bob.sees("waits for the server");
    await bob.sees("waits as well");
    await ann.sees("waits for the server");
    await bob.seesInOrder(["waits for the server", "waits as well"], "waits");
    await ann.page.locator('[data-testid="message"][data-state="sending"]').first().waitFor({ state: "detached" });
  });

  await check("history survives the restart", people, async () => {
    const carl = await person(url);
    await carl.signIn("Carl");
    await carl.openRoom(room);
    await carl.sees("before the restart");
    await carl.sees("waits as well");
    await carl.close();
  });

  await check("the room goes on after the restart", people, async () => {
    await bob.say("back again");
    await ann.sees("back again");
  });

  await check("a connection that was cut is recovered: nothing is missed, and no history is asked for", people, async () => {
    const asked = [];
    const note = (request) => {
      if (/\/rooms\/\d+\/messages/.test(request.url())) asked.push(request.url());
    };
    for (const each of people) each.page.on("request", note);
    await ann.goOffline();
    await bob.sayMany(5, (index) => `in the tunnel ${index}`);
    await ann.say("from the tunnel");
    await ann.goOnline();
    const heard = [0, 1, 2, 3, 4].map((index) => `in the tunnel ${index}`);
    await ann.seesInOrder(heard, "in the tunnel");
    await bob.sees("from the tunnel");
    await bob.seesInOrder(["from the tunnel"], "from the");
    assert.deepEqual(asked, []);
    for (const each of people) each.page.off("request", note);
  });

  await check("a lost network reconnects by itself and misses nothing, over several pages of history", people, async () => {
    await ann.goOffline();
    const textOf = (index) => `missed ${String(index).padStart(3, "0")}`;
    await bob.sayMany(115, textOf);
    await ann.goOnline();
    await ann.seesInOrder(Array.from({ length: 115 }, (_, index) => textOf(index)), "missed");
    await ann.sees("back again");
  });

  await check("what is written during a restart and a lost network is not missed either", people, async () => {
    await ann.goOffline();
    await server.kill("SIGTERM");
    await bob.isNotConnected();
    await bob.say("written while the server was down");
    await server.start();
    await bob.isConnected();
    await bob.say("written after the restart");
    await bob.message("written after the restart").and(bob.page.locator('[data-state="sent"]')).waitFor();
    await ann.say("written without a network");
    await ann.goOnline();
    await ann.sees("written while the server was down");
    await ann.sees("written after the restart");
    await bob.sees("written without a network");
    const expected = ["written while the server was down", "written after the restart", "written without a network"];
    await ann.seesInOrder(expected, "written");
    await bob.seesInOrder(expected, "written");
  });

  await check("a message waiting in a closed page is sent by the next one", people, async () => {
    await ann.goOffline();
    await ann.say("kept in the outbox");
    await ann.context.setOffline(false);
    await ann.page.reload();
    await bob.sees("kept in the outbox");
    await ann.sees("kept in the outbox");
  });

  await check("nothing in the page threw", people, async () => {
    assert.deepEqual([...ann.errors, ...bob.errors], []);
  });
}
