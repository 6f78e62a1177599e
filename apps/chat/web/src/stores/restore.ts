// Fills the stores with what this browser keeps for a user.

import { readOutbox } from "../lib/outbox";
import { useAppointment } from "./appointment";
import { useAttachments } from "./attachments";
import { useChannels } from "./channels";
import { useDrafts } from "./drafts";
import { useNotifications } from "./notifications";
import { usePanel } from "./panel";
import { usePresence } from "./presence";
import { useRead } from "./read";
import { useRooms } from "./rooms";
import { useSession } from "./session";
import { putPending } from "./timeline";
import { useTimelines } from "./timelines";
import { useToasts } from "./toasts";

export function restoreStores(userId: number): void {
  useRooms.getState().restore(userId);
  useDrafts.getState().restore(userId);
  useRead.getState().restore(userId);
  usePresence.getState().reset();
  useNotifications.getState().reset();
  useToasts.getState().dismissAll();
  useAppointment.getState().reset();
  usePanel.getState().show(null);
  useAttachments.getState().reset();

  const timelines = useTimelines.getState();
  timelines.reset();
  for (const message of readOutbox(userId)) {
    timelines.change(message.chatRoomId, (timeline) => putPending(timeline, message));
  }
}

/**
 * Restores for the present user and for each other who signs in; the same user signing in again keeps everything.
 * Returns how to stop that.
 */
export function restoreForEachUser(): () => void {
  useChannels.getState().restore();
  const present = useSession.getState().session;
  if (present) restoreStores(present.user.id);

  return useSession.subscribe(({ session }, before) => {
    if (session && session.user.id !== before.session?.user.id) restoreStores(session.user.id);
  });
}
