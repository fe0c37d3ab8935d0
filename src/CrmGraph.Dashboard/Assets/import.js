// Sends a file to be imported, by a map that is suggested from its first bytes and changed by hand; tells how far it is, and shows what was refused.
import { save } from './save.js';

const by = id => document.getElementById(id);
const form = by('import'), progress = by('import-progress'), said = by('import-said'), report = by('import-report'), download = by('import-refused');
const place = by('import-map'), yaml = by('import-yaml');
const words = JSON.parse(form.dataset.words);
const headBytes = 65536;
let refused = [], choices = new Map(), asked = 0;

form.elements.file.addEventListener('change', () => { choices = new Map(); suggest(); });
form.elements.map.addEventListener('change', () => suggest());
form.elements.own.addEventListener('change', () => suggest());

/** A ready map that was chosen, or a file of one's own, needs no suggestion. */
async function suggest() {
  const turn = ++asked, file = form.elements.file.files[0];
  place.hidden = true;
  yaml.value = '';
  if (!file || form.elements.map.value || form.elements.own.files[0]) return;
  const variables = { file: { head: base64(new Uint8Array(await file.slice(0, headBytes).arrayBuffer())), name: file.name,
    choices: [...choices].map(([column, target]) => ({ column, target: target || null })) } };
  let answer;
  try {
    const response = await fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query: form.dataset.suggest, variables }) });
    answer = await response.json();
  } catch { answer = { errors: [{ message: 'The server did not answer.' }] }; }
  if (turn !== asked) return;
  const problem = answer.errors?.[0]?.message;
  said.className = problem ? 'error' : '';
  said.textContent = problem ?? '';
  if (!problem) offer(answer.data.importMapSuggestion);
}

function offer(found) {
  by('import-notes').textContent = [
    found.readyMap ? words.ready.replace('{0}', found.readyMap) : words.made.replace('{0}', found.rowsSeen.toLocaleString()),
    ...found.notes.map(note => words[note] ?? note), ...found.problems].join(' ');
  by('import-columns').replaceChildren(...found.columns.map(column => row(column, found.targets)));
  yaml.value = found.map;
  place.hidden = false;
}

function row(column, targets) {
  const line = document.createElement('tr');
  for (const text of [column.name, column.samples.join(' · ')]) line.insertCell().textContent = text;
  const choice = document.createElement('select');
  choice.setAttribute('aria-label', column.name);
  const now = column.targets.join(', ');
  for (const target of ['', ...(now && !targets.includes(now) ? [now] : []), ...targets]) choice.add(new Option(target || words.out, target, false, target === now));
  choice.addEventListener('change', () => { choices.set(column.position, choice.value); suggest(); });
  line.insertCell().append(choice);
  line.insertCell().textContent = words[column.reason] ?? column.reason;
  return line;
}

function base64(bytes) {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}

form.addEventListener('submit', event => {
  event.preventDefault();
  const fields = form.elements, body = new FormData(), ready = fields.map.value;
  const own = fields.own.files[0] ?? (!ready && yaml.value ? new File([yaml.value], 'map.yaml') : undefined);
  if (own) body.append('map', own);
  body.append('file', fields.file.files[0]);
  const query = new URLSearchParams({ dryRun: fields.dryRun.checked, rejected: 10000, ...(own || !ready ? {} : { map: ready }) });
  const request = new XMLHttpRequest();
  request.open('POST', '/import?' + query);
  request.upload.onprogress = at => { progress.value = at.total ? 100 * at.loaded / at.total : 0; };
  request.onloadend = () => { progress.hidden = true; form.querySelector('button').disabled = false; show(request); };
  [said.textContent, report.hidden, download.hidden, progress.hidden, progress.value] = ['', true, true, false, 0];
  form.querySelector('button').disabled = true;
  request.send(body);
});

function show(request) {
  let answer;
  try { answer = JSON.parse(request.responseText); } catch { answer = { errors: [{ message: request.statusText || 'The server did not answer.' }] }; }
  const problem = answer.errors?.[0]?.message ?? answer.error?.message;
  said.className = problem ? 'error' : '';
  if (answer.errors) { said.textContent = problem; return; }
  const counts = [answer.rowsRead, answer.rowsUsed, answer.rowsSkipped, answer.rowsRefused];
  said.textContent = [problem, form.dataset.done.replace(/\{(\d)\}/g, (_, i) => (counts[i] ?? 0).toLocaleString()), answer.dryRun ? form.dataset.trial : '', ...(answer.warnings ?? [])]
    .filter(Boolean).join(' ');
  refused = answer.rejected ?? [];
  report.hidden = download.hidden = refused.length === 0;
  const table = document.createElement('table');
  for (const row of refused.slice(0, 100)) {
    const line = table.insertRow();
    for (const text of [row.line, row.field ?? '', row.message]) line.insertCell().textContent = text;
  }
  report.replaceChildren(table);
}

download.addEventListener('click', () => {
  const cell = text => `"${String(text ?? '').replaceAll('"', '""')}"`;
  const lines = [['line', 'field', 'rule', 'message', 'row'], ...refused.map(r => [r.line, r.field, r.rule, r.message, r.row])];
  save(new Blob(['\ufeff' + lines.map(l => l.map(cell).join(',')).join('\r\n')], { type: 'text/csv' }), 'refused.csv');
});
