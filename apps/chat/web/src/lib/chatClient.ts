// One signed-in session's work with the server: joins rooms, catches up after each reconnection, sends, reads history.
// It knows neither React nor the socket library; what it learns goes into the stores.

import { useConnection } from "../stores/connection";
import { usePresence } from "../stores/presence";
import { useRooms } from "../stores/rooms";
import { caughtUp, changed, lostConnection, prepend, putPending, receive, removePending, resumed } from "../stores/timeline";
import { timelineOf, useTimelines } from "../stores/timelines";
import type { Api } from "./api";
import { catchUp } from "./catchUp";
import { ChatError, codeOf, endsSession, inWords } from "./errors";
import type { OnlineEvent, Requests, TypingEvent } from "./events";
import { newClientId } from "./ids";
import { releaseImage, type ChosenImage } from "./image";
import { dropFromOutbox, keepInOutbox } from "./outbox";
import type { Connection } from "./socket";
import type { Message, MessagePage, PendingMessage, Room, User } from "./types";

const TRY_AGAIN_MS = 3_000;
/** An image takes its time over a slow line. */
const IMAGE_PATIENCE_MS = 60_000;
/** A message further back than these is not looked for: the page would become slow. */
const MAX_PAGES_BACK = 40;

type RoomsApi = Pick<Api, "rooms" | "createRoom" | "messages" | "search">;

interface ChatClientOptions {
  connection: Connection<Requests>;
  api: RoomsApi;
  me: User;
  /** The server refused the token, with its code. */
  onSessionEnd: (code: string) => void;
}

export class ChatClient {
  private readonly connection: Connection<Requests>;
  private readonly api: RoomsApi;
  private readonly me: User;
  private readonly onSessionEnd: (code: string) => void;

  /** Rises with every connect and disconnect: an answer that belongs to an earlier turn is too late. */
  private turn = 0;
  /** Rooms the server has let us into on this connection. */
  private readonly entered = new Set<number>();
  private readonly entering = new Set<number>();
  /** Rooms that were live when the connection was lost: a connection that is recovered goes on in them. */
  private readonly kept = new Set<number>();
  /** Rooms that the user has left and the server has not heard it. */
  private readonly untold = new Set<number>();
  private readonly inFlight = new Set<string>();
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();

  constructor({ connection, api, me, onSessionEnd }: ChatClientOptions) {
    this.connection = connection;
    this.api = api;
    this.me = me;
    this.onSessionEnd = onSessionEnd;
  }

  // ---- what the connection tells

  /** `recovered`: the server has sent what was missed, and has us in our rooms still. */
  connected(recovered = false): void {
    this.newTurn();
    useConnection.getState().set("connected");
    void this.loadRooms();
    for (const roomId of useRooms.getState().joined) {
      if (recovered && this.kept.has(roomId)) this.goOn(roomId);
      else void this.enter(roomId);
    }
    for (const roomId of this.untold) this.tellLeft(roomId);
    this.kept.clear();
  }

  disconnected(): void {
    for (const roomId of this.entered) if (timelineOf(roomId).live) this.kept.add(roomId);
    this.newTurn();
    usePresence.getState().forgetTyping();
    useTimelines.getState().changeAll(lostConnection);
  }

  received(message: Message): void {
    useTimelines.getState().change(message.chatRoomId, (timeline) => receive(timeline, message));
    usePresence.getState().setTyping({ chatRoomId: message.chatRoomId, user: message.sender, typing: false }, Date.now());
    if (message.sender.id === this.me.id) dropFromOutbox(message);
  }

  changed(message: Message): void {
    useTimelines.getState().change(message.chatRoomId, (timeline) => changed(timeline, message));
  }

  onlineChanged({ chatRoomId, users }: OnlineEvent): void {
    usePresence.getState().setOnline(chatRoomId, users);
  }

  typingChanged(event: TypingEvent): void {
    if (event.user.id !== this.me.id) usePresence.getState().setTyping(event, Date.now());
  }

  roomCreated(room: Room): void {
    useRooms.getState().addRoom(room);
  }

  dispose(): void {
    this.disconnected();
  }

  // ---- what the user does

  openRoom(roomId: number): void {
    useRooms.getState().open(roomId);
    this.untold.delete(roomId);
    if (!this.entered.has(roomId)) void this.enter(roomId);
  }

  /** On all of the user's devices. */
  leaveRoom(roomId: number): void {
    this.leaveHere(roomId);
    this.untold.add(roomId);
    this.tellLeft(roomId);
  }

