import assert from "node:assert/strict";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { isAccessible } from "../lib/accessibility.mjs";
import { eventually } from "../lib/chatPage.mjs";

export const name = "appearance";

/** What one may have to wait for before the page is there, compressed. */
const FIRST_LOAD_BYTES = 120 * 1024;

const phone = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

export async function run({ check, person, url, screenshots }) {
  const people = [];
  const ann = await person(url);
  const bob = await person(url);
  people.push(ann, bob);
  const room = `look ${Date.now()}`;

  await check("the first load is small", people, async () => {
    const visitor = await person("about:blank");
    const bodies = [];
    visitor.page.on("response", (response) => {
      if (!response.url().includes("/socket.io/")) bodies.push(response.body().catch(() => Buffer.alloc(0)));
    });
    await visitor.page.goto(url, { waitUntil: "networkidle" });
    const sizes = (await Promise.all(bodies)).map((body) => gzipSync(body, { level: 6 }).length);
    const sum = sizes.reduce((total, size) => total + size, 0);
    assert.ok(sizes.length >= 3, "the page, its script and its style have come");
    assert.ok(sum <= FIRST_LOAD_BYTES, `${sum} bytes, compressed, are more than ${FIRST_LOAD_BYTES}`);
  });

  await check("the page can be installed", people, async () => {
    const devtools = await ann.context.newCDPSession(ann.page);
    const { url: address, errors, data } = await devtools.send("Page.getAppManifest");
    assert.equal(address, `${url}/app.webmanifest`);
    assert.deepEqual(errors, []);
    const { icons, display } = JSON.parse(data);
    assert.equal(display, "standalone");
    for (const { src, sizes, type } of icons) {
      const drawn = await ann.page.evaluate(async (icon) => {
        const response = await fetch(icon);
        const { width, height } = await createImageBitmap(await response.blob());
        return { type: response.headers.get("content-type"), sizes: `${width}x${height}` };
      }, src);
      assert.deepEqual(drawn, { type, sizes });
    }
    // Of a private window, which this one is, nothing can be installed; there is no other reason.
    const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
    assert.deepEqual(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito"), []);
  });

  await check("before one has signed in, nothing is wrong for axe", people, async () => {
    await isAccessible(ann, "the page to sign in");
  });

  await check("addresses are links that give nothing away, and other schemes are text", people, async () => {
    await ann.signIn("Ann");
    await bob.signIn("Bob");
    await ann.createRoom(room);
    await bob.openRoom(room);
    await ann.say("see https://example.org/a_(b)?c=d. and javascript:alert(1)");
    const link = bob.page.locator(".content a");
    await link.waitFor();
    assert.equal(await link.count(), 1);
    assert.equal(await link.getAttribute("href"), "https://example.org/a_(b)?c=d");
    assert.equal(await link.getAttribute("rel"), "noopener noreferrer nofollow");
    assert.equal(await link.getAttribute("target"), "_blank");
  });

  await check("messages are a log, and what others say is read out once, politely", people, async () => {
    assert.equal(await bob.page.getByRole("log").count(), 1);
    await ann.say("read this out");
    await bob.page.locator('[aria-live="polite"]', { hasText: "Ann: read this out" }).waitFor({ state: "attached" });
    assert.equal(await ann.page.locator('[aria-live="polite"]', { hasText: "read this out" }).count(), 0);
  });

  await check("what is unread is in the title, and seen in one tab is seen in all", people, async () => {
    const aside = `aside ${Date.now()}`;
    await eventually(() => bob.page.title(), `${room} · Aerie Chat`, "the title where everything has been seen");
    await bob.createRoom(aside);
    const other = await bob.tab(url);
    people.push(other);
    await other.inRoom(aside);
    await ann.say("one");
    await ann.say("two");
    for (const tab of [bob, other]) {
      await eventually(() => tab.page.title(), `(2) ${aside} · Aerie Chat`, "the title");
      await eventually(() => badgeOf(tab, room), "2", "the badge of the room");
    }
    await other.openRoom(room);
    await eventually(() => other.page.title(), `${room} · Aerie Chat`, "the title where it was seen");
    await eventually(() => bob.page.title(), `${aside} · Aerie Chat`, "the title of the other tab");
    await eventually(() => badgeOf(bob, room), null, "the badge of the other tab");
    await bob.openRoom(room);
  });

  await check("the theme is chosen by keyboard, kept, and followed by other tabs", people, async () => {
    const background = (tab) => tab.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background(ann);
    const other = await ann.tab(url);
    people.push(other);
    await other.inRoom(room);
    await ann.at("settings-button").focus();
    await ann.page.keyboard.press("Enter");
    await ann.page.locator('[data-testid="theme-select"]:focus').waitFor();
    await ann.at("theme-select").selectOption("dark");
    const dark = await background(ann);
    assert.notEqual(dark, light);
    await eventually(() => background(other), dark, "the other tab's background");
    await ann.page.keyboard.press("Escape");
    await ann.page.locator('[data-testid="settings-button"]:focus').waitFor();
    await ann.page.reload();
    await ann.inRoom(room);
    assert.equal(await background(ann), dark, "after a reload");
    await ann.at("settings-button").click();
    await ann.at("theme-select").selectOption("light");
    await ann.page.emulateMedia({ colorScheme: "dark" });
    assert.equal(await background(ann), light, "what is chosen, not the system");
    await ann.at("theme-select").selectOption("system");
    assert.equal(await background(ann), dark, "the system");
    await ann.page.emulateMedia({ colorScheme: "light" });
    await ann.page.keyboard.press("Escape");
  });

  await check("Korean is chosen and kept, and English again", people, async () => {
    await bob.at("settings-button").click();
    await bob.at("language-select").selectOption("ko");
    await bob.page.getByRole("heading", { name: "대화방", exact: true }).waitFor();
    assert.equal(await bob.page.evaluate(() => document.documentElement.lang), "ko");
    await bob.page.reload();
    await bob.page.getByRole("log", { name: "메시지" }).waitFor();
    await bob.page.locator(".day-line", { hasText: "오늘" }).waitFor();
    await bob.at("settings-button").click();
    await bob.at("language-select").selectOption("en");
    await bob.page.getByRole("heading", { name: "Rooms", exact: true }).waitFor();
    await bob.page.keyboard.press("Escape");
  });

  await check("a Korean browser's page is Korean", people, async () => {
    const minji = await person(url, { locale: "ko-KR" });
    people.push(minji);
    await minji.page.getByText("비밀번호도 계정도 필요 없습니다.").waitFor();
    await minji.signIn("민지");
    await minji.at("room-item").filter({ hasText: room }).click();
    await minji.isConnected();
    await minji.page.getByText("여기가 대화방의 처음입니다.").waitFor();
    if (screenshots) await minji.page.screenshot({ path: join(screenshots, "korean-desktop.png") });
    await isAccessible(minji, "a room in Korean");
  });

  for (const theme of ["light", "dark"]) {
    await check(`nothing is wrong for axe in the ${theme} theme`, people, async () => {
      for (const [device, settings] of [["desktop", {}], ["phone", phone]]) {
        const carl = await person(url, { ...settings, colorScheme: theme });
        people.push(carl);
        await carl.signIn(`Carl (${device}, ${theme})`);
        await isAccessible(carl, `rooms on a ${device}`);
        await carl.openRoom(room);
        await carl.say(`my words, ${theme}, https://example.org/`);
        await carl.page.locator('.mine [data-state="sent"]').first().waitFor();
        await isAccessible(carl, `a room on a ${device}`);
        if (screenshots) await carl.page.screenshot({ path: join(screenshots, `room-${device}-${theme}.png`) });
        await carl.at("notification-bell").click();
        await isAccessible(carl, `notifications on a ${device}`);
        await carl.at("new-appointment-button").click();
        await isAccessible(carl, `an appointment on a ${device}`);
        await carl.page.keyboard.press("Escape");
        if (device === "phone") await carl.page.getByRole("button", { name: "Show rooms" }).click();
        await carl.at("settings-button").click();
        await isAccessible(carl, `settings on a ${device}`);
        if (screenshots) await carl.page.screenshot({ path: join(screenshots, `settings-${device}-${theme}.png`) });
        await carl.page.keyboard.press("Escape");
        await carl.page.goto(`${url}/#/channel/tea`);
        await carl.inChannel("tea");
        await isAccessible(carl, `a channel on a ${device}`);
        await carl.close();
      }
    });
  }

  await check("nothing in the page threw", people, async () => {
    assert.deepEqual(people.flatMap(({ errors }) => errors), []);
  });
}

/** The number beside a room; null where there is none. */
async function badgeOf(tab, room) {
  const badge = tab.page.locator(".room-item", { has: tab.page.getByText(room, { exact: true }) }).locator(".badge");
  return (await badge.count()) === 0 ? null : /\d+/.exec(await badge.textContent())[0];
}
