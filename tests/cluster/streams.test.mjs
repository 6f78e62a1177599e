// Sessions that are kept beside a stream: a client whose connection is cut comes back to whichever server, and misses
// nothing.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';

import { until } from '../conformance/lib/wait.mjs';
import { onlyOfficial, Target } from './lib/cluster.mjs';
import { redisCli, startRedis } from './lib/redis_server.mjs';

const require = createRequire(import.meta.url);
const { Manager } = require('socket.io-client');

/** A page: one socket that goes on over connections to whichever server it is sent to. */
class Page {
  events = [];
  connections = [];

  constructor(target, { nsp = '/chat', transports = ['websocket'] } = {}) {
    this.manager = new Manager(target.url, { transports, reconnection: false, autoConnect: false });
    this.socket = this.manager.socket(nsp);
    this.socket.on('connect', () => this.connections.push(this.socket.recovered));
    this.socket.on('said', (text) => this.events.push(text));
    this.socket.on('bytes', (bytes) => this.events.push(bytes));
  }

  async connect(target) {
    const before = this.connections.length;
    if (target) this.manager.uri = target.url;
    this.socket.connect();
    await until(() => this.connections.length > before, 'a page connects');
    return this;
  }

  /** As a train into a tunnel: nothing is said to the server. */
  cut() {
    this.manager.engine.transport.ws.terminate();
    return until(() => !this.socket.connected, 'a page notices that it is cut');
  }

  ask(...args) {
    return this.socket.timeout(8000).emitWithAck(...args);
  }

  got(count) {
    return until(() => this.events.length >= count, () => `${count} events come, of which there are ${this.events.length}`);
  }
}

const kinds = onlyOfficial
  ? { 'two official servers': ['node', 'node'] }
  : {
      'two Aerie servers': ['aerie', 'aerie'],
      'two Aerie servers with two threads each': ['aerie with two threads', 'aerie with two threads'],
      'from Aerie to an official server': ['aerie', 'node'],
      'from an official server to Aerie': ['node', 'aerie'],
    };

