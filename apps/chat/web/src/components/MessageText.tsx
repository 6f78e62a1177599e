import { useMemo } from "react";
import { useWords } from "../hooks/useWords";
import { partsOf } from "../lib/links";
import { mentionParts } from "../lib/mentions";
import type { User } from "../lib/types";
import { useSession } from "../stores/session";

const nobody: readonly User[] = [];

/** What somebody wrote: text, and addresses as links that tell where they go and nothing of where one comes from. */
export function MessageText({ content, mentions = nobody }: { content: string; mentions?: readonly User[] | undefined }) {
  const words = useWords();
  const parts = useMemo(() => partsOf(content), [content]);
  return (
    <>
      {parts.map((part, index) =>
        part.kind === "text" ? (
          <WithMentions key={index} text={part.text} mentions={mentions} />
        ) : (
          <a key={index} href={part.href} target="_blank" rel="noopener noreferrer nofollow" title={words.newTab}>
            {part.text}
          </a>
        ),
      )}
    </>
  );
}

function WithMentions({ text, mentions }: { text: string; mentions: readonly User[] }) {
  const myId = useSession((state) => state.session?.user.id);
  if (mentions.length === 0) return text;
  return mentionParts(text, mentions).map((part, index) =>
    part.user === null ? (
      part.text
    ) : (
      <span key={index} className="mention" data-testid="mention" data-me={part.user.id === myId}>
        {part.text}
      </span>
    ),
  );
}