  /** The user has left it in another tab or on another device. */
  leftElsewhere(roomId: number): void {
    if (!useRooms.getState().joined.includes(roomId)) return;
    this.leaveHere(roomId);
    if (this.connection.connected) {
      this.connection.request("leaveRoom", { chatRoomId: roomId }).catch(() => undefined);
    }
  }

  /** Rooms that the user takes part in elsewhere. */
  follow(roomIds: readonly number[]): void {
    for (const roomId of roomIds) {
      if (this.untold.has(roomId) || useRooms.getState().joined.includes(roomId)) continue;
      useRooms.getState().join(roomId);
      void this.enter(roomId);
    }
  }

  /** Rejects with an error to show beside the form. */
  async createRoom(name: string): Promise<void> {
    const room = await this.guarded(this.api.createRoom(name));
    useRooms.getState().addRoom(room);
    this.openRoom(room.id);
  }

  send(roomId: number, content: string, image?: ChosenImage): void {
    const message: PendingMessage = {
      clientId: newClientId(),
      chatRoomId: roomId,
      sender: this.me,
      content,
      ...(image && { image }),
      writtenAt: Date.now(),
      state: "sending",
    };
    this.put(message);
    void this.transmit(message);
  }

  /** Sends a failed message again under its old clientId, so that it cannot come twice. */
  retry(failed: PendingMessage): void {
    const { reason: _, ...message } = failed;
    const again: PendingMessage = { ...message, state: "sending" };
    this.put(again);
    if (this.entered.has(again.chatRoomId)) void this.transmit(again);
    else void this.enter(again.chatRoomId);
  }

  discard(failed: PendingMessage): void {
    dropFromOutbox(failed);
    if (failed.image) releaseImage(failed.image);
    useTimelines.getState().change(failed.chatRoomId, (timeline) => removePending(timeline, failed.clientId));
  }

  /** Rejects with an error to show above the messages. */
  async loadOlder(roomId: number): Promise<void> {
    const first = timelineOf(roomId).messages[0];
    if (!first) return;
    const page = await this.guarded(this.api.messages(roomId, first.id));
    useTimelines.getState().change(roomId, (timeline) => prepend(timeline, first.id, page));
  }

  /** Ends when the messages of a room that is being opened are there. */
  isOpen(roomId: number): Promise<void> {
    return new Promise((resolve) => {
      const stop = useTimelines.subscribe(look);
      function look(): void {
        if (timelineOf(roomId).knownUpTo === null && !timelineOf(roomId).live) return;
        stop();
        resolve();
      }
      look();
    });
  }

  /** Loads older messages until this one is there; false when it is too far back. Rejects as `loadOlder` does. */
  async loadBackTo(roomId: number, messageId: number): Promise<boolean> {
    for (let pages = 0; pages < MAX_PAGES_BACK; pages += 1) {
      const { messages, hasOlder } = timelineOf(roomId);
      if (messages.some(({ id }) => id === messageId)) return true;
      if (!hasOlder || messages.length === 0 || messages[0]!.id < messageId) return false;
      await this.loadOlder(roomId);
    }
    return false;
  }

  /** What one has said; rejects with an error to show beside it. */
  async edit(message: { chatRoomId: number; id: number }, content: string): Promise<void> {
    const { chatRoomId, id } = message;
    const edited = await this.guarded(this.connection.request("editMessage", { chatRoomId, id, content }));
    this.changed(edited.message);
  }

  async remove({ chatRoomId, id }: { chatRoomId: number; id: number }): Promise<void> {
    const removed = await this.guarded(this.connection.request("deleteMessage", { chatRoomId, id }));
    this.changed(removed.message);
  }

  search(roomId: number, text: string, before?: number): Promise<MessagePage> {
    return this.guarded(this.api.search(roomId, text, before));
  }

  tellTyping(roomId: number, typing: boolean): void {
    if (this.entered.has(roomId)) this.connection.tell("typing", { chatRoomId: roomId, typing });
  }

  // ---- how it is done

  private async loadRooms(): Promise<void> {
    const turn = this.turn;
    try {
      const rooms = await this.guarded(this.api.rooms());
      useRooms.getState().setRooms(rooms);
    } catch (error) {
      if (turn !== this.turn) return;
      useRooms.getState().setError(inWords(error));
      this.later(() => void this.loadRooms());
    }
  }

