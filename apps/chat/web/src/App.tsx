import { ChatPage } from "./components/ChatPage";
import { SignInAgain } from "./components/SignInAgain";
import { SignInPage } from "./components/SignInPage";
import { ClientsContext } from "./hooks/useChat";
import { useRoute } from "./hooks/useRoute";
import { useSocket } from "./hooks/useSocket";
import { useSession } from "./stores/session";

export function App() {
  const { session, ended } = useSession();
  const clients = useSocket();
  const route = useRoute();

  // An anonymous channel is for everybody.
  if (!session && route.view !== "channel") return <SignInPage />;
  return (
    <ClientsContext.Provider value={clients}>
      <ChatPage route={route} />
      {session && ended !== null && <SignInAgain code={ended} nickname={session.user.nickname} route={route} />}
    </ClientsContext.Provider>
  );
}
