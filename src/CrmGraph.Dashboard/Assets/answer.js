// An answer as text, as a table and as a chart.
import { draw } from './chart.js';

const longestColoured = 300_000, mostMarks = 200, mostSeries = 4;
const made = (tag, properties, ...children) => { const element = Object.assign(document.createElement(tag), properties); element.append(...children); return element; };

export function asText(body) {
  const text = typeof body === 'string' ? body : JSON.stringify(body, null, 2), pre = made('pre', { tabIndex: 0 });
  if (text.length > longestColoured) { pre.textContent = text; return pre; }
  if (typeof body === 'string') return coloured(pre, text);
  const tree = made('div', { className: 'json', tabIndex: 0 });
  fold(tree, text.split('\n'), 0);
  return tree;
}

// Each object and list can be closed; the text is that of the answer.
function fold(into, lines, at) {
  for (; at < lines.length; at++) {
    const line = lines[at];
    if (/^\s*[}\]]/.test(line)) return at;
    if (!/[{[]$/.test(line)) { into.append(coloured(made('div', {}), line)); continue; }
    const part = made('details', { open: true }, coloured(made('summary', {}), line));
    at = fold(part, lines, at + 1);
    if (at < lines.length) part.append(made('div', { textContent: lines[at] }));
    into.append(part);
  }
  return at;
}

// Where a text stands in what is shown. Closed parts are opened when they are gone to.
export function find(place, wanted) {
  const ranges = [];
  if (wanted.length) {
    const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode());)
      for (let at = -1; (at = node.data.toLowerCase().indexOf(wanted.toLowerCase(), at + 1)) >= 0;) { const range = new Range(); range.setStart(node, at); range.setEnd(node, at + wanted.length); ranges.push(range); }
  }
  CSS.highlights?.set('found', new Highlight(...ranges));
  return ranges;
}

export function goTo(range) {
  for (let part = range.startContainer.parentElement; part; part = part.parentElement) if (part.localName === 'details') part.open = true;
  CSS.highlights?.set('here', new Highlight(range));
  range.startContainer.parentElement.scrollIntoView({ block: 'nearest' });
}

function coloured(pre, text) {
  let at = 0;
  for (const { 0: token, 1: string, 2: colon, index } of text.matchAll(/("(?:\\.|[^"\\])*")(\s*:)?|-?\b\d[\d.eE+-]*|\b(?:true|false|null)\b/g)) {
    pre.append(text.slice(at, index), made('span', { className: colon ? 'k' : string ? 's' : 'n', textContent: string ?? token }), colon ?? '');
    at = index + token.length;
  }
  pre.append(text.slice(at));
  return pre;
}

// The first list of objects of an answer, each with all that it holds by its path.
export function rowsOf(data) {
  const list = value => {
    if (!value || typeof value !== 'object') return;
    for (const v of Object.values(value)) if (Array.isArray(v) && v.length && v.every(i => i && typeof i === 'object')) return v;
    for (const v of Object.values(value)) { const found = list(v); if (found) return found; }
  };
  return list(data)?.map(row => flat(row, ''));
}

function flat(value, path) {
  return Object.entries(value).reduce((all, [k, v]) => ({ ...all, ...(v && typeof v === 'object' ? flat(v, path + k + '.') : { [path + k]: v }) }), {});
}

export function asTable(rows) {
  const names = [...new Set(rows.flatMap(Object.keys))];
  const line = cells => made('tr', {}, ...cells);
  const table = made('table', {}, made('thead', {}, line(names.map(n => made('th', { textContent: n, scope: 'col' })))), made('tbody', {}, ...rows.map(row => line(names.map(n => made('td', { textContent: row[n] ?? '' }))))));
  return made('div', { className: 'scroll', tabIndex: 0 }, table);
}

// What tells rows apart along the axis, and up to four of their numbers; values before what they are compared with.
export function specOf(rows) {
  const names = [...new Set(rows.flatMap(Object.keys))], shown = rows.slice(0, mostMarks);
  const words = names.filter(n => rows.some(r => typeof r[n] === 'string') && !/(^|\.)(id|key|kind|reason|currency|dimension|cursor|__typename)$/.test(n));
  const called = words.filter(n => /(label|name)$/i.test(n)), by = (called.length ? called : words).slice(0, 2);
  const numbers = names.filter(n => rows.some(r => typeof r[n] === 'number'));
  const values = numbers.filter(n => !/(previous|change|ratio|index|share)\w*$/i.test(n));
  const series = (values.length ? values : numbers).slice(0, mostSeries).map(name => ({ name: name.replace(/\.value$/, ''), values: shown.map(r => r[name] ?? null) }));
  if (!series.length) return;
  const most = s => Math.max(...s.values.map(v => Math.abs(v ?? 0))), isLine = names.some(n => n.startsWith('bucket.'));
  const first = most(series[0]);
  return { kind: isLine ? 'lines' : 'columns', categories: shown.map((r, i) => by.map(n => r[n]).filter(Boolean).join(' · ') || String(i + 1)), currency: null, isInTime: isLine,
    incomplete: shown.flatMap((r, i) => r['bucket.incomplete'] ? [i] : []),
    // Numbers of another size would lie flat on the axis of the first ones.
    series: series.map(s => ({ ...s, ...(most(s) * 20 < first || most(s) > first * 20 ? { axis: 1, form: 'line' } : { axis: 0, form: 'bar' }), isMoney: false, isFaint: false })) };
}

export function asChart(spec, library) {
  // The editor's loader would take the library for one of its own modules.
  if (globalThis.define) delete globalThis.define.amd;
  const place = made('div', { className: 'chart', role: 'img', ariaLabel: spec.series.map(s => s.name).join(', ') });
  requestAnimationFrame(() => draw(place, spec, library));
  return place;
}
