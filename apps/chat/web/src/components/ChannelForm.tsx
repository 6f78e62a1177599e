import { useWords } from "../hooks/useWords";
import { channelNameIn, channelNameProblem } from "../lib/channelName";
import { goTo } from "../lib/route";
import { NameForm } from "./NameForm";

export function ChannelForm({ onEntered }: { onEntered: () => void }) {
  const words = useWords();
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
      label={words.nameOfChannel}
      placeholder={words.enterAChannel}
      button={words.enterChannel}
      icon="enter"
      onName={enter}
    />
  );
}
