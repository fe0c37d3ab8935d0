// The resolvers of the execution cases. Every value follows from the seed of its parent, the field and its arguments, so that World.cs can
// say the same values on the other side. Change both together.
import { GraphQLError, GraphQLEnumType, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLScalarType, isAbstractType } from 'graphql';

/** FNV-1a of the UTF-16 units. */
export function hash(text) {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0;
  // Neighbours must not look alike.
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) >>> 0;
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39) >>> 0;
  return (h ^ (h >>> 15)) >>> 0;
}

/** What must be the same on both sides: JSON with the order of definitions. */
export const canonical = (value) => JSON.stringify(value ?? null);

export class World {
  /** @param mood 0: nothing fails; 1: a little; 2: a lot. */
  constructor(schema, mood) {
    this.schema = schema;
    this.mood = mood;
  }

  root(type, seed) {
    return { __typename: type.name, seed };
  }

  /** fieldResolver of graphql-js. */
  resolve = (parent, args, context, info) => {
    const text = canonical(args);
    const seed = hash(`${parent.seed}|${info.fieldName}|${text}`);
    const late = seed % 3 === 0;
    const fails = this.chance(seed, 'fails', 4);
    const value = () => {
      if (fails) throw new Error('fails');
      return this.value(info.returnType, seed, text);
    };
    return late ? new Promise((resolve) => setImmediate(resolve)).then(value) : value();
  };

  /** Percent for each grade of mood. */
  chance(seed, what, percent) {
    return hash(`${seed}${what}`) % 100 < percent * this.mood;
  }

  value(type, seed, args) {
    if (type instanceof GraphQLNonNull) return this.chance(seed, 'null', 2) ? null : this.some(type.ofType, seed, args);
    return hash(`${seed}null`) % 100 < 8 + 4 * this.mood ? null : this.some(type, seed, args);
  }

  some(type, seed, args) {
    if (type instanceof GraphQLList) return this.list(type.ofType, seed, args);
    if (type instanceof GraphQLObjectType) return { __typename: type.name, seed };
    if (isAbstractType(type)) return this.abstract(type, seed);
    const wrong = this.chance(seed, 'wrong', 3);
    if (type instanceof GraphQLEnumType) return wrong ? 'NOPE' : type.getValues()[seed % type.getValues().length].name;
    if (type instanceof GraphQLScalarType) return this.scalar(type, seed, args, wrong);
    throw new Error(String(type));
  }

  list(item, seed, args) {
    if (this.chance(seed, 'wrong', 2)) return 5;
    const items = Array.from({ length: hash(`${seed}length`) % 4 }, (_, i) => {
      const below = hash(`${seed},${i}`);
      return this.chance(below, 'fails', 3) ? new GraphQLError('item fails') : this.value(item, below, args);
    });
    return this.chance(seed, 'breaks', 2) ? breaking() : items;
  }

  abstract(type, seed) {
    const possible = this.schema.getPossibleTypes(type).map((t) => t.name).sort();
    if (this.chance(seed, 'wrong', 3)) return [{ seed }, { __typename: 'Nope', seed }, { __typename: 'Query', seed }][seed % 3];
    return { __typename: possible[seed % possible.length], seed };
  }

  scalar(type, seed, args, wrong) {
    switch (type.name) {
      case 'Int': return wrong ? ['text', 1.5, 2147483648][seed % 3] : (seed % 2001) - 1000;
      case 'Float': return wrong ? ['text', NaN, Infinity][seed % 3] : ((seed % 16001) - 8000) / 8;
      case 'Boolean': return wrong ? 'text' : seed % 2 === 0;
      case 'ID': return wrong ? 1.5 : seed % 2 === 0 ? `id${seed}` : seed % 1000;
      case 'String': return wrong ? [{}, [], [1]][seed % 3] : [`s${seed}`, args, 'é 😀 " \\ \n', seed % 100, true][seed % 5];
      default: return [`s${seed}`, seed % 100, { a: [1, 'x', null], b: { c: true } }, [], false][seed % 5];
    }
  }
}

function* breaking() {
  throw new Error('breaks');
}
