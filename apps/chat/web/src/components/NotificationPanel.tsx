import { useEffect, useRef, type MouseEvent } from "react";
import { useWords } from "../hooks/useWords";
import { usePanel } from "../stores/panel";
import { useToasts } from "../stores/toasts";
import { AppointmentForm } from "./AppointmentForm";
import { Icon } from "./Icon";
import { NotificationList } from "./NotificationList";

/** Hangs below the bell; on a phone it takes the window. */
export function NotificationPanel() {
  const words = useWords();
  const view = usePanel((state) => state.view);
  const show = usePanel((state) => state.show);
  const dialog = useRef<HTMLDialogElement>(null);
  const open = view !== null;

  useEffect(() => {
    const element = dialog.current;
    if (!element || element.open === open) return;
    if (open) {
      useToasts.getState().dismissAll();
      element.showModal();
    } else {
      element.close();
    }
  }, [open]);

  function onClick(event: MouseEvent): void {
    // The dialog is covered by what is in it, so this is a click beside it.
    if (event.target === dialog.current) show(null);
  }

  return (
    <dialog ref={dialog} className="panel" aria-labelledby="panel-title" onClose={() => show(null)} onClick={onClick}>
      {open && (
        <div className="panel-content" data-testid="notification-panel">
          <header className="panel-header">
            {view === "appointment" && (
              <button className="icon-button" onClick={() => show("list")} aria-label={words.backToNotifications}>
                <Icon name="back" />
              </button>
            )}
            <h2 id="panel-title">{view === "appointment" ? words.newAppointment : words.notifications}</h2>
            <button className="icon-button" onClick={() => show(null)} aria-label={words.closeNotifications}>
              <Icon name="close" />
            </button>
          </header>
          {view === "appointment" ? <AppointmentForm /> : <NotificationList />}
        </div>
      )}
    </dialog>
  );
}
