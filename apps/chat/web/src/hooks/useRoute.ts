import { useMemo, useSyncExternalStore } from "react";
import { routeOf, type Route } from "../lib/route";

export function useRoute(): Route {
  const hash = useSyncExternalStore(onHash, () => window.location.hash);
  return useMemo(() => routeOf(hash), [hash]);
}

function onHash(changed: () => void): () => void {
  window.addEventListener("hashchange", changed);
  return () => window.removeEventListener("hashchange", changed);
}
