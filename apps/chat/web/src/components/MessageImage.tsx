import { useWords } from "../hooks/useWords";
import { imageAddress } from "../lib/api";
import { shownSize } from "../lib/image";
import { useLightbox } from "../stores/lightbox";
import { useRooms } from "../stores/rooms";
import { timelineOf } from "../stores/timelines";

interface MessageImageProps {
  src: string;
  alt: string;
  width: number;
  height: number;
}

/** An image in the conversation; it opens large. */
export function MessageImage({ src, alt, ...size }: MessageImageProps) {
  const words = useWords();

  function open(): void {
    const roomId = useRooms.getState().activeId;
    const messages = roomId === null ? [] : timelineOf(roomId).messages;
    const images = messages.flatMap(({ image, content }) => (image ? [{ src: imageAddress(image), alt: content }] : []));
    const index = images.findIndex((image) => image.src === src);
    // One that is on its way still is not among them.
    if (index < 0) useLightbox.getState().open([{ src, alt }], 0);
    else useLightbox.getState().open(images, index);
  }

  return (
    <button type="button" className="image" data-testid="image-button" onClick={open} title={words.showImage}>
      <img src={src} alt={alt || words.imageUndescribed} {...shownSize(size)} loading="lazy" decoding="async" />
    </button>
  );
}
