import { useWords } from "../hooks/useWords";
import type { ChosenImage } from "../lib/image";
import { Icon } from "./Icon";

/** What is about to be sent, with a way to change one's mind. */
export function ImagePreview({ image, onDrop }: { image: ChosenImage; onDrop: () => void }) {
  const words = useWords();
  return (
    <div className="image-preview" data-testid="image-preview">
      <img src={image.url} alt={words.imageChosen} />
      <p className="muted">{words.describeImage}</p>
      <button type="button" className="icon-button" onClick={onDrop} aria-label={words.dropImage} title={words.dropImage}>
        <Icon name="close" />
      </button>
    </div>
  );
}
