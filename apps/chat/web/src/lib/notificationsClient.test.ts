import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { useNotifications } from "../stores/notifications";
import { useToasts } from "../stores/toasts";
import { notification } from "../testing";
import { ChatError } from "./errors";
import { NotificationsClient } from "./notificationsClient";
import type { NewEvent, Notification } from "./types";

const event: NewEvent = { title: "Review", startsAt: "2027-03-01T09:30:00.000Z", invited: ["Bob"], clientId: "one" };

let client: NotificationsClient;
let stored: Notification[];
let endedWith: string[];
const api = { notifications: vi.fn(), unreadNotifications: vi.fn(), markRead: vi.fn(), createEvent: vi.fn() };

beforeEach(() => {
  vi.useFakeTimers();
  useNotifications.getState().reset();
  useToasts.getState().dismissAll();
  stored = [notification(2), notification(1)];
  endedWith = [];
  api.notifications.mockReset().mockImplementation(async () => ({
    notifications: stored,
    unread: stored.filter(({ read }) => !read).length,
  }));
  api.unreadNotifications.mockReset();
  api.markRead.mockReset().mockResolvedValue(undefined);
  api.createEvent.mockReset().mockResolvedValue({});
  client = new NotificationsClient({ api, onSessionEnd: (code) => endedWith.push(code) });
});

afterEach(() => {
  client.dispose();
  vi.useRealTimers();
});

const ids = (): number[] => useNotifications.getState().list.map(({ id }) => id);
const unread = (): number => useNotifications.getState().unread;
const toasts = (): number[] => useToasts.getState().shown.map(({ id }) => id);

async function ready(): Promise<void> {
  client.ready();
  await vi.advanceTimersByTimeAsync(0);
}

describe("connecting", () => {
  test("fetches what came while nobody was here, without announcing it", async () => {
    await ready();
    expect([ids(), unread(), toasts()]).toEqual([[2, 1], 2, []]);
  });

  test("fetches again at each reconnection", async () => {
    await ready();
    client.disconnected();
    expect(useNotifications.getState().live).toBe(false);
    stored = [notification(3), ...stored];
    await ready();
    expect([ids(), useNotifications.getState().live]).toEqual([[3, 2, 1], true]);
  });

  test("keeps what comes live while the answer is on its way", async () => {
    client.ready();
    client.arrived(notification(3));
    client.wasRead(2);
    await vi.advanceTimersByTimeAsync(0);
    expect([ids(), unread(), toasts()]).toEqual([[3, 2, 1], 2, [3]]);
  });

  test("tries again when they cannot be loaded, and says so meanwhile", async () => {
    api.notifications.mockRejectedValueOnce(new ChatError("NETWORK"));
    await ready();
    expect(useNotifications.getState().problem).toBe("The notifications could not be loaded. The server cannot be reached.");
    await vi.advanceTimersByTimeAsync(3_000);
    expect([ids(), useNotifications.getState().problem]).toEqual([[2, 1], null]);
  });

  test("does not use an answer that belongs to the connection before", async () => {
    client.ready();
    client.disconnected();
    await vi.advanceTimersByTimeAsync(0);
    expect(ids()).toEqual([]);
  });
});

describe("news", () => {
  test("is announced once", async () => {
    await ready();
    client.arrived(notification(3));
    client.arrived(notification(3));
    expect([ids(), unread(), toasts()]).toEqual([[3, 2, 1], 3, [3]]);
  });

  test("read in another tab is not unread here, and not announced any more", async () => {
    await ready();
    client.arrived(notification(3));
    client.wasRead(3);
    expect([unread(), toasts()]).toEqual([2, []]);
  });
});

describe("marking as read", () => {
  test("is seen at once, told to the server, and counted once when all tabs are told", async () => {
    await ready();
    const marking = client.markRead(2);
    expect(unread()).toBe(1);
    await marking;
    client.wasRead(2);
    expect([unread(), api.markRead.mock.calls]).toEqual([1, [[2]]]);
  });

  test("is taken back when the server cannot be told, in words", async () => {
    await ready();
    api.markRead.mockRejectedValueOnce(new ChatError("NETWORK"));
    await client.markRead(2);
    expect(unread()).toBe(2);
    expect(useNotifications.getState().problem).toBe("It could not be marked as read. The server cannot be reached.");
  });

  test("can be done for all", async () => {
    await ready();
    await client.markAllRead();
    expect([unread(), api.markRead.mock.calls]).toEqual([0, [[2], [1]]]);
    expect(api.unreadNotifications).not.toHaveBeenCalled();
  });

  test("for all means older ones too, which are not in the list", async () => {
    api.notifications.mockResolvedValueOnce({ notifications: [notification(9)], unread: 3 });
    api.unreadNotifications.mockResolvedValueOnce({ notifications: stored, unread: 2 });
    await ready();
    await client.markAllRead();
    expect([unread(), api.markRead.mock.calls]).toEqual([0, [[9], [2], [1]]]);
  });

  test("for all ends with the first failure", async () => {
    api.markRead.mockRejectedValue(new ChatError("NETWORK"));
    await ready();
    await client.markAllRead();
    expect([unread(), api.unreadNotifications.mock.calls.length]).toEqual([2, 0]);
  });
});

test.each([
  ["loading", async () => void (api.notifications.mockRejectedValue(new ChatError("EXPIRED_TOKEN")), await ready())],
  ["marking", () => (api.markRead.mockRejectedValue(new ChatError("EXPIRED_TOKEN")), client.markRead(1))],
  ["planning", () => (api.createEvent.mockRejectedValue(new ChatError("EXPIRED_TOKEN")), client.plan(event).catch(() => undefined))],
])("an expired token while %s ends the session", async (_, act) => {
  await act();
  expect(endedWith).toEqual(["EXPIRED_TOKEN"]);
});

test("an appointment that is refused is for the form to say", async () => {
  api.createEvent.mockRejectedValueOnce(new ChatError("UNKNOWN_USER"));
  await expect(client.plan(event)).rejects.toMatchObject({ code: "UNKNOWN_USER" });
  expect(endedWith).toEqual([]);
});
