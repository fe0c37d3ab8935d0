'use strict';

const element = id => document.getElementById(id);
const [query, variables, result, status, key, run] = ['query', 'variables', 'result', 'status', 'key', 'run'].map(element);
const streamedCharacters = 200_000;
let running = null;

// The key lives as long as this tab.
key.value = sessionStorage.getItem('key') ?? '';
key.addEventListener('change', () => sessionStorage.setItem('key', key.value.trim()));

const credentials = () => (key.value.trim() ? { authorization: 'Bearer ' + key.value.trim() } : {});

function say(text, bad = false) {
  status.textContent = text;
  status.className = bad ? 'bad' : '';
}

// Colours JSON by making text nodes and spans: nothing of an answer is ever read as markup.
function colour(json) {
  const fragment = document.createDocumentFragment();
  const tokens = /("(?:\\.|[^"\\])*")(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/g;
  let end = 0;
  for (const found of json.matchAll(tokens)) {
    fragment.append(json.slice(end, found.index));
    const span = document.createElement('span');
    span.className = found[2] ? 'k' : found[1] ? 's' : /[tfn]/.test(found[0][0]) ? 'w' : 'n';
    span.textContent = found[1] ?? found[0];
    fragment.append(span, found[2] ?? '');
    end = found.index + found[0].length;
  }
  fragment.append(json.slice(end));
  return fragment;
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

const show = text => result.replaceChildren(colour(pretty(text)));

// Good enough to choose a transport; the server decides what the document is.
const isSubscription = text => /(^|[}\s])subscription\b/.test(text.replace(/#.*|"""[\s\S]*?"""|"(?:\\.|[^"\\])*"/g, ' '));

async function start() {
  let given;
  try {
    given = variables.value.trim() ? JSON.parse(variables.value) : undefined;
  } catch (e) {
    say('The variables are not JSON: ' + e.message, true);
    return;
  }

  const live = isSubscription(query.value);
  running = new AbortController();
  run.textContent = 'Stop';
  run.className = 'stop';
  say(live ? 'Connecting' : 'Running');
  const began = performance.now();
  try {
    const answer = await fetch('graphql', {
      method: 'POST',
      signal: running.signal,
      headers: { 'content-type': 'application/json', accept: live ? 'text/event-stream' : 'application/graphql-response+json', ...credentials() },
      body: JSON.stringify({ query: query.value, variables: given }),
    });
    if (answer.headers.get('content-type')?.startsWith('text/event-stream')) {
      await follow(answer);
    } else {
      const text = await answer.text();
      show(text);
      say(`${answer.status} · ${Math.round(performance.now() - began)} ms · ${text.length.toLocaleString('en')} characters`, !answer.ok);
    }
  } catch (e) {
    say(e.name === 'AbortError' ? 'Stopped' : 'No answer: ' + e.message, e.name !== 'AbortError');
  } finally {
    running = null;
    run.textContent = 'Run';
    run.className = '';
  }
}

// Server-Sent Events over fetch, because an EventSource cannot carry a key. The newest event stands on top.
async function follow(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = '', events = 0, shown = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    waiting += value;
    const blocks = waiting.split(/\r?\n\r?\n/);
    waiting = blocks.pop();
    for (const block of blocks) {
      const lines = block.split(/\r?\n/);
      const kind = lines.find(l => l.startsWith('event:'))?.slice(6).trim();
      const data = lines.filter(l => l.startsWith('data:')).map(l => l.slice(5).trimStart()).join('\n');
      if (kind !== 'next') continue;
      events++;
      shown = (`# ${new Date().toLocaleTimeString()}\n${pretty(data)}\n\n` + shown).slice(0, streamedCharacters);
      result.replaceChildren(colour(shown));
      say(`${events} event${events === 1 ? '' : 's'}, listening`);
    }
  }
  say(`The stream ended after ${events} event${events === 1 ? '' : 's'}`);
}

run.addEventListener('click', () => (running ? running.abort() : start()));
document.addEventListener('keydown', e => {
  if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) {
    e.preventDefault();
    if (running) running.abort(); else start();
  }
});

// The schema needs the key too, and a plain link cannot carry it.
document.querySelector('[data-keyed]').addEventListener('click', async e => {
  if (!key.value.trim()) return;
  e.preventDefault();
  let answer;
  try {
    answer = await fetch('graphql?sdl', { headers: credentials() });
  } catch (e) {
    say('No answer: ' + e.message, true);
    return;
  }
  if (!answer.ok) {
    show(await answer.text());
    say(String(answer.status), true);
    return;
  }
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = 'schema.graphql';
  link.click();
  URL.revokeObjectURL(link.href);
});

function choose(example, button) {
  query.value = example.document;
  variables.value = example.variables ?? '';
  for (const other of document.querySelectorAll('#examples button')) other.setAttribute('aria-current', String(other === button));
}

async function loadExamples() {
  const examples = await (await fetch('examples.json')).json();
  for (const example of examples) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = example.title;
    button.addEventListener('click', () => choose(example, button));
    const item = document.createElement('li');
    item.append(button);
    element('examples').append(item);
  }
  if (examples.length) choose(examples[0], document.querySelector('#examples button'));
}

loadExamples().catch(() => say('The examples did not load', true));
