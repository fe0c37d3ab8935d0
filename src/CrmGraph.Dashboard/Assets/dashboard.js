// What every page needs: the connection to the server, and the buttons beside each card.
import { snippet } from './snippets.js';

const chip = document.getElementById('connection');
const modal = document.getElementById('components-reconnect-modal');
let away = 0;

// A lost connection is tried for as long as the page is open. Whoever comes back too late gets the page anew.
modal.addEventListener('components-reconnect-state-changed', event => {
  const state = event.detail.state;
  if (state === 'rejected' || state === 'failed') location.reload();
  else if (state === 'hide') back();
  else if (!away) { away = Date.now(); chip.className = 'chip away'; chip.textContent = chip.dataset.away; chip.hidden = false; }
});

function back() {
  if (!away) return;
  chip.className = 'chip live';
  chip.textContent = chip.dataset.back.replace('{0}', Math.max(1, Math.round((Date.now() - away) / 1000)));
  away = 0;
  setTimeout(() => { if (!away) chip.hidden = true; }, 8000);
}

globalThis.Blazor?.start({ ssr: { disableDomPreservation: true },
  circuit: { reconnectionOptions: { maxRetries: 1e9, retryIntervalMilliseconds: tries => Math.min(5000, 250 * 2 ** Math.min(tries, 5)) } } });

document.addEventListener('click', async event => {
  const button = event.target.closest('button');
  if (!button) return;
  if ('openDialog' in button.dataset) button.nextElementSibling.showModal();
  const dialog = button.closest('dialog.query');
  if (!dialog) return;
  const operation = { query: dialog.querySelector('[data-document]').textContent, variables: JSON.parse(dialog.querySelector('[data-variables]').textContent) };
  const said = dialog.querySelector('[data-copied]');
  if (button.dataset.copy) {
    await navigator.clipboard.writeText(snippet(button.dataset.copy, operation));
    said.textContent = said.dataset.copied;
  } else if (button.dataset.csv) said.textContent = await table(operation, button.dataset.csv);
});

// The same operation as a table, by the server.
async function table(operation, name) {
  const answer = await fetch('/graphql', { method: 'POST', headers: { accept: 'text/csv', 'content-type': 'application/json' }, body: JSON.stringify(operation) });
  if (!answer.ok) return (await answer.json()).errors[0].message;
  save(await answer.blob(), name + '.csv');
  return '';
}

export function save(blob, name) {
  const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
