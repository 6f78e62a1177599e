// Addresses in what people write. Only http and https become links: what else an address may do is not for a click.

export type Part = { kind: "text"; text: string } | { kind: "link"; text: string; href: string };

const ADDRESS = /https?:\/\/[^\s<>"“”]+/giu;
/** What ends a sentence rather than an address. */
const CLOSING = /[.,;:!?'’*_~)\]}]$/u;
const OPENING: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

export function partsOf(content: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const found of content.matchAll(ADDRESS)) {
    const text = withoutSentence(found[0]);
    const href = hrefOf(text);
    if (href === null) continue;
    if (found.index > end) parts.push({ kind: "text", text: content.slice(end, found.index) });
    parts.push({ kind: "link", text, href });
    end = found.index + text.length;
  }
  if (end < content.length) parts.push({ kind: "text", text: content.slice(end) });
  return parts;
}

// A bracket that the address opened itself belongs to it.
function withoutSentence(address: string): string {
  let text = address;
  while (CLOSING.test(text)) {
    const last = text.at(-1)!;
    const opening = OPENING[last];
    if (opening !== undefined && count(text, opening) >= count(text, last)) break;
    text = text.slice(0, -1);
  }
  return text;
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

function hrefOf(text: string): string | null {
  try {
    const url = new URL(text);
    // A name before an "@" is there to be taken for the host.
    const good = (url.protocol === "http:" || url.protocol === "https:") && url.username === "" && url.password === "";
    return good ? url.href : null;
  } catch {
    return null;
  }
}
