// What front ends use, on the documents of schema/operations and the running server.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { cacheExchange, Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';
import { generate } from '@graphql-codegen/cli';
import { parse } from 'graphql';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { startServer } from '../running-server.mjs';
import { folder, operations, relayModule, schema, serious } from './operations.mjs';

const require = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));
const run = (program, args) => promisify(execFile)(process.execPath, [require.resolve(program), ...args], { cwd: work }).catch((e) => assert.fail(e.stdout + e.stderr));
const work = mkdtempSync(join(tmpdir(), 'crmgraph-clients-'));
symlinkSync(join(here, 'node_modules'), join(work, 'node_modules'));
test.after(() => rmSync(work, { recursive: true, force: true }));

async function ask(url, text, variables) {
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' }, body: JSON.stringify({ query: text, variables }) });
  return answer.json();
}

test('clients', async (t) => {
  const server = await startServer();
  t.after(() => server.stop());
  const socket = () => createClient({ url: server.webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0 });

  await t.test('graphql-codegen makes types and a typed client from introspection, and TypeScript takes them', async () => {
    const out = join(work, 'codegen');
    await generate({
      schema: server.url, documents: join(folder, '*.graphql'), silent: true, errorsOnly: true, noSilentErrors: true, cwd: work,
      generates: { [join(out, 'types.ts')]: { plugins: ['typescript'] }, [join(out, 'operations.ts')]: { plugins: ['typescript-operations'] }, [join(out, 'client/')]: { preset: 'client' } },
    }, true);
    const use = `import { DashboardDocument, type DashboardQuery, type DashboardQueryVariables } from './client/graphql';
      import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
      export const typed: TypedDocumentNode<DashboardQuery, DashboardQueryVariables> = DashboardDocument;`;
    writeFileSync(join(out, 'use.ts'), use);
    await run('typescript/bin/tsc', ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'esnext', '--moduleResolution', 'bundler', join(out, 'use.ts'), join(out, 'types.ts'), join(out, 'operations.ts')]);
  });

  await t.test('relay-compiler compiles every document, and the server answers what it made of them', async (t) => {
    const source = join(work, 'relay');
    mkdirSync(source);
    const modules = operations.map((o) => ({ ...o, ...relayModule(o) }));
    for (const { module, parts } of modules)
      writeFileSync(join(source, `${module}.js`), `import { graphql } from 'relay-runtime';\n${parts.map((p) => `graphql\`${p}\`;`).join('\n')}\n`);
    writeFileSync(join(work, 'relay.config.json'), JSON.stringify({ src: './relay', schema: './schema.graphql', language: 'javascript', eagerEsModules: false }));
    writeFileSync(join(work, 'schema.graphql'), readFileSync(schema, 'utf8'));
    await run('relay-compiler/cli.js', [join(work, 'relay.config.json')]);
    for (const { name, variables, kind } of modules) {
      const artifact = join(source, '__generated__', `${name}.graphql.js`);
      assert.ok(existsSync(artifact), artifact);
      if (kind === 'subscription') continue;
      await t.test(name, async () => {
        const { params } = require(artifact);
        const { data, errors } = await ask(server.url, params.text, variables);
        assert.deepEqual(serious(errors), []);
        assert.ok(data);
      });
    }
  });

  await t.test('Apollo Client', async (t) => {
    const live = socket();
    const link = ApolloLink.split(({ operationType }) => operationType === 'subscription', new GraphQLWsLink(live), new HttpLink({ uri: server.url }));
    const client = new ApolloClient({ link, cache: new InMemoryCache() });
    for (const { file, document, kind, variables } of operations)
      await t.test(file, async () => {
        if (kind === 'subscription') return assert.ok((await first(client.subscribe({ query: document, variables }))).data);
        const result = kind === 'mutation' ? await client.mutate({ mutation: document, variables, errorPolicy: 'all' }) : await client.query({ query: document, variables, errorPolicy: 'all', fetchPolicy: 'network-only' });
        assert.deepEqual(serious(result.error?.errors ?? (result.error ? [result.error] : [])), []);
        assert.ok(result.data);
        // What was written to the normalised cache gives the same answer again.
        if (kind === 'query' && !result.error) assert.deepEqual(client.readQuery({ query: document, variables }), result.data);
      });
    client.stop();
    await live.dispose();
  });

  await t.test('urql', async (t) => {
    const live = socket();
    const forward = ({ query, variables }) => ({ subscribe: (sink) => ({ unsubscribe: live.subscribe({ query, variables }, sink) }) });
    const client = new Client({ url: server.url, preferGetMethod: false, exchanges: [cacheExchange, fetchExchange, subscriptionExchange({ forwardSubscription: forward })] });
    for (const { file, document, kind, variables } of operations)
      await t.test(file, async () => {
        if (kind === 'subscription') return assert.ok((await first(client.subscription(document, variables))).data);
        const result = await (kind === 'mutation' ? client.mutation(document, variables) : client.query(document, variables)).toPromise();
        assert.deepEqual(serious(result.error?.graphQLErrors), []);
        assert.equal(result.error?.networkError, undefined);
        assert.ok(result.data);
      });
    await live.dispose();
  });
});

/** Counts what goes out: a hash alone, or a hash with its document; by method. */
function counted() {
  const sent = [];
  return {
    sent,
    fetch: async (url, options = {}) => {
      const request = options.method === 'GET' || !options.body ? Object.fromEntries(new URL(url).searchParams) : JSON.parse(options.body);
      const answer = await fetch(url, options);
      sent.push(`${options.method ?? 'GET'} ${request.query ? 'document' : 'hash'} ${answer.status}`);
      return answer;
    },
  };
}

test('automatic persisted operations', async (t) => {
  const server = await startServer();
  t.after(() => server.stop());
  const named = (name) => parse(`query ${name} { viewer { name } }`);
  const sha256 = (text) => createHash('sha256').update(text).digest('hex');

  for (const [name, useGETForHashedQueries, method] of [['ApolloPost', false, 'POST'], ['ApolloGet', true, 'GET']])
    await t.test(`Apollo Client, hashes by ${method}`, async () => {
      const { sent, fetch } = counted();
      const client = new ApolloClient({ link: new PersistedQueryLink({ sha256, useGETForHashedQueries }).concat(new HttpLink({ uri: server.url, fetch })), cache: new InMemoryCache() });
      const query = named(name);
      for (let i = 0; i < 2; i++) assert.ok((await client.query({ query, fetchPolicy: 'network-only' })).data.viewer);
      assert.deepEqual(sent, [`${method} hash 400`, 'POST document 200', `${method} hash 200`]);
      client.stop();
    });

  for (const [name, preferGetForPersistedQueries, method] of [['UrqlPost', false, 'POST'], ['UrqlGet', 'force', 'GET']])
    await t.test(`urql, hashes by ${method}`, async () => {
      const { sent, fetch } = counted();
      const client = new Client({ url: server.url, fetch, exchanges: [persistedExchange({ preferGetForPersistedQueries }), fetchExchange] });
      for (let i = 0; i < 2; i++) {
        const result = await client.query(named(name), {}, { requestPolicy: 'network-only' }).toPromise();
        assert.equal(result.error, undefined);
        assert.ok(result.data.viewer);
      }
      assert.deepEqual(sent.map((s) => s.replace(' 400', ' 4xx')), [`${method} hash 4xx`, `${method} document 200`, `${method} hash 200`]);
    });
});

/** The first value of an observable, or of urql's source. */
const first = (source) => new Promise((resolve, reject) => {
  const done = (value) => {
    setImmediate(() => subscription.unsubscribe());
    resolve(value);
  };
  const subscription = source.subscribe.length > 1 || 'toPromise' in source ? source.subscribe(done) : source.subscribe({ next: done, error: reject });
});
