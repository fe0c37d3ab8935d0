using System.Data.Common;
using CrmGraph.Data.Database;
using CrmGraph.GraphQL.Execution.Columns;

namespace CrmGraph.Data.Statements;

/// <summary>How values of one CLR type go from a result of the database into a column.</summary>
internal abstract class ColumnKind
{
    public abstract RowColumn Make(int capacity);

    /// <summary>Adds a value that is not null.</summary>
    public abstract void Read(DatabaseEngine engine, DbDataReader reader, int ordinal, RowColumn column);

    public abstract void AddNull(RowColumn column);

    /// <summary>Null for types that are never read in this way.</summary>
    public static ColumnKind? Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(string) || type.IsEnum ? new TextKind()
            : type == typeof(int) ? new ValueKind<int>(static (_, r, i) => r.GetInt32(i))
            : type == typeof(long) ? new ValueKind<long>(static (_, r, i) => r.GetInt64(i))
            : type == typeof(bool) ? new ValueKind<bool>(static (_, r, i) => r.GetBoolean(i))
            : type == typeof(Guid) ? new ValueKind<Guid>(static (e, r, i) => e.ReadGuid(r, i))
            : type == typeof(DateTime) ? new ValueKind<DateTime>(static (_, r, i) => DateTime.SpecifyKind(r.GetDateTime(i), DateTimeKind.Utc))
            : type == typeof(DateOnly) ? new ValueKind<DateOnly>(static (_, r, i) => r.GetFieldValue<DateOnly>(i))
            : type == typeof(List<string>) ? new ValueKind<List<string>>(static (e, r, i) => e.ReadTexts(r, i))
            : null;
    }

    private sealed class TextKind : ColumnKind
    {
        public override RowColumn Make(int capacity) => new TextColumn(capacity);
        public override void Read(DatabaseEngine engine, DbDataReader reader, int ordinal, RowColumn column)
            => engine.ReadText(reader, ordinal, (TextColumn)column);
        public override void AddNull(RowColumn column) => ((TextColumn)column).AddNull();
    }

    private sealed class ValueKind<T>(Func<DatabaseEngine, DbDataReader, int, T> read) : ColumnKind
    {
        public override RowColumn Make(int capacity) => new RowColumn<T>(capacity);
        public override void Read(DatabaseEngine engine, DbDataReader reader, int ordinal, RowColumn column)
            => ((RowColumn<T>)column).Add(read(engine, reader, ordinal));
        public override void AddNull(RowColumn column) => ((RowColumn<T>)column).AddNull();
    }
}
