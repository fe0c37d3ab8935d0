using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Reporting.Ingest.Fields;

/// <summary>Given values as they are stored. What cannot be is refused by <see cref="Check"/>.</summary>
internal static class Stored
{
    /// <summary>Empty text is stored as null: a missing value has one form.</summary>
    public static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;

    public static DateTime Moment(DateTime value) => Instants.ToStored(value.Kind == DateTimeKind.Local ? value.ToUniversalTime() : value);

    public static DateTime? Moment(DateTime? value) => value is { } moment ? Moment(moment) : null;
    public static Optional<DateTime> Moment(Optional<DateTime> given) => given.HasValue ? Moment(given.Value) : given;
    public static Optional<DateTime?> Moment(Optional<DateTime?> given) => given.HasValue ? Moment(given.Value) : given;

    public static Optional<string?> Currency(Optional<string?> given, string? otherwise = null)
        => given.HasValue ? CurrencyCodes.Find(given.Value ?? otherwise) : given;

    /// <summary>Each word once, without blanks around it.</summary>
    public static List<string> Words(IReadOnlyList<string>? words)
    {
        var stored = new List<string>(words?.Count ?? 0);
        foreach (var word in words ?? [])
            if (Text(word?.Trim()) is { } text && !stored.Contains(text))
                stored.Add(text);
        return stored;
    }

    /// <summary>A count of 1/10000.</summary>
    public static long? Amount(decimal? value) => value is { } amount ? FixedPoint.FromDecimal(amount) : null;
}
