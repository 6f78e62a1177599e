import { create } from "zustand";
import { isObject, isString, load, save } from "../lib/storage";
import type { Session } from "../lib/types";

const KEY = "session";

interface SessionState {
  /** Stays while it has ended, so that the nickname, the room and the drafts are still there at the next sign-in. */
  session: Session | null;
  /** The server's code for why the session ended; null while it is good. */
  ended: string | null;
  signIn(session: Session): void;
  end(code: string): void;
  signOut(): void;
}

export const useSession = create<SessionState>()((set) => ({
  session: load(KEY, isSession) ?? null,
  ended: null,
  signIn: (session) => {
    save(KEY, session);
    set({ session, ended: null });
  },
  end: (code) => set({ ended: code }),
  signOut: () => {
    save(KEY, undefined);
    set({ session: null, ended: null });
  },
}));

function isSession(value: unknown): value is Session {
  return isObject(value) && isString(value["token"]) && isObject(value["user"]) && isString(value["user"]["nickname"]);
}
