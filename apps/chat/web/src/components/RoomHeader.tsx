import { useChat } from "../hooks/useChat";
import { usePresence } from "../stores/presence";
import { useRooms } from "../stores/rooms";
import { ConnectionState } from "./ConnectionState";
import { Icon } from "./Icon";

interface RoomHeaderProps {
  roomId: number;
  onShowRooms: () => void;
  onShowPeople: () => void;
}

export function RoomHeader({ roomId, onShowRooms, onShowPeople }: RoomHeaderProps) {
  const { client } = useChat();
  const name = useRooms((state) => state.rooms.find((room) => room.id === roomId)?.name);
  const online = usePresence((state) => state.online[roomId]?.length ?? 0);

  return (
    <header className="room-header">
      <button className="icon-button show-rooms" onClick={onShowRooms} aria-label="Show rooms">
        <Icon name="menu" />
      </button>
      <h2 className="room-title">
        <span className="hash" aria-hidden="true">
          #
        </span>
        {name ?? "…"}
      </h2>
      <ConnectionState />
      <button className="icon-button counted show-people" onClick={onShowPeople} aria-label={`Show people: ${online} online`}>
        <Icon name="people" />
        <span aria-hidden="true">{online}</span>
      </button>
      <button
        className="icon-button"
        onClick={() => client?.leaveRoom(roomId)}
        aria-label={`Leave room ${name ?? ""}`}
        title="Leave room"
      >
        <Icon name="leave" />
      </button>
    </header>
  );
}
