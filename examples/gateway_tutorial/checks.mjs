// What the programs of docs/tutorial.md and docs/nestjs.md are to do; run by ../run_all.mjs.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';

export const tutorial = ({ once, patience, programs }) => ({
  async tutorial_first_gateway(example) {
    const socket = example.client({ nsp: '/chat' });
    const [[id]] = await Promise.all([once(socket, 'welcome'), once(socket, 'connect')]);
    assert.equal(id, socket.id);
    assert.equal(await socket.timeout(patience).emitWithAck('join', 'lobby'), 'welcome to lobby');
    const said = once(socket, 'said');
    socket.emit('say', { room: 'lobby', text: 'hello' });
    assert.deepEqual(await said, ['hello']);
  },

  async tutorial_dto(example) {
    const [ada, bob] = [example.client({ nsp: '/chat' }), example.client({ nsp: '/chat' })];
    await Promise.all([once(ada, 'connect'), once(bob, 'connect')]);
    // `join` is not acknowledged, but what comes behind it on the same connection is handled behind it.
    bob.emit('join', { room: 'lobby' });
    const first = await bob.timeout(patience).emitWithAck('send', { room: 'elsewhere', text: 'is it me?' });
    assert.deepEqual(first, { id: 1, text: 'is it me?' });
    const told = once(bob, 'message');
    const message = await ada.timeout(patience).emitWithAck('send', { room: 'lobby', text: 'hello', more: 1 });
    assert.deepEqual(message, { id: 2, text: 'hello' });
    assert.deepEqual(await told, [message]);
    const refused = once(ada, 'exception');
    ada.emit('send', { room: 'lobby', text: '', answersMessage: 0 });
    assert.deepEqual(await refused, [
      {
        status: 'error',
        code: 'VALIDATION_FAILED',
        message: [
          'text must be longer than or equal to 1 characters',
          'answersMessage must not be less than 1',
        ],
      },
    ]);
  },

  async tutorial_guard(example) {
    const stranger = example.client({ nsp: '/chat' });
    const [error] = await once(stranger, 'connect_error');
    assert.deepEqual([error.message, error.data], ['MISSING_TOKEN', { code: 'MISSING_TOKEN' }]);
    const signIn = async (name) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${example.url}/login`, { method: 'POST', headers, body: JSON.stringify({ name }) });
      return answer.text();
    };
    const connect = async (name) => {
      const socket = example.client({ nsp: '/chat', auth: { token: await signIn(name) } });
      await once(socket, 'connect');
      return socket;
    };
    const ada = await connect('Ada');
    const bob = await connect('Bob');
    assert.deepEqual(await bob.timeout(patience).emitWithAck('whoAmI'), { name: 'Bob', moderator: false });
    assert.equal(await ada.timeout(patience).emitWithAck('close'), 'closed');
    const forbidden = once(bob, 'exception');
    bob.emit('close');
    assert.equal((await forbidden)[0].message, 'Forbidden resource');
    const said = once(ada, 'said');
    const throttled = once(bob, 'exception');
    for (let count = 0; count < 6; count++) bob.emit('say', 'hello');
    assert.deepEqual(await said, ['Bob', 'hello']);
    assert.equal((await throttled)[0].code, 'TOO_MANY_REQUESTS');
  },

  async tutorial_filter(example) {
    const socket = await example.connect({ nsp: '/chat' });
    assert.equal(await socket.emitWithAck('join', 'lobby'), 1);
    assert.equal(await socket.emitWithAck('join', 'lobby'), 2);
    const client = example.client({ nsp: '/chat' });
    await once(client, 'connect');
    const full = once(client, 'roomFull');
    client.emit('join', 'lobby');
    assert.deepEqual(await full, [{ room: 'lobby', message: 'the room is full' }]);
    for (const [event, message] of [['leave', 'nobody leaves'], ['save', 'Internal server error']]) {
      const told = once(client, 'exception');
      client.emit(event);
      assert.equal((await told)[0].message, message);
    }
    await example.says(/> join\n< join\n/);
    await example.says(/disk full/);
  },

  async tutorial_deployment(example) {
    const origin = 'http://page.example';
    const answer = await fetch(`${example.url}/socket.io/?EIO=4&transport=polling`, { headers: { origin } });
    assert.equal(answer.headers.get('access-control-allow-origin'), origin);
    const socket = example.client({ nsp: '/reminders' });
    await once(socket, 'connect');
    const reminder = once(socket, 'reminder');
    socket.emit('remind', { text: 'tea', seconds: 1 });
    assert.deepEqual(await reminder, ['Please remember: tea']);
    const closed = once(socket, 'disconnect');
    example.child.kill('SIGTERM');
    await closed;
    assert.deepEqual(await example.ends(), { code: 0, signal: null });
    await example.says(/closing on SIGTERM/);

    const env = { ...process.env, PORT: 'many', CLIENT_URL: '' };
    const refused = spawnSync(join(programs, 'tutorial_deployment'), { env, encoding: 'utf8', timeout: patience });
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /PORT/);
    assert.match(refused.stderr, /CLIENT_URL/);
    execFileSync(join(programs, 'tutorial_test'), { stdio: 'pipe' });
  },

  async side_by_side(example) {
    const cat = await (await fetch(`${example.url}/cats/2`)).json();
    assert.deepEqual(cat, { id: 2, name: 'Tom' });
    assert.equal((await fetch(`${example.url}/cats/two`)).status, 400);
    const socket = await example.connect({ nsp: '/events' });
    assert.deepEqual(await socket.emitWithAck('identity', { id: 1, name: 'Mia' }), { id: 1, name: 'Mia' });
    assert.equal(await socket.emitWithAck('nameOf', { id: 1, name: 'Mia' }), 'Mia');
    assert.deepEqual(await socket.emitWithAck('byHand', 'x'), 'x, by hand');
    const client = example.client({ nsp: '/events' });
    await once(client, 'connect');
    const numbers = [];
    client.on('number', (number) => numbers.push(number));
    const last = new Promise((done) => client.on('number', (number) => number === 3 && done()));
    client.emit('count');
    await last;
    assert.deepEqual(numbers, [1, 2, 3]);
  },
});
