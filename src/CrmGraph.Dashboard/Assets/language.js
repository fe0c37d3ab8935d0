// What the editor knows of the schema: the type at a place in a document, and so what can stand there.
export const named = type => { while (type.ofType) type = type.ofType; return type.name; };
export const typeText = type => type.kind === 'NON_NULL' ? typeText(type.ofType) + '!' : type.kind === 'LIST' ? `[${typeText(type.ofType)}]` : type.name;

export const introspection = `{ __schema { queryType { name } mutationType { name } subscriptionType { name } types { kind name description isOneOf
  fields(includeDeprecated: true) { name description isDeprecated args { ...A } type { ...T } } inputFields { ...A }
  enumValues { name description } possibleTypes { name } } directives { name description locations args { name } } } }
fragment A on __InputValue { name description defaultValue type { ...T } }
fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }`;

export class Language {
  constructor(schema, own = []) {
    this.own = own;
    this.types = new Map(schema.types.map(type => [type.name, type]));
    this.directives = (schema.directives ?? []).filter(d => d.locations.includes('FIELD') || d.locations.includes('QUERY'));
    this.roots = { query: schema.queryType?.name, mutation: schema.mutationType?.name, subscription: schema.subscriptionType?.name };
  }

  // Walks the tokens up to a place and keeps the types that it is inside of.
  at(text) {
    const stack = [];
    let next = { type: this.roots.query, kind: 'selection' }, field, argument, word = '', before = '';
    const tokens = text.replace(/#[^\n]*/g, '').match(/"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|\.\.\.|\$?\w+|[{}()[\]:=@!|]/g) ?? [];
    const open = /[\w$]$/.test(text) ? tokens.pop() : '';
    for (const token of tokens) {
      const top = stack.at(-1);
      if (!top && token in this.roots) next = { type: this.roots[token], kind: 'selection' };
      else if (token === '{') {
        if (top?.kind === 'arguments' || top?.kind === 'object') stack.push({ kind: 'object', type: argument });
        else { stack.push(next ?? { kind: 'selection', type: undefined }); }
        next = undefined;
      } else if (token === '(') stack.push(top ? { kind: 'arguments', field, of: top.type } : { kind: 'variables' });
      else if (token === ')' || token === '}') { const gone = stack.pop(); if (gone?.kind === 'object') argument = undefined; if (token === ')' && gone?.kind === 'arguments' && gone.field) next = { kind: 'selection', type: named(gone.field.type) }; if (token === ')' && gone?.kind === 'variables') next ??= undefined; }
      else if (/^\w/.test(token)) {
        if (word === 'on') next = { kind: 'selection', type: token };
        else if (top?.kind === 'selection' && before !== '@') { field = this.types.get(top.type)?.fields?.find(f => f.name === token); if (field) next = { kind: 'selection', type: named(field.type) }; }
        else if (top?.kind === 'arguments' && before !== ':') argument = named(top.field?.args.find(a => a.name === token)?.type ?? {});
        else if (top?.kind === 'object' && before !== ':') argument = named(this.types.get(top.type)?.inputFields?.find(f => f.name === token)?.type ?? {});
      }
      word = token;
      before = token;
    }
    return { top: stack.at(-1), open, before, argument };
  }

  // What can stand at the end of a text; the whole document says which fragments and variables there are.
  completions(text, whole = text) {
    const { top, before, open, argument } = this.at(text);
    if (before === '...') return [{ label: 'on', kind: 'keyword' }, ...[...whole.matchAll(/fragment\s+(\w+)\s+on\s+(\w+)/g)].map(([, label, detail]) => ({ label, detail, kind: 'type' }))];
    if (before === '@') return this.directives.map(d => ({ label: d.name, kind: 'keyword', documentation: d.description, insert: d.args.length ? d.name + '(' : d.name }));
    if (!top) return ['query', 'mutation', 'subscription', 'fragment'].map(label => ({ label, kind: 'keyword' }));
    if (top.kind === 'variables' || before === 'on') return [...this.types.values()].filter(t => before === 'on' ? t.fields : !t.fields && !t.possibleTypes).map(t => ({ label: t.name, kind: 'type', documentation: t.description }));
    const isValue = before === ':' || before === '[';
    if (isValue && top.kind !== 'selection') {
      const values = this.types.get(argument)?.enumValues ?? [];
      const given = [...whole.matchAll(/(\$\w+)\s*:\s*([\w![\]]+)/g)].filter(([, , type]) => type.replace(/[![\]]/g, '') === argument);
      return [...given.map(([, label, detail]) => ({ label, detail, kind: 'value', insert: open.startsWith('$') ? label.slice(1) : label })), ...values.map(v => ({ label: v.name, kind: 'value', documentation: v.description })), ...(argument === 'Boolean' ? ['true', 'false'].map(label => ({ label, kind: 'value' })) : [])];
    }
    if (top.kind === 'arguments') return (top.field?.args ?? []).map(a => ({ label: a.name, detail: typeText(a.type), insert: a.name + ': ', kind: 'field', documentation: a.description }));
    if (top.kind === 'object') return (this.types.get(top.type)?.inputFields ?? []).map(a => ({ label: a.name, detail: typeText(a.type), insert: a.name + ': ', kind: 'field', documentation: a.description }));
    return [...(this.types.get(top.type)?.fields ?? []).map(f => ({ label: f.name, detail: typeText(f.type), kind: 'field', documentation: f.description })), { label: '__typename', detail: 'String!', kind: 'field' }];
  }

  hover(text, name) {
    const found = this.completions(text).find(c => c.label === name) ?? (this.types.has(name) ? { label: name, documentation: this.types.get(name).description } : undefined);
    return found && [`**${found.label}**${found.detail ? `: \`${found.detail}\`` : ''}`, found.documentation].filter(Boolean).join('\n\n');
  }

  // A value for each variable that a document needs, by its type.
  variablesOf(text) {
    const all = {};
    for (const [, name, type, fallback] of text.matchAll(/\$(\w+)\s*:\s*([\w![\]]+)\s*(=)?/g)) if (!fallback && !(name in all)) all[name] = this.sample(type, 0);
    return all;
  }

  sample(type, depth) {
    if (type.startsWith('[')) return [];
    const known = this.types.get(type.replace('!', ''));
    if (known?.enumValues?.length) return known.enumValues[0].name;
    if (known?.inputFields?.length) {
      const needed = known.inputFields.filter(f => f.type.kind === 'NON_NULL' && f.defaultValue == null);
      // Of an input that takes one of several fields, the first.
      const shown = known.isOneOf ? known.inputFields.slice(0, 1) : needed;
      return depth > 5 ? {} : Object.fromEntries(shown.map(f => [f.name, this.sample(typeText(f.type), depth + 1)]));
    }
    return { Int: 0, Float: 0, Decimal: 0, Boolean: false, LocalDate: new Date().toISOString().slice(0, 10), DateTime: new Date().toISOString() }[known?.name] ?? '';
  }

  // What can stand at the end of a piece of the variables' JSON: names of an object, or values of a type.
  inVariables(query, text) {
    const declared = [...query.matchAll(/\$(\w+)\s*:\s*([\w![\]]+)/g)].map(([, name, type]) => ({ name, detail: type }));
    const fieldsOf = type => this.types.get(type?.replace(/[![\]]/g, ''))?.inputFields?.map(f => ({ name: f.name, detail: typeText(f.type), documentation: f.description })) ?? [];
    const stack = [];
    let expected, name, before;
    for (const token of text.match(/"(?:\\.|[^"\\])*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? []) {
      const top = stack.at(-1);
      if (token === '{') stack.push({ fields: top ? fieldsOf(expected) : declared, used: [] });
      else if (token === '[') stack.push({ type: expected?.replace(/^\[(.*)\]!?$/, '$1') });
      else if (token === '}' || token === ']') stack.pop();
      else if (token === ':') expected = top?.fields?.find(f => f.name === name)?.detail;
      else if (token[0] === '"' && top?.fields && before !== ':') top.used.push(name = token.slice(1, -1));
      if (token === '[' || (token === ',' && top?.type)) expected = stack.at(-1)?.type;
      before = token;
    }
    const top = stack.at(-1);
    if (top?.fields && (before === '{' || before === ',')) return top.fields.filter(f => !top.used.includes(f.name)).map(f => ({ ...f, label: f.name, insert: `"${f.name}": `, isName: true }));
    if (!top || ![':', '[', ','].includes(before) || !expected) return [];
    const type = this.types.get(expected.replace(/[![\]]/g, ''));
    if (type?.enumValues?.length) return type.enumValues.map(v => ({ label: v.name, insert: `"${v.name}"`, documentation: v.description }));
    if (type?.name === 'Boolean') return ['true', 'false'].map(label => ({ label, insert: label }));
    const value = JSON.stringify(this.sample(expected, 0));
    return [{ label: value, insert: value, detail: expected }];
  }

  search(text) {
    const wanted = text.toLowerCase(), found = [];
    for (const type of this.types.values()) {
      if (type.name.startsWith('__')) continue;
      if (type.name.toLowerCase().includes(wanted)) found.push({ title: type.name, text: type.description, owner: type.name });
      for (const field of type.fields ?? type.inputFields ?? type.enumValues ?? [])
        if (field.name.toLowerCase().includes(wanted) || field.description?.toLowerCase().includes(wanted)) found.push({ title: `${type.name}.${field.name}`, type: field.type && typeText(field.type), text: field.description, owner: type.name, gives: field.type && named(field.type) });
    }
    for (const metric of this.own)
      if (Object.values(metric).some(v => v?.toLowerCase().includes(wanted))) found.push({ title: `custom(key: "${metric.key}")`, type: metric.formula, text: [metric.label, metric.labelZh, metric.description].filter(Boolean).join(' · ') });
    // Names before what is only described so.
    const rank = entry => entry.title.length + (entry.title.toLowerCase().includes(wanted) ? 0 : 1000);
    return found.sort((a, b) => rank(a) - rank(b)).slice(0, 60);
  }
}

// Lines and indents by brackets; strings and comments stay as they are.
export function format(text) {
  const tokens = text.match(/#[^\n]*|"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|\.\.\.|@?\$?-?[\w.]+|[{}()[\]:=!|&]/g) ?? [];
  let out = '', depth = 0, round = 0;
  const line = () => { out = out.trimEnd() + '\n' + '  '.repeat(depth); };
  tokens.forEach((token, i) => {
    if (token[0] === '#') { if (out && !out.endsWith('\n')) line(); out += token; line(); }
    else if (token === '{' && !round) { out = out.trimEnd() + (out.trimEnd() && !out.trimEnd().endsWith('\n') ? ' {' : '{'); depth++; line(); }
    else if (token === '}' && !round) { depth--; line(); out += '}'; if (depth) line(); else out += '\n\n'; }
    else if ('([{'.includes(token)) { round++; out = (token === '(' ? out.trimEnd() : out) + token + (token === '{' ? ' ' : ''); }
    else if (')]}'.includes(token)) { round--; out = out.trimEnd().replace(/,$/, '') + (token === '}' ? ' }' : token); if (round) out += ', '; else if (depth && tokens[i + 1] !== '{' && tokens[i + 1]?.[0] !== '@') line(); else out += ' '; }
    else if (token === ':' || token === '!') out = out.trimEnd().replace(/,$/, '') + token + (token === ':' ? ' ' : round ? ', ' : ' ');
    else if (token === '=') out = out.trimEnd().replace(/,$/, '') + ' = ';
    else if (token === '...') out += /^\w/.test(tokens[i + 1] ?? '') && tokens[i + 1] !== 'on' ? '...' : '... ';
    else if (round) { out += token; out += [':', '='].includes(tokens[i + 1]) ? '' : ', '; }
    else {
      out += token;
      const next = tokens[i + 1] ?? '';
      if (next === ':' || next === '(' || next === '{') return;
      if (depth && token !== 'on' && next[0] !== '@' && next !== 'on') line(); else out += ' ';
    }
  });
  return out.replace(/, *([)\]])/g, '$1').replace(/[ \t]+\n/g, '\n').trim() + '\n';
}
