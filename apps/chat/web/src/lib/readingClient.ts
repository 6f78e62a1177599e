// How far one has read, in agreement with the server: what is seen here is told to it, what is seen in another tab, on
// another device is heard from it. Rooms that one takes part in are known the same way.

import { readStateOf, reachesBack, useRead } from "../stores/read";
import { useRooms } from "../stores/rooms";
import { timelineOf } from "../stores/timelines";
import type { Api } from "./api";
import { ChatError, endsSession } from "./errors";
import type { Requests } from "./events";
import type { Connection } from "./socket";
import type { Message, ReadState } from "./types";

const TRY_AGAIN_MS = 3_000;
/** What is seen is told together with what is seen a moment later; a tab that heard of it meanwhile says nothing. */
const TELL_AFTER_MS = 300;

interface ReadingClientOptions {
  connection: Connection<Requests>;
  api: Pick<Api, "reading">;
  /** Rooms that one takes part in elsewhere. */
  follow: (roomIds: number[]) => void;
  /** A room that one has left elsewhere. */
  leftElsewhere: (roomId: number) => void;
  onSessionEnd: (code: string) => void;
}

export class ReadingClient {
  private readonly stopListening: () => void;
  /** Rises with every connect and disconnect: an answer that belongs to an earlier turn is too late. */
  private turn = 0;
  private loadTimer: ReturnType<typeof setTimeout> | undefined;
  private tellTimer: ReturnType<typeof setTimeout> | undefined;
  /** Rooms that were left since the states were asked for, which the answer may have still. */
  private leftMeanwhile = new Set<number>();

  constructor(private readonly options: ReadingClientOptions) {
    this.stopListening = useRead.subscribe((now, before) => {
      if (now.upTo !== before.upTo) this.tellSoon();
    });
  }

  // ---- what the connections tell

  /** From here on every news of the user's is heard, so what was missed is fetched now. */
  ready(): void {
    this.newTurn();
    void this.load();
  }

  /** The connection over which reading is told. */
  connected(): void {
    this.tellSoon();
  }

  heard(state: ReadState): void {
    this.leftMeanwhile.delete(state.chatRoomId);
    const isNew = readStateOf(state.chatRoomId) === undefined;
    useRead.getState().learn(state);
    if (isNew) this.options.follow([state.chatRoomId]);
  }

  left(roomId: number): void {
    this.leftMeanwhile.add(roomId);
    useRead.getState().unfollow(roomId);
    this.options.leftElsewhere(roomId);
  }

  /** A message that is counted as unread may be gone. */
  changed(message: Message): void {
    const { chatRoomId, id, deleted } = message;
    const state = readStateOf(chatRoomId);
    if (!deleted || !state || id <= state.upTo || reachesBack(timelineOf(chatRoomId), state.upTo)) return;
    this.loadIn(TELL_AFTER_MS);
  }

  disconnected(): void {
    this.newTurn();
  }

  dispose(): void {
    this.newTurn();
    clearTimeout(this.tellTimer);
    this.stopListening();
  }

  // ---- how it is done

  private async load(): Promise<void> {
    const { turn } = this;
    this.leftMeanwhile = new Set();
    try {
      const answer = await this.options.api.reading();
      if (turn !== this.turn) return;
      const states = answer.filter(({ chatRoomId }) => !this.leftMeanwhile.has(chatRoomId));
      const there = new Set(states.map(({ chatRoomId }) => chatRoomId));
      const gone = useRead.getState().followed.filter((roomId) => !there.has(roomId));
      for (const state of states) useRead.getState().learn(state);
      this.options.follow([...there]);
      for (const roomId of gone) {
        useRead.getState().unfollow(roomId);
        this.options.leftElsewhere(roomId);
      }
      this.tellSoon();
    } catch (error) {
      if (turn !== this.turn) return;
      this.endIfRefused(error);
      this.loadIn(TRY_AGAIN_MS);
    }
  }

  private loadIn(ms: number): void {
    clearTimeout(this.loadTimer);
    this.loadTimer = setTimeout(() => void this.load(), ms);
  }

  private tellSoon(): void {
    this.tellTimer ??= setTimeout(() => {
      this.tellTimer = undefined;
      void this.tellAll();
    }, TELL_AFTER_MS);
  }

  private async tellAll(): Promise<void> {
    const { upTo } = useRead.getState();
    const due = useRooms.getState().joined.filter((id) => upTo[id] !== undefined && upTo[id]! > (readStateOf(id)?.upTo ?? -1));
    for (const roomId of due) {
      // What cannot be told now is told with the next connection, or together with what is seen next.
      if (!this.options.connection.connected) return;
      try {
        const { state } = await this.options.connection.request("markRead", { chatRoomId: roomId, upTo: upTo[roomId]! });
        if (useRooms.getState().joined.includes(roomId)) useRead.getState().learn(state);
      } catch (error) {
        this.endIfRefused(error);
      }
    }
  }

  private endIfRefused(error: unknown): void {
    if (error instanceof ChatError && endsSession(error.code)) this.options.onSessionEnd(error.code);
  }

  private newTurn(): void {
    this.turn += 1;
    clearTimeout(this.loadTimer);
  }
}
