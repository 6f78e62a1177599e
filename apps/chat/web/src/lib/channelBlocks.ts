// Turns what is known of a channel into what is drawn, in the groups that rooms have.

import type { ChannelLog } from "./channelLog";
import { blocksOf, type Block } from "./grouping";
import type { ChannelMessage, Message } from "./types";

export type ChannelBlock = Block | { kind: "gap"; key: string };

export function channelBlocksOf(log: ChannelLog): ChannelBlock[] {
  const ids = new Map<string, number>();
  return log.flatMap((run, index): ChannelBlock[] => {
    const messages = run.messages.map((message) => asRoomMessage(message, ids));
    const blocks = blocksOf(messages, [], null, 0).map((block) => renamed(block, run.id));
    return index === 0 ? blocks : [{ kind: "gap", key: `gap ${run.id}` }, ...blocks];
  });
}

// Names are made up for each connection, so a name is as good as an id.
function asRoomMessage({ id, from, content, sentAt }: ChannelMessage, ids: Map<string, number>): Message {
  const senderId = ids.get(from) ?? ids.size + 1;
  ids.set(from, senderId);
  return { id, chatRoomId: 0, sender: { id: senderId, nickname: from }, content, clientId: String(id), createdAt: sentAt };
}

// The server may count from one again in each run; keys must not.
function renamed(block: Block, runId: number): Block {
  const rename = <T extends { key: string }>(part: T): T => ({ ...part, key: `run ${runId} ${part.key}` });
  return rename(block.kind === "group" ? { ...block, entries: block.entries.map(rename) } : block);
}
