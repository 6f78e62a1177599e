// Checklist J: the flags of an emit: volatile and compress.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { connect, record, run, settled, transports } from './lib/client.mjs';
import { PollingSession } from './lib/engine.mjs';
import { RawClient } from './lib/socketio.mjs';
import { serve } from './lib/target.mjs';
import { until } from './lib/wait.mjs';

describe('volatile events', { concurrency: true }, () => {
  const server = serve();
  const emit = (event, options = {}, args = []) => ({ do: 'emit', event, args, ...options });
  const inOneTurn = (socket, ...commands) => run(socket, { do: 'sequence', commands });

  for (const [name, options] of transports) {
    const targets = [
      ['a socket', () => ({})],
      ['a broadcast', ({ id }) => ({ from: 'nsp', to: [id] })],
    ];
    for (const [kind, targetOf] of targets) {
      test(`151 of two in one turn to ${kind} only the first arrives over ${name}`, async () => {
        const socket = await connect(server, '/', options);
        const target = targetOf(socket);
        const events = record(socket);
        const command = (i) => emit('v', { ...target, volatile: true }, [i]);
        // Not even the first arrives while the next poll has not: nothing tells a client when it has.
        await until(async () => {
          await inOneTurn(socket, command(1), command(2));
          await settled(socket);
          return events.length > 0;
        }, 'a volatile event arrives');
        assert.deepEqual(events, [['v', 1]]);
      });

      test(`151 after a regular one to ${kind} in the same turn it is dropped over ${name}, the next regular one is not`, async () => {
        const socket = await connect(server, '/', options);
        const target = targetOf(socket);
        const events = record(socket);
        await inOneTurn(
          socket,
          emit('r', target, [1]),
          emit('v', { ...target, volatile: true }),
          emit('r', target, [2]),
        );
        await settled(socket);
        assert.deepEqual(events, [
          ['r', 1],
          ['r', 2],
        ]);
      });
    }
  }

  test('151 without a pending poll a volatile event is dropped', async () => {
    const session = await PollingSession.open(server);
    await session.post('40');
    const [packet] = await session.receive();
    const { sid } = JSON.parse(packet.slice(2));
    await server.command({ do: 'emit', socket: sid, event: 'v', volatile: true });
    await server.command({ do: 'emit', socket: sid, event: 'r' });
    assert.deepEqual(await session.receive(), ['42["r"]']);
  });

  test('151 binary as well: one of two', async () => {
    const raw = await RawClient.open(server);
    const bytes = '{"_placeholder":true,"num":0}';
    const volatileBinary = `{"do":"emit","event":"v","volatile":true,"args":[${bytes}]}`;
    await raw.fate();
    raw
      .send(`51-["do",{"do":"sequence","commands":[${volatileBinary},${volatileBinary}]}]`)
      .send(Buffer.of(7));
    const { packets } = await raw.fate();
    assert.deepEqual(packets, ['51-["v",{"_placeholder":true,"num":0}]', Buffer.of(7)]);
  });
});

describe('the compress flag', () => {
  const server = serve();

  for (const [compress, coding] of [
    [undefined, 'gzip'],
    [true, 'gzip'],
    [false, undefined],
  ]) {
    test(`152 compress ${compress} gives the coding ${coding}`, async () => {
      const session = await PollingSession.open(server);
      await session.post('40');
      const { sid } = JSON.parse((await session.receive())[0].slice(2));
      const args = ['x'.repeat(2000)];
      for (const target of [{ socket: sid }, { from: 'nsp', to: [sid] }]) {
        await server.command({ do: 'emit', event: 'x', compress, args, ...target });
        const { headers } = await session.poll({ 'Accept-Encoding': 'gzip' });
        assert.equal(headers['content-encoding'], coding);
      }
    });
  }
});
