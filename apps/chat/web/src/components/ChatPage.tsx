import { useState } from "react";
import { useRooms } from "../stores/rooms";
import { Drawer } from "./Drawer";
import { NoRoom } from "./NoRoom";
import { OnlineList } from "./OnlineList";
import { RoomView } from "./RoomView";
import { Sidebar } from "./Sidebar";

type OpenDrawer = "rooms" | "people" | null;

/** Rooms, conversation and people side by side; where there is no room for that, the outer two are drawers. */
export function ChatPage() {
  const activeId = useRooms((state) => state.activeId);
  const [open, setOpen] = useState<OpenDrawer>(null);
  const close = (): void => setOpen(null);

  return (
    <div className="chat-page" data-room={activeId === null ? "none" : "open"}>
      <Drawer side="left" label="Rooms" open={open === "rooms" || activeId === null} onClose={close}>
        <Sidebar onChosen={close} />
      </Drawer>
      {activeId === null ? (
        <NoRoom />
      ) : (
        <RoomView
          key={activeId}
          roomId={activeId}
          covered={open !== null}
          onShowRooms={() => setOpen("rooms")}
          onShowPeople={() => setOpen("people")}
        />
      )}
      {activeId !== null && (
        <Drawer side="right" label="People" open={open === "people"} onClose={close}>
          <OnlineList roomId={activeId} />
        </Drawer>
      )}
    </div>
  );
}
