import assert from "node:assert/strict";
import { join } from "node:path";

export const name = "expiry";
export const startsServer = true;
/** Seconds; what is done with a token, from the sign-in to its end, must be possible on a busy machine. */
export const tokenTtl = 12;

/** Until a token has expired for certain, and the server has said so. */
const EXPIRY = { timeout: tokenTtl * 1_000 + 30_000 };

export async function run({ check, person, url, screenshots }) {
  const ann = await person(url);
  const people = [ann];
  const room = `expiry ${Date.now()}`;
  await ann.signIn("Ann");
  await ann.createRoom(room);
  await ann.say("said in time");
  await ann.sees("said in time");
  await ann.write("not yet finished");

  await check("an expired token asks to sign in again, with the nickname filled in", people, async () => {
    await ann.page.waitForTimeout(tokenTtl * 1_000 + 500);
    await ann.context.setOffline(true);
    await ann.context.setOffline(false);
    await ann.at("signin-again").waitFor(EXPIRY);
    assert.equal(await ann.at("nickname-input").inputValue(), "Ann");
    await ann.page.getByText("Your session has expired.").waitFor();
  });

  await check("room, messages and draft are still there behind it", people, async () => {
    await ann.sees("said in time");
    await ann.hasDraft("not yet finished");
    if (screenshots) await ann.page.screenshot({ path: join(screenshots, "sign-in-again.png") });
  });

  await check("signing in again goes on where one was", people, async () => {
    await ann.at("login-button").click();
    await ann.at("signin-again").waitFor({ state: "detached" });
    await ann.isConnected();
    await ann.inRoom(room);
    await ann.hasDraft("not yet finished");
    await ann.at("message-input").press("Enter");
    await ann.message("not yet finished").and(ann.page.locator('[data-state="sent"]')).waitFor();
    await ann.sees("not yet finished");
  });

  await check("a page opened with an expired token asks as well, with the draft kept", people, async () => {
    await ann.write("over a reload");
    await ann.page.waitForTimeout(tokenTtl * 1_000 + 500);
    await ann.page.reload();
    await ann.at("signin-again").waitFor(EXPIRY);
    await ann.at("login-button").click();
    await ann.isConnected();
    await ann.inRoom(room);
    await ann.hasDraft("over a reload");
    await ann.sees("said in time");
  });

  await check("in a channel the sign-in comes by itself, and leads back to the channel and its draft", people, async () => {
    await ann.enterChannel("tea");
    await ann.write("no milk, ple");
    await ann.writeAppointment("Breakfast", "Ann");
    await ann.at("signin-again").waitFor(EXPIRY);
    await ann.at("login-button").click();
    await ann.at("signin-again").waitFor({ state: "detached" });
    assert.equal(await ann.at("appointment-title").inputValue(), "Breakfast");
    await ann.page.keyboard.press("Escape");
    await ann.inChannel("tea");
    await ann.hasDraft("no milk, ple");
    await ann.write("no milk, please");
    await ann.at("message-input").press("Enter");
    await ann.sees("no milk, please");
    await ann.hasDraft("");
  });

  await check("signing in again in one tab is enough for the other one", people, async () => {
    const other = await ann.tab(`${url}/#/channel/tea`);
    await other.inChannel("tea");
    await other.write("in the other tab");
    for (const tab of [ann, other]) await tab.at("signin-again").waitFor(EXPIRY);
    await ann.at("login-button").click();
    for (const tab of [ann, other]) {
      await tab.at("signin-again").waitFor({ state: "detached" });
      await tab.inChannel("tea");
    }
    await other.hasDraft("in the other tab");
    assert.deepEqual(other.errors, []);
    await other.write("");
    await other.page.close();
  });

  await check("who does not want to sign in again may stay in the channel", people, async () => {
    await ann.write("as a guest");
    await ann.at("signin-again").waitFor(EXPIRY);
    await ann.page.getByRole("button", { name: "Stay here without signing in" }).click();
    await ann.inChannel("tea");
    await ann.hasDraft("as a guest");
    await ann.at("message-input").press("Enter");
    await ann.sees("as a guest");
    assert.equal(await ann.at("notification-bell").count(), 0);
  });

  await check("nothing in the page threw", people, async () => assert.deepEqual(ann.errors, []));
}
