import { useConnection } from "../stores/connection";

const labels = { connected: "Connected", reconnecting: "Reconnecting…", offline: "Offline" };

export function ConnectionState() {
  const state = useConnection((store) => store.state);
  return (
    <span className="connection-state" data-testid="connection-state" data-state={state} title={labels[state]}>
      <span className="label">{labels[state]}</span>
    </span>
  );
}

/** Lies over the top of the messages, so that nothing moves when it comes and goes. */
export function ConnectionBanner() {
  const { state, refusal } = useConnection();
  return (
    <div className="banner-place" role="status">
      {state !== "connected" && <p className="banner">{refusal ?? sentences[state]}</p>}
    </div>
  );
}

const sentences = {
  reconnecting: "Reconnecting… What you send now goes out when the connection is back.",
  offline: "You are offline. What you send now goes out when the connection is back.",
};
