import { join } from "node:path";
import { eventually } from "../lib/chatPage.mjs";

export const name = "pictures";

const phone = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

const talk = [
  ["Marta", "Morning! Did the release go out last night?"],
  ["Marta", "I saw the build turn green just before I left."],
  ["Jonas", "It did, around eleven. Two small things came up, both fixed:\n– the reconnect banner flashed on slow networks\n– drafts were lost when the token expired"],
  ["Jonas", "Neither of them needs a new version."],
  ["Ann", "Great, thank you for staying up for it 🙏"],
  ["Ann", "I'll write the notes this morning."],
  ["Marta", "Then I take the mobile layout. The room list as a drawer felt right in the test yesterday, but the header was a little crowded at 360 pixels."],
  ["Ann", "Yes please"],
];

// How many pixels are below what is seen.
const pastTheEnd = (list) => Math.round(list.scrollHeight - list.scrollTop - list.clientHeight);

export async function run({ check, person, url, screenshots }) {
  const people = [];
  await check("desktop and phone are pictured, light and dark", people, async () => {
    const ann = await person(url);
    const others = { Marta: await person(url), Jonas: await person(url) };
    people.push(ann, ...Object.values(others));
    const shoot = async (who, file) => {
      if (screenshots) await who.page.screenshot({ path: join(screenshots, `${file}.png`) });
    };

    await shoot(ann, "sign-in-desktop-light");
    await ann.signIn("Ann");
    for (const room of ["general", "design", "release planning"]) {
      if (!(await hasRoom(ann, room))) await ann.createRoom(room);
    }
    for (const [nickname, other] of Object.entries(others)) {
      await other.signIn(nickname);
      await other.openRoom("general");
    }
    await ann.openRoom("general");
    for (const [nickname, text] of talk) {
      const speaker = nickname === "Ann" ? ann : others[nickname];
      await speaker.say(text);
      await ann.page.locator(".content", { hasText: text.split("\n")[0] }).last().waitFor();
    }
    await others.Jonas.openRoom("design");
    await others.Jonas.say("New icons are in.");
    await others.Jonas.openRoom("general");
    await ann.seesTyping("Jonas is typing…", () => others.Jonas.at("message-input").pressSequentially("So"));

    for (const scheme of ["light", "dark"]) {
      await ann.page.emulateMedia({ colorScheme: scheme });
      await shoot(ann, `desktop-${scheme}`);
    }
    await ann.page.emulateMedia({ colorScheme: "light" });
    await ann.page.setViewportSize({ width: 900, height: 700 });
    await shoot(ann, "tablet-light");
    await ann.page.getByRole("button", { name: "Show people" }).click();
    await ann.page.waitForTimeout(400);
    await shoot(ann, "tablet-people-light");

    const pocket = await person(url, phone);
    people.push(pocket);
    await shoot(pocket, "sign-in-phone-light");
    await pocket.signIn("Nadia");
    await pocket.page.waitForTimeout(300);
    await shoot(pocket, "phone-rooms-light");
    await pocket.openRoom("general");
    await pocket.say("Hello from the train");
    await pocket.page.waitForTimeout(400);
    for (const scheme of ["light", "dark"]) {
      await pocket.page.emulateMedia({ colorScheme: scheme });
      await shoot(pocket, `phone-${scheme}`);
      await pocket.page.getByRole("button", { name: "Show rooms" }).click();
      await pocket.page.waitForTimeout(400);
      await shoot(pocket, `phone-drawer-${scheme}`);
      await pocket.page.getByRole("button", { name: "Close rooms" }).click();
      await pocket.page.waitForTimeout(400);
    }
    await pocket.goOffline();
    await pocket.say("Is this thing on?");
    await pocket.page.waitForTimeout(900);
    await shoot(pocket, "phone-offline-dark");
    await pocket.goOnline();

    await notPanned(pocket);
  });

  await check("channels and notifications too", people, async () => {
    const ann = await person(url);
    const pocket = await person(url, phone);
    people.push(ann, pocket);
    await ann.signIn("Ann");
    await pocket.signIn("Nadia");
    await ann.openRoom("general");
    await pocket.openRoom("general");
    // The last message is seen as a whole, though both begin at a line above what they have not read.
    for (const each of [ann, pocket]) await eventually(() => each.page.locator(".message-list").evaluate(pastTheEnd), 0);
    await ann.plan("Release review", "Nadia, Ann");
    await pocket.plan("Lunch by the river", "Ann");
    await ann.hasUnread(2);
    await ann.page.waitForTimeout(300);
    await shootBoth(ann, pocket, "toast");
    for (const each of [ann, pocket]) await each.at("notification-bell").click();
    await ann.at("mark-read-button").last().click();
    await shootBoth(ann, pocket, "notifications");
    for (const each of [ann, pocket]) await each.writeAppointment("Release review", "Marta, Jonas");
    await shootBoth(ann, pocket, "appointment");
    for (const each of [ann, pocket]) await each.page.keyboard.press("Escape");

    const guest = await person(`${url}/#/channel/tea`);
    people.push(guest);
    await ann.enterChannel("tea");
    await pocket.page.goto(`${url}/#/channel/tea`);
    await pocket.inChannel("tea");
    await ann.say("Is the kettle on?");
    await guest.say("It is. Green or black?");
    await pocket.say("Black for me, please. The train is late again, but I shall be there in five minutes.");
    await ann.page.locator(".content", { hasText: "Black for me" }).waitFor();
    await shootBoth(ann, pocket, "channel");
    if (screenshots) await guest.page.screenshot({ path: join(screenshots, "channel-guest.png") });
    for (const each of [pocket, ann]) await notPanned(each);
  });

  async function shootBoth(desktop, pocket, file) {
    if (!screenshots) return;
    for (const [who, device] of [[desktop, "desktop"], [pocket, "phone"]]) {
      for (const scheme of ["dark", "light"]) {
        await who.page.emulateMedia({ colorScheme: scheme });
        await who.page.screenshot({ path: join(screenshots, `${file}-${device}-${scheme}.png`) });
      }
    }
  }
}

async function notPanned(person) {
  const overflow = await person.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (overflow > 0) throw new Error(`the page is ${overflow} px too wide`);
}

async function hasRoom(person, name) {
  await person.page.getByText("Loading rooms…").waitFor({ state: "detached" });
  return (await person.at("room-item").filter({ hasText: name }).count()) > 0;
}
