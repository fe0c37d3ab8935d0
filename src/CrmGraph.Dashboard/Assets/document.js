// Changes to a document as a whole: what is missing in it, and what it can do without.
import { named } from './language.js';

export const tokensOf = text => [...text.matchAll(/#[^\n]*|"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|\.\.\.|@?\$?-?[\w.]+|[{}()[\]:=!|&]/g)].filter(t => t[0][0] !== '#').map(t => ({ text: t[0], at: t.index, end: t.index + t[0].length }));
export const isName = token => /^[A-Za-z_]\w*$/.test(token?.text ?? '');

// The token after a bracket that is closed again.
export function after(tokens, i) {
  for (let depth = 0; i < tokens.length; i++) {
    if ('([{'.includes(tokens[i].text)) depth++;
    else if (')]}'.includes(tokens[i].text) && --depth === 0) return i + 1;
  }
  return i;
}

// With a selection for each field that needs one and has none.
export function filled(text, language) {
  const tokens = tokensOf(text);
  let out = '', from = 0;
  tokens.forEach((token, i) => {
    if (!isName(token) || tokens[i + 1]?.text === ':' || ['on', '...'].includes(tokens[i - 1]?.text)) return;
    const { top } = language.at(text.slice(0, token.at) + ' ');
    const field = top?.kind === 'selection' ? language.types.get(top.type)?.fields?.find(f => f.name === token.text) : undefined;
    const type = field && language.types.get(named(field.type));
    if (!type?.fields && !type?.possibleTypes?.length) return;
    let next = i + 1;
    while (tokens[next]?.text === '(' || tokens[next]?.text[0] === '@') next = tokens[next].text === '(' ? after(tokens, next) : next + 1;
    if (tokens[next]?.text === '{') return;
    const end = tokens[next - 1].end;
    out += `${text.slice(from, end)} { ${leaves(type, language, 0)} }`;
    from = end;
  });
  return out + text.slice(from);
}

// What says most of a type in the fewest words: its names or its value, or those of what it leads to.
function leaves(type, language, depth) {
  const open = (type.fields ?? []).filter(f => !f.isDeprecated && !f.args.some(a => a.type.kind === 'NON_NULL' && a.defaultValue == null));
  const isLeaf = f => { const of = language.types.get(named(f.type)); return !of?.fields && !of?.possibleTypes?.length; };
  const nodes = open.find(f => f.name === 'nodes');
  if (nodes && depth < 3) return `nodes { ${leaves(language.types.get(named(nodes.type)), language, depth + 1)} }`;
  const plain = open.filter(isLeaf).map(f => f.name), telling = plain.filter(n => ['id', 'key', 'name', 'title', 'label', 'value', 'amount', 'currency'].includes(n));
  if (plain.length) return (telling.length ? telling : plain.slice(0, 3)).join(' ');
  const [first] = open;
  return first && depth < 3 ? `${first.name} { ${leaves(language.types.get(named(first.type)), language, depth + 1)} }` : '__typename';
}

// Without fragments that have a name: what they select stands where they were spread.
export function merged(text, language) {
  const fragments = new Map(), kept = [];
  const tokens = tokensOf(text);
  let from = 0;
  for (let i = 0, depth = 0; i < tokens.length; i++) {
    if (!depth && tokens[i].text === 'fragment' && isName(tokens[i + 1]) && tokens[i + 2]?.text === 'on') {
      const open = tokens.findIndex((t, j) => j > i && t.text === '{'), end = after(tokens, open);
      fragments.set(tokens[i + 1].text, { type: tokens[i + 3].text, directives: text.slice(tokens[i + 3].end, tokens[open].at).trim(), body: text.slice(tokens[open].end, tokens[end - 1].at).trim() });
      kept.push(text.slice(from, tokens[i].at));
      from = tokens[end - 1].end;
      i = end - 1;
    } else if (tokens[i].text === '{') depth++;
    else if (tokens[i].text === '}') depth--;
  }
  kept.push(text.slice(from));
  const spread = (part, within) => part.replace(/\.\.\.\s*(?!on\b)([A-Za-z_]\w*)((?:\s*@\w+(?:\([^)]*\))?)*)/g, (whole, name, directives) => {
    const fragment = fragments.get(name);
    // One that holds itself is no document; the validator says so.
    if (!fragment || within.includes(name)) return whole;
    return `... on ${fragment.type}${[directives.trim(), fragment.directives].filter(Boolean).map(d => ' ' + d).join('')} { ${spread(fragment.body, [...within, name])} }`;
  });
  return plainOf(spread(kept.join(''), []), language);
}

// A condition on the type that is there anyway says nothing.
function plainOf(text, language) {
  for (let i = 0; ; i++) {
    const tokens = tokensOf(text);
    for (; i < tokens.length; i++) if (tokens[i].text === '...' && tokens[i + 1]?.text === 'on' && tokens[i + 3]?.text === '{' && language.at(text.slice(0, tokens[i].at) + ' ').top?.type === tokens[i + 2].text) break;
    if (i >= tokens.length) return text;
    const end = after(tokens, i + 3);
    text = text.slice(0, tokens[i].at) + text.slice(tokens[i + 3].end, tokens[end - 1].at).trim() + text.slice(tokens[end - 1].end);
    i--;
  }
}
