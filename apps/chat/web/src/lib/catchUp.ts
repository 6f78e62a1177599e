import type { Message, MessagePage } from "./types";

export interface CatchUp {
  /** Ids rise. */
  messages: Message[];
  /** The server has messages before the first of these. */
  hasMore: boolean;
  /** These reach back to the message that was known, so that nothing is missing between. */
  connects: boolean;
}

/** After this many pages a room has moved on so far that the newest of it are enough; the rest loads on scrolling. */
export const MAX_CATCH_UP_PAGES = 20;

/**
 * Reads history backwards from the newest message until it meets `known`, the newest one that we had without a gap.
 * With nothing known one page is enough. Rejects as soon as one page fails: half a catch-up would hide a gap.
 */
export async function catchUp(
  fetchPage: (before?: number) => Promise<MessagePage>,
  known: number | null,
): Promise<CatchUp> {
  let messages: Message[] = [];
  let hasMore = true;
  for (let pages = 0; pages < MAX_CATCH_UP_PAGES && hasMore; pages += 1) {
    const page = await fetchPage(messages[0]?.id);
    messages = [...page.messages, ...messages];
    // An empty page that promises more would have us ask for ever.
    hasMore = page.hasMore && page.messages.length > 0;
    const first = messages[0];
    if (known === null || (first && first.id <= known)) break;
  }
  // A server whose database was replaced may count past the known id without having that message.
  return { messages, hasMore, connects: messages.some((message) => message.id === known) };
}
