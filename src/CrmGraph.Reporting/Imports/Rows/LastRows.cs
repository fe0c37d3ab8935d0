using CrmGraph.Reporting.Imports.Records;
using CrmGraph.Reporting.Imports.Values;

namespace CrmGraph.Reporting.Imports.Rows;

/// <summary>A row that waits for the end of the file.</summary>
internal sealed record HeldRow(Value By, long Line, string Raw, string? OrderKey, List<(int Place, RecordValues Values)> Records);

/// <summary>Of the rows with one key the last: the greatest, and of equal ones the one that came last.</summary>
internal sealed class LastRows(ImportLimits limits)
{
    private readonly Dictionary<string, HeldRow> _rows = new(StringComparer.Ordinal);

    /// <summary>In the order of the file.</summary>
    public IEnumerable<HeldRow> Rows => _rows.Values.OrderBy(row => row.Line);

    /// <summary>False when one of two rows has been dropped for the other.</summary>
    public bool Add(string key, HeldRow row)
    {
        if (_rows.TryGetValue(key, out var other))
        {
            if (Compare(row.By, other.By) >= 0)
                _rows[key] = row;
            return false;
        }
        if (_rows.Count == limits.HeldRows)
            throw new ImportException(ImportErrorCodes.LimitExceeded,
                $"The file has more than {limits.HeldRows} different keys, and the last row of each is held (rows.last). Import it in parts that have all "
                + "rows of a key.");
        _rows.Add(key, row);
        return true;
    }

    private static int Compare(Value left, Value right)
        => left.Kind == ValueKind.Text ? string.CompareOrdinal(left.Text, right.Text) : left.Number.CompareTo(right.Number);
}
