import { words } from "../stores/settings";

/** In characters. */
export const MAX_CHANNEL_NAME_LENGTH = 63;

/** Why the server would not have a channel of this name, in words; null for a good one. */
export function channelNameProblem(name: string): string | null {
  if (name === "") return words().channelNeedsName;
  if (name.length > MAX_CHANNEL_NAME_LENGTH) return words().channelNameLong;
  if (!/^[a-z0-9-]+$/.test(name)) return words().channelNameLetters;
  if (name.startsWith("-")) return words().channelNameBegins;
  return null;
}

/** The name in what somebody typed or pasted: "tea", " #tea ", or a link to it. */
export function channelNameIn(text: string): string {
  return text
    .trim()
    .replace(/^\S*#\/channel\//, "")
    .replace(/^#/, "");
}

export function namespaceOf(channel: string): string {
  return `/channel-${channel}`;
}
