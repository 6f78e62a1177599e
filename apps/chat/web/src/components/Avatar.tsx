import type { User } from "../lib/types";

/** The first letter on a colour that stays the user's. */
export function Avatar({ user }: { user: User }) {
  return (
    <span className="avatar" style={{ "--hue": hueOf(user.nickname) } as React.CSSProperties} aria-hidden="true">
      {[...user.nickname.trim()][0]?.toLocaleUpperCase() ?? "?"}
    </span>
  );
}

export function hueOf(text: string): number {
  let hash = 0;
  for (const character of text) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 3600;
  return (hash * 47) % 360;
}
