import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, parse, print, visit } from 'graphql';
import { root } from '../running-server.mjs';

export const folder = join(root, 'schema/operations');
export const schema = join(root, 'schema/schema.graphql');

/** Every document of schema/operations: its name, text, kind of operation and an example of its variables. */
export const operations = readdirSync(folder).filter((f) => f.endsWith('.graphql')).map((file) => {
  const text = readFileSync(join(folder, file), 'utf8');
  const example = join(folder, file.replace('.graphql', '.json'));
  const document = parse(text);
  return { file, text, document, kind: document.definitions.find((d) => d.kind === Kind.OPERATION_DEFINITION).operation, variables: existsSync(example) ? JSON.parse(readFileSync(example, 'utf8')) : {} };
});

/** The ids in examples of variables are made up: that they name nothing is all that may be wrong. */
export const serious = (errors) => (errors ?? []).filter((e) => !e.extensions?.code?.endsWith('NOT_FOUND'));

const title = (text) => text.replace(/(^|-)([a-z])/g, (_, dash, letter) => letter.toUpperCase());

/** A document as Relay asks for it: named after its module and what it is, and no default of a variable that cannot be null. */
export function relayModule({ file, document, kind }) {
  const module = title(file.replace('.graphql', ''));
  const fragment = (node) => ({ ...node, name: { ...node.name, value: `${module}_${node.name.value}` } });
  const renamed = visit(document, {
    [Kind.OPERATION_DEFINITION]: (node) => ({ ...node, name: { kind: Kind.NAME, value: module + title(kind) } }),
    [Kind.VARIABLE_DEFINITION]: (node) => (node.defaultValue && node.type.kind === Kind.NON_NULL_TYPE ? { ...node, type: node.type.type } : undefined),
    [Kind.FRAGMENT_DEFINITION]: fragment,
    [Kind.FRAGMENT_SPREAD]: fragment,
  });
  return { module, name: module + title(kind), parts: renamed.definitions.map(print) };
}
