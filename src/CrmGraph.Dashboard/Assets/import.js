// Sends a file to be imported, tells how far it is, and shows what was refused.
import { save } from './save.js';

const form = document.getElementById('import');
const progress = document.getElementById('import-progress');
const said = document.getElementById('import-said');
const report = document.getElementById('import-report');
const download = document.getElementById('import-refused');
let refused = [];

form.addEventListener('submit', event => {
  event.preventDefault();
  const fields = form.elements, body = new FormData();
  const own = fields.own.files[0];
  if (own) body.append('map', own);
  body.append('file', fields.file.files[0]);
  const query = new URLSearchParams({ dryRun: fields.dryRun.checked, rejected: 10000, ...(own ? {} : { map: fields.map.value }) });
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
