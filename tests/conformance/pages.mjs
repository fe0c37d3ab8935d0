// The examples of the documentation: blocks of code as they stand in its pages.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './running-server.mjs';

export const pages = ['README.md', 'README.zh.md', ...readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];

/** @returns {{language: string, text: string}[]} */
export const blocks = (page) => [...readFileSync(join(root, page), 'utf8').matchAll(/^```(\w+)\n(.*?)^```/gms)].map(([, language, text]) => ({ language, text }));
