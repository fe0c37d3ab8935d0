import { createClient } from 'graphql-ws';

// The bundler puts the server and the key of the user in.
declare const CRMGRAPH: { url: string; key: string };

export const url = CRMGRAPH.url;
export const headers = { authorization: `Bearer ${CRMGRAPH.key}` };
export const socket = createClient({ url: url.replace('http', 'ws'), connectionParams: headers });
export const root = document.body.appendChild(document.createElement('main'));
