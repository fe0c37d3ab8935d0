// The commands of docs/backup.md, as they stand there: a copy of either database is whole, and a server answers from it as from the original.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { blocks } from './pages.mjs';
import { createDatabase } from './postgres.mjs';
import { program, startServer } from './running-server.mjs';

const run = promisify(execFile);
const [sqlite, postgres, check] = blocks('docs/backup.md').filter(({ language }) => language === 'sh').map(({ text }) => text);
const missing = ['sqlite3', 'pg_dump', 'pg_restore'].filter((name) => spawnSync(name, ['--version']).error);
const question = '{ customers(first: 5) { totalCount nodes { id name } } metrics(period: { last: { count: 24, unit: MONTH } }) { totals { revenue { value } orders { value } } } }';

const ask = async (server) => {
  const response = await fetch(server.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: question }) });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined);
  return data;
};

const restored = async (t, original, database) => {
  const before = await ask(original);
  const crmgraph = `crmgraph() { dotnet ${program('tools/CrmGraph.Tools', 'crmgraph.dll')} "$@"; }\n`;
  await run('bash', ['-ec', crmgraph + check], { env: { ...process.env, RESTORED: database } });
  const server = await startServer({ database });
  t.after(server.stop);
  assert.deepEqual(await ask(server), before);
};

test('a copy of SQLite is made while the server runs', { skip: missing.includes('sqlite3') }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'crmgraph-backup-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const server = await startServer();
  t.after(server.stop);
  const { stdout } = await run('bash', ['-ec', sqlite], { cwd: folder, env: { ...process.env, CRM_FILE: server.database.replace('Data Source=', '') } });
  assert.match(stdout, /^ok$/m);
  await restored(t, server, `Data Source=${join(folder, 'crm-backup.db')}`);
});

test('a dump of PostgreSQL is restored into an empty database', { skip: missing.some((name) => name.startsWith('pg_')) }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'crmgraph-backup-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [from, to] = [await createDatabase(), await createDatabase()];
  t.after(from.drop);
  t.after(to.drop);
  const server = await startServer({ database: from.connection });
  t.after(server.stop);
  await run('bash', ['-ec', postgres], { cwd: folder, env: { ...process.env, CRM_URL: from.url, RESTORED_URL: to.url } });
  await restored(t, server, to.connection);
});
