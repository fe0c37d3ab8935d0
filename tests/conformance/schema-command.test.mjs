// crmgraph schema validate and diff, as a front-end team's checks call them.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program } from './running-server.mjs';

const folder = mkdtempSync(join(tmpdir(), 'crmgraph-schema-'));
test.after(() => rmSync(folder, { recursive: true, force: true }));
const file = (name, text) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const run = (...args) =>
  new Promise((resolve) => execFile('dotnet', [program('tools/CrmGraph.Tools', 'crmgraph.dll'), 'schema', ...args], (error, stdout, stderr) => resolve({ code: error?.code ?? 0, lines: stdout.split('\n').filter(Boolean), stderr })));
const json = async (...args) => {
  const { code, lines } = await run(...args);
  return { code, results: lines.map((l) => JSON.parse(l)) };
};

const schema = file('schema.graphql', 'directive @tag(name: String!) repeatable on FIELD\nscalar Date\ninput By @oneOf { id: ID, on: Date }\ntype Query { find(by: By!): Thing }\ntype Thing { name: String }');

test('documents and operations are judged in their order', async () => {
  const good = file('good.graphql', '{ find(by: { id: 1 }) { name @tag(name: "a") @tag(name: "b") } }');
  const bad = file('bad.graphql', '{\n  find(by: {}) { nam }\n}');
  const { code, results } = await json('validate', '--schema', schema, good, bad, '--operation', '{ find(', '--json');
  assert.equal(code, 1);
  assert.deepEqual(results.map((r) => [r.kind, r.valid, r.errors.map((e) => [e.rule, e.locations])]), [
    ['document', true, []],
    ['document', false, [['ValuesOfCorrectType', [{ line: 2, column: 12 }]], ['FieldsOnCorrectType', [{ line: 2, column: 18 }]]]],
    ['document', false, [['Syntax', [{ line: 1, column: 8 }]]]],
  ]);
  assert.equal((await run('validate', '--schema', schema, good)).code, 0);
  assert.equal((await run('validate', '--schema', schema, join(folder, 'none.graphql'))).code, 2);
});

test('a schema that is none is the answer', async () => {
  const broken = file('broken.graphql', 'type Query {\n  a: Nope\n}');
  const { code, results } = await json('validate', '--schema', broken, '--operation', '{ a }', '--json');
  assert.equal(code, 1);
  assert.deepEqual(results.map((r) => [r.kind, r.valid, r.errors.map((e) => [e.rule, e.locations])]), [['schema', false, [['KnownTypeNames', [{ line: 2, column: 6 }]]]]]);
});

test('a file of cases has schemas of its own, and texts that no UTF-8 can hold', async () => {
  const cases = file('cases.jsonl', [{ id: 'a', document: '{ find }' }, { schema: 'type Query { a: Int }', document: '{ a }' }, { id: [3], schema: 'type Query { a: Int b: }' }].map((c) => JSON.stringify(c)).join('\n') + '\n{"id":4,"document":"{ \\ud83d }"}\n');
  const { code, results } = await json('validate', '--schema', schema, '--cases', cases);
  assert.equal(code, 1);
  assert.deepEqual(results.map((r) => [r.id, r.kind, r.errors.map((e) => e.rule)]), [['a', 'document', ['ScalarLeafs', 'ProvidedRequiredArguments']], [2, 'document', []], [[3], 'schema', ['Syntax']], [4, 'document', ['Syntax']]]);
});

test('diff tells breaking, dangerous and safe changes of any two texts of types', async () => {
  const before = file('old.graphql', 'type A { a: Int, b: Int! } enum E { X }');
  const after = file('new.graphql', 'type A { b: Int } enum E { X, Y } type C { c: A }');
  const { code, results } = await json('diff', before, after, '--json');
  assert.equal(code, 1);
  assert.deepEqual(results[0].changes.map((c) => [c.severity, c.kind]), [['BREAKING', 'FIELD_REMOVED'], ['BREAKING', 'FIELD_CHANGED_KIND'], ['DANGEROUS', 'VALUE_ADDED_TO_ENUM'], ['SAFE', 'TYPE_ADDED']]);
  assert.equal((await run('diff', before, before)).code, 0);
  assert.equal((await run('diff', before, file('none.graphql', 'type {'))).code, 2);
});
