// The one connection to the server. Each namespace is a link over it: rooms, notifications, the channel that is open.

import { Manager, type Socket } from "socket.io-client";
import { apiOrigin } from "./api";
import { contractHash } from "./contract";
import { Link, type LinkOptions } from "./link";

/** What the line needs of socket.io's manager; tests give it another one. */
export interface SocketSource {
  socket(namespace: string, options?: { auth: (give: (auth: object) => void) => void }): Socket;
}

export function createManager(): Manager {
  return new Manager(apiOrigin || window.location.origin, {
    autoConnect: false,
    withCredentials: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 4_000,
  });
}

export class Line {
  private readonly links = new Map<string, Link>();
  /** What a namespace's socket says who it is with: the manager keeps sockets, and a new sign-in has another token. */
  private readonly tokens = new Map<string, string>();

  constructor(private readonly manager: SocketSource) {}

  /** A link to a namespace, for `connect` once its listeners are there. REQUIRES: it is not open already. */
  open(namespace: string, options: LinkOptions & { token?: string }): Link {
    if (this.links.has(namespace)) throw new Error(`The namespace ${namespace} is open already.`);
    if (options.token === undefined) this.tokens.delete(namespace);
    else this.tokens.set(namespace, options.token);

    const socket = this.manager.socket(namespace, { auth: (give) => give(this.authFor(namespace)) });
    const link = new Link(socket, options, () => this.links.delete(namespace));
    this.links.set(namespace, link);
    return link;
  }

  /** Not to wait for the end of the library's pause. */
  networkReturned(): void {
    const waiting = [...this.links.values()].filter((link) => link.isWaiting);
    // All of them first: the manager gives its pause up when nobody wants the connection any more.
    for (const link of waiting) link.rest();
    for (const link of waiting) link.connect();
  }

  networkLost(): void {
    for (const link of this.links.values()) link.networkLost();
  }

  private authFor(namespace: string): object {
    const token = this.tokens.get(namespace);
    return { contract: contractHash, ...(token !== undefined && { token }) };
  }
}

/** Tells the line what the browser knows of the network; returns how to stop that. */
export function followNetwork(line: Line): () => void {
  const onOnline = (): void => line.networkReturned();
  const onOffline = (): void => line.networkLost();
  window.addEventListener("online", onOnline);
  window.addEventListener("offline", onOffline);
  return () => {
    window.removeEventListener("online", onOnline);
    window.removeEventListener("offline", onOffline);
  };
}
