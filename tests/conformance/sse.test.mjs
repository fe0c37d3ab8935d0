// The official client of GraphQL over Server-Sent Events, distinct connections mode.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { createClient } from 'graphql-sse';
import { startServer } from './running-server.mjs';

test('GraphQL over Server-Sent Events', async t => {
  const server = await startServer();
  t.after(() => server.stop());
  const client = createClient({ url: server.url, retryAttempts: 0 });
  t.after(() => client.dispose());

  await t.test('a query is one event and the end', async () => {
    const events = [];
    for await (const event of client.iterate({ query: '{ __typename }' })) events.push(event);
    assert.deepEqual(events, [{ data: { __typename: 'Query' } }]);
  });

  await t.test('a subscription gives its current value at once', async () => {
    for await (const event of client.iterate({ query: 'subscription { metricsUpdated(period: { toDate: YEAR }) { totals { orders { value } } } }' })) {
      assert.equal(event.errors, undefined);
      assert.ok(Number(event.data.metricsUpdated.totals.orders.value) > 0);
      break;
    }
  });
});
