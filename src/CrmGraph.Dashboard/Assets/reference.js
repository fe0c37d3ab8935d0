// The documentation pane: what a search finds, and a page for each type, from which its fields lead to other types.
import { typeText, named } from './language.js';

const made = (tag, properties, ...children) => { const element = Object.assign(document.createElement(tag), properties); element.append(...children.filter(c => c != null)); return element; };

export class Reference {
  constructor(place, language, words) { Object.assign(this, { place, language, words, trail: [] }); }

  // Names of types in a text such as [Customer!]! lead to their pages.
  link(type) {
    const name = named(type), text = typeText(type), at = text.indexOf(name);
    return made('span', { className: 'kind' }, text.slice(0, at), this.button(name), text.slice(at + name.length));
  }

  button(name) { return made('button', { type: 'button', className: 'plain', textContent: name, onclick: () => this.open(name) }); }

  open(name) {
    if (this.trail.at(-1) !== name) this.trail.push(name);
    const type = this.language.types.get(name), back = this.trail.length > 1;
    const line = field => made('li', {},
      made('code', { textContent: field.name }), ' ', field.type && this.link(field.type), field.isDeprecated ? made('span', { className: 'chip', textContent: this.words.deprecated }) : null,
      field.description && made('p', { className: 'hint', textContent: field.description }),
      field.args?.length ? made('ul', {}, ...field.args.map(line)) : null);
    const members = type.fields ?? type.inputFields ?? type.enumValues ?? [];
    this.place.replaceChildren(
      made('div', { className: 'row' },
        back ? made('button', { type: 'button', className: 'plain', textContent: '← ' + this.trail.at(-2), onclick: () => { this.trail.pop(); this.open(this.trail.pop()); } }) : '',
        made('button', { type: 'button', className: 'plain', textContent: this.words.close, onclick: () => this.close() })),
      made('h2', {}, name, ' ', made('span', { className: 'kind', textContent: type.kind.toLowerCase().replace('_', ' ') })),
      made('p', { textContent: type.description ?? '' }),
      made('ul', { className: 'members' }, ...members.map(line), ...(type.possibleTypes ?? []).map(t => made('li', {}, this.button(t.name)))));
    this.show();
    this.place.parentElement.scrollTop = 0;
  }

  // What a search found: what it is, and the types it is of and gives.
  found(entries) {
    this.place.replaceChildren(...entries.map(found => made('details', {},
      made('summary', {}, found.title + ' ', made('span', { className: 'kind', textContent: found.type ?? '' })),
      made('p', { textContent: found.text ?? '' }),
      ...[...new Set([found.owner, found.gives])].filter(name => name && this.language.types.has(name)).map(name => this.button(name)))));
    this.show();
  }

  show() { this.place.hidden = false; this.words.other.hidden = true; }

  close() { this.trail = []; this.place.hidden = true; this.words.other.hidden = false; }
}
