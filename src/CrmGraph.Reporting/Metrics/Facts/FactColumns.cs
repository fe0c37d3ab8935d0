using System.Collections.Frozen;
using System.Linq.Expressions;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>The columns of rows by their names.</summary>
internal static class FactColumns
{
    private static readonly FrozenDictionary<string, Func<FactRow, object?>> Readers =
        typeof(FactRow).GetProperties().ToFrozenDictionary(p => p.Name, p => Reader(p.Name), StringComparer.Ordinal);

    public static Func<FactRow, object?> Of(string column) => Readers[column];

    /// <summary>Whether no two rows have the same values in these columns.</summary>
    public static bool AreDistinct(IReadOnlyList<FactRow> rows, IEnumerable<string> columns)
    {
        Func<FactRow, object?>[] readers = [.. columns.Select(Of)];
        return rows.Select(row => Array.ConvertAll(readers, read => read(row))).Distinct(SameValues.Instance).Count() == rows.Count;
    }

    private static Func<FactRow, object?> Reader(string column)
    {
        var row = Expression.Parameter(typeof(FactRow));
        return Expression.Lambda<Func<FactRow, object?>>(Expression.Convert(Expression.Property(row, column), typeof(object)), row).Compile();
    }
}

/// <summary>Lists of values are equal by their values.</summary>
internal sealed class SameValues : IEqualityComparer<object?[]>
{
    public static SameValues Instance { get; } = new();

    public bool Equals(object?[]? x, object?[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(object?[] values)
    {
        var hash = new HashCode();
        foreach (var value in values)
            hash.Add(value);
        return hash.ToHashCode();
    }
}