  /** Joins a room, sends what waits for it and fetches what was missed. */
  private async enter(roomId: number): Promise<void> {
    if (!this.connection.connected || this.entering.has(roomId)) return;
    const turn = this.turn;
    this.entering.add(roomId);
    try {
      const { room, online } = await this.connection.request("joinRoom", { chatRoomId: roomId });
      if (turn !== this.turn) return;
      this.entered.add(roomId);
      useRooms.getState().addRoom(room);
      usePresence.getState().setOnline(roomId, online);
      this.transmitAll(roomId);

      // History is read after joining: a message that it misses comes live.
      const known = timelineOf(roomId).knownUpTo;
      const history = await catchUp((before) => this.guarded(this.api.messages(roomId, before)), known);
      if (turn !== this.turn) return;
      useTimelines.getState().change(roomId, (timeline) => caughtUp(timeline, history));
      useRooms.getState().setProblem(roomId, null);
    } catch (error) {
      if (turn === this.turn) this.couldNotEnter(roomId, error);
    } finally {
      if (turn === this.turn) this.entering.delete(roomId);
    }
  }

  private leaveHere(roomId: number): void {
    useRooms.getState().leave(roomId);
    this.entered.delete(roomId);
    this.kept.delete(roomId);
    useTimelines.getState().change(roomId, lostConnection);
  }

  // What does not arrive is told with the next connection.
  private tellLeft(roomId: number): void {
    if (!this.connection.connected) return;
    const told = this.connection.request("leaveRoom", { chatRoomId: roomId, everywhere: true });
    told.then(() => this.untold.delete(roomId)).catch(() => undefined);
  }

  /** The room as if nothing had happened: its messages have come. */
  private goOn(roomId: number): void {
    this.entered.add(roomId);
    useTimelines.getState().change(roomId, resumed);
    this.transmitAll(roomId);
  }

  private couldNotEnter(roomId: number, error: unknown): void {
    this.endIfRefused(error);
    const code = codeOf(error);
    if (code === "DISCONNECTED" || endsSession(code)) return;
    useRooms.getState().setProblem(roomId, inWords(error));
    if (code !== "ROOM_NOT_FOUND") {
      this.later(() => void this.enter(roomId));
      return;
    }
    useRooms.getState().forget(roomId);
    for (const message of timelineOf(roomId).pending) this.fail(message, error);
  }

  private transmitAll(roomId: number): void {
    for (const message of timelineOf(roomId).pending) {
      if (message.state === "sending") void this.transmit(message);
    }
  }

  private async transmit(message: PendingMessage): Promise<void> {
    const { chatRoomId, content, clientId, image } = message;
    // Outside the room it waits: entering the room sends it.
    if (!this.entered.has(chatRoomId) || this.inFlight.has(clientId)) return;
    this.inFlight.add(clientId);
    try {
      const sent = image
        ? await this.connection.request("sendImage", { chatRoomId, content, clientId, image: image.bytes }, IMAGE_PATIENCE_MS)
        : await this.connection.request("sendMessage", { chatRoomId, content, clientId });
      this.received(sent.message);
      // What was shown from here is shown from the server now.
      if (image) setTimeout(() => releaseImage(image), TRY_AGAIN_MS);
    } catch (error) {
      this.endIfRefused(error);
      // Lost on the way or refused for the token: it stays in line for the next connection.
      if (codeOf(error) !== "DISCONNECTED" && !endsSession(codeOf(error))) this.fail(message, error);
    } finally {
      this.inFlight.delete(clientId);
    }
  }

  private put(message: PendingMessage): void {
    keepInOutbox(message);
    useTimelines.getState().change(message.chatRoomId, (timeline) => putPending(timeline, message));
  }

  private fail(message: PendingMessage, error: unknown): void {
    // It may have been confirmed by its broadcast while the answer was lost.
    const waits = timelineOf(message.chatRoomId).pending.some((pending) => pending.clientId === message.clientId);
    if (waits) this.put({ ...message, state: "failed", reason: inWords(error) });
  }

  private async guarded<T>(call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (error) {
      this.endIfRefused(error);
      throw error;
    }
  }

  private endIfRefused(error: unknown): void {
    if (error instanceof ChatError && endsSession(error.code)) this.onSessionEnd(error.code);
  }

  private later(action: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      action();
    }, TRY_AGAIN_MS);
    this.timers.add(timer);
  }

  private newTurn(): void {
    this.turn += 1;
    this.entered.clear();
    this.entering.clear();
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }
}
