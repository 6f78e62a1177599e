import { locale, words } from "../stores/settings";
import type { Timestamp } from "./types";

const styles = {
  clock: { hour: "2-digit", minute: "2-digit" },
  exact: { dateStyle: "full", timeStyle: "medium" },
  thisYear: { weekday: "long", day: "numeric", month: "long" },
  otherYear: { day: "numeric", month: "long", year: "numeric" },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

// To make a formatter takes longer than to use it a thousand times.
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(style: keyof typeof styles): Intl.DateTimeFormat {
  const key = `${locale()} ${style}`;
  const known = formatters.get(key) ?? new Intl.DateTimeFormat(locale(), styles[style]);
  formatters.set(key, known);
  return known;
}

export const clockTime = (time: Timestamp): string => format("clock", time);
export const exactTime = (time: Timestamp): string => format("exact", time);

/** The same text for all moments of one local day. */
export function dayKey(time: Timestamp): string {
  const date = new Date(time);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

export function dayName(time: Timestamp, now: Date = new Date()): string {
  const key = dayKey(time);
  if (key === dayKey(now.getTime())) return words().today;
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (key === dayKey(yesterday.getTime())) return words().yesterday;
  const tomorrow = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
  if (key === dayKey(tomorrow.getTime())) return words().tomorrow;
  return format(new Date(time).getFullYear() === now.getFullYear() ? "thisYear" : "otherYear", time);
}

/** "Tomorrow, 09:30". */
export function dayAndClock(time: Timestamp, now: Date = new Date()): string {
  return `${dayName(time, now)}, ${clockTime(time)}`;
}

/** "5 minutes ago". */
export function ago(time: Timestamp, now: Date = new Date()): string {
  // Another machine's clock may be ahead of ours.
  const seconds = Math.max(0, (now.getTime() - new Date(time).getTime()) / 1_000);
  if (seconds < 60) return words().justNow;
  const relative = new Intl.RelativeTimeFormat(locale(), { numeric: "always" });
  if (seconds < 3_600) return relative.format(-Math.floor(seconds / 60), "minute");
  if (seconds < 86_400) return relative.format(-Math.floor(seconds / 3_600), "hour");
  return seconds < 7 * 86_400 ? relative.format(-Math.floor(seconds / 86_400), "day") : dayName(time, now);
}

function format(style: keyof typeof styles, time: Timestamp): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? "" : formatter(style).format(date);
}

export function isoTime(time: Timestamp): string | undefined {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
