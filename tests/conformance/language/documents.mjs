import {
  GraphQLEnumType, GraphQLInputObjectType, GraphQLList, GraphQLNonNull, GraphQLScalarType, getNamedType, isAbstractType, isCompositeType, isInputType,
  isLeafType, isObjectType, isInterfaceType,
} from 'graphql';

/**
 * Writes executable documents for a schema. `error` is the chance of a mistake at each decision: an unknown field, a value of another type,
 * a variable without definition, and so on. At zero most documents are valid.
 */
export class DocumentWriter {
  constructor(schema, random, error) {
    this.schema = schema;
    this.random = random;
    this.error = error;
    this.composites = Object.values(schema.getTypeMap()).filter((t) => isCompositeType(t) && !t.name.startsWith('__'));
    this.inputs = Object.values(schema.getTypeMap()).filter((t) => isInputType(t) && !t.name.startsWith('__'));
    this.directives = schema.getDirectives().filter((d) => d.locations.some((l) => /^(QUERY|FIELD|FRAGMENT|INLINE|VARIABLE)/.test(l)));
  }

  wrong() {
    return this.random.chance(this.error);
  }

  document() {
    const { random } = this;
    this.fragments = [];
    this.fragmentTexts = [];
    this.inFragment = false;
    this.aliases = 0;
    const parts = [];
    const operations = random.chance(0.15) ? 2 : 1;
    for (let i = 0; i < operations; i++) parts.push(this.operation(i, operations));
    this.inFragment = true;
    while (this.fragmentTexts.length < this.fragments.length) this.fragmentTexts.push(this.fragment(this.fragments[this.fragmentTexts.length]));
    parts.push(...this.fragmentTexts);
    if (this.wrong()) parts.push(random.pick(['type Extra { a: Int }', 'extend type Dog { a: Nope @nope }', 'directive @x(a: Int!) on FIELD', 'schema @nope { query: Q }', '{ __typename }']));
    if (this.wrong()) parts.push(`fragment Unused on ${this.typeName()} { __typename }`);
    return parts.join(random.pick(['\n', ' ', '\n\n', '\r\n', ' # note\n']));
  }

  typeName() {
    return this.wrong() ? this.random.pick(['Nope', 'String', 'Int', '__Type']) : this.random.pick(this.composites).name;
  }

  operation(index, count) {
    const { random, schema } = this;
    const kinds = ['query', 'query', 'query', 'mutation', 'subscription'].filter((k) => schema.getRootType(k) || this.wrong());
    const kind = random.pick(kinds);
    const root = schema.getRootType(kind);
    this.variables = new Map();
    const selections = root ? this.selections(root, 3, kind === 'subscription' && !this.wrong() ? 1 : 3) : '{ a }';
    const name = count > 1 && !this.wrong() ? ` Op${this.wrong() ? 0 : index}` : random.chance(0.5) ? ' Op' : '';
    const variables = [...this.variables.entries()].map(([variable, type]) => this.variable(variable, type));
    if (this.wrong()) variables.push('$unused: Int');
    if (this.wrong() && variables.length) variables.push(random.pick(variables));
    if (this.wrong()) variables.push(`$object: ${random.pick(this.composites).name}`);
    const definitions = variables.length ? `(${variables.join(random.pick([', ', ' ', '\n']))})` : '';
    if (kind === 'query' && !name && !definitions && random.chance(0.5)) return selections;
    return `${random.chance(0.05) ? '"described" ' : ''}${kind}${name}${definitions}${this.applied(kind.toUpperCase())} ${selections}`;
  }

  variable(name, type) {
    const text = this.wrong() ? this.random.pick(['Int', '[String!]', 'Nope', 'Boolean!', `[${type}]`]) : String(type);
    const nullable = !(type instanceof GraphQLNonNull);
    const fallback = this.random.chance(0.2) ? ` = ${this.literal(type, 2, true)}` : '';
    return `$${name}: ${nullable && this.random.chance(0.2) && !text.endsWith('!') ? `${text}!` : text}${fallback}${this.applied('VARIABLE_DEFINITION')}`;
  }

  fragment({ name, type }) {
    return `${this.random.chance(0.05) ? '"""\n  described\n"""\n' : ''}fragment ${name} on ${type.name}${this.applied('FRAGMENT_DEFINITION')} ${this.selections(type, 2, 3)}`;
  }

