import { useMutation, useQuery, useSubscription } from '@apollo/client/react';
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
  const { data, error, fetchMore } = useQuery(PageQuery);
  const [rename, { data: renamed }] = useMutation(Rename);
  useSubscription(Live);
  if (!data) return <p>{error ? error.message : 'Loading'}</p>;
  const { edges, pageInfo } = data.customers;
  return <>
    <table><tbody>{data.metrics?.rows.map(({ id, channel, revenue, nps }) =>
      <tr key={id}><td>{channel}</td><td>{revenue.value ?? revenue.reason}</td><td>{revenue.changeRatio}</td><td>{nps.value ?? nps.reason}</td></tr>)}</tbody></table>
    <ul>{edges.map(({ node }) =>
      <li key={node.id} onClick={() => rename({ variables: { id: node.id, name: `${node.name} II` } })}>{node.name}, {node.owner?.name ?? 'nobody'}</li>)}</ul>
    {renamed?.upsertCustomer.errors?.map(({ message }) => <p key={message}>{message}</p>)}
    {pageInfo.hasNextPage && <button onClick={() => fetchMore({ variables: { after: pageInfo.endCursor } })}>More</button>}
  </>;
}
