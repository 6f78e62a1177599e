import { join } from "node:path";
import { tapWire } from "../lib/wire.mjs";

export const name = "delivery";

export async function run({ check, person, url, screenshots }) {
  const ann = await person(url);
  const bob = await person(url);
  const people = [ann, bob];
  const room = `delivery ${Date.now()}`;
  const wire = await tapWire(ann);
  await ann.signIn("Ann");
  await bob.signIn("Bob");
  await ann.createRoom(room);
  await bob.openRoom(room);
  await ann.say("all is well");
  await bob.sees("all is well");

  await check("a message whose answer is lost is said to have failed, in words", people, async () => {
    await wire.upgraded;
    wire.losesAnswers = true;
    await ann.say("only once, please");
    await bob.sees("only once, please");
    await ann.message("only once, please").and(ann.page.locator('[data-state="failed"]')).waitFor();
    await ann.page.getByText("The server did not answer in time.").waitFor();
    if (screenshots) await ann.page.screenshot({ path: join(screenshots, "failed-message.png") });
  });

  await check("trying again delivers it once", people, async () => {
    wire.losesAnswers = false;
    await ann.at("retry-button").click();
    await ann.message("only once, please").and(ann.page.locator('[data-state="sent"]')).waitFor();
    await ann.say("and on");
    await bob.sees("and on");
    await bob.sees("only once, please");
    await ann.sees("only once, please");
  });
}
