// The explorer: documents in tabs, checked and priced by the server while they are written, and sent as any client sends them.
import { Language, introspection, format } from './language.js';
import { snippet } from './snippets.js';
import { asText, asTable, asChart, rowsOf, specOf, find, goTo } from './answer.js';
import { filled, merged } from './document.js';
import { divide } from './panes.js';
import { Reference } from './reference.js';
import { FieldTree, operations } from './fields.js';
import { inHeaders } from './headers.js';
import { save } from './save.js';

const place = document.getElementById('explorer');
const by = id => document.getElementById(id);
const monaco = await loadMonaco(place.dataset.monaco);
const kept = JSON.parse(localStorage.getItem('crmgraph-explorer') ?? 'null');
const first = document.querySelector('[data-example]');
const state = kept ?? { tabs: [{ query: first.dataset.example, variables: first.dataset.exampleVariables ?? '', headers: '' }], at: 0, history: [] };
state.saved ??= [];
let running, language, reference;

const dark = () => getComputedStyle(document.documentElement).colorScheme === 'dark' || (document.documentElement.dataset.theme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
const look = { theme: dark() ? 'vs-dark' : 'vs', minimap: { enabled: false }, automaticLayout: true, scrollBeyondLastLine: false, fontSize: 13, tabSize: 2, fixedOverflowWidgets: true };
const editor = monaco.editor.create(by('query'), { ...look, language: 'graphql', ariaLabel: 'GraphQL' });
monaco.languages.register({ id: 'variables' });
monaco.languages.setMonarchTokensProvider('variables', { tokenizer: { root: [[/"(?:\\.|[^"\\])*"(?=\s*:)/, 'type'], [/"(?:\\.|[^"\\])*"/, 'string'], [/-?\d[\d.eE+-]*/, 'number'], [/true|false|null/, 'keyword']] } });
monaco.languages.setLanguageConfiguration('variables', { brackets: [['{', '}'], ['[', ']']], autoClosingPairs: [{ open: '{', close: '}' }, { open: '[', close: ']' }, { open: '"', close: '"' }] });
const variables = monaco.editor.create(by('variables'), { ...look, language: 'variables', lineNumbers: 'off', ariaLabel: by('variables').dataset.label });
monaco.languages.register({ id: 'headers' });
monaco.languages.setMonarchTokensProvider('headers', { tokenizer: { root: [[/"(?:\\.|[^"\\])*"(?=\s*:)/, 'type'], [/"(?:\\.|[^"\\])*"/, 'string']] } });
const headers = monaco.editor.create(by('headers'), { ...look, language: 'headers', lineNumbers: 'off', ariaLabel: by('headers').dataset.label });
for (const one of [editor, variables, headers]) one.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter, run);

// What the editors tell those who do not see is no landmark.
for (const told of document.querySelectorAll('.monaco-status')) told.role = 'status';

function loadMonaco(folder) {
  globalThis.MonacoEnvironment = { getWorkerUrl: () => folder + 'vs/base/worker/workerMain.js' };
  return new Promise(resolve => {
    const script = Object.assign(document.createElement('script'), { src: folder + 'vs/loader.js', onload: () => {
      require.config({ paths: { vs: folder + 'vs' }, 'vs/css': { disabled: true } });
      require(['vs/editor/editor.main'], () => resolve(globalThis.monaco));
    } });
    document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: folder + 'vs/editor/editor.main.css' }), script);
  });
}

