import type { Timestamp } from "./types";

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });
const thisYear = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const otherYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long", year: "numeric" });

export const clockTime = (time: Timestamp): string => format(clock, time);
export const exactTime = (time: Timestamp): string => format(exact, time);

/** The same text for all moments of one local day. */
export function dayKey(time: Timestamp): string {
  const date = new Date(time);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

export function dayName(time: Timestamp, now: Date = new Date()): string {
  const key = dayKey(time);
  if (key === dayKey(now.getTime())) return "Today";
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (key === dayKey(yesterday.getTime())) return "Yesterday";
  return format(new Date(time).getFullYear() === now.getFullYear() ? thisYear : otherYear, time);
}

function format(formatter: Intl.DateTimeFormat, time: Timestamp): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? "" : formatter.format(date);
}

export function isoTime(time: Timestamp): string | undefined {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