  selections(type, depth, most) {
    const count = 1 + this.random.below(most);
    const items = [];
    for (let i = 0; i < count; i++) items.push(this.selection(type, depth));
    if (this.random.chance(0.15)) items.push(this.random.pick(items));
    return `{ ${items.join(this.random.pick([' ', ', ', '\n  ']))} }`;
  }

  selection(type, depth) {
    const dice = this.random.next();
    if (dice < 0.12 && depth > 0) return this.inline(type, depth);
    if (dice < 0.24 && depth > 0) return this.spread(type);
    return this.field(type, depth);
  }

  /** A type that fits where `type` is, or any type by mistake. */
  condition(type) {
    if (this.wrong()) return this.random.pick(this.composites);
    const fitting = [type];
    if (isAbstractType(type)) fitting.push(...this.schema.getPossibleTypes(type));
    if (isObjectType(type) || isInterfaceType(type)) fitting.push(...type.getInterfaces());
    return this.random.pick(fitting);
  }

  inline(type, depth) {
    const condition = this.random.chance(0.25) ? null : this.condition(type);
    const on = condition ? ` on ${this.wrong() ? this.typeName() : condition.name}` : '';
    return `...${on}${this.applied('INLINE_FRAGMENT')} ${this.selections(condition ?? type, depth - 1, 2)}`;
  }

  spread(type) {
    if (this.wrong()) return `...Missing`;
    // Later fragments only: no cycles but by mistake.
    const known = this.fragments.filter((f, i) => f.type === type && (i > this.fragmentTexts.length - (this.inFragment ? 0 : 1) || this.wrong()));
    if (known.length && this.random.chance(0.5)) return `...${this.random.pick(this.wrong() ? this.fragments : known).name}${this.applied('FRAGMENT_SPREAD')}`;
    if (this.fragments.length > 5) return '__typename';
    const fragment = { name: this.wrong() && this.fragments.length ? this.fragments[0].name : `F${this.fragments.length}`, type: this.condition(type) };
    this.fragments.push(fragment);
    return `...${fragment.name}${this.applied('FRAGMENT_SPREAD')}`;
  }

  field(type, depth) {
    const { random } = this;
    const fields = 'getFields' in type ? Object.values(type.getFields()) : [];
    if (this.wrong()) return `${random.pick(['nope', 'nam', 'idd', 'scalr'])}${random.chance(0.3) ? ' { a }' : ''}`;
    if (type === this.schema.getQueryType() && random.chance(0.02)) return random.chance(0.5) ? `__schema { types { ${this.introspected(4)} } }` : `__type(name: "${this.typeName()}") { ${this.introspected(4)} }`;
    const leaves = fields.filter((f) => isLeafType(getNamedType(f.type)));
    const field = random.pick(depth > 0 ? fields : leaves);
    let alias = random.chance(0.02) || this.wrong() ? `${random.pick(['a', 'b', 'name', 'id', 'scalar'])}: ` : '';
    if (!field || random.chance(0.04)) return `${alias}__typename`;
    const named = getNamedType(field.type);
    const args = this.args(field.args);
    // The same field with other arguments needs another name.
    if (args && !alias && !this.wrong()) alias = `x${this.aliases++}: `;
    const below = isCompositeType(named) !== this.wrong() ? ` ${isCompositeType(named) ? this.selections(named, depth - 1, 3) : '{ a }'}` : '';
    return `${alias}${field.name}${args}${this.applied('FIELD')}${below}`;
  }

  /** Selections of __Type, deep enough for the limit on its lists. */
  introspected(depth) {
    const { random } = this;
    const step = depth > 0 ? random.below(7) : 6;
    const below = () => this.introspected(depth - 1);
    return [
      () => `fields { name type { ${below()} } }`, () => `inputFields { type { ${below()} } defaultValue }`, () => `interfaces { ${below()} }`, () => `possibleTypes { ${below()} name }`,
      () => `ofType { ${below()} }`, () => `kind ... on __Type { ${below()} }`, () => 'name',
    ][step]();
  }

