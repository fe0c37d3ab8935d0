// The tutorial from its first command to its last, as it stands in docs/tutorial.md.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { browser, open } from './browser.mjs';
import { blocks } from './pages.mjs';
import { program } from './running-server.mjs';

const page = 'docs/tutorial.md';
const patienceSeconds = 60;
const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

async function until(what, holds) {
  for (const end = Date.now() + patienceSeconds * 1000; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    if (await holds()) return;
    if (Date.now() > end) assert.fail(typeof what === 'function' ? what() : what);
  }
}

// One that ends with the one before it may be gone without its exit having been told.
function end(child) {
  try {
    process.kill(-child.pid, 'SIGTERM');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

test('the Chinese tutorial has the same commands', () => assert.deepEqual(blocks('docs/tutorial.zh.md'), blocks(page)));

test('the tutorial', async (t) => {
  const work = mkdtempSync(join(tmpdir(), 'crmgraph-tutorial-'));
  const [api, web] = [await freePort(), await freePort()];
  const running = [];
  t.after(async () => {
    for (const { child, ended } of running) {
      if (child.exitCode === null) end(child);
      await ended;
    }
    rmSync(work, { recursive: true, force: true });
  });
  const here = (text) => text.replaceAll('127.0.0.1:5080', `127.0.0.1:${api}`).replaceAll('8000', String(web));
  const path = `${join(program('src/CrmGraph.Server', 'CrmGraph.Server'), '..')}:${join(program('tools/CrmGraph.Tools', 'crmgraph'), '..')}:${process.env.PATH}`;
  const env = { ...process.env, DOTNET_NOLOGO: '1', PATH: path, urls: `http://127.0.0.1:${api}` };
  const run = (text) => promisify(execFile)('bash', ['-ec', here(text)], { cwd: work, env }).then(({ stdout }) => stdout, (e) => assert.fail(e.stdout + e.stderr));
  const start = (text) => {
    const child = spawn('bash', ['-c', `exec ${here(text)}`], { cwd: work, env, detached: true });
    const job = { child, said: '', ended: new Promise((resolve) => child.once('exit', resolve)) };
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (more) => (job.said += more));
    running.push(job);
    return job;
  };
  const steps = blocks(page);
  const step = (language, start_) => steps.find((s) => s.language === language && s.text.startsWith(start_)) ?? assert.fail(`no block begins with ${start_}`);
  // The programs are built already; that tools/publish makes a folder of them is another test.
  assert.match(steps[0].text, /^tools\/publish app\n/);

  await t.test('imports its file', async () => {
    await run(step('sh', 'cat > orders.csv').text);
    await run(step('sh', 'cat > orders.yaml').text);
    const [dry, imported] = steps.filter(({ text }) => text.startsWith('crmgraph import orders.csv'));
    assert.match(await run(dry.text), /4 .*used|used.* 4/is);
    await run(imported.text);
  });
  await t.test('answers its question', async () => {
    const server = start(step('sh', 'CrmGraph.Server').text);
    await until(() => server.said, () => server.said.includes('Listening'));
    assert.deepEqual(JSON.parse(await run(step('sh', 'curl -s ').text)), JSON.parse(step('json', '{"data"').text));
  });
  const live = start(step('sh', 'curl -sN').text);
  await t.test('streams the value', () => until(() => live.said, () => live.said.includes('"value":91.5')));

  const key = /crm_\w{43}/.exec(await run(step('sh', 'crmgraph keys create').text))[0];
  writeFileSync(join(work, 'tile.html'), here(step('html', '<!doctype').text).replace('crm_...', key));
  const canServe = browser && !spawnSync('python3', ['--version']).error;
  let tile;
  t.after(() => tile?.close());
  let shown;
  const shows = (text) => until(() => `"${shown}" is shown and not "${text}"; ${tile.said}`, async () => (shown = await tile.run(() => document.body?.innerText.trim())) === text);
  await t.test('shows the tile', { skip: !canServe }, async () => {
    start(step('sh', 'python3').text);
    await until('no page', () => fetch(`http://127.0.0.1:${web}/tile.html`).then(({ ok }) => ok, () => false));
    tile = await open(`http://127.0.0.1:${web}/tile.html`);
    await shows('91.5 € in 3 orders');
  });
  await t.test('hears of the next order', async () => {
    await run(step('sh', 'cat > more.csv').text);
    await until(() => live.said, () => live.said.includes('"value":130.5'));
    if (tile) await shows('130.5 € in 4 orders');
    assert.deepEqual(tile?.said ?? [], []);
  });
});
