// Mistakes that text alone does not make: documents are changed in their tree, in one to three places, and printed again.
import { Kind, parseType, parseValue, print, visit } from 'graphql';

const LITERALS = ['1', '1.5', '"x"', 'true', 'null', 'NOPE', 'SMALL', '[]', '{}', '[[1]]', '{ a: 1 }', '$v0', '$nope', '99999999999', '{ id: "1", name: null }', '{ name: "n" }', '[null]'];
const TYPES = ['Int', 'Int!', '[Int]', '[Int!]!', 'String', 'Boolean!', 'ID', 'Float', 'Nope', '[Boolean]'];
const DIRECTIVES = ['skip', 'include', 'deprecated', 'oneOf', 'specifiedBy', 'nope', 'tag', 'unique', 'repeat', 'limit'];
const name = (value) => ({ kind: Kind.NAME, value });
const clone = (node) => JSON.parse(JSON.stringify(node));

const DOCUMENT_EDITS = [
  // Another name of the same kind.
  (all, random) => { const [a, b] = [random.pick(all.Field), random.pick(all.Field)]; if (a && b) a.name = b.name; },
  (all, random) => { const field = random.pick(all.Field); if (field) field.alias = name(random.pick(['a', 'b', random.pick(all.Field).name.value])); },
  (all, random) => { const [a, b] = [random.pick(all.Argument), random.pick(all.Argument)]; if (a && b) a.name = b.name; },
  (all, random) => { const node = random.pick(all.NamedType); const other = random.pick(all.NamedType); if (node && other) node.name = other.name; },
  // Selections: gone, doubled, with other arguments, elsewhere.
  (all, random) => { const set = random.pick(all.SelectionSet); if (set?.selections.length > 1) set.selections.splice(random.below(set.selections.length), 1); },
  (all, random) => { const set = random.pick(all.SelectionSet); if (set) set.selections.push(clone(random.pick(set.selections))); },
  (all, random) => { const [a, b] = [random.pick(all.SelectionSet), random.pick(all.SelectionSet)]; if (a && b && a !== b) a.selections.push(clone(random.pick(b.selections))); },
  (all, random) => { const field = random.pick(all.Field); if (field) field.selectionSet = field.selectionSet ? undefined : { kind: Kind.SELECTION_SET, selections: [{ kind: Kind.FIELD, name: name('__typename') }] }; },
  (all, random) => { const field = random.pick(all.Field.filter((f) => f.arguments?.length)); field?.arguments.splice(random.below(field.arguments.length), 1); },
  (all, random) => { const field = random.pick(all.Field.filter((f) => f.arguments?.length)); field?.arguments.push(clone(random.pick(field.arguments))); },
  // Values and types.
  (all, random) => { const argument = random.pick(all.Argument); if (argument) argument.value = parseValue(random.pick(LITERALS)); },
  (all, random) => { const field = random.pick(all.ObjectField); if (field) field.value = parseValue(random.pick(LITERALS)); },
  (all, random) => { const field = random.pick(all.ObjectField); if (field) field.name = random.pick(all.ObjectField).name; },
  (all, random) => { const object = random.pick(all.ObjectValue); if (object) object.fields = object.fields.concat(clone(object.fields)).slice(random.below(3)); },
  (all, random) => { const list = random.pick(all.ListValue); list?.values.push(parseValue(random.pick(LITERALS))); },
  (all, random) => { const variable = random.pick(all.VariableDefinition); if (variable) variable.type = parseType(random.pick(TYPES)); },
  (all, random) => { const variable = random.pick(all.VariableDefinition); if (variable) variable.defaultValue = parseValue(random.pick(LITERALS).replace('$', '')); },
  (all, random) => { const operation = random.pick(all.OperationDefinition); if (operation) (operation.variableDefinitions ??= []).splice(random.below(2), random.below(2)); },
  (all, random) => { const variable = random.pick(all.Variable); if (variable) variable.name = name(random.pick(['v0', 'v1', 'nope'])); },
  // Fragments: cycles, other conditions, not there, not used.
  (all, random) => { const [a, b] = [random.pick(all.FragmentDefinition), random.pick(all.FragmentDefinition)]; if (a && b) a.selectionSet.selections.push({ kind: Kind.FRAGMENT_SPREAD, name: b.name }); },
  (all, random) => { const fragment = random.pick(all.FragmentDefinition); if (fragment) fragment.name = random.pick(all.FragmentDefinition).name; },
  (all, random) => { const inline = random.pick(all.InlineFragment); if (inline) inline.typeCondition = random.chance(0.5) ? undefined : random.pick(all.NamedType) && { kind: Kind.NAMED_TYPE, name: random.pick(all.NamedType).name }; },
  (all, random) => { const set = random.pick(all.SelectionSet); if (set) set.selections = [{ kind: Kind.INLINE_FRAGMENT, selectionSet: { kind: Kind.SELECTION_SET, selections: set.selections } }]; },
  // Directives and operations.
  (all, random) => {
    const node = random.pick([...all.Field, ...all.InlineFragment, ...all.FragmentSpread, ...all.FragmentDefinition, ...all.OperationDefinition, ...all.VariableDefinition]);
    const args = random.chance(0.7) ? [{ kind: Kind.ARGUMENT, name: name('if'), value: parseValue(random.pick(['true', 'false', '$v0', '1'])) }] : [];
    if (node) (node.directives ??= []).push({ kind: Kind.DIRECTIVE, name: name(random.pick(DIRECTIVES)), arguments: args });
  },
  (all, random) => { const operation = random.pick(all.OperationDefinition); if (operation) operation.operation = random.pick(['query', 'mutation', 'subscription']); },
  (all, random) => { const operation = random.pick(all.OperationDefinition); if (operation) operation.name = random.chance(0.5) ? undefined : name('Op'); },
  (all, random) => { const root = random.pick(all.OperationDefinition); root?.selectionSet.selections.push({ kind: Kind.FIELD, name: name(random.pick(['__typename', '__schema', '__type'])) }); },
];