  args(definitions) {
    const given = [];
    for (const definition of definitions) {
      const required = definition.type instanceof GraphQLNonNull && definition.defaultValue === undefined && definition.default === undefined;
      if (required ? this.wrong() : this.random.chance(0.6)) continue;
      given.push(`${definition.name}: ${this.value(definition.type)}`);
    }
    if (this.wrong()) given.push(`${this.random.pick(['nope', 'iff', 'x'])}: ${this.literal(this.random.pick(this.inputs), 1, false)}`);
    if (this.wrong() && given.length) given.push(this.random.pick(given));
    return given.length ? `(${given.join(this.random.pick([', ', ' ']))})` : '';
  }

  value(type) {
    if (!this.random.chance(0.3)) return this.literal(type, 3, false);
    if (this.wrong()) return this.random.pick(['$undefined', ...[...this.variables.keys()].map((v) => `$${v}`)]);
    return this.variableFor(type);
  }

  variableFor(type) {
    for (const [name, known] of this.variables) if (String(known) === String(type) && this.random.chance(0.7)) return `$${name}`;
    const name = `v${this.variables.size}`;
    this.variables.set(name, type);
    return `$${name}`;
  }

  literal(type, depth, constant) {
    const { random } = this;
    if (this.wrong()) return random.pick(['"text"', '1', '1.5', 'true', 'null', 'ENUM', '[1, "a", null]', '{ a: 1 }', '{}', '[]', '99999999999', '-1e5', '"""block"""', '{ intField: 1, stringField: "a" }']);
    if (type instanceof GraphQLNonNull) return this.literal(type.ofType, depth, constant);
    if (!constant && depth < 3 && random.chance(0.1)) return this.variableFor(type);
    if (random.chance(0.05)) return this.wrong() ? 'null' : this.some(type, depth, constant);
    return this.some(type, depth, constant);
  }

  some(type, depth, constant) {
    const { random } = this;
    if (type instanceof GraphQLList) {
      if (random.chance(0.2)) return this.literal(type.ofType, depth, constant);
      return `[${Array.from({ length: random.below(3) }, () => this.literal(type.ofType, depth - 1, constant)).join(', ')}]`;
    }
    if (type instanceof GraphQLEnumType) return random.pick(type.getValues()).name;
    if (type instanceof GraphQLInputObjectType) return this.object(type, depth, constant);
    if (type instanceof GraphQLScalarType) {
      switch (type.name) {
        case 'Int': return String(random.below(1000) - 500);
        case 'Float': return random.pick(['1', '-1.5', '1e3', '0.25E-2']);
        case 'Boolean': return random.pick(['true', 'false']);
        case 'ID': return random.pick(['"abc"', '4', '"x y"']);
        case 'String': return random.pick(['"text"', '""', '"\\u00e9 \\n \\" \\u{1F600}"', '"""\n  block\n    text\n"""', '"😀"']);
        default: return random.pick(['"2026-01-31"', '12.5', '{ any: [1, "x"] }', 'true']);
      }
    }
    return 'null';
  }

  object(type, depth, constant) {
    const fields = Object.values(type.getFields());
    let chosen;
    if (type.isOneOf && !this.wrong()) chosen = [this.random.pick(fields)];
    else chosen = fields.filter((f) => (f.type instanceof GraphQLNonNull && f.defaultValue === undefined && f.default === undefined ? !this.wrong() : depth > 0 && this.random.chance(0.4)));
    const texts = chosen.map((f) => `${f.name}: ${this.literal(f.type, depth - 1, constant)}`);
    if (this.wrong()) texts.push(this.random.pick(['nope: 1', ...texts]));
    return `{ ${texts.join(', ')} }`;
  }

  /** Directives at a place of this kind. */
  applied(location) {
    if (!this.random.chance(0.08) && !this.wrong()) return '';
    const fitting = this.wrong() ? this.directives : this.directives.filter((d) => d.locations.includes(location));
    if (!fitting.length || this.wrong()) return ` @${this.random.pick(['nope', 'skip(if: true)', 'include'])}`;
    const directive = this.random.pick(fitting);
    const args = location === 'VARIABLE_DEFINITION' ? this.constArgs(directive.args) : this.args(directive.args);
    const text = ` @${directive.name}${args}`;
    return this.random.chance(0.2) ? text + text : text;
  }

  constArgs(definitions) {
    const given = definitions.filter(() => !this.wrong()).map((d) => `${d.name}: ${this.literal(d.type, 1, true)}`);
    return given.length ? `(${given.join(', ')})` : '';
  }
}
