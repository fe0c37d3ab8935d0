const TOKENS = /"""(?:\\"""|[^])*?"""|"(?:\\.|[^"\\\n])*"|#[^\n\r]*|\.\.\.|[_A-Za-z][_0-9A-Za-z]*|-?[0-9][0-9.eE+-]*|\r\n|[^]/g;
const INSERTED = ['{', '}', '(', ')', '[', ']', '!', '$', '@', ':', '=', '|', '&', '...', '..', '.', 'on', 'fragment', 'query', 'true', 'null', '"', '"""', '"a\\q"', '0', '01', '1.', '1e',
  '-', '1a', '.5', '"\\u{110000}"', '"\\u{}"', '"\\uD83D"', '"\\uD83D\\uDE00"', '\u0000', '\u007f', '\ud83d', '\ude00', '\ufeff', '😀', '?', "'", '%', '\r', '\n', '# c \ud83d\n', ',', 'extend', 'type', 'schema', '"d" ', '"""b\r\n  c"""'];

/** Breaks a text in one to three places: tokens are removed, doubled, swapped, replaced by another of the text, or inserted. */
export function mutate(text, random) {
  const tokens = text.match(TOKENS) ?? [''];
  const times = 1 + random.below(3);
  for (let i = 0; i < times; i++) {
    const at = random.below(tokens.length);
    switch (random.below(6)) {
      case 0: tokens.splice(at, 1); break;
      case 1: tokens.splice(at, 0, tokens[at]); break;
      case 2: { const other = random.below(tokens.length); [tokens[at], tokens[other]] = [tokens[other], tokens[at]]; break; }
      case 3: tokens[at] = random.pick(tokens); break;
      case 4: tokens.splice(at, 0, random.pick(INSERTED)); break;
      default: tokens[at] = random.pick(INSERTED); break;
    }
    if (!tokens.length) tokens.push('');
  }
  return tokens.join('');
}

/** Swaps names for other names of the text only: such documents mostly parse and mostly are not valid. */
export function rename(text, random) {
  const tokens = text.match(TOKENS);
  const names = tokens.map((t, i) => (/^[_A-Za-z]/.test(t) ? i : -1)).filter((i) => i >= 0);
  const times = 1 + random.below(3);
  for (let i = 0; i < times && names.length; i++) tokens[random.pick(names)] = tokens[random.pick(names)];
  return tokens.join('');
}
