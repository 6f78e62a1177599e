// The anonymous channels this browser has been in, and what is written in them and not sent yet. They belong to nobody:
// signing in and out changes nothing here.

import { create } from "zustand";
import { isString, isStrings, keysUnder, load, save } from "../lib/storage";

const MAX_VISITED = 12;

interface ChannelsState {
  /** Names, the newest last. */
  visited: readonly string[];
  drafts: Readonly<Record<string, string>>;
  restore(): void;
  visit(name: string): void;
  forget(name: string): void;
  setDraft(name: string, text: string): void;
}

export const useChannels = create<ChannelsState>()((set, get) => {
  function setVisited(visited: readonly string[]): void {
    save("channels", visited);
    set({ visited });
  }

  return {
    visited: [],
    drafts: {},
    restore: () => {
      const drafts = keysUnder("channel-draft/").map((name) => [name, load(`channel-draft/${name}`, isString) ?? ""]);
      set({ visited: load("channels", isStrings) ?? [], drafts: Object.fromEntries(drafts) });
    },
    visit: (name) => {
      // One that is in the list keeps its place: buttons should not change places under the hand.
      if (!get().visited.includes(name)) setVisited([...get().visited, name].slice(-MAX_VISITED));
    },
    forget: (name) => setVisited(get().visited.filter((other) => other !== name)),
    setDraft: (name, text) => {
      save(`channel-draft/${name}`, text === "" ? undefined : text);
      set(({ drafts }) => ({ drafts: { ...drafts, [name]: text } }));
    },
  };
});
