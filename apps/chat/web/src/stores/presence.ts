import { create } from "zustand";
import type { TypingEvent } from "../lib/events";
import type { User } from "../lib/types";

/** Somebody whose "stopped typing" was lost should not type for ever. */
export const TYPING_LASTS_MS = 6_000;

interface Typist {
  user: User;
  /** Milliseconds since 1970. */
  until: number;
}

interface PresenceState {
  online: Readonly<Record<number, readonly User[]>>;
  typing: Readonly<Record<number, readonly Typist[]>>;
  setOnline(roomId: number, users: readonly User[]): void;
  setTyping(event: TypingEvent, now: number): void;
  dropStale(now: number): void;
  /** Who is online stays until the next answer, so that the list does not empty and fill with every lost connection. */
  forgetTyping(): void;
  reset(): void;
}

export const usePresence = create<PresenceState>()((set) => ({
  online: {},
  typing: {},
  setOnline: (roomId, users) => set(({ online }) => ({ online: { ...online, [roomId]: distinct(users) } })),
  setTyping: ({ chatRoomId, user, typing: isTyping }, now) =>
    set(({ typing }) => {
      const others = (typing[chatRoomId] ?? []).filter((typist) => typist.user.id !== user.id);
      const typists = isTyping ? [...others, { user, until: now + TYPING_LASTS_MS }] : others;
      return { typing: { ...typing, [chatRoomId]: typists } };
    }),
  dropStale: (now) =>
    set(({ typing }) => {
      const stale = Object.values(typing).some((typists) => typists.some((typist) => typist.until <= now));
      if (!stale) return {};
      const rooms = Object.entries(typing);
      return { typing: Object.fromEntries(rooms.map(([id, all]) => [id, all.filter((t) => t.until > now)])) };
    }),
  forgetTyping: () => set({ typing: {} }),
  reset: () => set({ online: {}, typing: {} }),
}));

// Somebody with two tabs is online once.
function distinct(users: readonly User[]): User[] {
  const byId = new Map(users.map((user) => [user.id, user]));
  return [...byId.values()].sort((a, b) => a.nickname.localeCompare(b.nickname));
}
