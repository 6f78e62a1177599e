import { useEffect, useRef, type KeyboardEvent, type MouseEvent } from "react";
import { useWords } from "../hooks/useWords";
import { useLightbox } from "../stores/lightbox";
import { Icon } from "./Icon";

/** An image over everything. Escape closes it, the arrows go to the others; the focus comes back to where it was. */
export function Lightbox() {
  const words = useWords();
  const { images, index, go, close } = useLightbox();
  const dialog = useRef<HTMLDialogElement>(null);
  const open = index !== null;
  const image = index === null ? undefined : images[index];

  useEffect(() => {
    const element = dialog.current;
    if (!element || element.open === open) return;
    if (open) element.showModal();
    else element.close();
  }, [open]);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === "ArrowLeft") go(-1);
    else if (event.key === "ArrowRight") go(1);
    else return;
    event.preventDefault();
  }

  function onClick(event: MouseEvent): void {
    if (!(event.target as Element).closest("button, .lightbox-text")) close();
  }

  return (
    <dialog ref={dialog} className="lightbox" aria-label={words.image} onClose={close} onKeyDown={onKeyDown} onClick={onClick}>
      {image && (
        <div className="lightbox-content" data-testid="lightbox">
          <img src={image.src} alt={image.alt || words.imageUndescribed} />
          {image.alt !== "" && <p className="lightbox-text">{image.alt}</p>}
          <button className="icon-button lightbox-close" onClick={close} aria-label={words.closeImage} autoFocus>
            <Icon name="close" />
          </button>
          {images.length > 1 && (
            <>
              <button
                className="icon-button lightbox-back"
                onClick={() => go(-1)}
                aria-label={words.imageBefore}
                aria-disabled={index === 0}
              >
                <Icon name="back" />
              </button>
              <button
                className="icon-button lightbox-on"
                onClick={() => go(1)}
                aria-label={words.imageAfter}
                aria-disabled={index === images.length - 1}
              >
                <Icon name="send" />
              </button>
            </>
          )}
        </div>
      )}
    </dialog>
  );
}
