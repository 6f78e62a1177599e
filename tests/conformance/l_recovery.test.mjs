// Checklist L: connection state recovery, with the official client.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import parser from 'socket.io-msgpack-parser';
import { connect, connected, client, record, refusal, run, settled, transports } from './lib/client.mjs';
import { RawClient } from './lib/socketio.mjs';
import { official, serve } from './lib/target.mjs';
import { once } from './lib/wait.mjs';

// Breaks the connection beneath a client, as a tunnel does, and waits until both ends know it.
async function cut(server, socket) {
  const gone = once(socket, 'disconnect');
  const { id } = socket;
  socket.io.engine.close();
  await gone;
  await server.logged({ what: 'disconnect', id });
}

async function comeBack(socket) {
  socket.connect();
  await connected(socket);
}

for (const [name, options] of transports) {
  for (const [format, more, switches] of [
    ['JSON', {}, []],
    ['MessagePack', { parser }, ['--parser', 'msgpack']],
  ]) {
    describe(`recovery over ${name}, in ${format}`, () => {
      const server = serve('--connection-state-recovery', 10_000, ...switches);
      const open = (nsp = '/') => connect(server, nsp, { ...options, ...more });

      test('185 191 the same id, rooms and data, and what was missed, in order and binary too', async () => {
        const [socket, other] = [await open('/custom'), await open('/custom')];
        await run(socket, { do: 'join', rooms: ['a', 'b'] });
        await run(socket, { do: 'setData', data: { user: 'Ann' } });
        await run(socket, { do: 'emit', event: 'first' });
        const { id } = socket;
        assert.equal(socket.recovered, false);
        await cut(server, socket);
        const emit = (how, ...args) => run(other, { do: 'emit', from: 'nsp', ...how }, ...args);
        await emit({ event: 'all' }, 1);
        await emit({ event: 'room', to: ['a'] }, { deep: [Buffer.from([1, 2, 3])] });
        await emit({ event: 'both', to: ['a', 'b'] }, 3);
        await emit({ event: 'his', to: [id] }, 'text');
        const before = record(socket);
        await comeBack(socket);
        assert.equal(socket.recovered, true);
        assert.equal(socket.id, id);
        assert.deepEqual(
          before.map(([event]) => event),
          ['all', 'room', 'both', 'his'],
        );
        assert.deepEqual(before[1][1], { deep: [Buffer.from([1, 2, 3])] });
        const info = await run(socket, { do: 'info' });
        assert.equal(info.recovered, true);
        assert.deepEqual(info.rooms.sort(), [id, 'a', 'b'].sort());
        assert.deepEqual(info.data, { value: { user: 'Ann' } });
      });

      test('190 not what was for other rooms, or for all but his', async () => {
        const [socket, other] = [await open('/custom'), await open('/custom')];
        await run(socket, { do: 'join', rooms: 'mine' });
        await run(socket, { do: 'emit', event: 'first' });
        await cut(server, socket);
        const emit = (how) => run(other, { do: 'emit', from: 'nsp', ...how });
        await emit({ event: 'elsewhere', to: ['other'] });
        await emit({ event: 'without him', except: ['mine'] });
        await emit({ event: 'his', to: ['mine'], except: ['other'] });
        const events = record(socket);
        await comeBack(socket);
        await settled(socket);
        const heard = events.map(([event]) => event).filter((event) => event !== 'all');
        assert.deepEqual(heard, ['his']);
      });

      test('185 again and again, each event once', async () => {
        const [socket, other] = [await open(), await open()];
        const heard = [];
        socket.on('n', (n) => heard.push(n));
        await run(socket, { do: 'join', rooms: 'counted' });
        for (let n = 0; n < 5; n++) {
          await run(other, { do: 'emit', from: 'nsp', to: ['counted'], event: 'n' }, 2 * n);
          await settled(socket);
          await cut(server, socket);
          await run(other, { do: 'emit', from: 'nsp', to: ['counted'], event: 'n' }, 2 * n + 1);
          await comeBack(socket);
          assert.equal(socket.recovered, true);
        }
        await settled(socket);
        assert.deepEqual(heard, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      });
    });
  }
}

describe('recovery, packet by packet', { concurrency: true }, () => {
  const server = serve('--connection-state-recovery', 10_000);

  async function session() {
    const raw = await RawClient.open(server, null);
    raw.send('0');
    const reply = JSON.parse((await raw.next()).slice(1));
    return { raw, ...reply };
  }
  const last = (packet) => JSON.parse(packet.slice(packet.indexOf('['))).at(-1);

  test('183 the CONNECT has a pid, in each namespace its own', async () => {
    const { raw, sid, pid } = await session();
    assert.match(pid, /^[\w-]{20}$/);
    assert.notEqual(pid, sid);
    raw.send('0/custom,');
    const custom = JSON.parse((await raw.next()).slice('0/custom,'.length));
    assert.match(custom.pid, /^[\w-]{20}$/);
    assert.notEqual(custom.pid, pid);
  });

  test('184 186 plain events have an offset, volatile ones and those with an acknowledgement do not', async () => {
    const { raw } = await session();
    await raw.command({ do: 'join', rooms: 'offsets' });
    for (const from of [{ from: 'socket' }, { from: 'nsp', to: ['offsets'] }]) {
      await raw.command({ do: 'emit', ...from, event: 'plain' }, 1);
      const plain = JSON.parse(raw.kept.pop().slice(1));
      assert.equal(plain.length, 3);
      assert.equal(typeof plain[2], 'string');
      await raw.command({ do: 'emit', ...from, event: 'plain' }, Buffer.from('x').toJSON().data);
      assert.equal(typeof last(raw.kept.pop()), 'string');
    }
    raw.send(`2["do",{"do":"emit","from":"socket","event":"volatile","volatile":true},1]`);
    assert.equal(await raw.next(), '2["volatile",1]');
    raw.send(`2["do",{"do":"emit","from":"socket","event":"acked","ack":true,"label":"x"},1]`);
    assert.match(await raw.next(), /^2\d+\["acked",1\]$/);
  });

  test('185 what was missed comes before the CONNECT', async () => {
    const { raw, sid, pid } = await session();
    await raw.command({ do: 'join', rooms: 'order' });
    await raw.command({ do: 'emit', from: 'socket', event: 'had' });
    const offset = last(raw.kept.pop());
    raw.session.destroy();
    await server.logged({ what: 'disconnect', id: sid });
    await server.command({ do: 'emit', from: 'io', to: ['order'], event: 'missed', args: [1] });
    const back = await RawClient.open(server, null);
    back.send(`0${JSON.stringify({ pid, offset, more: 1 })}`);
    assert.match(await back.next(), /^2\["missed",1,"[^"]+"\]$/);
    assert.equal(await back.next(), `0${JSON.stringify({ sid, pid })}`);
  });

  test('188 whatever is no session or no offset of the server: a plain new one', async () => {
    const { raw, sid, pid } = await session();
    await raw.command({ do: 'emit', from: 'socket', event: 'had' });
    const offset = last(raw.kept.pop());
    raw.session.destroy();
    await server.logged({ what: 'disconnect', id: sid });
    for (const claim of [
      { pid: 'foo', offset: 'bar' },
      { pid: 'A'.repeat(20), offset },
      { pid, offset: 'bar' },
      { pid, offset: '' },
      { pid, offset: 5 },
      { pid, offset: null },
      { pid: 5, offset },
      { pid: [pid], offset },
      { pid: { toString: 1 }, offset },
      { pid: '', offset },
      { offset },
    ]) {
      const back = await RawClient.open(server, null);
      back.send(`0${JSON.stringify(claim)}`);
      const reply = JSON.parse((await back.next()).slice(1));
      assert.match(reply.sid, /^.{20}$/, JSON.stringify(claim));
      assert.notEqual(reply.sid, sid);
      assert.notEqual(reply.pid, pid);
      assert.equal((await back.command({ do: 'info' })).recovered, false);
    }
    const back = await RawClient.open(server, null);
    back.send(`0${JSON.stringify({ pid, offset })}`);
    assert.equal(await back.next(), `0${JSON.stringify({ sid, pid })}`);
  });

  test('185 not after a DISCONNECT of either side', async () => {
    for (const leave of [(raw) => raw.send('1'), (raw) => raw.send('2["do",{"do":"disconnect"}]')]) {
      const { raw, sid, pid } = await session();
      await raw.command({ do: 'emit', from: 'socket', event: 'had' });
      const offset = last(raw.kept.pop());
      leave(raw);
      await server.logged({ what: 'disconnect', id: sid });
      const back = await RawClient.open(server, null);
      back.send(`0${JSON.stringify({ pid, offset })}`);
      assert.notEqual(JSON.parse((await back.next()).slice(1)).sid, sid);
    }
  });

  // The official server wants an offset from everybody, and refuses who has had no event yet.
  test('a client that has had no event yet is recovered', { skip: official }, async () => {
    const socket = await connect(server);
    const { id } = socket;
    await cut(server, socket);
    await server.command({ do: 'emit', from: 'io', to: [id], event: 'missed' });
    const events = record(socket);
    await comeBack(socket);
    assert.equal(socket.recovered, true);
    assert.deepEqual(events, [['missed', events[0]?.[1]]]);
  });

  // The official server has not noticed yet that the old connection is dead, and makes a new socket.
  test('a client that is back before its connection is known to be dead is recovered', { skip: official }, async () => {
    const { raw, sid, pid } = await session();
    const back = await RawClient.open(server, null);
    back.send(`0${JSON.stringify({ pid })}`);
    assert.equal(await back.next(), `0${JSON.stringify({ sid, pid })}`);
    await raw.session.closed();
  });
});

describe('recovery and middlewares', { concurrency: true }, () => {
  const skipping = serve('--connection-state-recovery', 10_000);
  const asking = serve('--connection-state-recovery', 10_000, '--skip-middlewares', 'off');

  test('187 they are skipped if that is asked for', async () => {
    const socket = await connect(skipping, '/order', { auth: {} });
    await run(socket, { do: 'emit', event: 'first' });
    await cut(skipping, socket);
    socket.auth = { fail: 2 };
    await comeBack(socket);
    assert.equal(socket.recovered, true);
    assert.equal((await skipping.log({ what: 'middleware' })).length, 3);
  });

  test('187 else they decide, and a refusal costs the session nothing', async () => {
    const socket = await connect(asking, '/order', { auth: {} });
    const { id } = socket;
    await run(socket, { do: 'emit', event: 'first' });
    await cut(asking, socket);
    socket.auth = { fail: 2 };
    socket.connect();
    assert.equal((await refusal(socket)).message, 'failed at 2');
    socket.auth = {};
    await comeBack(socket);
    assert.equal(socket.recovered, true);
    assert.equal(socket.id, id);
    assert.equal((await asking.log({ what: 'middleware' })).length, 8);
  });
});

describe('the end of recovery', { concurrency: true }, () => {
  const brief = serve('--connection-state-recovery', 100);
  const off = serve();

  test('189 a session that has expired is a new one', async () => {
    const socket = await connect(brief);
    await run(socket, { do: 'emit', event: 'first' });
    const { id } = socket;
    await cut(brief, socket);
    await new Promise((resolve) => setTimeout(resolve, 150));
    await comeBack(socket);
    assert.equal(socket.recovered, false);
    assert.notEqual(socket.id, id);
  });

  test('183 192 where it is off there is no pid, no offset and no recovery', async () => {
    const raw = await RawClient.open(off, null);
    raw.send('0{"pid":"x","offset":"y"}');
    assert.match(await raw.next(), /^0\{"sid":"[^"]{20}"\}$/);
    raw.send('2["do",{"do":"emit","from":"socket","event":"plain"},1]');
    assert.equal(await raw.next(), '2["plain",1]');
  });
});