for (const [title, servers] of Object.entries(kinds)) {
  describe(`sessions beside a stream, ${title}`, { concurrency: 1 }, () => {
    const pages = [];
    let redis;
    let targets;

    const start = async () => {
      redis = await startRedis();
      const options = ['--redis', redis.url, '--adapter', 'redis-streams', '--recovery', 20];
      targets = [];
      for (const kind of servers) targets.push(await Target.start(kind, options));
    };
    const page = async (target, options) => {
      const made = await new Page(target, options).connect();
      pages.push(made);
      return made;
    };
    before(start);
    afterEach(() => pages.splice(0).forEach((each) => each.socket.disconnect()));
    after(async () => {
      await Promise.all(targets.map((target) => target.stop()));
      await redis.stop();
    });

    test('a client that is cut comes back to the other server as the same, and misses nothing', async () => {
      const [here, there] = targets;
      const alice = await page(here);
      const bob = await page(there);
      await alice.ask('join', 'room');
      await bob.ask('join', 'room');
      await bob.ask('do', { op: 'emit', rooms: ['room'], event: 'said', args: ['before'] });
      await alice.got(1);
      const { id } = alice.socket;
      await alice.cut();
      await until(() => !alice.socket.connected, 'it is cut');
      // An official server writes the session down when it notices.
      await new Promise((resolve) => setTimeout(resolve, 300));
      for (const text of ['one', 'two', 'three']) await bob.ask('say', 'room', text);
      await bob.ask('say', 'another room', 'nothing for her');
      await bob.ask('do', { op: 'emit', rooms: ['room'], event: 'bytes', args: [Buffer.from([1, 2])] });
      await bob.got(5);
      await alice.connect(there);
      assert.equal(alice.socket.recovered, true);
      assert.equal(await alice.ask('recovered'), true);
      assert.equal(alice.socket.id, id);
      await bob.ask('say', 'room', 'after');
      await alice.got(6);
      assert.deepEqual(alice.events, ['before', 'one', 'two', 'three', Buffer.from([1, 2]), 'after']);
      assert.deepEqual(bob.events, alice.events);
    });

    test('what a handler keeps for a socket comes along', async () => {
      const [here, there] = targets;
      const alice = await page(here);
      await alice.ask('do', { op: 'data', data: { name: 'Alice', n: 7 } });
      await alice.ask('join', 'mine');
      await alice.ask('tell', alice.socket.id, 'to her');
      await alice.got(1);
      await alice.cut();
      await new Promise((resolve) => setTimeout(resolve, 300));
      await alice.connect(there);
      assert.equal(alice.socket.recovered, true);
      const [own] = (await alice.ask('do', { op: 'fetch', rooms: [alice.socket.id], local: true })).filter(
        ({ id }) => id === alice.socket.id,
      );
      assert.deepEqual(own, { id: alice.socket.id, rooms: ['mine', alice.socket.id].sort(), data: { name: 'Alice', n: 7 } });
    });

    if (!servers.includes('node')) {
      test('a client that has had no event yet is recovered, and one that is back before anybody has noticed', async () => {
        const [here, there] = targets;
        const alice = await page(here);
        const bob = await page(there);
        await alice.ask('join', 'quiet');
        // Nothing says that this connection is dead: the page has simply made another one.
        const { id, _pid: pid } = alice.socket;
        const again = new Page(there);
        pages.push(again);
        again.socket._pid = pid;
        await bob.ask('say', 'quiet', 'first');
        await again.connect();
        assert.equal(again.socket.recovered, true);
        assert.equal(again.socket.id, id);
        await again.got(1);
        assert.deepEqual(again.events, ['first']);
        await until(() => !alice.socket.connected, 'the old connection ends');
        await bob.ask('say', 'quiet', 'second');
        await again.got(2);
        assert.deepEqual(again.events, ['first', 'second']);
      });

      test('a room is that of the time when something was said there', async () => {
        const [here, there] = targets;
        const alice = await page(here);
        const bob = await page(there);
        const carol = await page(here);
        for (const each of [bob, carol]) await each.ask('join', 'late');
        await bob.ask('say', 'late', 'before she is there');
        for (const each of [bob, carol]) await each.got(1);
        // Her event loop has had it, too, which may be another one than Carol's.
        await bob.ask('tell', alice.socket.id, 'fence');
        await alice.got(1);
        await alice.ask('join', 'late');
        await alice.ask('tell', alice.socket.id, 'anchor');
        await alice.got(2);
        await bob.ask('say', 'late', 'while she is there');
        await alice.got(3);
        await alice.ask('leave', 'late');
        await bob.ask('say', 'late', 'when she has left');
        await bob.got(3);
        await alice.cut();
        await alice.connect(there);
        assert.equal(alice.socket.recovered, true);
        await bob.ask('tell', alice.socket.id, 'last');
        await alice.got(4);
        assert.deepEqual(alice.events, ['fence', 'anchor', 'while she is there', 'last']);
      });

      test('cuts in a row, to and fro, with somebody who goes on talking', async () => {
        const alice = await page(targets[0]);
        const bob = await page(targets[1]);
        await alice.ask('join', 'talk');
        let said = 0;
        let talking = true;
        const talk = (async () => {
          while (talking) await bob.ask('say', 'talk', ++said);
        })();
        for (let i = 1; i <= 10; i++) {
          await new Promise((resolve) => setTimeout(resolve, 50));
          await alice.cut();
          await alice.connect(targets[i % 2]);
          assert.equal(alice.socket.recovered, true, `cut ${i}`);
        }
        talking = false;
        await talk;
        await alice.got(said);
        assert.deepEqual(alice.events, Array.from({ length: said }, (_, i) => i + 1));
      });

      test('what it asks for is refused if it never was', async () => {
        for (const [pid, offset] of [['nobody', '1-1'], ['nobody', undefined]]) {
          const stranger = new Page(targets[0]);
          pages.push(stranger);
          stranger.socket._pid = pid;
          stranger.socket._lastOffset = offset;
          await stranger.connect();
          assert.equal(stranger.socket.recovered, false);
          assert.equal(await stranger.ask('recovered-how'), 'unknown session');
        }
        const alice = await page(targets[0]);
        await alice.cut();
        // Tried and refused, and not burnt: the next one is let in.
        alice.socket._lastOffset = 'no offset';
        const pid = alice.socket._pid;
        await alice.connect(targets[1]);
        assert.equal(await alice.ask('recovered-how'), 'unknown offset');
        const again = new Page(targets[1]);
        pages.push(again);
        again.socket._pid = pid;
        await again.connect();
        assert.equal(again.socket.recovered, true);
      });

      test('a question that was not answered is asked again, wherever its client comes back to', async () => {
        const [here, there] = targets;
        const alice = await page(here);
        const bob = await page(there);
        await bob.ask('join', 'answers');
        const asked = [];
        let answers = false;
        alice.socket.on('question', (text, answer) => {
          asked.push(text);
          if (answers) answer(`${text} answered`);
        });
        await alice.ask('ask-me', 'one', 'answers');
        await until(() => asked.length === 1, 'she is asked');
        await alice.cut();
        await alice.connect(there);
        assert.equal(alice.socket.recovered, true);
        await until(() => asked.length === 2, 'she is asked again');
        answers = true;
        await alice.cut();
        await alice.connect(here);
        await bob.got(1);
        assert.deepEqual(bob.events, ['one answered']);
        assert.deepEqual(asked, ['one', 'one', 'one']);
        await alice.cut();
        await alice.connect(there);
        await alice.ask('ask-me', 'two', 'answers');
        await bob.got(2);
        assert.deepEqual(bob.events, ['one answered', 'two answered']);
        assert.deepEqual(asked, ['one', 'one', 'one', 'two'], 'what was answered is not asked again');
      });

      test('a server that is killed takes nobody along', async () => {
        const alice = await page(targets[0]);
        const bob = await page(targets[1]);
        await alice.ask('join', 'killed');
        await bob.ask('join', 'killed');
        let asked = 0;
        alice.socket.on('question', () => asked++);
        await alice.ask('ask-me', 'what she does not answer', 'nobody');
        await alice.ask('say', 'killed', 'before');
        await alice.got(1);
        await targets[0].kill();
        await until(() => !alice.socket.connected, 'its clients notice');
        for (let i = 0; i < 20; i++) await bob.ask('say', 'killed', i);
        await alice.connect(targets[1]);
        assert.equal(alice.socket.recovered, true);
        await until(() => asked === 2, 'what she had not answered is asked again');
        await bob.ask('say', 'killed', 'after');
        await alice.got(22);
        assert.deepEqual(alice.events, ['before', ...Array.from({ length: 20 }, (_, i) => i), 'after']);
        await bob.got(22);
        assert.deepEqual(bob.events, alice.events);
        targets[0] = await Target.start(servers[0], [
          '--redis', redis.url, '--adapter', 'redis-streams', '--recovery', 20,
        ]);
        // One that has just started has seen nothing of it, and reads it.
        await bob.cut();
        await bob.connect(targets[0]);
        assert.equal(bob.socket.recovered, true);
        await alice.ask('say', 'killed', 'at last');
        await bob.got(23);
        assert.deepEqual(bob.events, [...alice.events.slice(0, 22), 'at last']);
      });
    }
  });
}