const FIELD_TYPES = [...TYPES, 'Query', '[Query!]!', '__Type'];
const wrapped = (type, random) => random.pick([
  { kind: Kind.LIST_TYPE, type },
  type.kind === Kind.NON_NULL_TYPE ? type.type : { kind: Kind.NON_NULL_TYPE, type },
  type.kind === Kind.LIST_TYPE ? type.type : type,
]);
const withMembers = (all) => [...all.ObjectTypeDefinition, ...all.InterfaceTypeDefinition, ...all.InputObjectTypeDefinition].filter((d) => d.fields?.length);
const typed = (all) => [...all.FieldDefinition, ...all.InputValueDefinition];
const implementing = (all) => [...all.ObjectTypeDefinition, ...all.InterfaceTypeDefinition];
const directive = (directiveName, argument, value) => ({ kind: Kind.DIRECTIVE, name: name(directiveName), arguments: argument ? [{ kind: Kind.ARGUMENT, name: name(argument), value: parseValue(value) }] : [] });

const SCHEMA_EDITS = [
  (all, random) => { const type = random.pick(withMembers(all)); type?.fields.splice(random.below(type.fields.length), 1); },
  (all, random) => { const [a, b] = [random.pick(withMembers(all)), random.pick(withMembers(all))]; if (a && b) a.fields.push(clone(random.pick(b.fields))); },
  (all, random) => { const [a, b] = [random.pick(typed(all)), random.pick(typed(all))]; if (a && b) a.type = clone(b.type); },
  (all, random) => { const field = random.pick(typed(all)); if (field) field.type = wrapped(field.type, random); },
  (all, random) => { const field = random.pick(typed(all)); if (field) field.type = parseType(random.pick(FIELD_TYPES)); },
  (all, random) => { const input = random.pick(all.InputValueDefinition); if (input) input.defaultValue = random.chance(0.3) ? undefined : parseValue(random.pick(LITERALS).replace('$', '')); },
  (all, random) => { const [a, b] = [random.pick(all.FieldDefinition), random.pick(all.InputValueDefinition)]; if (a && b) (a.arguments ??= []).push(clone(b)); },
  (all, random) => { const field = random.pick(all.FieldDefinition.filter((f) => f.arguments?.length)); field?.arguments.splice(random.below(field.arguments.length), 1); },
  (all, random) => { const type = random.pick(implementing(all)); if (type && all.InterfaceTypeDefinition.length) (type.interfaces ??= []).push({ kind: Kind.NAMED_TYPE, name: random.pick(random.chance(0.9) ? all.InterfaceTypeDefinition : all.NamedType).name }); },
  (all, random) => { const type = random.pick(implementing(all).filter((t) => t.interfaces?.length)); type?.interfaces.splice(random.below(type.interfaces.length), 1); },
  (all, random) => { const union = random.pick(all.UnionTypeDefinition); union?.types.push({ kind: Kind.NAMED_TYPE, name: random.pick(random.chance(0.7) ? all.ObjectTypeDefinition : all.NamedType).name }); },
  (all, random) => { const union = random.pick(all.UnionTypeDefinition); union?.types.splice(random.below(union.types.length), 1); },
  (all, random) => { const type = random.pick(all.EnumTypeDefinition); type?.values.push({ kind: Kind.ENUM_VALUE_DEFINITION, name: name(random.pick(['NEW', 'true', 'null', '__X', random.pick(type.values)?.name.value ?? 'A'])) }); },
  (all, random) => { const type = random.pick(all.EnumTypeDefinition); type?.values.splice(random.below(type.values.length), 1); },
  (all, random) => { const input = random.pick(all.InputObjectTypeDefinition); if (input) input.directives = input.directives?.length ? [] : [directive('oneOf')]; },
  (all, random) => {
    const node = random.pick([...all.FieldDefinition, ...all.InputValueDefinition, ...all.EnumValueDefinition, ...all.ObjectTypeDefinition, ...all.ScalarTypeDefinition]);
    const made = random.pick([directive('deprecated'), directive('deprecated', 'reason', '"why"'), directive('specifiedBy', 'url', '"https://example.com"'), directive('specifiedBy'), directive('oneOf'), directive('nope'), directive('deprecated', 'nope', '1')]);
    if (node) (node.directives ??= []).push(made);
  },
  (all, random) => { const definition = random.pick(all.DirectiveDefinition); if (definition) definition.repeatable = !definition.repeatable; },
  (all, random) => { const definition = random.pick(all.DirectiveDefinition); definition?.locations.splice(random.below(2), random.below(2), name(random.pick(['FIELD', 'OBJECT', 'ENUM', 'QUERY', 'SCHEMA']))); },
  (all, random) => { const named = random.pick([...typed(all), ...all.ObjectTypeDefinition, ...all.InputObjectTypeDefinition]); if (named) named.name = name(random.pick([random.pick(all.Name).value, '__reserved', 'Fresh'])); },
  (all, random) => { const node = random.pick([...all.FieldDefinition, ...all.EnumValueDefinition, ...all.InputValueDefinition, ...all.ObjectTypeDefinition]); if (node) node.description = random.chance(0.3) ? undefined : { kind: Kind.STRING, value: random.pick(['new', 'two\nlines', '"quoted"', '', ' ', ' lead', 'trail\\', '"""']), block: random.chance(0.5) }; },
  (all, random) => { const definitions = all.Document[0].definitions; definitions.splice(random.below(definitions.length), 1); },
  (all, random) => { const definitions = all.Document[0].definitions; definitions.push(clone(random.pick(definitions))); },
  (all, random) => {
    const definition = clone(random.pick(all.Document[0].definitions));
    const extension = definition.kind.replace('Definition', 'Extension');
    if (!Object.values(Kind).includes(extension) || extension === Kind.DIRECTIVE_EXTENSION) return;
    const kept = random.below(2);
    for (const members of ['fields', 'values', 'types', 'interfaces', 'directives', 'operationTypes']) if (definition[members]) definition[members] = definition[members].slice(0, kept);
    if (definition.fields?.[0]) definition.fields[0].name = name('added');
    all.Document[0].definitions.push({ ...definition, kind: extension, description: undefined });
  },
];

function edited(ast, random, edits) {
  const tree = clone(ast);
  const times = 1 + random.below(3);
  for (let i = 0; i < times; i++) {
    const all = Object.fromEntries(Object.values(Kind).map((kind) => [kind, []]));
    visit(tree, { enter: (node) => { all[node.kind].push(node); } });
    random.pick(edits)(all, random);
  }
  return print(tree);
}

export const editDocument = (ast, random) => edited(ast, random, DOCUMENT_EDITS);

export const editSchema = (ast, random) => edited(ast, random, SCHEMA_EDITS);
