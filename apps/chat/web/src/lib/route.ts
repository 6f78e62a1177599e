// What the address names behind its "#": the rooms, or an anonymous channel.

export type Route = { view: "rooms" } | { view: "channel"; name: string };

const CHANNEL = /^#\/channel\/(.*)$/;

export function routeOf(hash: string): Route {
  const name = CHANNEL.exec(hash)?.[1];
  return name === undefined ? { view: "rooms" } : { view: "channel", name: decoded(name) };
}

export function hashOf(route: Route): string {
  return route.view === "rooms" ? "#/" : `#/channel/${encodeURIComponent(route.name)}`;
}

/** Opens it; what was open before is one step back. */
export function goTo(route: Route): void {
  if (window.location.hash !== hashOf(route)) window.location.hash = hashOf(route);
}

// An address that somebody has cut off in the middle of a character is shown as it is.
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
