// What is known of each channel that was open in this page.

import { create } from "zustand";
import type { ChannelLog } from "../lib/channelLog";
import type { ConnectionState } from "../lib/types";

export interface ChannelState {
  log: ChannelLog;
  /** The names made up for us, one for each connection; the newest last. */
  names: readonly string[];
  /** How many are here; null before it is known. */
  online: number | null;
  connection: ConnectionState;
  /** Why the server will not have us here, in words. */
  refusal: string | null;
  /** On its way, or lost on its way with the connection: not confirmed. */
  sending: string | null;
  /** Why the last message was not sent, in words. */
  problem: string | null;
}

export const unknownChannel: ChannelState = {
  log: [],
  names: [],
  online: null,
  connection: "reconnecting",
  refusal: null,
  sending: null,
  problem: null,
};

interface ChannelStatesState {
  byName: Readonly<Record<string, ChannelState>>;
  change(name: string, changes: Partial<ChannelState>): void;
}

export const useChannelStates = create<ChannelStatesState>()((set) => ({
  byName: {},
  change: (name, changes) =>
    set(({ byName }) => ({ byName: { ...byName, [name]: { ...(byName[name] ?? unknownChannel), ...changes } } })),
}));

export function channelState(name: string): ChannelState {
  return useChannelStates.getState().byName[name] ?? unknownChannel;
}
