import type { ChannelClient } from "../lib/channelClient";
import type { ChannelState } from "../stores/channelStates";
import { useChannels } from "../stores/channels";
import { MessageForm } from "./MessageForm";

interface ChannelComposerProps {
  name: string;
  state: ChannelState;
  client: ChannelClient | null;
}

/** Unlike in a room the text stays until the channel has it: nobody would know whose it was after a lost connection. */
export function ChannelComposer({ name, state, client }: ChannelComposerProps) {
  const text = useChannels((channels) => channels.drafts[name] ?? "");
  const setDraft = useChannels((channels) => channels.setDraft);

  function write(written: string): void {
    setDraft(name, written);
    client?.problemSeen();
  }

  return (
    <MessageForm
      text={text}
      canSend={client !== null && state.connection === "connected"}
      busy={state.sending !== null}
      onText={write}
      onSend={(content) => void client?.say(content)}
    />
  );
}
