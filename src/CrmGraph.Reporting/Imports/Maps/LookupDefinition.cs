using CrmGraph.Reporting.Imports.Expressions;
using CrmGraph.Reporting.Imports.Values;

namespace CrmGraph.Reporting.Imports.Maps;

/// <summary>A table in another file: two of its columns.</summary>
internal sealed record LookupDefinition(string File, ColumnReference Key, ColumnReference Value);

/// <summary>Puts what a table has beside a text in its place.</summary>
/// <param name="Table">Its place in the map's lookups.</param>
/// <param name="RefusesMissing">A text that the table does not have refuses the row; else there is no value.</param>
internal sealed record LookupStep(int Table, string File, bool RefusesMissing)
{
    public Value Find(IRowValues row, Value key)
    {
        var found = row.Lookup(Table, key.Text);
        return found is null && RefusesMissing
            ? throw new ValueException($"'{key.Text}' is not in {File}; add it there, or say 'missing: empty'")
            : Value.Of(found);
    }
}

/// <summary>Which rows of a file count, where several say the same or one replaces another.</summary>
/// <param name="IsDistinct">Rows that are alike in all columns that the map uses count once.</param>
/// <param name="Key">What the rows of which only the last counts have in common; null when all count.</param>
/// <param name="By">By what a row is the last; of equal ones the one that stands last in the file.</param>
internal sealed record RowSelection(bool IsDistinct, FieldSource? Key, FieldSource? By);
