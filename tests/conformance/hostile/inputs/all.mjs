import frames from './frames.mjs';
import http from './http.mjs';
import packets from './packets.mjs';
import sessions from './sessions.mjs';

export const inputs = [http, sessions, frames, packets].flatMap(({ all }) => all);
