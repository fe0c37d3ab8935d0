// The document as a tree of fields that are ticked: each change is an edit of the text, which stays what counts.
import { named, typeText } from './language.js';
import { tokensOf, isName, after } from './document.js';

// The operations of a document with their selections, and where all of it stands.
export function operations(text) {
  const tokens = tokensOf(text), found = [];
  for (let i = 0; i < tokens.length;) {
    const kind = tokens[i].text, isFragment = kind === 'fragment';
    if (kind !== '{' && !isFragment && !['query', 'mutation', 'subscription'].includes(kind)) { i++; continue; }
    const open = tokens.findIndex((t, j) => j >= i && t.text === '{' && !inParens(tokens, i, j));
    if (open < 0) break;
    const end = after(tokens, open);
    if (!isFragment) found.push({ kind: kind === '{' ? 'query' : kind, name: isName(tokens[i + 1]) && kind !== '{' ? tokens[i + 1].text : '', ...set(tokens, open) });
    i = end;
  }
  return found;
}

function inParens(tokens, from, to) {
  let depth = 0;
  for (let i = from; i < to; i++) depth += tokens[i].text === '(' ? 1 : tokens[i].text === ')' ? -1 : 0;
  return depth > 0;
}

function set(tokens, open) {
  const end = after(tokens, open), items = [];
  for (let i = open + 1; i < end - 1;) {
    const item = { start: tokens[i].at };
    if (tokens[i].text === '...') {
      if (tokens[i + 1]?.text === 'on') { item.key = '... on ' + tokens[i + 2]?.text; i += 3; }
      else if (isName(tokens[i + 1])) { item.key = '...' + tokens[i + 1].text; i += 2; }
      else { item.key = '...'; i++; }
    } else if (isName(tokens[i])) {
      const aliased = tokens[i + 1]?.text === ':';
      item.key = tokens[i + (aliased ? 2 : 0)]?.text;
      i += aliased ? 3 : 1;
      item.named = tokens[i - 1].end;
      if (tokens[i]?.text === '(') { item.args = parens(tokens, i); i = after(tokens, i); }
    } else { i++; continue; }
    while (tokens[i]?.text[0] === '@') i = tokens[i + 1]?.text === '(' ? after(tokens, i + 1) : i + 1;
    if (tokens[i]?.text === '{' && i < end - 1) { item.set = set(tokens, i); i = after(tokens, i); }
    item.end = tokens[i - 1].end;
    items.push(item);
  }
  return { items, open: tokens[open].end, close: tokens[end - 1]?.at };
}

function parens(tokens, open) {
  const end = after(tokens, open), items = [];
  for (let i = open + 1; i < end - 1;) {
    if (!isName(tokens[i]) || tokens[i + 1]?.text !== ':') { i++; continue; }
    const start = tokens[i].at, key = tokens[i].text;
    i = '[{'.includes(tokens[i + 2]?.text ?? ' ') ? after(tokens, i + 2) : i + 3;
    items.push({ key, start, end: tokens[i - 1].end });
  }
  return { items, start: tokens[open].at, end: tokens[end - 1].end };
}

export const nodeAt = (operation, path) => path.reduce((node, key) => (node?.set ?? node)?.items?.find(item => item.key === key), operation);

// A value that a type takes, as it is written in a document.
export function literal(language, type, depth = 0) {
  if (type.startsWith('[')) return '[]';
  const known = language.types.get(type.replace('!', ''));
  if (known?.enumValues?.length) return known.enumValues[0].name;
  if (known?.inputFields?.length) {
    const easy = f => { const of = language.types.get(named(f.type)); return of?.inputFields?.length && of.inputFields.some(i => i.type.kind === 'NON_NULL'); };
    const shown = known.isOneOf ? [known.inputFields.find(easy) ?? known.inputFields[0]] : known.inputFields.filter(f => f.type.kind === 'NON_NULL' && f.defaultValue == null);
    return depth > 4 || !shown.length ? '{}' : `{ ${shown.map(f => `${f.name}: ${literal(language, typeText(f.type), depth + 1)}`).join(', ')} }`;
  }
  return { Int: '1', Float: '1', Decimal: '1', Long: '1', Boolean: 'true', LocalDate: `"${new Date().toISOString().slice(0, 10)}"` }[known?.name] ?? '""';
}

const isNeeded = a => a.type.kind === 'NON_NULL' && a.defaultValue == null;

// With a field at the end of a path, and all that lead to it.
export function tick(text, at, kind, path, language) {
  let operation = operations(text)[at];
  if (!operation) return tick(`${text.trimEnd()}\n${kind} { }`, operations(text).length, kind, path, language);
  for (let i = 1; i <= path.length; i++) {
    if (nodeAt(operation, path.slice(0, i))) continue;
    const parent = i > 1 ? nodeAt(operation, path.slice(0, i - 1)) : operation, within = parent.set ?? (i > 1 ? undefined : parent);
    const args = (fieldOf(language, operation.kind, path.slice(0, i))?.args ?? []).filter(isNeeded).map(a => `${a.name}: ${literal(language, typeText(a.type))}`);
    const added = path[i - 1] + (args.length ? `(${args.join(', ')})` : '') + (path[i - 1].startsWith('... on') && i === path.length ? ' { __typename }' : '');
    text = within ? `${text.slice(0, within.close).trimEnd()}\n${added}\n${text.slice(within.close)}` : `${text.slice(0, parent.end)} { ${added} }${text.slice(parent.end)}`;
    operation = operations(text)[at];
  }
  return text;
}

