// What every page needs: the connection to the server, and the buttons beside each card.
import { save } from './save.js';
import { snippet } from './snippets.js';

const chip = document.getElementById('connection');
const modal = document.getElementById('components-reconnect-modal');
// Since when the page is away. It outlives the page, because one that is refused on its return is loaded anew.
const key = 'crmgraph_away';
const since = () => +sessionStorage.getItem(key);

// A lost connection is tried for as long as the page is open. Whoever comes back too late gets the page anew.
modal.addEventListener('components-reconnect-state-changed', event => {
  const state = event.detail.state;
  if (state === 'rejected' || state === 'failed') location.reload();
  else if (state === 'hide') back();
  else if (!since()) { sessionStorage.setItem(key, Date.now()); say('away', chip.dataset.away); }
});

function say(how, text) {
  chip.className = 'chip ' + how;
  chip.textContent = text;
  chip.hidden = false;
  // Nothing that the page says of its figures holds then.
  document.documentElement.toggleAttribute('data-away', how === 'away');
}

function back() {
  if (!since()) return;
  say('live', chip.dataset.back.replace('{0}', Math.max(1, Math.round((Date.now() - since()) / 1000))));
  sessionStorage.removeItem(key);
  setTimeout(() => { if (!since()) chip.hidden = true; }, 8000);
}

// What pages ask the browser for.
globalThis.crmgraph = {
  open: dialog => dialog.showModal(),
  keep: (path, what, value) => fetch(`${path}?${what}=${encodeURIComponent(value)}`, { redirect: 'manual' }).then(() => undefined),
};

let opened = false;
const connects = [...document.getElementById('main').childNodes].some(node => node.nodeType === Node.COMMENT_NODE && node.data.startsWith('Blazor:{"type":"server"'));
globalThis.Blazor?.start({ ssr: { disableDomPreservation: true },
  circuit: { reconnectionOptions: { maxRetries: 1e9, retryIntervalMilliseconds: tries => Math.min(5000, 250 * 2 ** Math.min(tries, 5)) },
    circuitHandlers: [{ onCircuitOpened: () => { opened = true; back(); } }] } });
if (since()) say('away', chip.dataset.away);

// A server with too many pages open refuses the connection of one more.
setTimeout(async () => {
  if (opened || !connects || (await fetch('_blazor/negotiate?negotiateVersion=1', { method: 'POST' })).status !== 503) return;
  say('away', chip.dataset.full);
  setTimeout(() => location.reload(), 10_000);
}, 3000);

// Pages write what is chosen into their address: the way to the content stays one within the page.
const skip = document.querySelector('.skip');
skip.addEventListener('focus', () => { skip.href = location.href.split('#')[0] + '#main'; });

// Before Blazor sees it.
document.addEventListener('click', event => {
  const button = event.target.closest('[data-confirm]');
  if (button && !confirm(button.dataset.confirm)) { event.stopImmediatePropagation(); event.preventDefault(); }
}, true);

document.addEventListener('click', async event => {
  const button = event.target.closest('button');
  if (!button) return;
  if ('print' in button.dataset) print();
  if ('copyLink' in button.dataset) {
    await navigator.clipboard.writeText(location.href);
    const said = button.nextElementSibling;
    said.textContent = said.dataset.copied;
  }
  if ('fullscreen' in button.dataset) await (document.fullscreenElement ? document.exitFullscreen() : button.closest('article[data-full], div[data-full]').requestFullscreen());
  if (button.dataset.png) picture(button.closest('section').querySelector('canvas'), button.dataset.png);
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

// What a chart shows, on the ground of its card.
function picture(chart, name) {
  if (!chart) return;
  const copy = Object.assign(document.createElement('canvas'), { width: chart.width, height: chart.height }), pen = copy.getContext('2d');
  pen.fillStyle = getComputedStyle(chart.closest('section')).backgroundColor;
  pen.fillRect(0, 0, copy.width, copy.height);
  pen.drawImage(chart, 0, 0);
  copy.toBlob(blob => save(blob, name + '.png'));
}

// Charts of pages without a connection.
for (const place of document.querySelectorAll('[data-chart]')) {
  const { draw } = await import(place.dataset.script);
  await draw(place, JSON.parse(place.dataset.chart), place.dataset.library);
}
