import { execute, getVariableValues, OperationTypeNode, subscribe } from 'graphql';
import { canonical, hash, World } from './world.mjs';
import { where } from './judge.mjs';

const root = Object.fromEntries(Object.values(OperationTypeNode).map((o) => [o, o]));

/** What graphql-js answers to an operation of a valid document. */
export async function run(schema, document, operation, variables, mood, seed) {
  const world = new World(schema, mood);
  const { variableValues, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, { maxErrors: 1000 });
  if (errors) return { variableErrors: errors.map((e) => ({ at: where(e), message: e.message })) };
  const type = schema.getRootType(root[operation.operation]);
  const request = { schema, document, operationName: operation.name?.value, variableValues: variables, rootValue: world.root(type, seed), fieldResolver: world.resolve };
  const results = operation.operation === 'subscription' ? await streamed(world, request) : [await execute(request)];
  return { coerced: canonical(variableValues.coerced), results: results.map(response) };
}

const response = ({ data, errors = [] }) => ({ data: data === undefined ? undefined : JSON.stringify(data), errors: errors.map((e) => ({ path: JSON.stringify(e.path ?? []), at: where(e), message: e.message })) });

async function streamed(world, request) {
  const stream = await subscribe({
    ...request,
    subscribeFieldResolver: async function* (parent, args, context, info) {
      const seed = hash(`${parent.seed}|${info.fieldName}|${canonical(args)}`);
      for (let i = 0; i < 2; i++) yield { __typename: 'event', seed: hash(`${seed}event${i}`) };
    },
  });
  if (!(Symbol.asyncIterator in stream)) return [stream];
  const results = [];
  for await (const result of stream) results.push(result);
  return results;
}
