// The files of the front-end cookbook: generated, compiled in strict mode, and run against the server.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import WebSocket from 'ws';
import { blocks } from '../pages.mjs';
import { crmgraph, startServer } from '../running-server.mjs';
import { schema } from './operations.mjs';

const modules = join(dirname(fileURLToPath(import.meta.url)), 'node_modules');
const files = blocks('docs/front-end-cookbook.md').filter(({ language }) => language === 'ts').map(({ text }) => ({ name: /^\/\/ (\S+)/.exec(text)[1], text }));

test('the front-end cookbook', async (t) => {
  const server = await startServer();
  const work = mkdtempSync(join(tmpdir(), 'crmgraph-cookbook-'));
  const run = (program, args) => promisify(execFile)(join(modules, '.bin', program), args, { cwd: work }).catch((e) => assert.fail(e.stdout + e.stderr));
  t.after(async () => {
    await server.stop();
    rmSync(work, { recursive: true, force: true });
  });
  symlinkSync(modules, join(work, 'node_modules'));
  copyFileSync(schema, join(work, 'schema.graphql'));
  writeFileSync(join(work, 'package.json'), '{"type":"module"}');
  for (const { name, text } of files) {
    mkdirSync(dirname(join(work, name)), { recursive: true });
    writeFileSync(join(work, name), text.replaceAll('http://127.0.0.1:5080', new URL(server.url).origin));
  }

  await t.test('is generated and compiled', async () => {
    await crmgraph('schema', 'cache', 'apollo', '--output', join(work, 'src/cache.ts'));
    await crmgraph('schema', 'cache', 'urql', '--output', join(work, 'src/graphcache.ts'));
    await run('graphql-codegen', ['--config', 'codegen.ts']);
    await run('tsc', ['--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'esnext', '--moduleResolution', 'bundler', '--outDir', 'out', ...files.map((f) => f.name)]);
  });

  await t.test('runs', async () => {
    globalThis.WebSocket ??= WebSocket;
    for (const file of readdirSync(join(work, 'out/src'), { recursive: true }).filter((name) => name.endsWith('.js'))) {
      const path = join(work, 'out/src', file);
      // What a bundler does: names of modules become names of files.
      const resolved = readFileSync(path, 'utf8').replace(/from '\.\/gql'/g, "from './gql/index.js'").replace(/from (['"])(\.\/[\w-]+)\1/g, "from '$2.js'");
      writeFileSync(path, resolved);
    }
    const load = (name) => import(pathToFileURL(join(work, 'out/src', name)));
    const [apollo, urql, documents, { client }, { socket }] = await Promise.all(['apollo-use.js', 'urql.js', 'documents.js', 'apollo.js', 'connection.js'].map(load));
    assert.equal((await urql.firstNames()).length, 20);
    assert.ok((await apollo.names()).length >= 40);
    const { data } = await client.query({ query: documents.Customers, variables: {} });
    assert.equal(await apollo.rename(data.customers.edges[0].node.id, 'Ada Lovelace'), undefined);
    const revenue = await new Promise((resolve) => {
      const stop = apollo.watch((value) => setImmediate(() => (stop(), resolve(value))));
    });
    assert.ok(revenue > 0);
    client.stop();
    await socket.dispose();
  });
});