const tab = () => state.tabs[state.at];
const keep = () => localStorage.setItem('crmgraph-explorer', JSON.stringify(state));
const bare = query => query.replace(/#[^\n]*/g, '');
// The name of the operation, or that of its first field.
const titleOf = t => t.title || nameOf(t.query);
const nameOf = query => /(?:query|mutation|subscription)\s+(\w+)/.exec(bare(query))?.[1] ?? /\{\s*(\w+)/.exec(bare(query))?.[1] ?? '…';
// The operations of a document, by name; one without a name is the only one.
const operationsOf = query => [...bare(query).matchAll(/^(query|mutation|subscription)\b[ \t]*(\w*)/gm)].map(m => ({ kind: m[1], name: m[2] }));
const chosen = () => operationsOf(tab().query).find(o => o.name === tab().operation) ?? operationsOf(tab().query)[0];
const kindOf = query => query === tab().query ? chosen()?.kind ?? 'query' : operationsOf(query)[0]?.kind ?? 'query';

function show() {
  editor.setValue(tab().query);
  variables.setValue(tab().variables);
  headers.setValue(tab().headers);
  drawTabs();
  offerOperations();
}

function drawTabs() {
  by('tabs').replaceChildren(...state.tabs.flatMap((t, i) => {
    const open = button(titleOf(t), () => { if (state.at !== i) { state.at = i; keep(); show(); } });
    open.ariaPressed = String(i === state.at);
    open.title = place.dataset.rename;
    open.ondblclick = () => rename(open, t);
    open.onkeydown = event => { if (event.key === 'F2') rename(open, t); };
    if (state.tabs.length === 1) return [open];
    const close = button('×', () => { remember(state.tabs.splice(i, 1)[0]); state.at = Math.min(state.at, state.tabs.length - 1); keep(); show(); });
    close.ariaLabel = '× ' + titleOf(t);
    return [open, close];
  }));
  by('history').replaceChildren(...state.history.map(h => item(titleOf(h), h, () => { state.history = state.history.filter(other => other !== h); keep(); drawTabs(); }, true)),
    ...(state.history.length ? [button(place.dataset.clear, () => { state.history = []; keep(); drawTabs(); })] : []));
  by('saved').replaceChildren(...state.saved.map(s => item(s.name, s, () => { state.saved = state.saved.filter(other => other !== s); keep(); drawTabs(); })));
}

// Another name in the place of one, by which a tab or an entry of the history is found again; empty for that of its operation.
function rename(shown, t) {
  const field = Object.assign(document.createElement('input'), { value: t.title ?? '', placeholder: nameOf(t.query), ariaLabel: place.dataset.rename, maxLength: 60, size: 14 });
  const end = isKept => { field.onblur = null; if (isKept) t.title = field.value.trim() || undefined; keep(); drawTabs(); };
  field.onblur = () => end(true);
  field.onkeydown = event => { if (event.key === 'Enter' || event.key === 'Escape') end(event.key === 'Enter'); };
  shown.replaceWith(field);
  field.select();
}

function item(name, t, remove, isNamed) {
  const made = document.createElement('li'), open = button(name, () => add(t));
  open.title = t.query.slice(0, 300);
  made.append(open);
  if (isNamed) { const label = button('✎', () => rename(open, t)); label.ariaLabel = `${place.dataset.rename}: ${name}`; made.append(label); }
  if (remove) { const gone = button('×', remove); gone.ariaLabel = '× ' + name; made.append(gone); }
  return made;
}

function openShared() {
  if (location.hash.length < 3 || location.hash === '#main') return;
  try {
    const text = atob(location.hash.slice(1).replaceAll('-', '+').replaceAll('_', '/'));
    const { query, variables } = JSON.parse(new TextDecoder().decode(Uint8Array.from(text, c => c.charCodeAt(0))));
    if (typeof query === 'string') add({ query, variables: typeof variables === 'string' ? variables : '' });
  } catch { /* No link of ours. */ }
  history.replaceState(null, '', location.pathname);
}

function button(text, action) {
  const made = Object.assign(document.createElement('button'), { type: 'button', className: 'plain', textContent: text, onclick: action });
  return made;
}

function add(t) {
  state.tabs.push({ query: t.query, variables: t.variables ?? '', headers: t.headers ?? '', title: t.title });
  // What must go for it is found in the history.
  if (state.tabs.length > 12) remember(state.tabs.shift());
  state.at = state.tabs.length - 1;
  keep();
  show();
}

function remember(t) { state.history = [{ ...t, title: t.title ?? state.history.find(h => h.query === t.query)?.title }, ...state.history.filter(h => h.query !== t.query)].slice(0, 30); }

const json = text => text.trim() ? JSON.parse(text) : {};
const operation = () => ({ query: tab().query, variables: json(tab().variables), ...(operationsOf(tab().query).length > 1 ? { operationName: chosen().name } : {}) });

function offerOperations() {
  const all = operationsOf(tab().query);
  by('operation').parentElement.hidden = all.length < 2;
  by('transport').parentElement.hidden = chosen()?.kind !== 'subscription';
  by('operation').replaceChildren(...all.map(o => new Option(o.name, o.name, false, o.name === chosen().name)));
}
const send = (body, headers = {}, signal) => fetch('/graphql', { method: 'POST', signal, headers: { 'content-type': 'application/json', accept: 'application/json', ...headers }, body: JSON.stringify(body) });

// Errors and price while writing, by the server's own validator: nothing is executed.
let waiting;
function changed() {
  tab().query = editor.getValue();
  keep();
  offerOperations();
  by('run').classList.toggle('writes', kindOf(tab().query) === 'mutation');
  drawFields();
  clearTimeout(waiting);
  waiting = setTimeout(check, 350);
}

async function check() {
  const model = editor.getModel();
  let answer;
  try {
    const told = await (await send(operation(), { 'GraphQL-Cost': 'validate', accept: 'application/json, text/event-stream', ...json(tab().headers) })).text();
    answer = JSON.parse(/^data: (.+)$/m.exec(told)?.[1] ?? told);
  } catch (e) { by('price').textContent = e.message; return; }
  monaco.editor.setModelMarkers(model, 'crmgraph', (answer.errors ?? []).filter(e => e.locations).map(e => {
    const { line, column } = e.locations[0], word = model.getWordAtPosition({ lineNumber: Math.min(line, model.getLineCount()), column });
    return { severity: monaco.MarkerSeverity.Error, message: e.message, startLineNumber: line, startColumn: column, endLineNumber: line, endColumn: word?.endColumn ?? column + 1 };
  }));
  const cost = answer.extensions?.cost, left = cost?.throttleStatus?.currentlyAvailable;
  by('price').textContent = answer.errors?.[0]?.message?.slice(0, 120) ?? (cost ? place.dataset.price.replace('{0}', cost.requestedQueryCost.toLocaleString()) + (left == null ? '' : ' · ' + place.dataset.left.replace('{0}', left.toLocaleString())) : '');
}

async function run() {
  let sent, headers;
  if (language) edit(filled(editor.getValue(), language));
  try { sent = operation(); headers = json(tab().headers); } catch (e) { return say(e.message); }
  const kind = kindOf(sent.query);
  if (kind === 'mutation' && !await confirmed()) return;
  remember(tab());
  keep();
  drawTabs();
  stop();
  if (kind === 'subscription') return follow(sent, headers);
  const start = performance.now(), ending = new AbortController(), mine = running = () => ending.abort();
  by('stop').hidden = false;
  try {
    const answer = await send(sent, headers, ending.signal), body = await answer.json();
    told = Object.fromEntries([...answer.headers].sort());
    print(body);
    const left = /;r=(\d+)/.exec(answer.headers.get('RateLimit') ?? '')?.[1];
    say(`${left ? place.dataset.left.replace('{0}', (+left).toLocaleString()) + ' · ' : ''}${answer.status} · ${Math.round(performance.now() - start)} ms · ${JSON.stringify(body).length.toLocaleString()} B`);
  } catch (e) { if (running === mine || !running) say(e.name === 'AbortError' ? place.dataset.stopped : e.message); }
  if (running === mine) stop();
}

function confirmed() {
  const dialog = by('confirm');
  dialog.showModal();
  return new Promise(resolve => dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true }));
}

