import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { restoreForEachUser } from "./stores/restore";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/layout.css";
import "./styles/signIn.css";
import "./styles/sidebar.css";
import "./styles/conversation.css";
import "./styles/messages.css";
import "./styles/composer.css";

restoreForEachUser();

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
