// A database of its own on the PostgreSQL that the tests use, for the suites that write to it as any other program does.
import { randomBytes } from 'node:crypto';
import pg from 'pg';

const keys = { host: 'host', port: 'port', username: 'user', password: 'password', database: 'database' };

/** The parts of a .NET connection string that a PostgreSQL client needs. */
function parts(text) {
  const pairs = text.split(';').filter(Boolean).map(part => part.split(/=(.*)/s).slice(0, 2));
  return Object.fromEntries(pairs.map(([name, value]) => [keys[name.trim().toLowerCase()], value]).filter(([name]) => name));
}

async function connected(settings, work) {
  const client = new pg.Client(settings);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** @returns {Promise<{connection: string, url: string, run: (work: (client: pg.Client) => Promise<any>) => Promise<any>, drop: () => Promise<void>}>} */
export async function createDatabase() {
  const server = process.env.CRMGRAPH_TEST_POSTGRES;
  if (!server) throw new Error("CRMGRAPH_TEST_POSTGRES must name a PostgreSQL: 'Host=...;Port=...;Username=...;Password=...;Database=postgres'. tools/test starts one.");
  const name = 'crmgraph_conformance_' + randomBytes(6).toString('hex');
  const settings = parts(server);
  await connected(settings, client => client.query(`create database ${name}`));
  return {
    connection: server.replace(/(^|;)\s*Database=[^;]*/i, `$1Database=${name}`),
    url: `postgres://${encodeURIComponent(settings.user)}:${encodeURIComponent(settings.password ?? '')}@${settings.host}:${settings.port ?? 5432}/${name}`,
    run: work => connected({ ...settings, database: name }, work),
    drop: () => connected(settings, client => client.query(`drop database if exists ${name} with (force)`)),
  };
}
