// The browser's local storage, which may be full, forbidden or hold what an older page wrote.

const PREFIX = "aerie-chat/";

function storage(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}

export function load<T>(key: string, isValid: (value: unknown) => value is T): T | undefined {
  try {
    const text = storage()?.getItem(PREFIX + key);
    if (text === null || text === undefined) return undefined;
    const value: unknown = JSON.parse(text);
    return isValid(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a value; undefined removes it. When nothing can be stored the page goes on from memory. */
export function save(key: string, value: unknown): void {
  try {
    if (value === undefined) storage()?.removeItem(PREFIX + key);
    else storage()?.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // Storage is full or forbidden.
  }
}

/** Calls with each value that another tab keeps under `key`; undefined when it removes it. Returns how to stop that. */
export function followOtherTabs(key: string, listener: (value: unknown) => void): () => void {
  const onStorage = (event: StorageEvent): void => {
    if (event.key === PREFIX + key) listener(load(key, isAnything));
  };
  window.addEventListener("storage", onStorage);
  return () => window.removeEventListener("storage", onStorage);
}

/** The same for each key that starts with `prefix`; with the rest of the key. */
export function followOtherTabsUnder(prefix: string, listener: (rest: string, value: unknown) => void): () => void {
  const start = PREFIX + prefix;
  const onStorage = ({ key }: StorageEvent): void => {
    if (key?.startsWith(start)) listener(key.slice(start.length), load(key.slice(PREFIX.length), isAnything));
  };
  window.addEventListener("storage", onStorage);
  return () => window.removeEventListener("storage", onStorage);
}

const isAnything = (value: unknown): value is unknown => value !== undefined;

/** The rest of each key that starts with `prefix`. */
export function keysUnder(prefix: string): string[] {
  const store = storage();
  if (!store) return [];
  const start = PREFIX + prefix;
  const keys: string[] = [];
  for (let index = 0; index < store.length; index += 1) {
    const key = store.key(index);
    if (key?.startsWith(start)) keys.push(key.slice(start.length));
  }
  return keys;
}

export const isString = (value: unknown): value is string => typeof value === "string";
export const isNumber = (value: unknown): value is number => typeof value === "number";
export const isStrings = (value: unknown): value is string[] => Array.isArray(value) && value.every(isString);
export const isNumbers = (value: unknown): value is number[] => Array.isArray(value) && value.every(isNumber);

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
