import { useWords } from "../hooks/useWords";
import type { ConnectionState as State } from "../lib/types";

export function ConnectionState({ state }: { state: State }) {
  const words = useWords();
  return (
    <span className="connection-state" data-testid="connection-state" data-state={state} title={words[state]}>
      <span className="label">{words[state]}</span>
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
  const words = useWords();
  return (
    <div className="banner-place" role="status">
      {state !== "connected" && (
        <p className="banner">
          {refusal ?? `${state === "offline" ? words.youAreOffline : words.reconnecting} ${meanwhile}`}
          {refusal !== null && onTryAgain && (
            <>
              {" "}
              <button className="link" onClick={onTryAgain}>
                {words.tryAgain}
              </button>
            </>
          )}
        </p>
      )}
    </div>
  );
}
