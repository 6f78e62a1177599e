import { create } from "zustand";
import { followOtherTabs, isObject, isString, load, save } from "../lib/storage";
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

/**
 * Signing in again in one tab is enough for all of the same user: what another tab keeps is good for this one, too.
 * Returns how to stop that.
 */
export function adoptSessions(): () => void {
  return followOtherTabs(KEY, (stored) => {
    const { session, ended } = useSession.getState();
    if (ended === null || !isSession(stored) || stored.user.id !== session?.user.id) return;
    useSession.setState({ session: stored, ended: null });
  });
}

function isSession(value: unknown): value is Session {
  return isObject(value) && isString(value["token"]) && isObject(value["user"]) && isString(value["user"]["nickname"]);
}
