import { useEffect, useRef, type ReactNode } from "react";
import { useWords } from "../hooks/useWords";
import { Icon } from "./Icon";

interface DrawerProps {
  side: "left" | "right";
  label: string;
  open: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A column on wide windows; on narrow ones it slides over the conversation (layout.css decides which). */
export function Drawer({ side, label, open, onClose, children }: DrawerProps) {
  const words = useWords();
  const panel = useRef<HTMLElement>(null);

  // Focus goes in with opening and back with closing; a plain column is always there and takes no focus.
  useEffect(() => {
    const element = panel.current;
    if (!open || !element || getComputedStyle(element).position !== "fixed") return;
    const before = document.activeElement;
    element.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [open]);

  return (
    <>
      {open && <div className={`backdrop ${side}`} onClick={onClose} />}
      <aside
        ref={panel}
        className={`drawer ${side}`}
        data-open={open}
        aria-label={label}
        tabIndex={-1}
        onKeyDown={(event) => event.key === "Escape" && onClose()}
      >
        <button className="icon-button drawer-close" onClick={onClose} aria-label={words.close(label)}>
          <Icon name="close" />
        </button>
        {children}
      </aside>
    </>
  );
}
