import { ChatPage } from "./components/ChatPage";
import { SignInAgain } from "./components/SignInAgain";
import { SignInPage } from "./components/SignInPage";
import { ChatClientContext } from "./hooks/useChat";
import { useSocket } from "./hooks/useSocket";
import { useSession } from "./stores/session";

export function App() {
  const { session, ended } = useSession();
  const client = useSocket();

  if (!session) return <SignInPage />;
  return (
    <ChatClientContext.Provider value={client}>
      <ChatPage key={session.user.id} />
      {ended !== null && <SignInAgain code={ended} nickname={session.user.nickname} />}
    </ChatClientContext.Provider>
  );
}
