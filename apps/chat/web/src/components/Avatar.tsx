import type { User } from "../lib/types";

/** A letter on a colour that stays the user's; two digits of the name for guests, who all begin alike. */
export function Avatar({ user }: { user: User }) {
  return (
    <span className="avatar" style={{ "--hue": hueOf(user.nickname) } as React.CSSProperties} aria-hidden="true">
      {initialsOf(user.nickname.trim())}
    </span>
  );
}

function initialsOf(nickname: string): string {
  const guest = /^guest-([0-9a-f]{2})/.exec(nickname);
  return guest?.[1] ?? [...nickname][0]?.toLocaleUpperCase() ?? "?";
}

/** In degrees. Names that differ in one letter get colours that are far apart (FNV-1a). */
export function hueOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0) % 360;
}
