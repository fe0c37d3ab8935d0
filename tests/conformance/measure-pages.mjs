// Measures the pages of the dashboard in chromium, beside GraphiQL in the same browser: first visit, bytes, memory of an open page, commit to paint.
//   TILES=50 LIVE_ONLY=1 measures a dashboard of so many live tiles alone; SECONDS=3 is enough to see that it works.
//   GRAPHIQL=FOLDER CONFIGURATION=Release node measure-pages.mjs      FOLDER: npm install graphiql@5 react react-dom graphql esbuild
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { setTimeout as wait } from 'node:timers/promises';
import { open } from './browser.mjs';
import { startServer } from './running-server.mjs';

const [visits, pagesOpen, tiles, perSecond, seconds, patienceSeconds] = [5, 21, Number(process.env.TILES ?? 20), 20, Number(process.env.SECONDS ?? 20), 30];
const server = await startServer({ settings: ['--Telemetry:Prometheus', 'true'] });
const home = new URL('/', server.url).href;
const quantile = (all, q) => all.toSorted((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * q))];

async function ask(query, variables) {
  const answer = await fetch(server.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query, variables }) });
  const { data, errors } = await answer.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** From the address to what is waited for, in a browser that has seen nothing; what it received on the way. */
async function visit(address, isThere, after = 800) {
  const page = await open('about:blank');
  try {
    const started = performance.now();
    await page.go(address);
    while (!(await page.run(isThere).catch(() => false))) {
      if (performance.now() - started > patienceSeconds * 1000) throw new Error(`${address} does not show what is waited for: ${page.said.join('; ')}`);
      await wait(15);
    }
    const took = performance.now() - started;
    await wait(after);
    return { took, bytes: page.received() };
  } finally {
    await page.close();
  }
}

async function report(name, address, isThere) {
  const all = [];
  for (let i = 0; i < visits; i++) all.push(await visit(address, isThere));
  console.log(`${name}: ${Math.round(quantile(all.map((v) => v.took), 0.5))} ms, ${Math.round(quantile(all.map((v) => v.bytes), 0.5) / 1024)} KB`);
}

const figures = () => document.querySelector('#live.live') !== null && [...document.querySelectorAll('.tile .value')].every((v) => v.dataset.value !== undefined);
const dashboard = () => document.querySelector('#live.live') !== null && document.querySelectorAll('.dashboard canvas').length >= 5;
const editor = () => document.querySelector('.monaco-editor .view-line') !== null;
const graphiql = () => document.querySelector('.graphiql-query-editor .view-line') !== null && document.querySelector('.graphiql-doc-explorer-content') !== null;

/** GraphiQL as a bundler makes it for production, as small as it can be sent, and the graph behind the same address. */
async function serveGraphiql(folder) {
  const { build } = await import(pathToFileURL(join(folder, 'node_modules/esbuild/lib/main.js')));
  const contents = `import React from 'react';
    import { createRoot } from 'react-dom/client';
    import { GraphiQL } from 'graphiql';
    import { createGraphiQLFetcher } from '@graphiql/toolkit';
    import 'graphiql/style.css';
    globalThis.MonacoEnvironment = { getWorker: (_, label) => new Worker(label === 'graphql' || label === 'json' ? label + '.js' : 'editor.js') };
    createRoot(document.getElementById('at')).render(React.createElement(GraphiQL, { fetcher: createGraphiQLFetcher({ url: '/graphql' }), visiblePlugin: 'Documentation Explorer' }));`;
  const options = { bundle: true, minify: true, write: false, outdir: '/', loader: { '.ttf': 'file' }, define: { 'process.env.NODE_ENV': '"production"' }, logLevel: 'error' };
  const at = (name) => join(folder, 'node_modules', name);
  const made = await build({ ...options, format: 'esm', stdin: { contents, resolveDir: folder, sourcefile: 'main.js' } });
  const workers = await build({ ...options, entryPoints: { graphql: at('monaco-graphql/esm/graphql.worker.js'), json: at('monaco-editor/esm/vs/language/json/json.worker.js'),
    editor: at('monaco-editor/esm/vs/editor/editor.worker.js') } });
  const files = Object.fromEntries([...made.outputFiles, ...workers.outputFiles].map((f) => [f.path.replace('/stdin', '/graphiql'), brotliCompressSync(f.contents)]));
  const html = `<!doctype html><link rel="icon" href="data:,"><link rel="stylesheet" href="/graphiql.css"><style>html,body,#at{height:100%;margin:0}</style><div id="at"></div>
    <script type="module" src="/graphiql.js"></script>`;
  return createServer(async (request, response) => {
    if (request.url.startsWith('/graphql')) {
      const body = Buffer.concat(await request.toArray());
      const answer = await fetch(server.url, { method: 'POST', headers: { 'content-type': 'application/json', 'accept-encoding': 'br' }, body });
      const text = Buffer.from(await answer.arrayBuffer());
      response.writeHead(answer.status, { 'content-type': 'application/json', 'content-encoding': 'br' }).end(brotliCompressSync(text));
    } else if (files[request.url]) {
      response.writeHead(200, { 'content-type': request.url.endsWith('css') ? 'text/css' : 'text/javascript', 'content-encoding': 'br' }).end(files[request.url]);
    } else response.writeHead(200, { 'content-type': 'text/html' }).end(html);
  });
}

