import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";
import { until, within } from "../../conformance/lib/wait.mjs";

const { io } = createRequire(new URL("../../conformance/package.json", import.meta.url))("socket.io-client");

/** Calls the API. */
export async function call(url, method, path, { token, body, headers = {} } = {}) {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
    },
    body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
}

/** A socket that has not connected yet and gives up at once. */
export function socketOf(url, auth, options = {}) {
  return io(url, { forceNew: true, reconnection: false, transports: ["websocket"], auth, ...options });
}

/** The connect_error of a socket that is refused. */
export async function refusal(url, auth) {
  const socket = socketOf(url, auth);
  try {
    return await within(
      new Promise((resolve, reject) => {
        socket.on("connect_error", resolve);
        socket.on("connect", () => reject(new Error("it was let in")));
      }),
      "the socket is refused",
    );
  } finally {
    socket.disconnect();
  }
}

/** One connection of somebody, with everything it has heard. */
export class Tab {
  heard = [];
  #online = new Map();

  constructor(socket) {
    this.socket = socket;
    socket.onAny((event, ...args) => this.heard.push([event, ...args]));
    socket.on("online", ({ chatRoomId, users }) => this.#online.set(chatRoomId, users));
  }

  ask(event, ...args) {
    return this.socket.timeout(10_000).emitWithAck(event, ...args);
  }

  /** Notes who is there where the answer comes, not where it is awaited: a change may be right behind it. */
  join(chatRoomId) {
    return new Promise((resolve, reject) => {
      this.socket.timeout(10_000).emit("joinRoom", { chatRoomId }, (late, answer) => {
        if (late) return reject(late);
        if (answer.ok) this.#online.set(chatRoomId, answer.online);
        resolve(answer);
      });
    });
  }

  /**
   * The nicknames of who is in a room, as a page knows them: by the answer to its joining, and by each change
   * since. Where somebody comes back before an earlier tab of theirs has ended, nothing changes.
   */
  online(chatRoomId) {
    return this.#online.get(chatRoomId)?.map(({ nickname }) => nickname);
  }

  /** Waits until these are in a room, in this order. Another instance is believed to be there for some seconds. */
  seesOnline(chatRoomId, ...nicknames) {
    return until(
      () => isDeepStrictEqual(this.online(chatRoomId), nicknames),
      () => `${nicknames} are online; ${this.online(chatRoomId)} were said`,
      20_000,
    );
  }

  send(chatRoomId, content, clientId = newId()) {
    return this.ask("sendMessage", { chatRoomId, content, clientId });
  }

  sendImage(chatRoomId, image, content = "", clientId = newId()) {
    return this.ask("sendImage", { chatRoomId, content, clientId, image });
  }

  edit(chatRoomId, id, content) {
    return this.ask("editMessage", { chatRoomId, id, content });
  }

  remove(chatRoomId, id) {
    return this.ask("deleteMessage", { chatRoomId, id });
  }

  markRead(chatRoomId, upTo) {
    return this.ask("markRead", { chatRoomId, upTo });
  }

  events(name) {
    return this.heard.filter(([event]) => event === name).map(([, value]) => value);
  }

  /** Waits until the newest event of a name satisfies `check`. */
  hears(name, check = () => true) {
    const newest = () => this.events(name).findLast(check);
    return until(newest, () => `${name} is heard; it heard ${JSON.stringify(this.heard.slice(-5))}`);
  }

  close() {
    this.socket.disconnect();
  }
}

/** Somebody who has signed in. */
export class Person {
  #tabs = [];

  static async signIn(url, nickname) {
    const { status, body } = await call(url, "POST", "/api/login", { body: { nickname } });
    if (status !== 200) throw new Error(`login: ${status} ${JSON.stringify(body)}`);
    return new Person(url, body);
  }

  constructor(url, { token, user, expiresAt }) {
    Object.assign(this, { url, token, user, expiresAt });
  }

  call(method, path, body) {
    return call(this.url, method, path, { token: this.token, body });
  }

  async createRoom(name) {
    const { body } = await this.call("POST", "/api/rooms", { name });
    return body;
  }

  /** All of a room's history, page by page. */
  async history(roomId, limit = 100) {
    const messages = [];
    for (let hasMore = true; hasMore; ) {
      const before = messages.length > 0 ? `&before=${messages[0].id}` : "";
      const { status, body } = await this.call("GET", `/api/rooms/${roomId}/messages?limit=${limit}${before}`);
      if (status !== 200) throw new Error(`history: ${status} ${JSON.stringify(body)}`);
      messages.unshift(...body.messages);
      hasMore = body.hasMore;
    }
    return messages;
  }

  /** How far they have read, by room. */
  async reading() {
    const { body } = await this.call("GET", "/api/rooms/reading");
    return Object.fromEntries(body.map((state) => [state.chatRoomId, state]));
  }

  /** A connected tab, in these rooms. */
  async open(roomIds = [], options = {}) {
    const socket = socketOf(this.url, { token: this.token }, options);
    const tab = new Tab(socket);
    this.#tabs.push(tab);
    await within(
      new Promise((resolve, reject) => {
        socket.once("connect", resolve);
        socket.once("connect_error", reject);
      }),
      "the socket connects",
    );
    for (const roomId of roomIds) await tab.join(roomId);
    return tab;
  }

  leave() {
    for (const tab of this.#tabs) tab.close();
  }
}

let lastId = 0;

/** A client id that nobody else has. */
export function newId() {
  return `${process.pid}-${(lastId += 1)}`;
}
