// What a session does with notifications: hears of new ones, fetches what came while nobody was here, marks as read.

import { arrived, loaded, marked, useNotifications, type News } from "../stores/notifications";
import { useToasts } from "../stores/toasts";
import { words } from "../stores/settings";
import type { Api } from "./api";
import { codeOf, endsSession, inWords } from "./errors";
import type { NewEvent, Notification } from "./types";

const TRY_AGAIN_MS = 3_000;

interface NotificationsClientOptions {
  api: Pick<Api, "notifications" | "unreadNotifications" | "markRead" | "createEvent">;
  /** The server refused the token, with its code. */
  onSessionEnd: (code: string) => void;
}

export class NotificationsClient {
  private readonly api: NotificationsClientOptions["api"];
  private readonly onSessionEnd: (code: string) => void;

  /** Rises with every connect and disconnect: an answer that belongs to an earlier turn is too late. */
  private turn = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** What has come since the list was asked for; null while it is not on its way. */
  private meanwhile: News[] | null = null;

  constructor({ api, onSessionEnd }: NotificationsClientOptions) {
    this.api = api;
    this.onSessionEnd = onSessionEnd;
  }

  // ---- what the connection tells

  /** From here on nothing is missed, so what was missed is fetched now. */
  ready(): void {
    this.newTurn();
    useNotifications.getState().setLive(true);
    void this.load();
  }

  arrived(notification: Notification): void {
    const isNews = !useNotifications.getState().list.some(({ id }) => id === notification.id);
    this.meanwhile?.push({ arrived: notification });
    useNotifications.getState().change((known) => arrived(known, notification));
    if (isNews && !notification.read) useToasts.getState().show(notification);
  }

  /** In this tab or another one. */
  wasRead(id: number): void {
    this.meanwhile?.push({ read: id });
    useNotifications.getState().change((known) => marked(known, id, true));
    useToasts.getState().dismiss(id);
  }

  disconnected(): void {
    this.newTurn();
    useNotifications.getState().setLive(false);
  }

  dispose(): void {
    this.disconnected();
  }

  // ---- what the user does

  /** Shown at once; unread again if the server cannot be told. */
  async markRead(id: number): Promise<void> {
    const { change, setProblem } = useNotifications.getState();
    setProblem(null);
    this.wasRead(id);
    try {
      await this.api.markRead(id);
    } catch (error) {
      if (this.meanwhile) this.meanwhile = this.meanwhile.filter((news) => !("read" in news && news.read === id));
      change((known) => marked(known, id, false));
      setProblem(`${words().notMarked} ${inWords(error)}`);
      this.endIfRefused(error);
    }
  }

  /** Also older ones, which are not in the list. */
  async markAllRead(): Promise<void> {
    let some = useNotifications.getState().list.filter(({ read }) => !read);
    for (;;) {
      await Promise.all(some.map(({ id }) => this.markRead(id)));
      const { unread, problem } = useNotifications.getState();
      if (unread === 0 || problem !== null) return;
      some = await this.unreadOnes();
      if (some.length === 0) return;
    }
  }

  /** Rejects with an error to show beside the form. */
  async plan(event: NewEvent): Promise<void> {
    try {
      await this.api.createEvent(event);
    } catch (error) {
      this.endIfRefused(error);
      throw error;
    }
  }

  // ---- how it is done

  private async load(): Promise<void> {
    const { turn } = this;
    this.meanwhile = [];
    try {
      const page = await this.api.notifications();
      if (turn !== this.turn) return;
      useNotifications.getState().change(() => loaded(page, this.meanwhile ?? []));
      useNotifications.getState().setProblem(null);
      this.meanwhile = null;
    } catch (error) {
      if (turn !== this.turn) return;
      useNotifications.getState().setProblem(`${words().notificationsNotLoaded} ${inWords(error)}`);
      this.endIfRefused(error);
      this.timer = setTimeout(() => void this.load(), TRY_AGAIN_MS);
    }
  }

  private async unreadOnes(): Promise<Notification[]> {
    try {
      return (await this.api.unreadNotifications()).notifications;
    } catch (error) {
      useNotifications.getState().setProblem(`${words().notAllMarked} ${inWords(error)}`);
      this.endIfRefused(error);
      return [];
    }
  }

  private endIfRefused(error: unknown): void {
    const code = codeOf(error);
    if (endsSession(code)) this.onSessionEnd(code);
  }

  private newTurn(): void {
    this.turn += 1;
    this.meanwhile = null;
    clearTimeout(this.timer);
  }
}
