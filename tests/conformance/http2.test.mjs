// Over TLS the server speaks HTTP/2, and one connection carries more streams of events than a browser opens over HTTP/1.1.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from './running-server.mjs';

const streams = 20;
const body = JSON.stringify({ query: 'subscription { metricsUpdated(period: { toDate: MONTH }) { totals { orders { value } } } }' });

test(`${streams} streams of events share one connection of HTTP/2`, { skip: Boolean(spawnSync('openssl', ['version']).error) }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'crmgraph-http2-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [key, certificate] = [join(folder, 'server.key'), join(folder, 'server.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=127.0.0.1', '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  const server = await startServer({
    settings: ['--urls', 'https://127.0.0.1:0', '--Kestrel:Certificates:Default:Path', certificate, '--Kestrel:Certificates:Default:KeyPath', key],
  });
  t.after(server.stop);
  // The certificate is of this test and signed by nobody.
  const session = connect(new URL(server.url).origin, { rejectUnauthorized: false });
  t.after(() => session.destroy());

  const first = () => new Promise((resolve, reject) => {
    const request = session.request({ ':method': 'POST', ':path': '/graphql', 'content-type': 'application/json', accept: 'text/event-stream' });
    let said = '';
    request.setEncoding('utf8').on('error', reject).on('data', (text) => {
      said += text;
      const event = /event: next\ndata: (.*)\n\n/.exec(said);
      if (event) resolve({ data: JSON.parse(event[1]).data, request });
    });
    request.end(body);
  });
  const opened = await Promise.all(Array.from({ length: streams }, first));
  assert.equal(session.alpnProtocol, 'h2');
  for (const { data, request } of opened) {
    assert.ok(Number.isInteger(data.metricsUpdated.totals.orders.value));
    assert.equal(request.closed, false);
  }
});
