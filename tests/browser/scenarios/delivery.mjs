import { join } from "node:path";

export const name = "delivery";

export async function run({ check, person, url, screenshots }) {
  const ann = await person(url);
  const bob = await person(url);
  const people = [ann, bob];
  const room = `delivery ${Date.now()}`;
  const network = await throughFilter(ann);
  await ann.signIn("Ann");
  await bob.signIn("Bob");
  await ann.createRoom(room);
  await bob.openRoom(room);
  await ann.say("all is well");
  await bob.sees("all is well");

  await check("a message whose answer is lost is said to have failed, in words", people, async () => {
    await network.upgraded;
    network.losesAnswers = true;
    await ann.say("only once, please");
    await bob.sees("only once, please");
    await ann.message("only once, please").and(ann.page.locator('[data-state="failed"]')).waitFor();
    await ann.page.getByText("The server did not answer in time.").waitFor();
    if (screenshots) await ann.page.screenshot({ path: join(screenshots, "failed-message.png") });
  });

  await check("trying again delivers it once", people, async () => {
    network.losesAnswers = false;
    await ann.at("retry-button").click();
    await ann.message("only once, please").and(ann.page.locator('[data-state="sent"]')).waitFor();
    await ann.say("and on");
    await bob.sees("and on");
    await bob.sees("only once, please");
    await ann.sees("only once, please");
  });
}

/** Lets everything through until it is told to lose answers and news on the way to the page. */
async function throughFilter(person) {
  let upgraded;
  const network = { losesAnswers: false, upgraded: new Promise((resolve) => (upgraded = resolve)) };
  await person.page.routeWebSocket(/\/socket\.io\//, (page) => {
    const server = page.connectToServer();
    page.onMessage((data) => {
      // The end of the upgrade from long polling: from here on everything comes through here.
      if (data === "5") upgraded();
      server.send(data);
    });
    server.onMessage((data) => {
      const isAnswer = /^43|^42\["newMessage"/.test(String(data));
      if (!(network.losesAnswers && isAnswer)) page.send(data);
    });
  });
  await person.page.reload();
  return network;
}
