import { useEffect } from "react";

/** The tab's name: what is open, behind the number of unread messages and notifications. */
export function useTitle(open: string | null, unread: number): void {
  useEffect(() => {
    const count = unread > 0 ? `(${unread}) ` : "";
    document.title = open === null ? `${count}Aerie Chat` : `${count}${open} · Aerie Chat`;
  }, [open, unread]);
}
