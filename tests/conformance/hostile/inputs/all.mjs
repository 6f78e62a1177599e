import frames from './frames.mjs';
import http from './http.mjs';
import packets from './packets.mjs';
import published from './published.mjs';
import sessions from './sessions.mjs';

export const inputs = [http, sessions, frames, packets, published].flatMap(({ all }) => all);