/** In KB: of the process, and what its last garbage collection left. */
async function memory() {
  const said = await (await fetch(home + 'metrics')).text();
  const heap = [...said.matchAll(/^dotnet_gc_last_collection_heap_size_bytes\{[^}]*\} (\d+)/gm)].reduce((sum, [, bytes]) => sum + Number(bytes), 0);
  return { process: Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]), heap: heap / 1024 };
}

/** What the server holds more for each page that is open and live. */
async function measureMemory() {
  const page = await open(home + 'dashboards/sales-dashboard');
  const others = [];
  try {
    await wait(8000);
    const before = await memory();
    for (let i = 1; i < pagesOpen; i++) others.push(await page.another(home + 'dashboards/sales-dashboard'));
    await wait(12_000);
    const after = await memory();
    for (const of of ['process', 'heap'])
      console.log(`memory of the ${of}: ${Math.round(before[of] / 1024)} MB with one dashboard open, ${Math.round(after[of] / 1024)} MB with ${pagesOpen}: `
        + `${Math.round((after[of] - before[of]) / others.length)} KB each`);
  } finally {
    await page.close();
  }
}

/** Each commit adds an order, and each tile counts those of another period: a commit is painted when all of them have counted it. */
async function measureLive() {
  const section = (days) => ({
    heading: `Last ${days}`, chart: 'NUMBER', width: 3,
    operation: `query { metrics(period: { last: { count: ${days}, unit: DAY } }) { totals { orders { value } } } }`,
  });
  const content = { purpose: 'OTHER', audience: 'measuring', layout: 'DASHBOARD', parameters: [], sections: Array.from({ length: tiles }, (_, i) => section(i + 1)) };
  const made = await ask('mutation ($input: CreateReportDefinitionInput!) { createReportDefinition(input: $input) { reportDefinition { id } errors { ... on Error { message } } } }',
    { input: { key: 'measured', title: 'Measured', content } });
  if (!made.createReportDefinition.reportDefinition) throw new Error(JSON.stringify(made));
  const customer = (await ask('{ customers(first: 1) { nodes { id } } }')).customers.nodes[0].id;
  const page = await open('about:blank');
  try {
    const started = performance.now();
    await page.go(home + 'dashboards/measured');
    const shown = () => page.run(() => (document.querySelector('#live.live') ? document.querySelectorAll('[data-tile=orders] .value').length : 0)).catch(() => 0);
    while ((await shown()) !== tiles) await wait(50);
    console.log(`${tiles} live figures on screen after ${Math.round(performance.now() - started)} ms`);
    await wait(3000);
    await page.run(() => {
      const values = () => [...document.querySelectorAll('[data-tile=orders] .value')].map((v) => Number(v.dataset.value));
      const first = values();
      globalThis.painted = [];
      const look = () => requestAnimationFrame(() => setTimeout(() => {
        const least = Math.min(...values().map((v, i) => v - first[i]));
        if (least > (painted.at(-1)?.[0] ?? 0)) painted.push([least, performance.timeOrigin + performance.now()]);
      }));
      new MutationObserver(look).observe(document.querySelector('.dashboard'), { subtree: true, childList: true, attributes: true, characterData: true });
    });
    const commits = [];
    for (const began = performance.now(); commits.length < perSecond * seconds; ) {
      await wait(Math.max(0, began + (commits.length * 1000) / perSecond - performance.now()));
      await ask('mutation ($input: UpsertOrderInput!) { upsertOrder(input: $input) { order { id } } }', {
        input: { externalIds: [{ source: 'measured', key: String(commits.length) }], customer: { id: customer }, orderedAt: new Date().toISOString(), currency: 'EUR', lines: [{ quantity: 1, unitPrice: 10 }] },
      });
      commits.push(performance.timeOrigin + performance.now());
    }
    await wait(5000);
    const painted = await page.run(() => painted);
    const delays = commits.map((at, i) => painted.find(([count]) => count > i)?.[1] - at).filter((d) => !Number.isNaN(d));
    const rate = (commits.length - 1) / ((commits.at(-1) - commits[0]) / 1000);
    console.log(`commit to paint, ${tiles} tiles, ${rate.toFixed(1)} commits/s: p50 ${Math.round(quantile(delays, 0.5))} ms, p99 ${Math.round(quantile(delays, 0.99))} ms, `
      + `${painted.length} paints, ${commits.length - delays.length} of ${commits.length} commits never seen`);
  } finally {
    await page.close();
  }
}

async function measureAll() {
  const first = await visit(home, figures);
  console.log(`overview, first visit to a server that just started: ${Math.round(first.took)} ms, ${Math.round(first.bytes / 1024)} KB`);
  await report('overview', home, figures);
  await report('dashboard', home + 'dashboards/sales-dashboard', dashboard);
  await report('explorer', home + 'explorer', editor);
  if (process.env.GRAPHIQL) {
    const other = await serveGraphiql(process.env.GRAPHIQL);
    await new Promise((resolve) => other.listen(0, '127.0.0.1', resolve));
    await report('GraphiQL', `http://127.0.0.1:${other.address().port}/`, graphiql);
    other.close();
  }
  await measureMemory();
}

try {
  if (!process.env.LIVE_ONLY) await measureAll();
  await measureLive();
} finally {
  await server.stop();
}
process.exit(0);
