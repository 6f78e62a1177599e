// The error answers of the Engine.IO server, by code.
import assert from 'node:assert/strict';

export const errors = {
  transport: { code: 0, message: 'Transport unknown' },
  sid: { code: 1, message: 'Session ID unknown' },
  method: { code: 2, message: 'Bad handshake method' },
  request: { code: 3, message: 'Bad request' },
  forbidden: { code: 4, message: 'Forbidden' },
  protocol: { code: 5, message: 'Unsupported protocol version' },
};

export function assertError(response, error, status = 400) {
  assert.equal(response.status, status, response.text);
  assert.match(response.headers['content-type'], /^application\/json/);
  assert.deepEqual(JSON.parse(response.text), error);
}

// The plain text with which an upgrade request is refused.
export function assertUpgradeError(response, message) {
  assert.notEqual(response, null, 'the connection was closed without an answer');
  assert.equal(response.status, 400, response.text);
  assert.equal(response.text, message);
}
