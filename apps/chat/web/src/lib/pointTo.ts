const LOOK_AGAIN_MS = 16;
const PATIENCE_MS = 2_000;

/** Brings a message to the middle, and the focus to it, as soon as it is drawn, which takes a slow machine a while. */
export function pointTo(messageId: number): void {
  const deadline = Date.now() + PATIENCE_MS;
  const look = (): void => {
    const element = document.querySelector<HTMLElement>(`[data-message-id="${messageId}"]`);
    if (element) {
      element.tabIndex = -1;
      element.scrollIntoView({ block: "center" });
      element.focus({ preventScroll: true });
    } else if (Date.now() < deadline) {
      setTimeout(look, LOOK_AGAIN_MS);
    }
  };
  look();
}
