// A dashboard behind npm's graphql-ws sees what any other program writes into PostgreSQL by SQL, and only what its key may see.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { createDatabase } from './postgres.mjs';
import { crmgraph, startServer } from './running-server.mjs';

const live = 'subscription { metricsUpdated(period: { toDate: YEAR }) { totals { orders { value } } } }';

test('orders written by SQL reach the representative whose customer bought, and nobody else\'s do', async t => {
  const database = await createDatabase();
  t.after(database.drop);
  const server = await startServer({ database: database.connection });
  t.after(server.stop);
  const [own, other] = await database.run(async client => {
    const { rows } = await client.query(`select distinct on (c.owner_id) c.id, c.owner_id, m.email from customers c join team_members m on m.id = c.owner_id
      where not c.is_guest and m.email is not null order by c.owner_id, c.id limit 2`);
    return rows;
  });
  const key = await crmgraph('keys', 'create', '-d', database.connection, '-n', 'representative', '-r', 'REPRESENTATIVE', '-m', own.email);
  const client = createClient({ url: server.webSocketUrl, webSocketImpl: WebSocket, connectionParams: { authorization: 'Bearer ' + key }, retryAttempts: 0 });
  t.after(() => client.dispose());
  const events = client.iterate({ query: live });
  const next = async () => Number((await events.next()).value.data.metricsUpdated.totals.orders.value);
  const order = customer => database.run(sql => sql.query("insert into orders (customer_id, ordered_at, currency, owner_id, gross_amount) values ($1, now(), 'CNY', $2, 199000)", [customer.id, customer.owner_id]));

  const before = await next();
  await order(other);
  await order(own);
  assert.equal(await next(), before + 1);
  // One transaction of several orders is one change.
  await database.run(async sql => {
    await sql.query('begin');
    for (let i = 0; i < 3; i++) await sql.query("insert into orders (customer_id, ordered_at, currency, owner_id, gross_amount) values ($1, now(), 'CNY', $2, 199000)", [own.id, own.owner_id]);
    await sql.query('commit');
  });
  assert.equal(await next(), before + 4);
});

const transports = {
  'graphql-ws': server => createClient({ url: server.webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0 }),
  'graphql-sse': server => createSseClient({ url: server.url, retryAttempts: 0 }),
};

test('figures that cannot be read are an answer with errors, once, and come again when they can', async t => {
  const database = await createDatabase();
  t.after(database.drop);
  // The daily sums would go on answering.
  const server = await startServer({ database: database.connection, settings: ['--Crm:Rollups=false'] });
  t.after(server.stop);
  const streams = Object.entries(transports).map(([name, create]) => {
    const client = create(server);
    t.after(() => client.dispose());
    return { name, events: client.iterate({ query: live }) };
  });
  for (const { events } of streams) assert.ok(Number((await events.next()).value.data.metricsUpdated.totals.orders.value) > 0);

  await database.run(sql => sql.query('alter table orders rename to orders_elsewhere; notify crm_changes'));
  await database.run(sql => sql.query("update customers set name = name || '.' where id in (select id from customers limit 1)"));
  for (const { name, events } of streams) {
    const { value, done } = await events.next();
    assert.equal(done, false, name);
    assert.equal(value.errors[0].extensions.code, 'INTERNAL_ERROR', name);
    assert.deepEqual(value.errors[0].path, ['metricsUpdated'], name);
  }
  await database.run(sql => sql.query('alter table orders_elsewhere rename to orders'));
  for (const { name, events } of streams) {
    const { value } = await events.next();
    assert.equal(value.errors, undefined, name);
    assert.ok(Number(value.data.metricsUpdated.totals.orders.value) > 0, name);
  }
});
