import assert from "node:assert/strict";

/** What a page needs for anything; only failures take that long, and a machine that builds something else meanwhile. */
const PATIENCE_MS = 30_000;

/**
 * Asks `probe` until it gives what is expected. What a page has to show is there some moments after what causes it, and not
 * at the same time as other signs of it.
 */
export async function eventually(probe, expected, what) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const actual = await probe();
    try {
      assert.deepEqual(actual, expected, what);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Runs in the page: keeps the texts of all toasts, which go by themselves after some seconds. */
function noteToasts() {
  window.toastsSoFar = [];
  const look = (node) => {
    if (!(node instanceof Element)) return;
    for (const element of [node, ...node.querySelectorAll("*")]) {
      if (element.dataset?.testid === "toast") window.toastsSoFar.push(element.querySelector("p").textContent);
    }
  };
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) addedNodes.forEach(look);
  }).observe(document, { childList: true, subtree: true });
}

/** One person in front of the chat: their browser context and page, spoken of as they would. */
export class ChatPage {
  static async open(browser, url, settings = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...settings });
    context.setDefaultTimeout(PATIENCE_MS);
    return ChatPage.#in(context, url);
  }

  static async #in(context, url) {
    const page = await context.newPage();
    await page.addInitScript(noteToasts);
    const chat = new ChatPage(context, page);
    await page.goto(url);
    return chat;
  }

  #upgraded;
  #upgrade = new Promise((resolve) => (this.#upgraded = resolve));

  constructor(context, page) {
    this.context = context;
    this.page = page;
    /** Exceptions that nobody caught in the page. */
    this.errors = [];
    page.on("pageerror", (error) => this.errors.push(String(error)));
    /** WebSockets that are open. */
    this.connections = new Set();
    page.on("websocket", (socket) => {
      if (!socket.url().includes("/socket.io/")) return;
      this.connections.add(socket);
      // The end of the upgrade from long polling.
      socket.on("framesent", ({ payload }) => payload === "5" && this.#upgraded());
      socket.on("close", () => this.connections.delete(socket));
    });
  }

  /** Another tab of the same browser, closed together with this one. */
  tab(url) {
    return ChatPage.#in(this.context, url);
  }

  at(testId) {
    return this.page.getByTestId(testId);
  }

  async signIn(nickname) {
    await this.at("nickname-input").fill(nickname);
    await this.at("login-button").click();
    await this.isConnected();
  }

  async createRoom(name) {
    await this.at("room-name-input").fill(name);
    await this.at("create-room-button").click();
    await this.inRoom(name);
  }

  async openRoom(name) {
    await this.at("room-item").filter({ hasText: name }).click();
    await this.inRoom(name);
  }

  async inRoom(name) {
    await this.page.locator(".room-title", { hasText: name }).waitFor();
    await this.page.getByText(/This is where the room begins|No messages yet|earlier messages/).waitFor({ state: "attached" });
  }

  async write(text) {
    await this.at("message-input").fill(text);
  }

  async say(text) {
    await this.write(text);
    await this.at("message-input").press("Enter");
  }

  /** Says `count` texts and waits until the server has them all. */
  async sayMany(count, textOf) {
    for (let index = 0; index < count; index += 1) await this.say(textOf(index));
    await this.message(textOf(count - 1)).and(this.page.locator('[data-state="sent"]')).waitFor();
    await this.page.locator('[data-testid="message"][data-state="sending"]').first().waitFor({ state: "detached" });
  }

  message(text) {
    return this.page.locator('[data-testid="message"]', { has: this.page.getByText(text, { exact: true }) });
  }

  async sees(text) {
    await this.message(text).first().waitFor();
    assert.equal(await this.message(text).count(), 1, `"${text}" is there once`);
  }

  /** The texts in the list that begin with `prefix`, in their order. */
  async texts(prefix) {
    const all = await this.page.locator('[data-testid="message"] .content').allTextContents();
    return all.filter((text) => text.startsWith(prefix));
  }

  async seesInOrder(expected, prefix) {
    await eventually(() => this.texts(prefix), expected);
  }

  async enterChannel(name) {
    await this.at("channel-name-input").fill(name);
    await this.at("enter-channel-button").click();
    await this.inChannel(name);
  }

  /** Waits until the channel has welcomed us; returns the name it has made up. */
  async inChannel(name) {
    await this.page.locator(".channel-title h1", { hasText: name }).waitFor();
    await this.isConnected();
    const me = this.at("channel-me").filter({ hasText: /guest-/ });
    return /guest-\w+/.exec(await me.textContent())[0];
  }

  /** Fills the form of an appointment; it is not sent yet. */
  async writeAppointment(title, invited) {
    if (!(await this.at("notification-panel").isVisible())) await this.at("notification-bell").click();
    if (!(await this.at("appointment-title").isVisible())) await this.at("new-appointment-button").click();
    await this.at("appointment-title").fill(title);
    await this.at("appointment-invited").fill(invited);
  }

  async plan(title, invited) {
    await this.writeAppointment(title, invited);
    await this.at("plan-button").click();
    await this.at("appointment-done").getByText(title).waitFor();
    await this.page.keyboard.press("Escape");
  }

  /** Waits until the bell shows this many. */
  async hasUnread(count) {
    await this.page.locator(`[data-testid="notification-bell"][data-unread="${count}"]`).waitFor();
  }

  /** The texts of the toasts that there have been since the page was loaded, also of those that have gone. */
  async toastsSoFar() {
    return this.page.evaluate(() => window.toastsSoFar);
  }

  /** `act` makes this one type: waits until `text` says so. It is not shown for long, so the wait begins first. */
  async seesTyping(text, act) {
    await Promise.all([this.at("typing").getByText(text).waitFor(), act()]);
  }

  async isConnected() {
    await this.#inState("connected");
  }

  async isNotConnected() {
    await this.page.locator('[data-testid="connection-state"]:not([data-state="connected"])').waitFor();
  }

  async draft() {
    return this.at("message-input").inputValue();
  }

  async hasDraft(text) {
    await eventually(() => this.draft(), text, "the draft");
  }

  async goOffline() {
    await this.context.setOffline(true);
    await this.isNotConnected();
  }

  async goOnline() {
    await this.context.setOffline(false);
    await this.isConnected();
  }

  /** Of a page that is closed between two polls its server hears only when it misses the next one. */
  async close() {
    await Promise.race([this.#upgrade, this.page.waitForTimeout(2000)]);
    await this.context.close();
  }

  async #inState(state) {
    await this.page.locator(`[data-testid="connection-state"][data-state="${state}"]`).waitFor();
  }
}