function follow(sent, headers) {
  const log = [];
  const next = payload => { log.unshift(`── ${new Date().toLocaleTimeString()} ──\n${JSON.stringify(payload, null, 2)}`); log.length = Math.min(log.length, 50); print(log.join('\n\n')); say(`${by('transport').value} · ${log.length}`); };
  by('stop').hidden = false;
  if (by('transport').value === 'ws') {
    const socket = new WebSocket(location.origin.replace('http', 'ws') + '/graphql', 'graphql-transport-ws');
    socket.onopen = () => socket.send(JSON.stringify({ type: 'connection_init', payload: headers }));
    socket.onmessage = event => {
      const message = JSON.parse(event.data);
      if (message.type === 'connection_ack') socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: sent }));
      else if (message.type === 'ping') socket.send('{"type":"pong"}');
      else if (message.payload) next(message.payload);
    };
    const mine = running = () => socket.close(1000);
    // What was stopped for the next one has nothing to say.
    socket.onclose = event => { if (running === mine) { say(`closed ${event.code} ${event.reason}`); by('stop').hidden = true; } };
  } else {
    const ending = new AbortController();
    running = () => ending.abort();
    events(sent, { ...headers, accept: 'text/event-stream' }, ending.signal, next).catch(e => { if (e.name !== 'AbortError') say(e.message); });
  }
}

async function events(sent, headers, signal, next) {
  const answer = await fetch('/graphql', { method: 'POST', signal, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(sent) });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ''; ;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
      const data = /^data: (.+)$/m.exec(text.slice(0, end))?.[1];
      if (data) next(JSON.parse(data));
    }
  }
}

function stop() { const end = running; running = undefined; end?.(); by('stop').hidden = true; }
const say = text => { by('status').textContent = text; };

let last, told = {};
function print(body) {
  last = body;
  const view = by('view').value, rows = view === 'table' || view === 'chart' ? rowsOf(body.data) : undefined, spec = view === 'chart' && rows && specOf(rows);
  by('answer').replaceChildren(spec ? asChart(spec, place.dataset.charts) : view === 'table' && rows ? asTable(rows) : asText(view === 'headers' ? told : body));
  if (by('find').value) { hit = -1; seek(1); }
}

