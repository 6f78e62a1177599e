// Who is mentioned in what people write: "@" and a nickname. The server says who that is; here it is shown, and completed
// while it is written.

import type { User } from "./types";
import { MAX_NICKNAME_LENGTH } from "./types";

const LATIN = /[a-z0-9_]/iu;
const MAX_MATCHES = 6;

export interface TextPart {
  text: string;
  /** Who is mentioned; null for other text. */
  user: User | null;
}

/** The parts of a text, with the mentions of these users apart. The longest of two names that both fit is meant. */
export function mentionParts(text: string, users: readonly User[]): TextPart[] {
  const byLength = [...users].sort((a, b) => b.nickname.length - a.nickname.length);
  const parts: TextPart[] = [];
  let end = 0;
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    if (at < end || (at > 0 && LATIN.test(text[at - 1]!))) continue;
    const user = byLength.find(({ nickname }) => text.startsWith(nickname, at + 1) && endsThere(text, at + nickname.length));
    if (!user) continue;
    if (at > end) parts.push({ text: text.slice(end, at), user: null });
    end = at + 1 + user.nickname.length;
    parts.push({ text: text.slice(at, end), user });
  }
  if (end < text.length) parts.push({ text: text.slice(end), user: null });
  return parts;
}

// A name of Latin letters ends where the word does; one of other letters may have something attached.
function endsThere(text: string, last: number): boolean {
  return !(LATIN.test(text[last] ?? "") && LATIN.test(text[last + 1] ?? ""));
}

export interface Writing {
  /** Where the "@" is. */
  start: number;
  /** What of the name is there already. */
  query: string;
}

/** The mention that is being written at the caret; null if there is none. */
export function writingAt(text: string, caret: number): Writing | null {
  const start = text.lastIndexOf("@", caret - 1);
  if (start < 0 || caret <= start || (start > 0 && LATIN.test(text[start - 1]!))) return null;
  const query = text.slice(start + 1, caret);
  if (/^\s|\n/u.test(query) || [...query].length > MAX_NICKNAME_LENGTH) return null;
  return { start, query };
}

/** The names that begin as what is written, those first that have the same letters; none when the one that fits is complete. */
export function matching(names: readonly string[], query: string): string[] {
  const begin = query.toLowerCase();
  const found = names.filter((name) => name.toLowerCase().startsWith(begin));
  if (found.length === 1 && found[0] === query) return [];
  const exact = (name: string): number => (name.startsWith(query) ? 0 : 1);
  return found.sort((a, b) => exact(a) - exact(b) || a.localeCompare(b)).slice(0, MAX_MATCHES);
}

/** The text with the name in it, and where the caret is then. */
export function completed(text: string, { start, query }: Writing, name: string): { text: string; caret: number } {
  const rest = text.slice(start + 1 + query.length);
  const before = `${text.slice(0, start)}@${name}${rest.startsWith(" ") ? "" : " "}`;
  return { text: before + rest, caret: before.length + (rest.startsWith(" ") ? 1 : 0) };
}
