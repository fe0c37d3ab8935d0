using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Reporting.Querying.Aggregates;

/// <summary>The value of a group in one of the fields that it is grouped by.</summary>
/// <param name="Value">The value as filters take it: a text, the name of an enum value, or an ID. Null where rows have none.</param>
/// <param name="Label">The value as text for people.</param>
public sealed record FacetValue(string? Value, string Label);

/// <summary>A value of a field, with the number of rows that have it.</summary>
/// <param name="Value">The value as filters take it: a text, the name of an enum value, or an ID. Null for rows without one.</param>
/// <param name="Label">The value as text for people.</param>
/// <param name="Count">The number of rows; null if suppressed.</param>
/// <param name="IsSuppressed">Whether the number is hidden, because too few customers stand behind it or it would reveal another that is hidden.</param>
public sealed record DistinctValue(string? Value, string Label, int? Count, bool IsSuppressed);

/// <summary>Figures of a number.</summary>
/// <param name="Count">The number of rows that have a value.</param>
/// <param name="Sum">The sum of the values; 0 if there are none.</param>
/// <param name="Min">The least value; null if there is none, and for callers from whom small groups are hidden.</param>
/// <param name="Max">The greatest value; null if there is none, and for callers from whom small groups are hidden.</param>
/// <param name="Average">The mean of the values, to twelve digits; null if there are none.</param>
public sealed record NumberAggregate(int Count, decimal Sum, decimal? Min, decimal? Max, decimal? Average);

/// <summary>Figures of amounts in one currency. Amounts in different currencies are never added.</summary>
/// <param name="Currency">The ISO 4217 code of the currency; null for rows without one.</param>
/// <param name="Count">The number of rows that have an amount in this currency; null if suppressed.</param>
/// <param name="Sum">The sum of the amounts; null if suppressed.</param>
/// <param name="Min">The least amount; null if there is none, and for callers from whom small groups are hidden.</param>
/// <param name="Max">The greatest amount; null if there is none, and for callers from whom small groups are hidden.</param>
/// <param name="Average">The mean of the amounts, to twelve digits; null if there are none or it is suppressed.</param>
public sealed record MoneyAggregate(string? Currency, int? Count, decimal? Sum, decimal? Min, decimal? Max, decimal? Average);

/// <summary>Figures of a day.</summary>
/// <param name="Count">The number of rows that have a day.</param>
/// <param name="Min">The first day; null if there is none, and for callers from whom small groups are hidden.</param>
/// <param name="Max">The last day; null if there is none, and for callers from whom small groups are hidden.</param>
public sealed record DayAggregate(int Count, DateOnly? Min, DateOnly? Max);

/// <summary>Figures of a moment.</summary>
/// <param name="Count">The number of rows that have a moment.</param>
/// <param name="Min">The first moment; null if there is none, and for callers from whom small groups are hidden.</param>
/// <param name="Max">The last moment; null if there is none, and for callers from whom small groups are hidden.</param>
public sealed record InstantAggregate(int Count, DateTime? Min, DateTime? Max);

/// <summary>A group of rows, or all of them.</summary>
/// <param name="Figures">By the name of the field: an aggregate, or a list of them by currency. Empty when suppressed.</param>
internal sealed record Aggregate(
    IReadOnlyList<FacetValue> Keys, int? Count, bool IsSuppressed, [property: GraphQLIgnore] IReadOnlyDictionary<string, object?> Figures);
