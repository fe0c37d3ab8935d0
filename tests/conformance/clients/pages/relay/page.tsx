import { graphql, useLazyLoadQuery, useMutation, usePaginationFragment, useSubscription } from 'react-relay';
import type { pageCustomers$key } from './__generated__/pageCustomers.graphql';
import type { pageCustomersQuery } from './__generated__/pageCustomersQuery.graphql';
import type { pageLiveSubscription } from './__generated__/pageLiveSubscription.graphql';
import type { pageQuery } from './__generated__/pageQuery.graphql';
import type { pageRenameMutation } from './__generated__/pageRenameMutation.graphql';

const live = { variables: {}, subscription: graphql`subscription pageLiveSubscription {
  metricsUpdated(period: { last: { count: 30, unit: DAY } }, groupBy: [CHANNEL], compareTo: PREVIOUS_PERIOD) {
    rows { id channel revenue { value changeRatio reason } nps { value reason } }
  }
}` };

export function Page() {
  const { metrics, ...query } = useLazyLoadQuery<pageQuery>(graphql`query pageQuery {
    ...pageCustomers
    metrics(period: { last: { count: 30, unit: DAY } }, groupBy: [CHANNEL], compareTo: PREVIOUS_PERIOD) {
      rows { id channel revenue { value changeRatio reason } nps { value reason } }
    }
  }`, {});
  useSubscription<pageLiveSubscription>(live);
  return <>
    <table><tbody>{metrics?.rows.map(({ id, channel, revenue, nps }) =>
      <tr key={id}><td>{channel}</td><td>{revenue.value ?? revenue.reason}</td><td>{revenue.changeRatio}</td><td>{nps.value ?? nps.reason}</td></tr>)}</tbody></table>
    <Customers query={query} />
  </>;
}

function Customers({ query }: { query: pageCustomers$key }) {
  const { data, hasNext, loadNext } = usePaginationFragment<pageCustomersQuery, pageCustomers$key>(graphql`fragment pageCustomers on Query
    @refetchable(queryName: "pageCustomersQuery") @argumentDefinitions(first: { type: "Int", defaultValue: 10 }, after: { type: "String" }) {
    customers(first: $first, after: $after, order: [{ createdAt: DESC }]) @connection(key: "page_customers") {
      edges { node { id name owner { name } } }
    }
  }`, query);
  const [rename] = useMutation<pageRenameMutation>(graphql`mutation pageRenameMutation($id: ID!, $name: String!) {
    upsertCustomer(input: { id: $id, name: $name }) { customer { id name } errors { ... on Error { code message } } }
  }`);
  return <>
    <ul>{data.customers.edges.map(({ node }) =>
      <li key={node.id} onClick={() => rename({ variables: { id: node.id, name: `${node.name} II` } })}>{node.name}, {node.owner?.name ?? 'nobody'}</li>)}</ul>
    {hasNext && <button onClick={() => loadNext(10)}>More</button>}
  </>;
}
