import { words } from "../stores/settings";

/** An error with the server's code, or one of this page's own: NETWORK, TIMEOUT, DISCONNECTED, BAD_ANSWER. */
export class ChatError extends Error {
  constructor(
    readonly code: string,
    message?: string,
  ) {
    super(message ?? code);
    this.name = "ChatError";
  }
}

const sessionCodes = new Set(["MISSING_TOKEN", "INVALID_TOKEN", "EXPIRED_TOKEN"]);

/** Whether the remedy is to sign in again. */
export function endsSession(code: string): boolean {
  return sessionCodes.has(code);
}

export function codeOf(error: unknown): string {
  return error instanceof ChatError ? error.code : "UNKNOWN";
}

/** A sentence for people: ours where we know the code, else the server's own. */
export function inWords(error: unknown): string {
  const { errors, somethingWrong }: { errors: Record<string, string>; somethingWrong: string } = words();
  if (!(error instanceof Error)) return somethingWrong;
  const code = codeOf(error);
  return (Object.hasOwn(errors, code) ? errors[code] : undefined) ?? (error.message || somethingWrong);
}
