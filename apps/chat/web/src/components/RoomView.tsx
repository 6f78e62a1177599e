import { useWords } from "../hooks/useWords";
import { useConnection } from "../stores/connection";
import { useRooms } from "../stores/rooms";
import { Announcer } from "./Announcer";
import { Composer } from "./Composer";
import { ConnectionBanner } from "./ConnectionState";
import { MessageList } from "./MessageList";
import { RoomHeader } from "./RoomHeader";
import { TypingLine } from "./TypingLine";

interface RoomViewProps {
  roomId: number;
  /** A drawer lies over it. */
  covered: boolean;
  onShowRooms: () => void;
  onShowPeople: () => void;
}

export function RoomView({ roomId, covered, onShowRooms, onShowPeople }: RoomViewProps) {
  const words = useWords();
  const { state, refusal } = useConnection();
  const problem = useRooms((state) => state.problems[roomId] ?? null);

  return (
    // React 18 does not know `inert`; an empty text sets the attribute.
    <main className="room-view" {...(covered ? { inert: "" } : {})}>
      <RoomHeader roomId={roomId} onShowRooms={onShowRooms} onShowPeople={onShowPeople} />
      <div className="conversation">
        <ConnectionBanner
          state={state}
          refusal={refusal}
          meanwhile={words.meanwhileRoom}
        />
        {problem !== null && (
          <p className="banner problem" role="alert">
            {problem}
          </p>
        )}
        <MessageList roomId={roomId} />
      </div>
      <TypingLine roomId={roomId} />
      <Composer roomId={roomId} />
      <Announcer roomId={roomId} />
    </main>
  );
}
