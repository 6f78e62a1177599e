import { useEffect } from "react";
import { useChannel } from "../hooks/useChannel";
import { useWords } from "../hooks/useWords";
import { useChannels } from "../stores/channels";
import { unknownChannel, useChannelStates } from "../stores/channelStates";
import { ChannelComposer } from "./ChannelComposer";
import { ChannelHeader } from "./ChannelHeader";
import { ChannelMessages } from "./ChannelMessages";
import { ConnectionBanner } from "./ConnectionState";

interface ChannelViewProps {
  name: string;
  /** A drawer lies over it. */
  covered: boolean;
  onShowRooms: () => void;
  onShowPeople: () => void;
}

/** An anonymous channel. REQUIRES: the name is a good one. */
export function ChannelView({ name, covered, onShowRooms, onShowPeople }: ChannelViewProps) {
  const words = useWords();
  const channel = useChannel(name);
  const state = useChannelStates((states) => states.byName[name] ?? unknownChannel);

  useEffect(() => useChannels.getState().visit(name), [name]);

  return (
    <main className="room-view" {...(covered ? { inert: "" } : {})}>
      <ChannelHeader name={name} state={state} onShowRooms={onShowRooms} onShowPeople={onShowPeople} />
      <div className="conversation">
        <ConnectionBanner
          state={state.connection}
          refusal={state.refusal}
          meanwhile={words.meanwhileChannel}
          onTryAgain={() => channel?.tryAgain()}
        />
        <ChannelMessages state={state} />
      </div>
      <p className="send-problem" role="alert" data-testid="send-problem">
        {state.problem}
      </p>
      <ChannelComposer name={name} state={state} client={channel?.client ?? null} />
    </main>
  );
}
