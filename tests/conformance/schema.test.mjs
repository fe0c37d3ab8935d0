// Our printed schema and our documents, in the eyes of the reference implementation.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildClientSchema, buildSchema, getIntrospectionQuery, lexicographicSortSchema, NoDeprecatedCustomRule, parse, printSchema, validate, validateSchema,
} from 'graphql';
import { blocks, pages } from './pages.mjs';
import { root, startServer } from './running-server.mjs';

const printed = readFileSync(join(root, 'schema/schema.graphql'), 'utf8');
const folder = join(root, 'schema/operations');
const documents = readdirSync(folder).filter(f => f.endsWith('.graphql'));

test('schema/schema.graphql builds and is valid', () => {
  assert.deepEqual(validateSchema(buildSchema(printed)), []);
});

test('there are operations, and every one is valid against the printed schema', async t => {
  assert.ok(documents.length > 0);
  const schema = buildSchema(printed);
  for (const file of documents)
    await t.test(file, () => assert.deepEqual(validate(schema, parse(readFileSync(join(folder, file), 'utf8'))).map(e => e.message), []));
});

test('no document of ours uses what is deprecated', () => {
  const read = (...path) => readFileSync(join(root, ...path), 'utf8');
  const files = (path, end) => readdirSync(join(root, path)).filter(f => f.endsWith(end));
  const templates = 'src/CrmGraph.Reporting/Reports/Templates';
  const ours = [
    ...['schema/operations', 'src/CrmGraph.Dashboard/Operations'].flatMap(path => files(path, '.graphql').map(file => [file, read(path, file)])),
    ...files(templates, '.yaml').flatMap(file => [...read(templates, file).matchAll(/^( *)operation: \|\n((?:\1  .*\n|\n)*)/gm)].map(([, , text]) => [file, text])),
    ...pages.flatMap(page => blocks(page).filter(({ language }) => language === 'graphql').map(({ text }) => [page, text])),
  ];
  for (const end of ['.graphql', '.yaml', '.md']) assert.ok(ours.filter(([name]) => name.endsWith(end)).length > 10, end);
  const schema = buildSchema(printed);
  assert.deepEqual(ours.flatMap(([name, text]) => validate(schema, parse(text), [NoDeprecatedCustomRule]).map(e => `${name}: ${e.message}`)), []);
});

test('a running server', async t => {
  const server = await startServer();
  t.after(() => server.stop());

  await t.test('serves the printed schema as its text', async () => {
    const answer = await fetch(server.url + '?sdl');
    assert.equal(answer.status, 200);
    assert.equal((await answer.text()).trim(), printed.trim());
    const again = await fetch(server.url + '?sdl', { headers: { 'if-none-match': answer.headers.get('etag') } });
    assert.equal(again.status, 304);
  });

  await t.test('describes the same schema by introspection', async () => {
    const query = getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true, directiveIsRepeatable: true, specifiedByUrl: true, schemaDescription: true });
    const answer = await fetch(server.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) });
    const { data, errors } = await answer.json();
    assert.equal(errors, undefined);
    assert.equal(printSchema(lexicographicSortSchema(buildClientSchema(data))), printSchema(lexicographicSortSchema(buildSchema(printed))));
  });

  for (const file of documents)
    await t.test(`runs ${file}`, async () => {
      const variables = existsSync(join(folder, file.replace('.graphql', '.json'))) ? JSON.parse(readFileSync(join(folder, file.replace('.graphql', '.json')), 'utf8')) : undefined;
      const query = readFileSync(join(folder, file), 'utf8');
      const live = parse(query).definitions.some(d => d.operation === 'subscription');
      const stop = new AbortController();
      const answer = await fetch(server.url, {
        method: 'POST',
        signal: stop.signal,
        headers: { 'content-type': 'application/json', accept: live ? 'text/event-stream' : 'application/graphql-response+json' },
        body: JSON.stringify({ query, variables }),
      });
      assert.equal(answer.status, 200);
      const result = live ? await firstEvent(answer.body) : await answer.json();
      stop.abort();
      // The ids in examples of variables are made up: that they name nothing is all that may be wrong.
      assert.deepEqual((result.errors ?? []).filter(e => !e.extensions.code.endsWith('NOT_FOUND')), []);
      assert.ok(result.data);
    });
});

async function firstEvent(body) {
  let text = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const found = /event: ?next\ndata: ?(.*)\n\n/.exec(text);
    if (found) return JSON.parse(found[1]);
  }
  throw new Error('The stream ended without an event: ' + text);
}