// The promise: nothing is lost, doubled or out of order for a page that lives, whatever happens to servers, connections
// and Redis; and where that cannot be kept, the page is told.
if (!onlyOfficial) {
  describe('exactly once', { concurrency: 1 }, () => {
    let redis;
    let targets;
    let numbers;
    const pages = [];
    const options = ({ url } = redis) => [
      '--redis', url, '--adapter', 'redis-streams', '--recovery', 30, '--delivery', 'exactly-once',
    ];

    const folder = mkdtempSync(join(tmpdir(), 'aerie-stream-'));
    const persistent = ['--dir', folder, '--appendonly', 'yes', '--appendfsync', 'always'];

    before(async () => {
      redis = await startRedis({ args: persistent });
      targets = [await Target.start('aerie', options()), await Target.start('aerie with two threads', options())];
    });
    afterEach(() => pages.splice(0).forEach((each) => each.socket.disconnect()));
    after(async () => {
      await Promise.all(targets.map((target) => target.stop()));
      await redis.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const page = async (target, room) => {
      const made = await new Page(target).connect();
      pages.push(made);
      if (room) await made.ask('join', room);
      return made;
    };
    /** Says 1, 2, 3 ... and each again, on whatever server there is, until it is known to be in the stream. */
    const talk = async (room, while_) => {
      numbers = 0;
      const speaker = await page(targets[1]);
      while (while_()) {
        const next = numbers + 1;
        const answer = await speaker.ask('say', room, next);
        assert.equal(answer, 'ok');
        numbers = next;
      }
    };
    const inOrder = (events) => assert.deepEqual(events, Array.from({ length: numbers }, (_, i) => i + 1));

    /** Talks while `faults` happen to others; then each listener has had all of it once, in order. */
    const withTalk = async (room, listeners, faults) => {
      let talking = true;
      const talked = talk(room, () => talking);
      try {
        await faults();
      } finally {
        talking = false;
      }
      await talked;
      for (const listener of listeners) {
        await listener.got(numbers);
        inOrder(listener.events);
      }
    };

    test('connections that are cut, again and again', async () => {
      const listeners = [await page(targets[0], 'cuts'), await page(targets[1], 'cuts')];
      await withTalk('cuts', listeners, async () => {
        for (let i = 0; i < 12; i++) {
          const listener = listeners[i % 2];
          await listener.cut();
          await listener.connect(targets[(i >> 1) % 2]);
          assert.equal(listener.socket.recovered, true, `cut ${i}`);
        }
      });
    });

    test('one of two servers is killed, and started again, three times', async () => {
      const listeners = [await page(targets[0], 'kills'), await page(targets[0], 'kills'), await page(targets[1], 'kills')];
      await withTalk('kills', listeners, async () => {
        for (let i = 0; i < 3; i++) {
          await targets[0].kill();
          const [stays, starts] = listeners;
          for (const each of [stays, starts]) await until(() => !each.socket.connected, 'its clients notice');
          await stays.connect(targets[1]);
          assert.equal(stays.socket.recovered, true, `kill ${i}`);
          targets[0] = await Target.start('aerie', options());
          await starts.connect(targets[0]);
          assert.equal(starts.socket.recovered, true, `start ${i}`);
          await stays.cut();
          await stays.connect(targets[0]);
          assert.equal(stays.socket.recovered, true, `back ${i}`);
        }
      });
    });

    test('the connections of servers to Redis are killed', async () => {
      const listeners = [await page(targets[0], 'links'), await page(targets[1], 'links')];
      const { createClient } = require('redis');
      const client = await createClient({ url: redis.url }).connect();
      await withTalk('links', listeners, async () => {
        for (let i = 0; i < 5; i++) {
          await client.sendCommand(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes']);
          await new Promise((resolve) => setTimeout(resolve, 200));
        }
      });
      await client.quit();
    });

    test('Redis is killed and started again, with what it has written to its file', async () => {
      const listeners = [await page(targets[0], 'restarts'), await page(targets[1], 'restarts')];
      await withTalk('restarts', listeners, async () => {
        for (let i = 0; i < 2; i++) {
          await new Promise((resolve) => setTimeout(resolve, 300));
          await redis.stop();
          await listeners[0].cut();
          redis = await startRedis({ port: redis.port, args: persistent });
          await listeners[0].connect(targets[1]);
          assert.equal(listeners[0].socket.recovered, true, `restart ${i}`);
        }
      });
    });

    test('a server that stands still is not believed any more when it goes on', async () => {
      const alice = await page(targets[0], 'still');
      const bob = await page(targets[1], 'still');
      // Its connections to Redis have just been killed: until it has new ones it can write nothing down.
      await until(async () => (await alice.ask('status')).state === 'ready', 'her server has Redis');
      await alice.ask('join', 'still too');
      await bob.ask('say', 'still', 0);
      await alice.got(1);
      targets[0].signal('SIGSTOP');
      try {
        alice.manager.engine.transport.ws.terminate();
        await until(() => !alice.socket.connected, 'she gives up');
        await bob.ask('say', 'still', 1);
        await alice.connect(targets[1]);
        assert.equal(alice.socket.recovered, true);
        await alice.ask('leave', 'still');
        await alice.ask('join', 'moving');
      } finally {
        targets[0].signal('SIGCONT');
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
      await alice.cut();
      await bob.ask('say', 'moving', 2);
      await alice.connect(targets[0]);
      assert.equal(alice.socket.recovered, true);
      await alice.got(3);
      assert.deepEqual(alice.events, [0, 1, 2]);
    });

    test('a Redis that is emptied: nobody is left to believe that nothing is missing', async () => {
      const alice = await page(targets[0], 'flush');
      const bob = await page(targets[1], 'flush');
      await bob.ask('say', 'flush', 'before');
      await alice.got(1);
      const { createClient } = require('redis');
      const client = await createClient({ url: redis.url }).connect();
      await client.sendCommand(['FLUSHALL']);
      await client.quit();
      for (const each of [alice, bob]) {
        await until(() => !each.socket.connected, 'a page is told');
        await each.connect();
        assert.equal(each.socket.recovered, false);
        await each.ask('join', 'flush');
      }
      assert.equal(await bob.ask('say', 'flush', 'after'), 'ok');
      await alice.got(2);
      assert.deepEqual(alice.events, ['before', 'after']);
    });

    test('with wait_replicas nothing is confirmed that only the master has, and everybody hears it nevertheless', async () => {
      const own = await startRedis();
      const replica = await startRedis({ args: ['--replicaof', `127.0.0.1 ${own.port}`] });
      await until(async () => (await redisCli(['-p', replica.port, 'INFO', 'replication'])).includes('master_link_status:up'), 'a replica follows');
      const target = await Target.start('aerie', [...options(own), '--wait-replicas', 1]);
      try {
        const alice = await page(target, 'copied');
        const bob = await page(target);
        assert.equal(await bob.ask('say', 'copied', 'before'), 'ok');
        process.kill(replica.pid, 'SIGSTOP');
        let answer;
        const asked = bob.socket.emitWithAck('say', 'copied', 'meanwhile').then((given) => (answer = given));
        await alice.got(2);
        assert.equal(answer, undefined);
        process.kill(replica.pid, 'SIGCONT');
        await asked;
        assert.equal(answer, 'ok');
        assert.deepEqual(alice.events, ['before', 'meanwhile']);
        // A master without its replica: what waits is confirmed when there is one again.
        const late = bob.socket.emitWithAck('say', 'copied', 'alone');
        await redisCli(['-p', replica.port, 'REPLICAOF', 'NO', 'ONE']);
        await alice.got(3);
        await redisCli(['-p', replica.port, 'REPLICAOF', '127.0.0.1', own.port]);
        assert.equal(await late, 'ok');
        assert.deepEqual(alice.events, ['before', 'meanwhile', 'alone']);
      } finally {
        process.kill(replica.pid, 'SIGCONT');
        await target.stop();
        await replica.stop();
        await own.stop();
      }
    });

    test('official servers in the cluster: the log says whose promise it is', async () => {
      const node = await Target.start('node', ['--redis', redis.url, '--adapter', 'redis-streams', '--recovery', 30]);
      const alice = await page(targets[0], 'mixed');
      const bob = await page(node, 'mixed');
      await bob.ask('say', 'mixed', 'hello');
      await alice.got(1);
      await until(() => /is it an official one/.test(targets[0].output), 'the log says so');
      await node.stop();
    });
  });
}
