import { useState } from 'react';
import { useMutation, useQuery, useSubscription } from 'urql';
import { graphql } from './gql';

const Figures = graphql(`fragment Figures on MetricTable {
  id
  rows { id channel revenue { value changeRatio reason } nps { value reason } }
}`);
const PageQuery = graphql(`query Page($after: String) {
  customers(first: 10, after: $after, order: [{ createdAt: DESC }]) {
    edges { node { id name owner { id name } } }
    pageInfo { hasNextPage endCursor }
  }
  metrics(period: { last: { count: 30, unit: DAY } }, groupBy: [CHANNEL], compareTo: PREVIOUS_PERIOD) { ...Figures }
}`);
const Live = graphql(`subscription Live {
  metricsUpdated(period: { last: { count: 30, unit: DAY } }, groupBy: [CHANNEL], compareTo: PREVIOUS_PERIOD) { ...Figures }
}`);
const Rename = graphql(`mutation Rename($id: ID!, $name: String!) {
  upsertCustomer(input: { id: $id, name: $name }) { customer { id name } errors { ... on Error { code message } } }
}`);
export { Figures };

export function Page() {
  const [after, setAfter] = useState<string | null>(null);
  const [{ data, error }] = useQuery({ query: PageQuery, variables: { after } });
  const [{ data: renamed }, rename] = useMutation(Rename);
  useSubscription({ query: Live });
  if (!data) return <p>{error ? error.message : 'Loading'}</p>;
  const { edges, pageInfo } = data.customers;
  return <>
    <table><tbody>{data.metrics?.rows.map(({ id, channel, revenue, nps }) =>
      <tr key={id}><td>{channel}</td><td>{revenue.value ?? revenue.reason}</td><td>{revenue.changeRatio}</td><td>{nps.value ?? nps.reason}</td></tr>)}</tbody></table>
    <ul>{edges.map(({ node }) =>
      <li key={node.id} onClick={() => rename({ id: node.id, name: `${node.name} II` })}>{node.name}, {node.owner?.name ?? 'nobody'}</li>)}</ul>
    {renamed?.upsertCustomer.errors?.map(({ message }) => <p key={message}>{message}</p>)}
    {pageInfo.hasNextPage && <button onClick={() => setAfter(pageInfo.endCursor ?? null)}>More</button>}
  </>;
}
