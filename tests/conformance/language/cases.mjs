// node cases.mjs [COUNT [SEED]] prints one JSON object a line: first the schemas, then the cases, each with what graphql-js says of it.
import { readdirSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { buildSchema, findSchemaChanges, getIntrospectionQuery, introspectionFromSchema, parse, print } from 'graphql';
import { DocumentWriter } from './documents.mjs';
import { editDocument, editSchema } from './edits.mjs';
import { documentErrors, isLater, judgeSchema, parsed, printedTypes } from './judge.mjs';
import { mutate, rename } from './mutations.mjs';
import { Random } from './random.mjs';
import { run } from './run.mjs';
import { variableValues } from './values.mjs';

const count = Number(process.argv[2] ?? 4000);
const random = new Random(Number(process.argv[3] ?? 20250901));
const folder = new URL('./schemas/', import.meta.url);
const sources = readdirSync(folder).sort().map((name) => ({ name, sdl: readFileSync(new URL(name, folder), 'utf8') }));
// The product's own schema is too large to be broken and printed thousands of times; it gets documents only.
sources.push({ name: 'product', sdl: readFileSync(new URL('../../../schema/schema.graphql', import.meta.url), 'utf8'), whole: true });
const schemas = sources.map((s) => buildSchema(s.sdl));
const INTROSPECTION = { inputValueDeprecation: true, oneOf: true, directiveIsRepeatable: true, specifiedByUrl: true, schemaDescription: true };

// Texts go as UTF-16 in base64, because JSON readers refuse halves of surrogate pairs, which are part of the test.
const encoded = (text) => Buffer.from(text, 'utf16le').toString('base64');
const write = async (value) => {
  if (!process.stdout.write(`${JSON.stringify(value).toWellFormed()}\n`)) await once(process.stdout, 'drain');
};

async function executableCase(index, text) {
  const { ast, syntax } = parsed(text);
  if (ast && isLater(ast)) return;
  const errors = ast && documentErrors(schemas[index], ast);
  await write({ kind: 'executable', schema: index, text: encoded(text), syntax, errors, printed: ast && print(ast) });
  // Introspection describes the language in each one's own words; it has cases of its own.
  if (errors?.length === 0 && !/\b__(schema|type)\b/.test(text)) await runCase(index, text, ast);
}

async function runCase(index, text, ast) {
  const operations = ast.definitions.filter((d) => d.kind === 'OperationDefinition');
  if (!operations.length) return;
  const operation = random.pick(operations);
  const variables = variableValues(schemas[index], operation, random, random.pick([0, 0, 0.05, 0.2]));
  const mood = random.pick([0, 1, 2]);
  const seed = random.below(1e9);
  const answer = await run(schemas[index], ast, operation, variables, mood, seed);
  await write({ kind: 'run', schema: index, text: encoded(text), operation: operation.name?.value, variables: JSON.stringify(variables), mood, seed, ...answer });
}

async function sdlCase(index, text) {
  const { ast, syntax } = parsed(text);
  const judged = ast && judgeSchema(ast);
  if (ast && !judged) return;
  const { errors, schemaErrors, schema } = judged ?? {};
  await write({
    kind: 'sdl', schema: index, text: encoded(text), syntax, errors, schemaErrors, printed: ast && print(ast), types: schema && printedTypes(schema),
    changes: schema && findSchemaChanges(schemas[index], schema).map((c) => c.type), back: schema && findSchemaChanges(schema, schemas[index]).map((c) => c.type),
    introspection: schema && random.chance(0.1) ? JSON.stringify(introspectionFromSchema(schema, INTROSPECTION)) : undefined,
  });
}

for (const [i, s] of sources.entries())
  await write({
    kind: 'schema', name: s.name, sdl: s.sdl, types: printedTypes(schemas[i]), introspectionQuery: getIntrospectionQuery(INTROSPECTION), introspection: JSON.stringify(introspectionFromSchema(schemas[i], INTROSPECTION)),
  });

for (let i = 0; i < count; i++) {
  const index = i % schemas.length;
  const text = new DocumentWriter(schemas[index], random, random.pick([0, 0, 0, 0, 0.01, 0.03, 0.1])).document();
  await executableCase(index, text);
  if (i % 3 === 0) await executableCase(index, mutate(text, random));
  if (i % 4 === 1) await executableCase(index, rename(text, random));
  const { ast } = parsed(text);
  if (ast && i % 2 === 0) await executableCase(index, editDocument(ast, random));
  if (sources[index].whole) continue;
  const definitions = sources[index].sdl.split(/\n(?=[a-z"])/);
  if (i % 5 === 0) {
    const kept = definitions.filter(() => random.chance(0.98)).join('\n');
    await sdlCase(index, random.pick([rename, rename, mutate])(kept, random));
  }
  if (i % 3 === 0) await sdlCase(index, editSchema(parse(sources[index].sdl), random));
  if (i % 16 === 3) await sdlCase(index, definitions.join('\n') + '\n' + random.pick(definitions).replace(/^(?=type|interface|union|enum|input|scalar|schema)/, random.pick(['', 'extend '])));
}
