import { join } from "node:path";

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
    await others.Jonas.at("message-input").pressSequentially("So");
    await ann.at("typing").getByText("Jonas is typing…").waitFor();

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

    const overflow = await pocket.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (overflow > 0) throw new Error(`at 360 px the page is ${overflow} px too wide`);
  });
}

async function hasRoom(person, name) {
  await person.page.getByText("Loading rooms…").waitFor({ state: "detached" });
  return (await person.at("room-item").filter({ hasText: name }).count()) > 0;
}
