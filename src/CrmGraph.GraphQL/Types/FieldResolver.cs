using CrmGraph.GraphQL.Errors;

namespace CrmGraph.GraphQL.Types;

/// <summary>
/// Gets a field's values for all parents of a level at once: one result per parent, in their order. A result may be a
/// <see cref="FieldFailure"/> or an <see cref="Exception"/>, which becomes an error at that parent alone; a thrown exception is an error at every parent.
/// A root field has one parent, the root value (often null).
/// </summary>
public delegate ValueTask<IReadOnlyList<object?>> FieldResolver(ResolverContext context);

/// <summary>
/// Opens the stream of a subscription's root field. Each item is one event: the field's <see cref="FieldResolver"/> gets it as its one
/// parent; without a resolver the item is the field's value.
/// </summary>
public delegate ValueTask<IAsyncEnumerable<object?>> SubscribeResolver(ResolverContext context);

/// <summary>Stands in the place of a value that could not be had; see <see cref="FieldResolver"/>.</summary>
public sealed record FieldFailure(GraphQLError Error);
