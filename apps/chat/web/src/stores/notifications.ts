// Notifications of the user who is signed in, as pure functions and the store that holds them.

import { create } from "zustand";
import type { Notification, NotificationPage } from "../lib/types";

export interface Notifications {
  /** Newest first. */
  list: readonly Notification[];
  /** All that are unread, also older ones that are not in the list. */
  unread: number;
  /** The list has come from the server at least once. */
  loaded: boolean;
}

export const noNotifications: Notifications = { list: [], unread: 0, loaded: false };

/** One that comes live. */
export function arrived(known: Notifications, notification: Notification): Notifications {
  if (known.list.some(({ id }) => id === notification.id)) return known;
  const list = [notification, ...known.list].sort((a, b) => b.id - a.id);
  return { ...known, list, unread: known.unread + (notification.read ? 0 : 1) };
}

/** Read or, when the server could not be told, unread again. One that is not in the list was the other before. */
export function marked(known: Notifications, id: number, read: boolean): Notifications {
  const before = known.list.find((notification) => notification.id === id);
  if (before?.read === read) return known;
  const list = known.list.map((notification) => (notification.id === id ? { ...notification, read } : notification));
  return { ...known, list, unread: Math.max(0, known.unread + (read ? -1 : 1)) };
}

/** What the server has. `meanwhile` came live while the answer was on its way, which may have it already or not. */
export function loaded(page: NotificationPage, meanwhile: readonly News[]): Notifications {
  const start: Notifications = { list: page.notifications, unread: page.unread, loaded: true };
  return meanwhile.reduce(
    (known, news) => ("read" in news ? marked(known, news.read, true) : arrived(known, news.arrived)),
    start,
  );
}

export type News = { arrived: Notification } | { read: number };

interface NotificationsState extends Notifications {
  /** The server tells of new ones at once; otherwise some may be missing. */
  live: boolean;
  /** Why something could not be done, in words. */
  problem: string | null;
  change(how: (known: Notifications) => Notifications): void;
  setLive(live: boolean): void;
  setProblem(problem: string | null): void;
  reset(): void;
}

export const useNotifications = create<NotificationsState>()((set) => ({
  ...noNotifications,
  live: false,
  problem: null,
  change: (how) => set(how),
  setLive: (live) => set({ live }),
  setProblem: (problem) => set({ problem }),
  reset: () => set({ ...noNotifications, live: false, problem: null }),
}));
