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

const words: Record<string, string> = {
  INVALID_NICKNAME: "A nickname has 1 to 32 characters.",
  MISSING_TOKEN: "You are not signed in.",
  INVALID_TOKEN: "The server no longer accepts your session.",
  EXPIRED_TOKEN: "Your session has expired.",
  INVALID_NAME: "This name cannot be used for a room.",
  ROOM_EXISTS: "A room with this name already exists.",
  ROOM_NOT_FOUND: "This room no longer exists.",
  NOT_A_MEMBER: "You are not in this room.",
  TOO_LONG: "The message is longer than 2000 characters.",
  EMPTY: "The message is empty.",
  TOO_MANY_REQUESTS: "You are writing faster than the server takes it. Wait a few seconds and send it again.",
  STORE_FAILED: "The server could not store it. Try again in a while.",
  UNKNOWN_USER: "One of these nicknames has never been here. Check how it is written.",
  NOT_FOUND: "It is no longer there.",
  "Invalid namespace": "The server has no channel of this name.",
  NETWORK: "The server cannot be reached.",
  TIMEOUT: "The server did not answer in time.",
  DISCONNECTED: "The connection was lost.",
  BAD_ANSWER: "The server answered with something this page does not understand.",
};

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
  if (!(error instanceof Error)) return "Something went wrong.";
  return words[codeOf(error)] ?? (error.message || "Something went wrong.");
}
