// An image that is chosen to be sent: looked at before it is shown, by its bytes and not by its name.

import { ChatError } from "./errors";

/** In bytes, as the server has it. */
export const MAX_IMAGE_SIZE = 1024 * 1024;
export const IMAGE_TYPES = "image/png,image/jpeg,image/gif,image/webp";
/** Of an image in the conversation, in CSS pixels. */
const SHOWN_SIDE = 320;

export interface ChosenImage {
  bytes: Uint8Array<ArrayBuffer>;
  /** For as long as the page is there, or until it is released. */
  url: string;
  width: number;
  height: number;
}

/** Rejects with IMAGE_TOO_LARGE or INVALID_IMAGE. */
export async function readImage(file: Blob): Promise<ChosenImage> {
  if (file.size > MAX_IMAGE_SIZE) throw new ChatError("IMAGE_TOO_LARGE");
  const bytes = new Uint8Array(await file.arrayBuffer());
  const type = imageType(bytes);
  if (type === null) throw new ChatError("INVALID_IMAGE");
  const blob = new Blob([bytes], { type });
  try {
    const bitmap = await createImageBitmap(blob);
    const { width, height } = bitmap;
    bitmap.close();
    return { bytes, url: URL.createObjectURL(blob), width, height };
  } catch {
    throw new ChatError("INVALID_IMAGE");
  }
}

export function releaseImage(image: ChosenImage): void {
  URL.revokeObjectURL(image.url);
}

/** What the bytes begin like; null for anything that is not sent, such as SVG. */
export function imageType(bytes: Uint8Array): string | null {
  if (begins(bytes, 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return "image/png";
  if (begins(bytes, 0, [0xff, 0xd8, 0xff])) return "image/jpeg";
  if (begins(bytes, 0, letters("GIF87a")) || begins(bytes, 0, letters("GIF89a"))) return "image/gif";
  if (begins(bytes, 0, letters("RIFF")) && begins(bytes, 8, letters("WEBP"))) return "image/webp";
  return null;
}

function begins(bytes: Uint8Array, at: number, what: readonly number[]): boolean {
  return what.every((byte, index) => bytes[at + index] === byte);
}

const letters = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));

/** How large it is shown in the conversation: never larger than it is, known before it has come. */
export function shownSize({ width, height }: { width: number; height: number }): { width: number; height: number } {
  const scale = Math.min(1, SHOWN_SIDE / width, SHOWN_SIDE / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
