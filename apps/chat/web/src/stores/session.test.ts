import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { save } from "../lib/storage";
import { ann, bob, memoryStorage } from "../testing";
import { adoptSessions, useSession } from "./session";

const session = (user: typeof ann, token: string) => ({ user, token, expiresAt: "2027-01-01T00:00:00.000Z" });

let tellTab: (event: { key: string }) => void;
let stop: () => void;

beforeEach(() => {
  vi.stubGlobal("localStorage", memoryStorage());
  vi.stubGlobal("window", {
    addEventListener: (_: string, listener: typeof tellTab) => (tellTab = listener),
    removeEventListener: () => undefined,
  });
  stop = adoptSessions();
  useSession.getState().signIn(session(ann, "first"));
});

afterEach(() => {
  stop();
  useSession.getState().signOut();
  vi.unstubAllGlobals();
});

/** Another tab of this browser signs in. */
function otherTabSignsIn(user: typeof ann): void {
  save("session", session(user, "second"));
  tellTab({ key: "aerie-chat/session" });
}

const token = () => useSession.getState().session?.token;

test("a session that has ended goes on with what the same user has in another tab", () => {
  useSession.getState().end("EXPIRED_TOKEN");
  otherTabSignsIn(ann);
  expect([token(), useSession.getState().ended]).toEqual(["second", null]);
});

test("a good session stays, whatever other tabs do", () => {
  otherTabSignsIn(ann);
  expect(token()).toBe("first");
});

test("nobody becomes somebody else", () => {
  useSession.getState().end("EXPIRED_TOKEN");
  otherTabSignsIn(bob);
  expect([token(), useSession.getState().ended]).toEqual(["first", "EXPIRED_TOKEN"]);
});
