// What one does in an anonymous channel. Channels know no ids of clients, so a message is not sent a second time
// without being asked: its text stays in the field until the server has confirmed it.

import { channelState, useChannelStates, type ChannelState } from "../stores/channelStates";
import { useChannels } from "../stores/channels";
import { newIn, said, welcomed } from "./channelLog";
import { codeOf, inWords } from "./errors";
import type { ChannelRequests } from "./events";
import type { Connection } from "./socket";
import type { ChannelMessage, ChannelWelcome, ConnectionState } from "./types";

export class ChannelClient {
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
    const news = newIn(log, recent);
    this.change({ log: welcomed(log, recent), names: [...names.filter((other) => other !== name), name], online });
    if (sending === null) return;
    if (news.some((message) => message.content === sending && names.includes(message.from))) this.confirmed();
    else this.failed("The connection was lost before your message arrived. It was not sent.");
  }

  said(message: ChannelMessage): void {
    const { log, names, sending } = this.state;
    this.change({ log: said(log, message) });
    if (message.content === sending && message.from === names.at(-1)) this.confirmed();
  }

  onlineChanged(online: number): void {
    this.change({ online });
  }

  // ---- what the user does

  async say(content: string): Promise<void> {
    if (this.state.sending !== null) return;
    this.change({ sending: content, problem: null });
    try {
      const { message } = await this.connection.request("say", { content });
      this.said(message);
    } catch (error) {
      // It may have been confirmed by its broadcast while the answer was lost.
      if (this.state.sending !== content) return;
      // Whether it has arrived is known with the next welcome.
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
    const { drafts, setDraft } = useChannels.getState();
    if (drafts[this.name]?.trim() === this.state.sending) setDraft(this.name, "");
    this.change({ sending: null, problem: null });
  }

  private failed(problem: string): void {
    this.change({ sending: null, problem });
  }

  private get state(): ChannelState {
    return channelState(this.name);
  }

  private change(changes: Partial<ChannelState>): void {
    useChannelStates.getState().change(this.name, changes);
  }
}
