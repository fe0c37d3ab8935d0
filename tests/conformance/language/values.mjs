import { GraphQLEnumType, GraphQLInputObjectType, GraphQLList, GraphQLNonNull, typeFromAST } from 'graphql';

const WRONG = [null, 'text', '', 0, 1, -1, 1.5, 2147483647, 2147483648, -2147483649, 9007199254740993, 1e10, 1.0, true, false, [], {}, [1], [null], ['a', 1], { a: 1 }, { id: 1, name: 'x' }, 'SMALL', '12', '\u{1F600}'];

/** Values for the variables of an operation, right ones and, with the chance given, wrong ones. */
export function variableValues(schema, operation, random, error) {
  const values = {};
  for (const definition of operation.variableDefinitions ?? []) {
    const type = typeFromAST(schema, definition.type);
    if (type && !random.chance(definition.defaultValue || !(type instanceof GraphQLNonNull) ? 0.3 : error)) values[definition.variable.name.value] = value(type, random, error, 4);
  }
  if (random.chance(0.1)) values.notDefined = random.pick(WRONG);
  return values;
}

function value(type, random, error, depth) {
  if (random.chance(error)) return random.pick(WRONG);
  if (type instanceof GraphQLNonNull) return some(type.ofType, random, error, depth);
  return random.chance(0.1) ? null : some(type, random, error, depth);
}

function some(type, random, error, depth) {
  if (type instanceof GraphQLList) {
    if (random.chance(0.2)) return value(type.ofType, random, error, depth - 1);
    return Array.from({ length: random.below(3) }, () => value(type.ofType, random, error, depth - 1));
  }
  if (type instanceof GraphQLEnumType) return random.pick(type.getValues()).name;
  if (type instanceof GraphQLInputObjectType) return object(type, random, error, depth);
  switch (type.name) {
    case 'Int': return random.pick([0, 1, -5, 2147483647, -2147483648, 12.0, 1e3]);
    case 'Float': return random.pick([0, 1, 1.5, -0.25, 1e21, 1e-7, 123456789.125]);
    case 'Boolean': return random.chance(0.5);
    case 'ID': return random.pick(['a', '', '7', 7, 12345, -1]);
    case 'String': return random.pick(['text', '', 'é 😀', 'a "quoted" \\ one', '\n']);
    default: return random.pick(['2026-01-31', 12, 1.5, { any: [1, 'x', { y: null }] }, [true], false]);
  }
}

function object(type, random, error, depth) {
  const fields = Object.values(type.getFields());
  const chosen = type.isOneOf && !random.chance(error) ? [random.pick(depth > 0 ? fields : [fields[0]])]
    : fields.filter((f) => (f.type instanceof GraphQLNonNull && f.default === undefined && f.defaultValue === undefined ? !random.chance(error) : depth > 0 && random.chance(0.4)));
  const made = {};
  for (const field of chosen)
    made[field.name] = type.isOneOf && !random.chance(error) ? some(field.type, random, error, depth - 1) : value(field.type, random, error, depth - 1);
  if (random.chance(error / 2)) made.nope = 1;
  return made;
}
