import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ann, bob, memoryStorage, notification } from "../testing";
import { useAppointment } from "./appointment";
import { useChannels } from "./channels";
import { useDrafts } from "./drafts";
import { arrived, useNotifications } from "./notifications";
import { restoreForEachUser } from "./restore";
import { useRooms } from "./rooms";
import { useSession } from "./session";

const session = (user: typeof ann, token: string) => ({ user, token, expiresAt: "2027-01-01T00:00:00.000Z" });

let stop: () => void;

beforeEach(() => {
  vi.stubGlobal("localStorage", memoryStorage());
  stop = restoreForEachUser();
  useSession.getState().signIn(session(ann, "first"));
  useRooms.getState().open(7);
  useDrafts.getState().set(7, "not yet finished");
  useChannels.getState().setDraft("tea", "nor this");
  useAppointment.getState().change({ title: "Review" });
  useNotifications.getState().change((known) => arrived(known, notification(1)));
});

afterEach(() => {
  stop();
  useSession.getState().signOut();
  vi.unstubAllGlobals();
});

const kept = () => ({
  room: useRooms.getState().activeId,
  draft: useDrafts.getState().byRoom[7],
  channelDraft: useChannels.getState().drafts["tea"],
  appointment: useAppointment.getState().draft.title,
  notifications: useNotifications.getState().list.length,
});

const everything = {
  room: 7,
  draft: "not yet finished",
  channelDraft: "nor this",
  appointment: "Review",
  notifications: 1,
};

test("an expired token leaves everything where it is, also when the same user signs in again", () => {
  useSession.getState().end("EXPIRED_TOKEN");
  expect(useSession.getState().session?.user).toEqual(ann);
  expect(kept()).toEqual(everything);
  useSession.getState().signIn(session(ann, "second"));
  expect(useSession.getState().ended).toBeNull();
  expect(kept()).toEqual(everything);
});

test("after a reload the drafts of rooms and channels are still there", () => {
  useDrafts.setState({ byRoom: {} });
  useChannels.setState({ drafts: {} });
  stop();
  stop = restoreForEachUser();
  expect(kept()).toMatchObject({ room: 7, draft: "not yet finished", channelDraft: "nor this" });
});

test("somebody else sees nothing of it, but the drafts of the channels, which are nobody's", () => {
  useSession.getState().end("EXPIRED_TOKEN");
  useSession.getState().signIn(session(bob, "other"));
  expect(kept()).toEqual({ room: null, draft: undefined, channelDraft: "nor this", appointment: "", notifications: 0 });
});
