// Messages that the official client sends again, with `retries` and `ackTimeout`: node --test retries.test.mjs
// AERIE_GATEWAYS names the program, AERIE_THREADS the number of its event loops.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, beforeEach, describe, test } from 'node:test';
import { io } from 'socket.io-client';
import { until, within } from '../lib/wait.mjs';
import { startServer } from './server.mjs';

const threads = process.env.AERIE_THREADS ?? '1';

for (const transport of ['websocket', 'polling']) {
  describe(`over ${transport}`, () => {
    let server;
    let watcher;
    let socket;
    const clients = [];
    let users = 0;
    const open = async (options = {}) => {
      const client = io(`http://127.0.0.1:${server.port}`, {
        transports: [transport],
        forceNew: true,
        reconnectionDelay: 10,
        reconnectionDelayMax: 50,
        ...options,
      });
      clients.push(client);
      await within(once(client, 'connect'), 'a client connects');
      return client;
    };
    const book = () => within(watcher.emitWithAck('book'), 'the book');

    before(async () => {
      server = await startServer('orders', '--threads', threads);
      watcher = await open();
    });
    after(async () => {
      clients.forEach((client) => client.close());
      assert.equal(await server.stop(), 0);
    });
    beforeEach(async () => {
      socket = await open({ retries: 10, ackTimeout: 2000, auth: { user: `user ${++users}` } });
    });

    test('an answer comes when the handler has ended, and not before', async () => {
      const { stored } = await book();
      const number = await within(socket.emitWithAck('place', { id: 'late', before: 100, after: 100 }), 'an answer');
      assert.equal(number, stored.length + 1);
      assert.equal((await book()).stored.at(-1), 'late');
      const nothing = await within(socket.emitWithAck('note', { id: 'noted', before: 100, after: 0 }), 'an answer');
      assert.equal(nothing, undefined);
      assert.equal((await book()).stored.at(-1), 'noted');
    });

    for (const [when, delays] of [
      ['before it is stored', { before: 400, after: 0 }],
      ['between storing and answering', { before: 0, after: 400 }],
    ]) {
      test(`a connection that is cut ${when}: one message, one answer`, async () => {
        const { begun, stored } = await book();
        const answered = socket.emitWithAck('place', { id: 'once', ...delays });
        await until(async () => (await book()).begun > begun, 'it is begun');
        const { id } = socket;
        socket.io.engine.close();
        assert.equal(await within(answered, 'an answer'), stored.length + 1);
        assert.notEqual(socket.id, id, 'on another connection');
        const now = await book();
        assert.equal(now.begun, begun + 1);
        assert.equal(now.stored.length, stored.length + 1);
      });
    }

    test('a handler that takes longer than the client waits is asked again and again, and answers once', async () => {
      const hasty = await open({ retries: 10, ackTimeout: 60, auth: { user: `user ${++users}` } });
      const { begun, stored } = await book();
      let tries = 0;
      hasty.io.engine.on('packetCreate', ({ data }) => (tries += String(data).includes('"place"')));
      assert.equal(
        await within(hasty.emitWithAck('place', { id: 'slow', before: 200, after: 200 }), 'an answer'),
        stored.length + 1,
      );
      assert.ok(tries > 2, `${tries} tries`);
      assert.equal((await book()).begun, begun + 1);
    });

    test('without an id that is looked at the same is done again', async () => {
      const hasty = await open({ retries: 3, ackTimeout: 60, auth: { user: `user ${++users}` } });
      const { begun } = await book();
      await assert.rejects(within(hasty.emitWithAck('placeAgain', { id: 'many', before: 300, after: 0 }), 'an error'));
      await until(async () => (await book()).begun === begun + 4, 'four times');
      await until(async () => (await book()).stored.length === (await book()).begun, 'they have ended');
    });

    test('a handler that fails is tried again until it succeeds', async () => {
      const hasty = await open({ retries: 10, ackTimeout: 60, auth: { user: `user ${++users}` } });
      const errors = [];
      hasty.on('exception', (error) => errors.push(error.message));
      const { stored } = await book();
      assert.equal(
        await within(hasty.emitWithAck('fail', { id: transport, before: 0, after: 0 }), 'an answer'),
        stored.length + 1,
      );
      assert.deepEqual(errors, ['not now', 'not now']);
    });

    test('what is sent while there is no connection comes in its order, once', async () => {
      const { stored } = await book();
      const cut = once(socket, 'disconnect');
      socket.io.engine.close();
      await within(cut, 'it is cut');
      const answers = ['a', 'b', 'c'].map((id) => socket.emitWithAck('place', { id, before: 5, after: 5 }));
      const first = stored.length + 1;
      assert.deepEqual(await within(Promise.all(answers), 'answers'), [first, first + 1, first + 2]);
      assert.deepEqual((await book()).stored.slice(-3), ['a', 'b', 'c']);
    });
  });
}
