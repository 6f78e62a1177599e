import { useState } from "react";
import { useTitle } from "../hooks/useTitle";
import { useUnreadTotal } from "../hooks/useUnreadCount";
import { useWords } from "../hooks/useWords";
import { channelNameProblem } from "../lib/channelName";
import type { Route } from "../lib/route";
import { useNotifications } from "../stores/notifications";
import { useRooms } from "../stores/rooms";
import { useSession } from "../stores/session";
import { ChannelInfo } from "./ChannelInfo";
import { ChannelView } from "./ChannelView";
import { Drawer } from "./Drawer";
import { GuestSidebar } from "./GuestSidebar";
import { Lightbox } from "./Lightbox";
import { NoChannel } from "./NoChannel";
import { NoRoom } from "./NoRoom";
import { NotificationPanel } from "./NotificationPanel";
import { OnlineList } from "./OnlineList";
import { RoomView } from "./RoomView";
import { Sidebar } from "./Sidebar";
import { Toasts } from "./Toasts";

type OpenDrawer = "rooms" | "people" | null;

/** Rooms, conversation and people side by side; where there is no room for that, the outer two are drawers. */
export function ChatPage({ route }: { route: Route }) {
  const words = useWords();
  const user = useSession((state) => state.session?.user);
  const roomId = useRooms((state) => state.activeId);
  const roomName = useRooms((state) => state.rooms.find((room) => room.id === state.activeId)?.name);
  const unread = useNotifications((state) => state.unread) + useUnreadTotal(user?.id ?? null);
  const [open, setOpen] = useState<OpenDrawer>(null);

  const channel = route.view === "channel" ? route.name : null;
  const isChannel = channel !== null && channelNameProblem(channel) === null;
  const nothingOpen = channel === null && roomId === null;
  const hasPeople = isChannel || (channel === null && roomId !== null);
  useTitle(channel ?? roomName ?? null, user ? unread : 0);

  const close = (): void => setOpen(null);
  const view = { covered: open !== null, onShowRooms: () => setOpen("rooms"), onShowPeople: () => setOpen("people") };

  return (
    <div className="chat-page" data-room={nothingOpen ? "none" : "open"} data-people={hasPeople}>
      <Drawer side="left" label={words.rooms} open={open === "rooms" || nothingOpen} onClose={close}>
        {user ? <Sidebar key={user.id} alone={!hasPeople} onChosen={close} /> : <GuestSidebar onChosen={close} />}
      </Drawer>
      {conversation()}
      {hasPeople && (
        <Drawer side="right" label={isChannel ? words.aboutChannel : words.people} open={open === "people"} onClose={close}>
          {isChannel ? <ChannelInfo name={channel} /> : <OnlineList roomId={roomId!} />}
        </Drawer>
      )}
      {user && (
        <>
          <NotificationPanel />
          <Toasts />
          <Lightbox />
        </>
      )}
    </div>
  );

  function conversation() {
    if (isChannel) return <ChannelView key={channel} name={channel} {...view} />;
    if (channel !== null) return <NoChannel name={channel} {...view} />;
    if (roomId === null) return <NoRoom />;
    return <RoomView key={`${user?.id}/${roomId}`} roomId={roomId} {...view} />;
  }
}
