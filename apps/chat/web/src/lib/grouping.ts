// Turns a room's messages into what is drawn: days, the "new messages" line, and runs of one sender.

import type { Message, PendingMessage, User } from "./types";
import { imageAddress } from "./api";
import { dayKey } from "./time";

/** One message as it is drawn, confirmed or not. */
export interface Entry {
  /** The same before and after the confirmation, so that the element stays. */
  key: string;
  id: number | null;
  sender: User;
  content: string;
  time: string | number;
  state: "sent" | "sending" | "failed";
  /** Its sender has changed it since. */
  edited: boolean;
  /** Its sender has deleted it: there is no content. */
  deleted: boolean;
  /** Who is mentioned in it. */
  mentions: readonly User[] | undefined;
  image: { src: string; width: number; height: number } | null;
  pending: PendingMessage | null;
}

export type Block =
  | { kind: "day"; key: string; time: string | number }
  | { kind: "unread"; key: string }
  | { kind: "group"; key: string; sender: User; entries: Entry[] };

/** A pause after which the sender's name is shown again. */
const GROUP_PAUSE_MS = 5 * 60_000;

/** `unreadAfter`: the line comes before the first message of others with a greater id; null for no line. */
export function blocksOf(
  messages: readonly Message[],
  pending: readonly PendingMessage[],
  unreadAfter: number | null,
  myId: number,
): Block[] {
  const blocks: Block[] = [];
  let previous: Entry | undefined;
  let lineDrawn = unreadAfter === null;

  for (const entry of [...messages.map(confirmedEntry), ...pending.map(pendingEntry)]) {
    const newDay = !previous || dayKey(previous.time) !== dayKey(entry.time);
    if (newDay) blocks.push({ kind: "day", key: `day ${dayKey(entry.time)} ${entry.key}`, time: entry.time });

    const drawLine = !lineDrawn && entry.id !== null && entry.id > unreadAfter! && entry.sender.id !== myId;
    if (drawLine) {
      blocks.push({ kind: "unread", key: "unread" });
      lineDrawn = true;
    }

    const group = blocks.at(-1);
    if (group?.kind === "group" && previous && continues(previous, entry)) group.entries.push(entry);
    else blocks.push({ kind: "group", key: `group ${entry.key}`, sender: entry.sender, entries: [entry] });
    previous = entry;
  }
  return blocks;
}

function continues(previous: Entry, entry: Entry): boolean {
  const pause = new Date(entry.time).getTime() - new Date(previous.time).getTime();
  return previous.sender.id === entry.sender.id && pause < GROUP_PAUSE_MS;
}

function confirmedEntry(message: Message): Entry {
  return {
    key: keyOf(message.sender, message.clientId),
    id: message.id,
    sender: message.sender,
    content: message.content,
    time: message.createdAt,
    state: "sent",
    edited: message.changedAt !== undefined,
    deleted: message.deleted === true,
    mentions: message.mentions,
    image: message.image ? { src: imageAddress(message.image), width: message.image.width, height: message.image.height } : null,
    pending: null,
  };
}

function pendingEntry(message: PendingMessage): Entry {
  return {
    key: keyOf(message.sender, message.clientId),
    id: null,
    sender: message.sender,
    content: message.content,
    time: message.writtenAt,
    state: message.state,
    edited: false,
    deleted: false,
    mentions: undefined,
    image: message.image ? { src: message.image.url, width: message.image.width, height: message.image.height } : null,
    pending: message,
  };
}

function keyOf(sender: User, clientId: string): string {
  return `${sender.id}/${clientId}`;
}
