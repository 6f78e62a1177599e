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
  /** The same as a number, and the local day that it is in. */
  at: number;
  day: string;
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
    const newDay = !previous || previous.day !== entry.day;
    if (newDay) blocks.push({ kind: "day", key: `day ${entry.day} ${entry.key}`, time: entry.time });

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
  return previous.sender.id === entry.sender.id && entry.at - previous.at < GROUP_PAUSE_MS;
}

/** A message never changes in place, so its entry is made once: of ten thousand messages all but the new ones are known. */
const entries = new WeakMap<Message, Entry>();

function confirmedEntry(message: Message): Entry {
  const known = entries.get(message);
  if (known) return known;
  const entry: Entry = {
    key: keyOf(message.sender, message.clientId),
    id: message.id,
    sender: message.sender,
    content: message.content,
    time: message.createdAt,
    at: new Date(message.createdAt).getTime(),
    day: dayKey(message.createdAt),
    state: "sent",
    edited: message.changedAt !== undefined,
    deleted: message.deleted === true,
    mentions: message.mentions,
    image: message.image ? { src: imageAddress(message.image), width: message.image.width, height: message.image.height } : null,
    pending: null,
  };
  entries.set(message, entry);
  return entry;
}

function pendingEntry(message: PendingMessage): Entry {
  return {
    key: keyOf(message.sender, message.clientId),
    id: null,
    sender: message.sender,
    content: message.content,
    time: message.writtenAt,
    at: message.writtenAt,
    day: dayKey(message.writtenAt),
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

/** Blocks that are drawn, or left out where they are not seen, together. */
export interface Part {
  key: string;
  blocks: Block[];
}

const PART_BLOCKS = 20;

/**
 * Counted in both directions from the block with this message, so that what comes before and behind leaves the parts that
 * are there as they are.
 */
export function partsOf(blocks: readonly Block[], anchorId: number | null): Part[] {
  const found = blocks.findIndex((block) => block.kind === "group" && block.entries.some(({ id }) => id === anchorId));
  const anchor = Math.max(0, found);
  const parts: Part[] = [];
  blocks.forEach((block, index) => {
    const key = `part ${Math.floor((index - anchor) / PART_BLOCKS)}`;
    if (parts.at(-1)?.key === key) parts.at(-1)!.blocks.push(block);
    else parts.push({ key, blocks: [block] });
  });
  return parts;
}

/** Whether two blocks, made of the same room at two moments, are drawn the same. */
export function isSameBlock(before: Block, now: Block): boolean {
  if (before.key !== now.key || before.kind !== now.kind) return false;
  if (before.kind !== "group" || now.kind !== "group") return true;
  return before.entries.length === now.entries.length && before.entries.every((entry, index) => entry === now.entries[index]);
}
