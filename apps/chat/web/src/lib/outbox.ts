// Messages on their way, kept until the server has confirmed them. One entry of the local storage for each, so that
// two tabs do not overwrite each other's.

import { isNumber, isObject, isString, keysUnder, load, save } from "./storage";
import type { PendingMessage } from "./types";

const key = (userId: number, clientId: string): string => `outbox/${userId}/${clientId}`;

/** An image is too large for the storage: it is sent as long as the page is there. */
export function keepInOutbox(message: PendingMessage): void {
  if (message.image) return;
  save(key(message.sender.id, message.clientId), message);
}

export function dropFromOutbox(message: { sender: { id: number }; clientId: string }): void {
  save(key(message.sender.id, message.clientId), undefined);
}

/** What an earlier page could not finish, oldest first. */
export function readOutbox(userId: number): PendingMessage[] {
  return keysUnder(`outbox/${userId}/`)
    .map((clientId) => load(key(userId, clientId), isPending))
    .filter((message) => message !== undefined)
    .sort((a, b) => a.writtenAt - b.writtenAt);
}

function isPending(value: unknown): value is PendingMessage {
  return (
    isObject(value) &&
    isString(value["clientId"]) &&
    isNumber(value["chatRoomId"]) &&
    isString(value["content"]) &&
    isNumber(value["writtenAt"]) &&
    isObject(value["sender"])
  );
}