// Without it; a selection that is empty then goes, too.
export function untick(text, at, path) {
  const operation = operations(text)[at], node = nodeAt(operation, path), parent = path.length > 1 ? nodeAt(operation, path.slice(0, -1)) : undefined;
  if (parent?.set?.items.length === 1) return text.slice(0, text.lastIndexOf('{', parent.set.open)).trimEnd() + text.slice(parent.end);
  return text.slice(0, node.start) + text.slice(node.end).replace(/^[ \t,]*\n?/, '');
}

export function tickArgument(text, at, path, argument, language) {
  const node = nodeAt(operations(text)[at], path), added = `${argument.name}: ${literal(language, typeText(argument.type))}`;
  return node.args ? `${text.slice(0, node.args.end - 1)}, ${added}${text.slice(node.args.end - 1)}` : `${text.slice(0, node.named)}(${added})${text.slice(node.named)}`;
}

export function untickArgument(text, at, path, name) {
  const { args } = nodeAt(operations(text)[at], path), gone = args.items.find(a => a.key === name);
  if (args.items.length === 1) return text.slice(0, args.start) + text.slice(args.end);
  return text.slice(0, gone.start).replace(/,\s*$/, gone === args.items.at(-1) ? '' : ', ') + text.slice(gone.end).replace(/^,\s*/, '');
}

const rootOf = (language, kind) => language.types.get(language.roots[kind]);

function fieldOf(language, kind, path) {
  let type = rootOf(language, kind), field;
  for (const key of path) {
    field = key.startsWith('... on ') ? undefined : type?.fields?.find(f => f.name === key);
    type = language.types.get(field ? named(field.type) : key.slice(7));
  }
  return field;
}

// The pane: a tree that is drawn anew from the text, whatever changed it.
export class FieldTree {
  constructor(place, words, edit) { Object.assign(this, { place, words, edit, open: new Set(), wanted: '' }); }

  // at: which of the operations, kind: of what kind one would be that is begun.
  draw(text, at, kind, language) {
    Object.assign(this, { text, at, language, operation: operations(text)[at] });
    this.kind = this.operation?.kind ?? kind;
    const focused = document.activeElement?.dataset.place;
    const root = rootOf(language, this.kind);
    this.place.replaceChildren(...(root ? [this.list(root, [])] : []));
    if (focused) [...this.place.querySelectorAll('[data-place]')].find(e => e.dataset.place === focused)?.focus();
  }

  search(text) { this.wanted = text.toLowerCase(); this.draw(this.text, this.at, this.kind, this.language); }

  list(type, path) {
    const made = document.createElement('ul'), chosen = path.length ? nodeAt(this.operation, path)?.set?.items : this.operation?.items;
    const keys = new Set(chosen?.map(item => item.key));
    let fields = (type.fields ?? []).filter(f => !f.isDeprecated || keys.has(f.name));
    // The first list is long: of it only what is looked for or ticked.
    if (!path.length && this.wanted) fields = fields.filter(f => keys.has(f.name) || f.name.toLowerCase().includes(this.wanted));
    made.append(...fields.map(f => this.row(f.name, f, [...path, f.name], keys.has(f.name))),
      ...(type.fields ? type.possibleTypes ?? [] : type.possibleTypes ?? []).map(t => this.row('... on ' + t.name, { type: t, args: [] }, [...path, '... on ' + t.name], keys.has('... on ' + t.name))));
    return made;
  }

  row(name, field, path, isTicked) {
    const made = document.createElement('li'), place = path.join('/'), type = this.language.types.get(name.startsWith('... on ') ? name.slice(7) : named(field.type));
    const inner = !!(type?.fields || type?.possibleTypes?.length), isOpen = this.open.has(place);
    const label = document.createElement('label'), box = Object.assign(document.createElement('input'), { type: 'checkbox', checked: isTicked });
    box.dataset.place = place;
    box.onchange = () => {
      if (box.checked) this.open.add(place); else this.open.delete(place);
      this.edit(box.checked ? tick(this.text, this.at, this.kind, path, this.language) : untick(this.text, this.at, path));
    };
    label.className = 'inline';
    label.title = field.description ?? '';
    label.append(box, name);
    if (inner || (isTicked && field.args.length)) {
      const more = Object.assign(document.createElement('button'), { type: 'button', className: 'plain more', textContent: isOpen ? '▾' : '▸', ariaExpanded: String(isOpen), ariaLabel: `${this.words.more}: ${name}` });
      more.dataset.place = place + '?';
      more.onclick = () => { if (isOpen) this.open.delete(place); else this.open.add(place); this.draw(this.text, this.at, this.kind, this.language); };
      made.append(more);
    } else label.classList.add('leaf');
    made.append(label);
    if (isOpen) {
      if (isTicked && field.args.length) made.append(this.arguments(field, path));
      if (inner) made.append(this.list(type, path));
    }
    return made;
  }

  arguments(field, path) {
    const made = document.createElement('ul'), given = new Set(nodeAt(this.operation, path)?.args?.items.map(a => a.key));
    made.className = 'given';
    made.append(...field.args.map(a => {
      const item = document.createElement('li'), label = document.createElement('label'), box = Object.assign(document.createElement('input'), { type: 'checkbox', checked: given.has(a.name) });
      box.dataset.place = `${path.join('/')}(${a.name})`;
      box.onchange = () => this.edit(box.checked ? tickArgument(this.text, this.at, path, a, this.language) : untickArgument(this.text, this.at, path, a.name));
      label.className = 'inline leaf';
      label.title = a.description ?? '';
      label.append(box, `${a.name}: `, Object.assign(document.createElement('code'), { textContent: typeText(a.type) }));
      item.append(label);
      return item;
    }));
    return made;
  }
}
