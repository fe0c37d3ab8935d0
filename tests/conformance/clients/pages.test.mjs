// Three small pages, as front-end teams write them: caches configured from the schema, compiled in strict mode without a cast, bundled, and used in a browser.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { generate } from '@graphql-codegen/cli';
import { build } from 'esbuild';
import { open } from '../browser.mjs';
import { crmgraph, startServer } from '../running-server.mjs';
import { schema } from './operations.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, 'node_modules');
const pages = ['apollo', 'urql', 'relay'];

/** What relay's compiler made stands where the text stood; other bundlers have a plugin for it. */
const relay = {
  name: 'relay',
  setup: ({ onLoad }) => onLoad({ filter: /relay\/page\.tsx$/ }, ({ path }) => ({
    loader: 'tsx',
    contents: readFileSync(path, 'utf8').replaceAll(/graphql`\s*(?:query|mutation|subscription|fragment) (\w+)[^`]*`/g, "require('./__generated__/$1.graphql').default"),
  })),
};

/** Uses a page as a visitor does, and says what stood there. It runs in the browser. */
async function visit() {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const names = () => all('li').map((item) => item.innerText);
  const rows = () => all('tr').map((row) => [...row.children].map((cell) => cell.innerText));
  const until = async (what, holds) => {
    for (let i = 0; i < 600 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 50));
    if (!holds()) throw new Error(`${what}: ${document.body.innerText}`);
  };
  const seen = {};
  await until('the first page', () => names().length === 10 && rows().length > 1);
  seen.rows = rows();
  document.querySelector('button').click();
  await until('the second page', () => names().length === 20);
  seen.names = names();
  document.querySelector('li').click();
  await until('the new name', () => names()[0].includes(' II,'));
  seen.renamed = names();
  await fetch('/order', { method: 'POST' });
  await until('the new order', () => rows().length > seen.rows.length);
  return { ...seen, live: rows() };
}

test('pages', async (t) => {
  const work = mkdtempSync(join(tmpdir(), 'crmgraph-pages-'));
  const run = (name, args) => promisify(execFile)(join(modules, '.bin', name), args, { cwd: work }).catch((e) => assert.fail(e.stdout + e.stderr));
  symlinkSync(modules, join(work, 'node_modules'));
  cpSync(join(here, 'pages'), work, { recursive: true });
  cpSync(schema, join(work, 'schema.graphql'));

  let order;
  const site = createServer(async ({ url }, response) => {
    const name = url.slice(1);
    if (pages.includes(name)) return response.setHeader('content-type', 'text/html').end(`<!doctype html><body><script src="/${name}.js"></script>`);
    if (pages.some((page) => name === `${page}.js`)) return response.setHeader('content-type', 'text/javascript').end(readFileSync(join(work, 'out', name)));
    if (name === 'order') await order();
    response.writeHead(204).end();
  });
  await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${site.address().port}`;
  const server = await startServer({ environment: 'Production', settings: ['--Cors:Origins:0', origin] });
  t.after(async () => {
    site.close();
    site.closeAllConnections();
    await server.stop();
    rmSync(work, { recursive: true, force: true });
  });
  const key = /crm_\w{43}/.exec(await crmgraph('keys', 'create', '-d', server.database, '-n', 'pages', '-r', 'ADMINISTRATOR'))[0];

  await t.test('are generated', async () => {
    for (const page of pages) await crmgraph('schema', 'cache', page, '--output', join(work, page, 'cache.ts'));
    const scalars = { DateTime: 'string', LocalDate: 'string', Decimal: 'number', Long: 'number', Any: 'unknown' };
    for (const page of ['apollo', 'urql'])
      await generate({
        schema, documents: join(work, page, 'page.tsx'), silent: true, errorsOnly: true, noSilentErrors: true, cwd: work,
        generates: { [join(work, page, 'gql/')]: { preset: 'client', presetConfig: { fragmentMasking: false }, config: { useTypeImports: true, scalars } } },
      }, true);
    writeFileSync(join(work, 'relay.config.json'), JSON.stringify({ src: './relay', schema: './schema.graphql', language: 'typescript', eagerEsModules: true, customScalarTypes: scalars }));
    await run('relay-compiler', [join(work, 'relay.config.json')]);
  });

  await t.test('compile in strict mode, without a cast', async () => {
    for (const file of pages.flatMap((page) => [`${page}/page.tsx`, `${page}/main.tsx`, `${page}/cache.ts`]).concat('connection.ts'))
      assert.doesNotMatch(readFileSync(join(work, file), 'utf8').replaceAll(/`[^`]*`|'[^'\n]*'|\/\/.*|\/\*.*?\*\//gs, ''), /\bas\b|\bany\b|[\w)\]]!|@ts-|<\w+>\w/, file);
    await run('tsc', ['--noEmit', '--strict', '--skipLibCheck', '--jsx', 'react-jsx', '--target', 'es2022', '--module', 'esnext', '--moduleResolution', 'bundler', ...pages.map((p) => `${p}/main.tsx`)]);
  });

  await t.test('are bundled', async () => {
    const { warnings } = await build({
      absWorkingDir: work, entryPoints: Object.fromEntries(pages.map((p) => [p, `${p}/main.tsx`])), outdir: 'out', bundle: true, minify: true, jsx: 'automatic', target: 'es2022', plugins: [relay],
      define: { CRMGRAPH: JSON.stringify({ url: server.url, key }), 'process.env.NODE_ENV': '"development"' }, logLevel: 'silent',
    });
    assert.deepEqual(warnings, []);
  });

  for (const page of pages)
    await t.test(`${page} in a browser`, async () => {
      order = () => writeOrder(server.url, key, page);
      const { run: use, said, close } = await open(`${origin}/${page}`);
      try {
        const { rows, names, renamed, live } = await use(visit).catch((e) => assert.fail(`${e.message}\n${said.join('\n')}`));
        assert.deepEqual(said, []);
        assert.ok(rows.every(([, revenue]) => revenue));
        assert.equal(new Set(names).size, 20);
        // The renamed customer is one object wherever it stands; nothing else of the list has changed.
        assert.deepEqual(renamed.slice(1), names.slice(1));
        // The page reads the table of its query, into whose cached object the subscription writes.
        assert.ok(live.some(([channel, revenue]) => channel === `${page} channel` && revenue === '99.5'), live.join('\n'));
      } finally {
        await close();
      }
    });
});

/** An order of a channel that had none. */
async function writeOrder(url, key, page) {
  const query = `mutation { upsertOrder(input: { externalIds: [{ source: "pages", key: "${page}" }], orderedAt: "${new Date().toISOString()}", channel: "${page} channel", amount: 99.5, currency: "EUR" })
    { order { id } errors { ... on Error { message } } } }`;
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` }, body: JSON.stringify({ query }) });
  const { data, errors } = await answer.json();
  assert.equal(errors, undefined);
  assert.equal(data.upsertOrder.errors, null);
}
