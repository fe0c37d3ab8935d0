using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Execution.Columns;

/// <summary>
/// Rows of one class that were read into columns, one per property. Plain fields are written from the columns; an object is made of a row
/// only where a resolver asks for its parents. Filled before it is given to the executor, then read by many.
/// </summary>
/// <param name="properties">The properties that have a column, in the order of the columns.</param>
public abstract class ColumnarTable(IReadOnlyList<string> properties)
{
    /// <summary>The same list for all tables that were read in the same way.</summary>
    public IReadOnlyList<string> Properties { get; } = properties;

    /// <summary>Whether no property that the class's fields could need was left out.</summary>
    public abstract bool IsWhole { get; }

    public abstract RowColumn Column(int index);

    /// <summary>What the field of this name finds for these rows, where it was read together with them; the field's resolver knows its form. Null when the field must read it.</summary>
    public virtual object? Related(string field) => null;

    /// <summary>The object of a row, with the properties of the columns set and no others; the same one each time.</summary>
    public abstract object Make(int row);

    /// <summary>The column of the one property that a reader reads; null when there is none, or when it reads several.</summary>
    internal RowColumn? Source(FieldReader reader) => reader.Properties is [var only] && IndexOf(only) is var index and >= 0 ? Column(index) : null;

    public int IndexOf(string property)
    {
        for (var i = 0; i < Properties.Count; i++)
            if (Properties[i] == property)
                return i;
        return -1;
    }
}