monaco.languages.registerCompletionItemProvider('graphql', { triggerCharacters: [' ', '{', '(', ':', '\n', '@', '.', '$'], provideCompletionItems: (model, position) => {
  const word = model.getWordUntilPosition(position);
  const text = model.getValueInRange({ startLineNumber: 1, startColumn: 1, endLineNumber: position.lineNumber, endColumn: word.startColumn });
  const kinds = { field: monaco.languages.CompletionItemKind.Field, value: monaco.languages.CompletionItemKind.EnumMember, type: monaco.languages.CompletionItemKind.Class, keyword: monaco.languages.CompletionItemKind.Keyword };
  return { suggestions: (language?.completions(text, model.getValue()) ?? []).map(c => ({ label: c.label, kind: kinds[c.kind], detail: c.detail, documentation: c.documentation, insertText: c.insert ?? c.label,
    range: { startLineNumber: position.lineNumber, endLineNumber: position.lineNumber, startColumn: word.startColumn, endColumn: word.endColumn } })) };
} });
monaco.languages.registerCompletionItemProvider('variables', { triggerCharacters: ['"', ':', ' ', '{', '[', ','], provideCompletionItems: (model, { lineNumber, column }) => {
  // A name or value that is begun, with its quotes, is what is replaced.
  const line = model.getLineContent(lineNumber), begun = /"?\w*$/.exec(line.slice(0, column - 1))[0], quote = begun[0] === '"' ? '"' : '';
  const text = model.getValueInRange({ startLineNumber: 1, startColumn: 1, endLineNumber: lineNumber, endColumn: column - begun.length });
  const range = { startLineNumber: lineNumber, endLineNumber: lineNumber, startColumn: column - begun.length, endColumn: column + (quote && line[column - 1] === '"' ? 1 : 0) };
  return { suggestions: (language?.inVariables(bare(tab().query), text) ?? []).map(c => ({ label: c.label, detail: c.detail, documentation: c.documentation, insertText: c.insert, filterText: quote + c.label, range,
    kind: c.isName ? monaco.languages.CompletionItemKind.Field : monaco.languages.CompletionItemKind.EnumMember })) };
} });
monaco.languages.registerCompletionItemProvider('headers', { triggerCharacters: ['"', ':', ' ', '{', ','], provideCompletionItems: (model, { lineNumber, column }) => {
  const line = model.getLineContent(lineNumber), begun = /"?[\w-]*$/.exec(line.slice(0, column - 1))[0], quote = begun[0] === '"' ? '"' : '';
  const text = model.getValueInRange({ startLineNumber: 1, startColumn: 1, endLineNumber: lineNumber, endColumn: column - begun.length });
  const range = { startLineNumber: lineNumber, endLineNumber: lineNumber, startColumn: column - begun.length, endColumn: column + (quote && line[column - 1] === '"' ? 1 : 0) };
  return { suggestions: inHeaders(text, place.dataset.language).map(c => ({ label: c.label, documentation: c.documentation, insertText: c.insert, filterText: quote + c.label, range,
    kind: c.isName ? monaco.languages.CompletionItemKind.Field : monaco.languages.CompletionItemKind.EnumMember })) };
} });
monaco.languages.registerHoverProvider('graphql', { provideHover: (model, position) => {
  const word = model.getWordAtPosition(position);
  const value = word && language?.hover(model.getValueInRange({ startLineNumber: 1, startColumn: 1, endLineNumber: position.lineNumber, endColumn: word.startColumn }), word.word);
  return value ? { contents: [{ value }] } : null;
} });

