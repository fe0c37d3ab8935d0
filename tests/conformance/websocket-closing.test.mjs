// The closing codes of the graphql-transport-ws protocol that the official client never provokes, sent by hand.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import WebSocket from 'ws';
import { startServer } from './running-server.mjs';

const init = JSON.stringify({ type: 'connection_init' });
const subscribe = (id) => JSON.stringify({ id, type: 'subscribe', payload: { query: 'subscription { metricsUpdated(period: { toDate: YEAR }) { asOf } }' } });

test('closing codes', async t => {
  const server = await startServer({ settings: ['--GraphQL:ConnectionInitSeconds', '1'] });
  t.after(() => server.stop());

  /** Sends one message after the other, the later ones after the acknowledgement; answers how the server closed. */
  const closing = (first, ...rest) => new Promise((resolve, reject) => {
    const socket = new WebSocket(server.webSocketUrl, 'graphql-transport-ws');
    socket.on('open', () => first.forEach((m) => socket.send(m)));
    socket.on('message', (data) => {
      if (JSON.parse(data).type === 'connection_ack') rest.forEach((m) => socket.send(m));
    });
    socket.on('close', (code, reason) => resolve([code, String(reason)]));
    socket.on('error', reject);
  });

  for (const message of ['{', '[]', '{"type":"unknown"}', '{"id":1,"type":"subscribe"}', '{"id":"","type":"subscribe","payload":{"query":"{ __typename }"}}'])
    await t.test(`4400 for ${message}`, async () => assert.equal((await closing([init], message))[0], 4400));

  await t.test('4401 Unauthorized for an operation before the acknowledgement', async () => assert.deepEqual(await closing([subscribe('a')]), [4401, 'Unauthorized']));
  await t.test('4408 Connection initialisation timeout', async () => assert.deepEqual(await closing([]), [4408, 'Connection initialisation timeout']));
  await t.test('4409 Subscriber already exists', async () => assert.deepEqual(await closing([init], subscribe('a'), subscribe('a')), [4409, 'Subscriber for a already exists']));
  await t.test('4429 Too many initialisation requests', async () => assert.deepEqual(await closing([init], init), [4429, 'Too many initialisation requests']));

  await t.test('ping is answered, and a client closes cleanly', async () => {
    const socket = new WebSocket(server.webSocketUrl, 'graphql-transport-ws');
    const types = [];
    const code = await new Promise((resolve, reject) => {
      socket.on('open', () => socket.send(init));
      socket.on('message', (data) => {
        const { type } = JSON.parse(data);
        types.push(type);
        if (type === 'connection_ack') socket.send(JSON.stringify({ type: 'ping' }));
        if (type === 'pong') socket.close(1000, 'done');
      });
      socket.on('close', resolve);
      socket.on('error', reject);
    });
    assert.equal(code, 1000);
    assert.deepEqual(types.filter((type) => type !== 'ping'), ['connection_ack', 'pong']);
  });
});
