import { channelNameIn, channelNameProblem } from "../lib/channelName";
import { goTo } from "../lib/route";
import { NameForm } from "./NameForm";

export function ChannelForm({ onEntered }: { onEntered: () => void }) {
  async function enter(text: string): Promise<void> {
    const name = channelNameIn(text);
    const problem = channelNameProblem(name);
    if (problem !== null) throw new Error(problem);
    goTo({ view: "channel", name });
    onEntered();
  }

  return (
    <NameForm
      testIds={{ input: "channel-name-input", button: "enter-channel-button" }}
      label="Name of an anonymous channel"
      placeholder="Enter a channel"
      button="Enter channel"
      icon="enter"
      onName={enter}
    />
  );
}
