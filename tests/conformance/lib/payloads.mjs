// What may stand in no packet, for all who try it.

/** What is no payload of an event. */
export const noEventPayloads = [
  '{}',
  '[]',
  '[null]',
  '[true]',
  '[{"toString":"foo"}]',
  '[[]]',
  'null',
  '"text"',
  '[',
  '["a"',
  '["a"]]',
  "['a']",
];

/** Names of events that are not for users. */
export const reservedEvents = [
  'connect',
  'connect_error',
  'disconnect',
  'disconnecting',
  'newListener',
  'removeListener',
];
