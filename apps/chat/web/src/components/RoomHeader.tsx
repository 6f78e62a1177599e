import { useChat } from "../hooks/useChat";
import { useWords } from "../hooks/useWords";
import { useConnection } from "../stores/connection";
import { usePresence } from "../stores/presence";
import { useRooms } from "../stores/rooms";
import { ConnectionState } from "./ConnectionState";
import { Icon } from "./Icon";
import { NotificationBell } from "./NotificationBell";
import { RoomSearch } from "./RoomSearch";

interface RoomHeaderProps {
  roomId: number;
  onShowRooms: () => void;
  onShowPeople: () => void;
}

export function RoomHeader({ roomId, onShowRooms, onShowPeople }: RoomHeaderProps) {
  const words = useWords();
  const { client } = useChat();
  const name = useRooms((state) => state.rooms.find((room) => room.id === roomId)?.name);
  const connection = useConnection((state) => state.state);
  const online = usePresence((state) => state.online[roomId]?.length ?? 0);

  return (
    <header className="room-header">
      <button className="icon-button show-rooms" onClick={onShowRooms} aria-label={words.showRooms}>
        <Icon name="menu" />
      </button>
      <h1 className="room-title">
        <span className="hash" aria-hidden="true">
          #
        </span>
        {name ?? "…"}
      </h1>
      <ConnectionState state={connection} />
      <RoomSearch roomId={roomId} />
      <NotificationBell />
      <button className="icon-button counted show-people" onClick={onShowPeople} aria-label={words.showPeople(online)}>
        <Icon name="people" />
        <span aria-hidden="true">{online}</span>
      </button>
      <button
        className="icon-button"
        onClick={() => client?.leaveRoom(roomId)}
        aria-label={words.leaveRoomNamed(name ?? "")}
        title={words.leaveRoom}
      >
        <Icon name="leave" />
      </button>
    </header>
  );
}
