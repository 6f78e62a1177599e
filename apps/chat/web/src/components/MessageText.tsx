import { useMemo } from "react";
import { useWords } from "../hooks/useWords";
import { partsOf } from "../lib/links";

/** What somebody wrote: text, and addresses as links that tell where they go and nothing of where one comes from. */
export function MessageText({ content }: { content: string }) {
  const words = useWords();
  const parts = useMemo(() => partsOf(content), [content]);
  return (
    <>
      {parts.map((part, index) =>
        part.kind === "text" ? (
          part.text
        ) : (
          <a key={index} href={part.href} target="_blank" rel="noopener noreferrer nofollow" title={words.newTab}>
            {part.text}
          </a>
        ),
      )}
    </>
  );
}
