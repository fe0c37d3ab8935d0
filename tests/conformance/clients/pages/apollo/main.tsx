import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { ApolloProvider } from '@apollo/client/react';
import { createRoot } from 'react-dom/client';
import { headers, root, socket, url } from '../connection';
import { possibleTypes, typePolicies } from './cache';
import { Page } from './page';

const client = new ApolloClient({
  link: ApolloLink.split(({ operationType }) => operationType === 'subscription', new GraphQLWsLink(socket), new HttpLink({ uri: url, headers })),
  cache: new InMemoryCache({ typePolicies, possibleTypes }),
});

createRoot(root).render(<ApolloProvider client={client}><Page /></ApolloProvider>);
