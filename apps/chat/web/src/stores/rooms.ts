import { create } from "zustand";
import { isNumber, isNumbers, load, save } from "../lib/storage";
import type { Room } from "../lib/types";

interface RoomsState {
  rooms: readonly Room[];
  /** The list has come from the server at least once. */
  loaded: boolean;
  /** Why the list could not be loaded, in words. */
  error: string | null;
  activeId: number | null;
  /** Rooms we take part in: joined at every connection, also after the page is loaded anew. */
  joined: readonly number[];
  /** Why a room could not be joined or caught up, in words. */
  problems: Readonly<Record<number, string>>;

  restore(userId: number): void;
  setRooms(rooms: Room[]): void;
  addRoom(room: Room): void;
  setError(error: string): void;
  open(roomId: number): void;
  /** Takes part in a room without opening it. */
  join(roomId: number): void;
  /** Leaves a room for good; it stays in the list. */
  leave(roomId: number): void;
  /** A room that is gone: not joined any more, but still shown with its problem. */
  forget(roomId: number): void;
  setProblem(roomId: number, problem: string | null): void;
}

export const useRooms = create<RoomsState>()((set, get) => {
  let owner: number | null = null;

  function keep(): void {
    if (owner === null) return;
    save(`rooms/${owner}/joined`, get().joined);
    save(`rooms/${owner}/active`, get().activeId ?? undefined);
  }

  return {
    rooms: [],
    loaded: false,
    error: null,
    activeId: null,
    joined: [],
    problems: {},

    restore: (userId) => {
      owner = userId;
      set({
        rooms: [],
        loaded: false,
        error: null,
        problems: {},
        activeId: load(`rooms/${userId}/active`, isNumber) ?? null,
        joined: load(`rooms/${userId}/joined`, isNumbers) ?? [],
      });
    },
    setRooms: (rooms) => set({ rooms: byId(rooms), loaded: true, error: null }),
    addRoom: (room) => set(({ rooms }) => ({ rooms: byId([...rooms.filter((r) => r.id !== room.id), room]) })),
    setError: (error) => set({ error }),
    open: (roomId) => {
      set(({ joined }) => ({ activeId: roomId, joined: joined.includes(roomId) ? joined : [...joined, roomId] }));
      keep();
    },
    join: (roomId) => {
      if (get().joined.includes(roomId)) return;
      set(({ joined }) => ({ joined: [...joined, roomId] }));
      keep();
    },
    leave: (roomId) => {
      set(({ joined, activeId }) => ({
        joined: joined.filter((id) => id !== roomId),
        activeId: activeId === roomId ? null : activeId,
      }));
      get().setProblem(roomId, null);
      keep();
    },
    forget: (roomId) => {
      set(({ joined, rooms }) => ({
        joined: joined.filter((id) => id !== roomId),
        rooms: rooms.filter((room) => room.id !== roomId),
      }));
      keep();
    },
    setProblem: (roomId, problem) =>
      set(({ problems }) => {
        const { [roomId]: before, ...others } = problems;
        if ((before ?? null) === problem) return {};
        return { problems: problem === null ? others : { ...others, [roomId]: problem } };
      }),
  };
});

function byId(rooms: readonly Room[]): Room[] {
  return [...rooms].sort((a, b) => a.id - b.id);
}
