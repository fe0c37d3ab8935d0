import { cacheExchange } from '@urql/exchange-graphcache';
import { createRoot } from 'react-dom/client';
import { Client, fetchExchange, Provider, subscriptionExchange } from 'urql';
import { headers, root, socket, url } from '../connection';
import { keys, possibleTypes, resolvers } from './cache';
import { Page } from './page';

const client = new Client({
  url,
  preferGetMethod: false,
  fetchOptions: { headers },
  exchanges: [
    cacheExchange({ keys, resolvers, possibleTypes }),
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: ({ query = '', variables }) => ({ subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink) }) }),
    }),
  ],
});

createRoot(root).render(<Provider value={client}><Page /></Provider>);