editor.onDidChangeModelContent(changed);
variables.onDidChangeModelContent(() => { tab().variables = variables.getValue(); changed(); });
headers.onDidChangeModelContent(() => { tab().headers = headers.getValue(); changed(); });
by('operation').onchange = () => { tab().operation = by('operation').value; changed(); };
by('fill').onclick = () => {
  try { variables.setValue(JSON.stringify({ ...language?.variablesOf(bare(tab().query)), ...json(tab().variables) }, null, 2)); } catch (e) { say(e.message); }
};
// The document stands behind the #, which browsers send to no server.
by('share').onclick = async () => {
  const bytes = new TextEncoder().encode(JSON.stringify({ query: tab().query, variables: tab().variables }));
  await navigator.clipboard.writeText(`${location.origin}/explorer#${btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_')}`);
  say('✓ ' + by('share').textContent);
};
by('run').onclick = run;
by('stop').onclick = stop;
by('add').onclick = () => add({ query: '{\n  \n}\n' });
// As an edit, which can be taken back.
function edit(text) {
  if (text === editor.getValue()) return;
  const position = editor.getPosition();
  editor.executeEdits('', [{ range: editor.getModel().getFullModelRange(), text }]);
  editor.pushUndoStop();
  editor.setPosition(position);
}
by('format').onclick = () => { edit(format(editor.getValue())); editor.setPosition({ lineNumber: 1, column: 1 }); };
by('merge').onclick = () => { if (language) edit(format(merged(editor.getValue(), language))); };
let hits = [], hit = -1;
function seek(by_) {
  hits = find(by('answer'), by('find').value);
  hit = hits.length ? (hit + by_ + hits.length) % hits.length : -1;
  if (hit >= 0) goTo(hits[hit]);
  by('hits').textContent = by('find').value ? `${hit + 1}/${hits.length}` : '';
}
by('find').oninput = () => { hit = -1; seek(1); };
by('find').onkeydown = event => { if (event.key === 'Enter') { event.preventDefault(); seek(event.shiftKey ? -1 : 1); } };
divide(place, 'crmgraph-explorer-panes');
editor.addAction({ id: 'format', label: by('format').textContent, keybindings: [monaco.KeyMod.Shift | monaco.KeyMod.Alt | monaco.KeyCode.KeyF], run: () => by('format').click() });
by('view').onchange = () => last && print(last);
by('save').onclick = () => {
  const name = prompt(by('save').dataset.ask, nameOf(tab().query));
  if (!name) return;
  state.saved = [{ ...tab(), name }, ...state.saved.filter(s => s.name !== name)];
  keep();
  drawTabs();
};
by('download').onclick = () => last && save(new Blob([typeof last === 'string' ? last : JSON.stringify(last, null, 2)], { type: 'application/json' }), nameOf(tab().query) + '.json');
by('copyanswer').onclick = async () => { if (last) { await navigator.clipboard.writeText(typeof last === 'string' ? last : JSON.stringify(last, null, 2)); say('✓ ' + by('copyanswer').textContent); } };
by('copy').onchange = async () => { const form = by('copy').value; by('copy').value = ''; if (!form) return; try { await navigator.clipboard.writeText(snippet(form, operation(), json(tab().headers))); say('✓ ' + form); } catch (e) { say(e.message); } };
for (const example of document.querySelectorAll('[data-example]')) example.onclick = () => add({ query: example.dataset.example, variables: example.dataset.exampleVariables });
const errors = JSON.parse(by('errors').textContent);
const errorsLike = text => errors.filter(e => text.length > 2 && e.code.toLowerCase().includes(text.toLowerCase()))
  .map(e => ({ title: e.code, type: place.dataset.error, text: `${e.when} → ${e.remedy}` }));
by('search').oninput = () => {
  const text = by('search').value.trim();
  if (!reference) return;
  if (text) reference.found([...errorsLike(text), ...language.search(text)]); else reference.close();
};
// The document as a tree, while it is looked at.
const fields = new FieldTree(by('fields'), { more: place.dataset.more }, text => { edit(format(text)); drawFields(); });
function drawFields() {
  if (!language || !by('build').open) return;
  const all = operations(editor.getValue()), wanted = chosen();
  fields.draw(editor.getValue(), Math.max(0, wanted?.name ? all.findIndex(o => o.name === wanted.name) : 0), wanted?.kind ?? 'query', language);
}
by('build').ontoggle = drawFields;
by('fieldsearch').oninput = () => { if (language) { drawFields(); fields.search(by('fieldsearch').value.trim()); } };
openShared();
show();
place.dataset.ready = '';
const schema = await (await send({ query: introspection })).json();
if (schema.data) { language = new Language(schema.data.__schema, await ownMetrics()); drawRoots(); drawFields(); place.dataset.schema = ''; }
else say(schema.errors[0].message);

// Where the documentation begins.
function drawRoots() {
  reference = new Reference(by('found'), language, { deprecated: place.dataset.deprecated, close: place.dataset.close, other: by('examples') });
  by('roots').replaceChildren(...Object.values(language.roots).filter(name => name && language.types.has(name)).map(name => { const made = document.createElement('li'); made.append(reference.button(name)); return made; }));
}

// Metrics of the company's own are no fields of the schema.
async function ownMetrics() {
  const answer = await (await send({ query: '{ customMetrics { key label labelZh formula description } }' })).json();
  return answer.data?.customMetrics ?? [];
}
