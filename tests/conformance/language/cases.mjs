// node cases.mjs [COUNT [SEED]] prints one JSON object a line: first the schemas, then the cases, each with what graphql-js says of it.
import { readdirSync, readFileSync } from 'node:fs';
import { buildASTSchema, buildSchema, findSchemaChanges, isSpecifiedScalarType, Kind, parse, print, printDirective, printType, isSpecifiedDirective, specifiedRules, validate, validateSchema, visit, recommendedRules } from 'graphql';
import { specifiedSDLRules } from 'graphql/validation/specifiedRules';
import { SDLValidationContext } from 'graphql/validation/ValidationContext';
import { visitInParallel } from 'graphql/language/visitor';
import { DocumentWriter } from './documents.mjs';
import { mutate, rename } from './mutations.mjs';
import { Random } from './random.mjs';

const count = Number(process.argv[2] ?? 4000);
const folder = new URL('./schemas/', import.meta.url);
const sources = readdirSync(folder).sort().map((name) => ({ name, sdl: readFileSync(new URL(name, folder), 'utf8') }));
const rules = specifiedRules.filter((r) => !/Stream/.test(r.name) && !recommendedRules.includes(r));
const PARSE = { allowEmptySelectionSets: false };
// What graphql-js reads beyond the September 2025 edition.
const LATER = new Set(['DIRECTIVE_DEFINITION', 'FRAGMENT_VARIABLE_DEFINITION']);

const where = (error) => (error.locations ?? []).map((l) => [l.line, l.column]);
const byRule = (name, errors) => errors.map((e) => ({ rule: name.replace(/Rule$/, ''), at: where(e), message: e.message.replaceAll(/[\r\n]+/g, ' ').toWellFormed() }));
// Texts go as UTF-16 in base64, because JSON readers refuse halves of surrogate pairs, which are part of the test.
const encoded = (text) => Buffer.from(text, 'utf16le').toString('base64');
const write = (value) => process.stdout.write(`${JSON.stringify(value).toWellFormed()}\n`);

function parsed(text) {
  try {
    return { ast: parse(text, PARSE) };
  } catch (error) {
    if (error.name !== 'GraphQLError') throw error;
    return { syntax: { at: where(error)[0], message: error.message.toWellFormed() } };
  }
}

function isLater(ast) {
  let later = false;
  visit(ast, {
    [Kind.DIRECTIVE_EXTENSION]: () => { later = true; },
    [Kind.DIRECTIVE_DEFINITION]: (node) => { later ||= node.directives?.length > 0 || node.locations.some((l) => LATER.has(l.value)); },
  });
  return later;
}

function executableCase(index, schema, text) {
  const { ast, syntax } = parsed(text);
  if (ast && isLater(ast)) return;
  const errors = ast && rules.flatMap((rule) => byRule(rule.name, validate(schema, ast, [rule], { maxErrors: 10_000 })));
  write({ kind: 'executable', schema: index, text: encoded(text), syntax, errors, printed: ast && print(ast) });
}

function sdlErrors(ast) {
  return specifiedSDLRules.flatMap((rule) => {
    const errors = [];
    const context = new SDLValidationContext(ast, null, (e) => errors.push(e));
    visit(ast, visitInParallel([rule(context)]));
    return byRule(rule.name, errors);
  });
}

function sdlCase(index, text) {
  const { ast, syntax } = parsed(text);
  if (ast && isLater(ast)) return;
  // graphql-js reads over definitions that take the name of a built-in scalar; to us they are errors.
  if (ast?.definitions.some((d) => isSpecifiedScalarType({ name: d.name?.value }))) return;
  const errors = ast && sdlErrors(ast);
  let schemaErrors;
  let types;
  let changes;
  if (ast && errors.length === 0) {
    let schema;
    try {
      schema = buildASTSchema(ast, { assumeValidSDL: true });
      schemaErrors = validateSchema(schema).map((e) => ({ at: where(e), message: e.message.replaceAll(/[\r\n]+/g, ' ').toWellFormed() }));
      // What follows from implementing something that is no interface is reported once by us.
      if (schemaErrors.some((e) => /must only implement/.test(e.message))) schemaErrors = schemaErrors.filter((e) => !/because it (is|would)/.test(e.message) || /itself/.test(e.message));
    } catch {
      // graphql-js itself fails on some broken schemas (a default of an argument that has an output type): nothing to compare.
      return;
    }

    if (!schemaErrors.length) {
      types = printedTypes(schema);
      changes = findSchemaChanges(schemas[index], schema).map((c) => c.type);
    }
  }
  write({ kind: 'sdl', schema: index, changes, text: encoded(text), syntax, errors, schemaErrors, types, printed: ast && print(ast) });
}

/** Types and directives as graphql-js prints them. Their order in a whole schema is its own affair. */
function printedTypes(schema) {
  const types = Object.values(schema.getTypeMap()).filter((t) => !isSpecifiedScalarType(t) && !t.name.startsWith('__'));
  return [...schema.getDirectives().filter((d) => !isSpecifiedDirective(d)).map(printDirective), ...types.map(printType)];
}

const schemas = sources.map((s) => buildSchema(s.sdl));
sources.forEach((s, i) => write({ kind: 'schema', name: s.name, sdl: s.sdl, types: printedTypes(schemas[i]) }));
const random = new Random(Number(process.argv[3] ?? 20250901));
for (let i = 0; i < count; i++) {
  const index = i % schemas.length;
  const text = new DocumentWriter(schemas[index], random, random.pick([0, 0.01, 0.03, 0.1])).document();
  executableCase(index, schemas[index], text);
  if (i % 2 === 0) executableCase(index, schemas[index], mutate(text, random));
  if (i % 4 === 1) executableCase(index, schemas[index], rename(text, random));
  const definitions = sources[index].sdl.split(/\n(?=[a-z"])/);
  if (i % 4 === 0) {
    const kept = definitions.filter(() => random.chance(0.98)).join('\n');
    sdlCase(index, random.chance(0.8) ? rename(kept, random) : mutate(kept, random));
  }
  if (i % 16 === 3) sdlCase(index, definitions.join('\n') + '\n' + random.pick(definitions).replace(/^(?=type|interface|union|enum|input|scalar|schema)/, random.pick(['', 'extend '])));
}
