import { useEffect, useState } from "react";
import { ChannelClient } from "../lib/channelClient";
import { namespaceOf } from "../lib/channelName";
import type { ChannelEvents, ChannelRequests } from "../lib/events";
import type { Line } from "../lib/line";
import { connectionOver, listen } from "../lib/socket";
import { useLine } from "./useLine";

interface OpenChannel {
  client: ChannelClient;
  /** Connects again after a refusal. */
  tryAgain: () => void;
}

/** Is in a channel for as long as the component is there. */
export function useChannel(name: string): OpenChannel | null {
  const line = useLine();
  const [channel, setChannel] = useState<OpenChannel | null>(null);

  useEffect(() => {
    const { close, ...opened } = open(line, name);
    setChannel(opened);
    return () => {
      setChannel(null);
      close();
    };
  }, [line, name]);

  return channel;
}

function open(line: Line, name: string): OpenChannel & { close: () => void } {
  const link = line.open(namespaceOf(name), {
    onState: (state, refusal) => client.connectionChanged(state, refusal),
  });
  const client = new ChannelClient(name, connectionOver<ChannelRequests>(link.socket));
  listen<ChannelEvents>(link.socket, {
    welcome: (event) => client.welcomed(event),
    said: (message) => client.said(message),
    online: (count) => client.onlineChanged(count),
  });
  link.connect();
  return {
    client,
    tryAgain: () => link.connect(),
    close: () => {
      link.close();
      client.dispose();
    },
  };
}
