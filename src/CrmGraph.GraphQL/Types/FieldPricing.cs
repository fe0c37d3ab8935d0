namespace CrmGraph.GraphQL.Types;

/// <summary>What a field's own pricing sees of a request.</summary>
/// <param name="Arguments">Coerced, as the resolver gets them.</param>
/// <param name="Selections">What is selected below the field.</param>
/// <param name="Services">Those of the request. Nothing is waited for: what they say is what they know already.</param>
public sealed record PricedSelection(IReadOnlyDictionary<string, object?> Arguments, IReadOnlyList<SelectedField> Selections, IServiceProvider Services);

/// <summary>The price that a field's own pricing found.</summary>
/// <param name="Weight">In the place of the field's weight.</param>
/// <param name="Size">In the place of the length that its slicing arguments say.</param>
public readonly record struct FieldPrice(double Weight, double Size);

/// <summary>
/// For fields whose work the directives cannot say, because it follows from several arguments and the selection together. What the directives
/// of the field say is then what is usual; this is what is charged. Called once for every request, before anything runs.
/// </summary>
public delegate FieldPrice FieldPricing(PricedSelection selection);
