// What the folder deploy has for those who run the server, as far as it can be checked without their engines.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, startServer } from './running-server.mjs';

const text = (name) => readFileSync(join(root, 'deploy', name), 'utf8');

test('the container file copies what the published folder has, and starts it', () => {
  const lines = text('Containerfile').split('\n');
  assert.ok(lines.includes('RUN tools/publish /app') && existsSync(join(root, 'tools/publish')));
  assert.ok(lines.includes('ENTRYPOINT ["CrmGraph.Server"]'));
  const { version } = JSON.parse(readFileSync(join(root, 'global.json'), 'utf8')).sdk;
  for (const image of ['sdk', 'aspnet']) assert.ok(lines.some((line) => line.includes(`/${image}:${version.split('.').slice(0, 2).join('.')}`)), image);
});

test('systemd takes the unit', { skip: Boolean(spawnSync('systemd-analyze', ['--version']).error) }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'crmgraph-unit-'));
  try {
    const unit = join(folder, 'crmgraph.service');
    writeFileSync(unit, text('crmgraph.service').replace('/opt/crmgraph/CrmGraph.Server', '/bin/true'));
    assert.equal(execFileSync('systemd-analyze', ['verify', unit]).toString(), '');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the manifest probes paths that the server has, and every setting is one', async (t) => {
  const manifest = text('kubernetes.yaml');
  const server = await startServer();
  t.after(() => server.stop());
  const paths = [...manifest.matchAll(/path: (\S+?),/g)].map(([, path]) => path);
  assert.deepEqual(paths, ['/health/ready', '/health/live', '/health/ready']);
  for (const path of paths) assert.equal((await fetch(new URL(path, server.url))).status, 200);
  assert.match(manifest, /ConnectionStrings__Crm/);
  // The two documents agree on the name of the port and of the program.
  assert.equal(manifest.match(/containerPort: 8080/g).length, 1);
  assert.equal(new Set([...manifest.matchAll(/\bapp: (\w+)/g)].map(([, name]) => name)).size, 1);
});

test('one command makes a folder whose server and console run', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crmgraph-published-'));
  try {
    execFileSync(join(root, 'tools/publish'), [folder, '--no-build'], { stdio: 'pipe', env: { ...process.env, CONFIGURATION: process.env.CONFIGURATION ?? 'Debug' } });
    assert.match(execFileSync(join(folder, 'crmgraph'), ['schema', 'print']).toString(), /^type Query|\ntype Query/);
    const failed = spawnSync(join(folder, 'CrmGraph.Server'), ['--Crm:Nonsense', '1']);
    assert.equal(failed.status, 1, failed.stdout + failed.stderr);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
