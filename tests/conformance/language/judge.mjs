// What graphql-js says, in the shape that the C# side reads.
import { buildASTSchema, isSpecifiedScalarType, isSpecifiedDirective, Kind, parse, printDirective, printType, recommendedRules, specifiedRules, TypeInfo, validateSchema, ValidationContext, visit, visitInParallel, visitWithTypeInfo } from 'graphql';
import { QueryDocumentKeys } from 'graphql/language/ast';
import { Parser } from 'graphql/language/parser';
import { specifiedSDLRules } from 'graphql/validation/specifiedRules';
import { SDLValidationContext } from 'graphql/validation/ValidationContext';

/** Not in the September 2025 edition: @defer and @stream. */
const rules = specifiedRules.filter((r) => !/Stream/.test(r.name));
const PARSE = { allowEmptySelectionSets: false };
// What graphql-js reads beyond the September 2025 edition.
const LATER = new Set(['DIRECTIVE_DEFINITION', 'FRAGMENT_VARIABLE_DEFINITION']);
const EXECUTABLE_KEYS = Object.fromEntries(Object.entries(QueryDocumentKeys).map(([kind, keys]) => [kind, keys.filter((k) => k !== 'description')]));

export const where = (error) => (error.locations ?? []).map((l) => [l.line, l.column]);
const said = (error) => error.message.replaceAll(/[\r\n]+/g, ' ').toWellFormed();
const named = (rule) => rule.name.replace(/Rule$/, '');

// Directives on definitions of directives are later, too: what follows them would be judged by another grammar.
const { parseDirectiveDefinition, parseArgumentDefs } = Parser.prototype;
Parser.prototype.parseDirectiveDefinition = function () {
  this.parseArgumentDefs = () => {
    const args = parseArgumentDefs.call(this);
    this.parseConstDirectives = () => [];
    return args;
  };
  try {
    return parseDirectiveDefinition.call(this);
  } finally {
    delete this.parseArgumentDefs;
    delete this.parseConstDirectives;
  }
};

export function parsed(text) {
  try {
    return { ast: parse(text, PARSE) };
  } catch (error) {
    if (error.name !== 'GraphQLError') throw error;
    return { syntax: { at: where(error)[0], message: error.message.toWellFormed() } };
  }
}

export function isLater(ast) {
  let later = false;
  visit(ast, {
    [Kind.DIRECTIVE_EXTENSION]: () => { later = true; },
    [Kind.DIRECTIVE_DEFINITION]: (node) => { later ||= node.locations.some((l) => LATER.has(l.value)); },
  });
  return later;
}

// graphql-js takes the arguments of an unknown directive for those of its field, and judges their values by the field's types. By the specification
// (section 5.6.1) a value in an unknown position has no type. Rules make walks of their own, so this counts for all.
const { enter } = TypeInfo.prototype;
TypeInfo.prototype.enter = function (node) {
  enter.call(this, node);
  if (node.kind === Kind.DIRECTIVE) this._directive ??= { args: [] };
};

/** All rules in one visit, each with a context of its own, so that every error has its rule. */
export function documentErrors(schema, ast) {
  const errors = [];
  const info = new TypeInfo(schema);
  const contexts = rules.map((rule) => rule(new ValidationContext(schema, ast, info, (e) => errors.push({ rule: named(rule), at: where(e), message: said(e) }))));
  visit(ast, visitWithTypeInfo(info, visitInParallel(contexts)), EXECUTABLE_KEYS);
  return errors;
}

function sdlErrors(ast) {
  const errors = [];
  visit(ast, visitInParallel(specifiedSDLRules.map((rule) => rule(new SDLValidationContext(ast, null, (e) => errors.push({ rule: named(rule), at: where(e), message: said(e) }))))));
  return errors;
}

/** The rules of the text, then those of the schema; undefined when there is nothing to compare. */
export function judgeSchema(ast) {
  // graphql-js reads over definitions that take the name of a built-in type; to us they are errors (section 3.3).
  if (isLater(ast) || ast.definitions.some((d) => isSpecifiedScalarType({ name: d.name?.value }) || /^__(Schema|Type|Field|InputValue|EnumValue|Directive)/.test(d.name?.value))) return undefined;
  const errors = sdlErrors(ast);
  if (errors.length) return { errors };
  // graphql-js reads over @oneOf on extensions; section 3.10 forbids it.
  if (ast.definitions.some((d) => d.kind === Kind.INPUT_OBJECT_TYPE_EXTENSION && d.directives?.some((x) => x.name.value === 'oneOf'))) return undefined;
  try {
    const schema = buildASTSchema(ast, { assumeValidSDL: true });
    const schemaErrors = validateSchema(schema).map((e) => ({ at: where(e), message: said(e) }));
    return schemaErrors.length ? { errors, schemaErrors } : { errors, schemaErrors, schema };
  } catch {
    // graphql-js itself fails on some broken schemas (a default of an argument that has an output type, a reason that is no string): nothing to compare.
    return undefined;
  }
}

/** Types and directives as graphql-js prints them. Their order in a whole schema is its own affair. */
export function printedTypes(schema) {
  const types = Object.values(schema.getTypeMap()).filter((t) => !isSpecifiedScalarType(t) && !t.name.startsWith('__'));
  return [...schema.getDirectives().filter((d) => !isSpecifiedDirective(d)).map(printDirective), ...types.map(printType)];
}
