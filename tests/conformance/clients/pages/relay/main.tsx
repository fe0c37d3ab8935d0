import { Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { RelayEnvironmentProvider } from 'react-relay';
import { Environment, Network, Observable, RecordSource, Store } from 'relay-runtime';
import { headers, root, socket, url } from '../connection';
import { getDataID } from './cache';
import { Page } from './page';

const network = Network.create(
  async ({ text }, variables) => {
    const response = await fetch(url, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify({ query: text, variables }) });
    return response.json();
  },
  // While figures cannot be computed, a response has no data; the stream goes on.
  ({ text }, variables) => Observable.create((sink) => socket.subscribe({ query: text ?? '', variables }, { ...sink, next: ({ data }) => data && sink.next({ data }) })),
);
const environment = new Environment({ network, getDataID, store: new Store(new RecordSource()) });

createRoot(root).render(
  <RelayEnvironmentProvider environment={environment}><Suspense fallback="Loading"><Page /></Suspense></RelayEnvironmentProvider>);
