import { useRef } from "react";
import { useWords } from "../hooks/useWords";
import { IMAGE_TYPES } from "../lib/image";
import { Icon } from "./Icon";

/** Chooses an image from what is on the device. */
export function AttachButton({ disabled, onFile }: { disabled: boolean; onFile: (file: File) => void }) {
  const words = useWords();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        data-testid="image-input"
        accept={IMAGE_TYPES}
        onChange={(event) => {
          const file = event.target.files?.[0];
          // The same one again is to be noticed as well.
          event.target.value = "";
          if (file) onFile(file);
        }}
      />
      <button
        type="button"
        className="icon-button attach"
        data-testid="attach-button"
        disabled={disabled}
        onClick={() => input.current?.click()}
        aria-label={words.attachImage}
        title={words.attachImage}
      >
        <Icon name="image" />
      </button>
    </>
  );
}
