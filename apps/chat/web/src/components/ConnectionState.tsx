import type { ConnectionState as State } from "../lib/types";

const labels = { connected: "Connected", reconnecting: "Reconnecting…", offline: "Offline" };

export function ConnectionState({ state }: { state: State }) {
  return (
    <span className="connection-state" data-testid="connection-state" data-state={state} title={labels[state]}>
      <span className="label">{labels[state]}</span>
    </span>
  );
}

interface ConnectionBannerProps {
  state: State;
  /** Why the server will not have us, in words. */
  refusal: string | null;
  /** What becomes of what one writes meanwhile, in words. */
  meanwhile: string;
  onTryAgain?: () => void;
}

/** Lies over the top of the messages, so that nothing moves when it comes and goes. */
export function ConnectionBanner({ state, refusal, meanwhile, onTryAgain }: ConnectionBannerProps) {
  return (
    <div className="banner-place" role="status">
      {state !== "connected" && (
        <p className="banner">
          {refusal ?? `${state === "offline" ? "You are offline." : "Reconnecting…"} ${meanwhile}`}
          {refusal !== null && onTryAgain && (
            <>
              {" "}
              <button className="link" onClick={onTryAgain}>
                Try again
              </button>
            </>
          )}
        </p>
      )}
    </div>
  );
}
