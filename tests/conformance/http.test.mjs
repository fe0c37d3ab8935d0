// The audit of graphql-http: every MUST, SHOULD and MAY of the GraphQL-over-HTTP specification that it knows.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { serverAudits } from 'graphql-http';
import { startServer } from './running-server.mjs';

test('GraphQL over HTTP', async t => {
  const server = await startServer();
  t.after(() => server.stop());
  const audits = serverAudits({ url: server.url });
  assert.equal(audits.length, 61);
  for (const audit of audits)
    await t.test(`${audit.id} ${audit.name}`, async () => {
      const result = await audit.fn();
      assert.equal(result.status, 'ok', result.reason);
    });
});
