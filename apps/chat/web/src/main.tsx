import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { LineContext } from "./hooks/useLine";
import { createManager, followNetwork, Line } from "./lib/line";
import { restoreForEachUser } from "./stores/restore";
import { followReading } from "./stores/read";
import { adoptSessions } from "./stores/session";
import { applySettings } from "./stores/settings";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/layout.css";
import "./styles/signIn.css";
import "./styles/sidebar.css";
import "./styles/conversation.css";
import "./styles/messages.css";
import "./styles/composer.css";
import "./styles/channel.css";
import "./styles/notifications.css";
import "./styles/appointment.css";
import "./styles/toasts.css";
import "./styles/lightbox.css";

applySettings();
restoreForEachUser();
adoptSessions();
followReading();
const line = new Line(createManager());
followNetwork(line);

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <LineContext.Provider value={line}>
      <App />
    </LineContext.Provider>
  </StrictMode>,
);
