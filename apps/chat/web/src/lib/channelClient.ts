// What one does in an anonymous channel. A message has an id of the page's making and is sent again under it until the
// server has confirmed it, so that it comes once; its text stays in the field as long.

import { channelState, useChannelStates, type ChannelState } from "../stores/channelStates";
import { useChannels } from "../stores/channels";
import { said, welcomed } from "./channelLog";
import { codeOf, inWords } from "./errors";
import type { ChannelRequests } from "./events";
import { newClientId } from "./ids";
import type { Connection } from "./socket";
import type { ChannelMessage, ChannelWelcome, ConnectionState } from "./types";

export class ChannelClient {
  /** The id of what is being sent. */
  private clientId = "";
  /** What has failed last, and may have arrived. */
  private failedContent: string | null = null;

  constructor(
    private readonly name: string,
    private readonly connection: Connection<ChannelRequests>,
  ) {}

  // ---- what the connection tells

  connectionChanged(connection: ConnectionState, refusal?: string): void {
    this.change({ connection, refusal: refusal ?? null });
  }

  welcomed({ name, online, recent }: ChannelWelcome): void {
    const { log, names, sending } = this.state;
    this.change({ log: welcomed(log, recent), names: [...names.filter((other) => other !== name), name], online });
    if (sending === null) return;
    if (recent.some((message) => message.clientId === this.clientId)) this.confirmed();
    else void this.transmit(sending);
  }

  said(message: ChannelMessage): void {
    const { log, sending } = this.state;
    this.change({ log: said(log, message) });
    if (sending !== null && message.clientId === this.clientId) this.confirmed();
  }

  onlineChanged(online: number): void {
    this.change({ online });
  }

  // ---- what the user does

  async say(content: string): Promise<void> {
    if (this.state.sending !== null) return;
    this.change({ sending: content, problem: null });
    // Once more with the same words after a failure: it may have arrived.
    if (this.failedContent !== content) this.clientId = newClientId();
    await this.transmit(content);
  }

  private async transmit(content: string): Promise<void> {
    const { clientId } = this;
    try {
      const { message } = await this.connection.request("say", { content, clientId });
      this.said(message);
    } catch (error) {
      // It may have been confirmed by its broadcast while the answer was lost.
      if (this.state.sending !== content || this.clientId !== clientId) return;
      // Whether it has arrived is known with the next welcome, and then it is sent again.
      if (codeOf(error) === "DISCONNECTED") return;
      this.failed(inWords(error));
    }
  }

  problemSeen(): void {
    if (this.state.problem !== null) this.change({ problem: null });
  }

  /** The channel is left: what is on its way stays in the field. */
  dispose(): void {
    this.change({ sending: null, online: null, connection: "reconnecting", refusal: null });
  }

  // ---- how it is done

  private confirmed(): void {
    this.failedContent = null;
    const { drafts, setDraft } = useChannels.getState();
    if (drafts[this.name]?.trim() === this.state.sending) setDraft(this.name, "");
    this.change({ sending: null, problem: null });
  }

  private failed(problem: string): void {
    this.failedContent = this.state.sending;
    this.change({ sending: null, problem });
  }

  private get state(): ChannelState {
    return channelState(this.name);
  }

  private change(changes: Partial<ChannelState>): void {
    useChannelStates.getState().change(this.name, changes);
  }
}
