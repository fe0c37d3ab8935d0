// The documents, requests and programs in the documentation run as they stand there, on the demo company.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createClient } from 'graphql-sse';
import { blocks, pages } from './pages.mjs';
import { crmgraph, startServer } from './running-server.mjs';

const run = promisify(execFile);

test('documentation', async (t) => {
  const server = await startServer();
  const work = mkdtempSync(join(tmpdir(), 'crmgraph-docs-'));
  const client = createClient({ url: server.url, retryAttempts: 0 });
  t.after(async () => {
    client.dispose();
    await server.stop();
    rmSync(work, { recursive: true, force: true });
  });
  const key = await crmgraph('keys', 'create', '-d', server.database, '-n', 'shop', '-r', 'ADMINISTRATOR');
  const env = { ...process.env, DOTNET_NOLOGO: '1', CRMGRAPH_URL: server.url, CRMGRAPH_KEY: /crm_\w{43}/.exec(key)[0] };

  // The tutorial's commands belong together: tutorial.test.mjs runs them.
  for (const page of pages.filter((name) => !name.includes('tutorial'))) {
    const documents = blocks(page).filter(({ language }) => language === 'graphql');
    for (const [i, { text }] of documents.entries())
      await t.test(`${page}: document ${i + 1}`, async () => {
        for await (const { data, errors } of client.iterate({ query: text })) {
          assert.equal(errors, undefined);
          assert.ok(data);
          break;
        }
      });
    const requests = blocks(page).filter(({ language, text }) => language === 'sh' && /^curl .*(127\.0\.0\.1:5080|\$\{?CRMGRAPH_URL)/m.test(text) && !/ @\w/.test(text));
    for (const [i, { text }] of requests.entries())
      await t.test(`${page}: request ${i + 1}`, async () => {
        const curl = text.slice(text.search(/^curl /m)).replaceAll('http://127.0.0.1:5080', new URL(server.url).origin).replaceAll('crm_...', env.CRMGRAPH_KEY)
          .replace('/segments/KEY/', '/segments/loyal-customers/');
        const { stdout } = await run('bash', ['-c', curl], { env });
        assert.ok(stdout.length > 0);
        assert.doesNotMatch(stdout, /"errors":\[/);
      });
  }

  const programs = { python: ['sync.py', 'python3', []], js: ['sync.mjs', process.execPath, []], csharp: ['sync.cs', 'dotnet', ['run']] };
  for (const [language, [file, program, options]] of Object.entries(programs))
    await t.test(`integrators-cookbook: ${file}`, { skip: Boolean(spawnSync(program, ['--version']).error) }, async () => {
      const { text } = blocks('docs/integrators-cookbook.md').find((block) => block.language === language);
      writeFileSync(join(work, file), text);
      const { stdout } = await run(program, [...options, file], { cwd: work, env });
      assert.match(stdout, /refused: 0\s+members: [1-9]/);
    });
});
