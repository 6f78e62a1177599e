import { useMemo } from "react";
import { useChat } from "../hooks/useChat";
import { useWords } from "../hooks/useWords";
import { usePresence } from "../stores/presence";

const MAX_SHOWN = 8;

interface SuggestionsProps {
  chosen: readonly string[];
  onChosen: (nickname: string) => void;
}

/** People who are online in our rooms, to be invited with one click. */
export function Suggestions({ chosen, onChosen }: SuggestionsProps) {
  const words = useWords();
  const { me } = useChat();
  const online = usePresence((state) => state.online);
  const nicknames = useMemo(() => {
    const names = Object.values(online).flatMap((users) => users.filter(({ id }) => id !== me.id).map((user) => user.nickname));
    // A comma would make two of it.
    return [...new Set(names)].filter((name) => !name.includes(",")).sort((a, b) => a.localeCompare(b));
  }, [online, me.id]);
  const left = nicknames.filter((nickname) => !chosen.includes(nickname)).slice(0, MAX_SHOWN);

  return (
    <div className="suggestions" role="group" aria-label={words.peopleOnline}>
      {left.map((nickname) => (
        <button key={nickname} type="button" className="chip" onClick={() => onChosen(nickname)}>
          <span aria-hidden="true">+</span> {nickname}
        </button>
      ))}
    </div>
  );
}
