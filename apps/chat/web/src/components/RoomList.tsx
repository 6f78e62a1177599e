import { useChat } from "../hooks/useChat";
import { useRoute } from "../hooks/useRoute";
import { useUnreadCount } from "../hooks/useUnreadCount";
import { useWords } from "../hooks/useWords";
import { goTo } from "../lib/route";
import type { Room } from "../lib/types";
import { useRooms } from "../stores/rooms";

export function RoomList({ onChosen }: { onChosen: () => void }) {
  const words = useWords();
  const { rooms, loaded, error, activeId } = useRooms();
  const { client } = useChat();
  const { view } = useRoute();

  function choose(room: Room): void {
    client?.openRoom(room.id);
    goTo({ view: "rooms" });
    onChosen();
  }

  return (
    <nav aria-labelledby="rooms-title">
      <h2 id="rooms-title">{words.rooms}</h2>
      {error !== null && <p className="field-error" role="alert">{`${words.roomsNotLoaded} ${error}`}</p>}
      {!loaded && error === null && <p className="muted rooms-note">{words.loadingRooms}</p>}
      {loaded && rooms.length === 0 && <p className="muted rooms-note">{words.noRooms}</p>}
      <ul data-testid="room-list">
        {rooms.map((room) => (
          <RoomItem key={room.id} room={room} active={view === "rooms" && room.id === activeId} onChoose={choose} />
        ))}
      </ul>
    </nav>
  );
}

interface RoomItemProps {
  room: Room;
  active: boolean;
  onChoose: (room: Room) => void;
}

function RoomItem({ room, active, onChoose }: RoomItemProps) {
  const words = useWords();
  const unread = useUnreadCount(room.id);
  return (
    <li>
      <button
        className="room-item"
        data-testid="room-item"
        data-room-id={room.id}
        aria-current={active ? "true" : undefined}
        onClick={() => onChoose(room)}
      >
        <span className="hash" aria-hidden="true">
          #
        </span>
        <span className="name">{room.name}</span>
        {unread > 0 && (
          <span className="badge">
            {unread > 99 ? "99+" : unread}
            <span className="sr-only"> {words.unread}</span>
          </span>
        )}
      </button>
    </li>
  );
}
