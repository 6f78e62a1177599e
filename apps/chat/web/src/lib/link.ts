import type { Socket } from "socket.io-client";
import { ChatError, inWords } from "./errors";
import type { ConnectionState } from "./types";

export const CONNECT_AGAIN_MS = 2_000;

export interface LinkOptions {
  /** `recovered`: as if the connection had not been cut; what was missed has come already. */
  onConnected?: (recovered: boolean) => void;
  onDisconnected?: () => void;
  /** `refusal`: why the server will not have us, in words; then it is not tried again. */
  onState?: (state: ConnectionState, refusal?: string) => void;
  /** The server's code for a refusal; true when that is dealt with, and nothing else is to happen. */
  onRefused?: (code: string) => boolean;
}

type Refusal = Error & { data?: { code?: string; retry?: boolean } };

/**
 * A namespace that is kept open. The library reconnects after a lost transport; a refusal, a kick and the network's
 * return are handled here.
 */
export class Link {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private refused = false;

  constructor(
    readonly socket: Socket,
    private readonly options: LinkOptions,
    private readonly onClosed: () => void,
  ) {
    socket.on("connect", () => {
      this.tell("connected");
      options.onConnected?.(socket.recovered === true);
    });
    socket.on("disconnect", (reason) => {
      options.onDisconnected?.();
      this.tell(stateWithout());
      if (reason === "io server disconnect") this.connectLater();
    });
    socket.on("connect_error", (error: Refusal) => this.couldNotConnect(error));
  }

  /** Wants the connection, and does not have it. */
  get isWaiting(): boolean {
    return !this.socket.connected && !this.refused;
  }

  connect(): void {
    clearTimeout(this.timer);
    this.refused = false;
    this.tell(stateWithout());
    this.socket.connect();
  }

  /** Until the next `connect`. */
  rest(): void {
    clearTimeout(this.timer);
    this.socket.disconnect();
  }

  networkLost(): void {
    if (this.isWaiting) this.tell("offline");
  }

  /** For good: nothing listens any more. */
  close(): void {
    this.socket.off();
    this.rest();
    this.onClosed();
  }

  private couldNotConnect(error: Refusal): void {
    // Active: the connection as a whole is missing, and the library goes on trying.
    if (this.socket.active) return this.tell(stateWithout());
    const code = error.data?.code ?? error.message;
    if (this.options.onRefused?.(code)) return;
    if (error.data?.retry === false || code === "Invalid namespace") {
      this.refused = true;
      return this.tell("offline", inWords(new ChatError(code, error.message)));
    }
    this.tell(stateWithout());
    this.connectLater();
  }

  private connectLater(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.socket.connect(), CONNECT_AGAIN_MS);
  }

  private tell(state: ConnectionState, refusal?: string): void {
    this.options.onState?.(state, refusal);
  }
}

function stateWithout(): ConnectionState {
  return navigator.onLine ? "reconnecting" : "offline";
}
