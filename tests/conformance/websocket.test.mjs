// The official client of the graphql-transport-ws protocol.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { crmgraph, startServer } from './running-server.mjs';

const live = 'subscription { metricsUpdated(period: { toDate: YEAR }) { asOf totals { orders { value } revenue { value } } } }';

const once = (client, payload) =>
  new Promise((resolve, reject) => {
    let value;
    client.subscribe(payload, { next: v => (value = v), error: reject, complete: () => resolve(value) });
  });

test('GraphQL over WebSocket', async t => {
  const server = await startServer({ environment: 'Production' });
  t.after(() => server.stop());
  const key = await crmgraph('keys', 'create', '-d', server.database, '-n', 'analyst', '-r', 'ANALYST');
  const connect = (payload, more = {}) => createClient({ url: server.webSocketUrl, webSocketImpl: WebSocket, connectionParams: payload, retryAttempts: 0, ...more });

  for (const payload of [{ authorization: 'Bearer ' + key }, { Authorization: 'Bearer ' + key }, { authorization: key }, { apiKey: key }, { headers: { Authorization: 'Bearer ' + key } }])
    await t.test(`a key is taken as ${JSON.stringify(payload).replaceAll(key, 'KEY')}`, async () => {
      const client = connect(payload);
      const answer = await once(client, { query: '{ __typename }' });
      assert.deepEqual(answer, { data: { __typename: 'Query' } });
      await client.dispose();
    });

  for (const payload of [undefined, {}, { authorization: 'Bearer crm_wrong' }, { authorization: 7 }])
    await t.test(`${JSON.stringify(payload)} closes with 4403 Forbidden`, async () => {
      const client = connect(payload);
      await assert.rejects(once(client, { query: '{ __typename }' }), e => e.code === 4403 || assert.fail(`closed with ${e.code} ${e.reason}`));
      await client.dispose();
    });

  await t.test('a validation error is an error message of its operation', async () => {
    const client = connect({ authorization: key });
    await assert.rejects(once(client, { query: '{ nothingLikeThis }' }), e => Array.isArray(e) && /nothingLikeThis/.test(e[0].message));
    assert.deepEqual(await once(client, { query: '{ __typename }' }), { data: { __typename: 'Query' } });
    await client.dispose();
  });

  await t.test('a subscription gives its current value at once', async () => {
    const client = connect({ authorization: key });
    for await (const event of client.iterate({ query: live })) {
      assert.equal(event.errors, undefined);
      assert.ok(Number(event.data.metricsUpdated.totals.orders.value) > 0);
      break;
    }
    await client.dispose();
  });

  await t.test('a representative is told of his own customers\' orders, whoever writes them, and of no others', async () => {
    const admin = await crmgraph('keys', 'create', '-d', server.database, '-n', 'writer', '-r', 'ADMINISTRATOR');
    const send = async query => {
      const response = await fetch(server.url, { method: 'POST', headers: { 'content-type': 'application/json', authorization: 'Bearer ' + admin }, body: JSON.stringify({ query }) });
      const { data, errors } = await response.json();
      assert.equal(errors, undefined);
      return data;
    };
    const { customers } = await send('{ customers(first: 50, where: { owner: { name: { neq: null } } }) { nodes { id owner { id email } } } }');
    const own = customers.nodes[0];
    const other = customers.nodes.find(c => c.owner.id !== own.owner.id);
    const order = customer => send(`mutation { upsertOrder(input: { customer: { id: "${customer.id}" }, orderedAt: "${new Date().toISOString()}", currency: "EUR", amount: 12.5 }) { order { id } errors { __typename } } }`);
    const representative = await crmgraph('keys', 'create', '-d', server.database, '-n', 'representative', '-r', 'REPRESENTATIVE', '-m', own.owner.email);
    const client = connect({ authorization: representative });
    const events = client.iterate({ query: live });
    const next = async () => Number((await events.next()).value.data.metricsUpdated.totals.orders.value);
    const before = await next();
    await order(other);
    await order(own);
    assert.equal(await next(), before + 1);
    await crmgraph('simulate', '-d', server.database, '--rate', '200', '--seconds', '5', '--seed', '1');
    // A return of the simulation is a new value too, with as many orders.
    let seen = before + 1;
    for (let values = 0; seen === before + 1 && values < 10; values++) seen = await next();
    assert.ok(seen > before + 1);
    await client.dispose();
  });

  await t.test('a revoked key ends its connection within 5 seconds', async () => {
    const short = await crmgraph('keys', 'create', '-d', server.database, '-n', 'short-lived', '-r', 'ANALYST');
    let closed;
    const ended = new Promise(resolve => (closed = resolve));
    const client = connect({ authorization: short }, { lazy: false, keepAlive: 1000, on: { closed }, onNonLazyError: () => {} });
    await client.iterate({ query: live }).next();
    await crmgraph('keys', 'revoke', '-d', server.database, short.slice(0, 12));
    const revoked = Date.now();
    const event = await ended;
    assert.equal(event.code, 4403);
    assert.ok(Date.now() - revoked < 5000);
    await client.dispose();
  });
});
