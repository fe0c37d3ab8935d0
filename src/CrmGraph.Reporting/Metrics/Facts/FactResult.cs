using System.Collections.Frozen;
using System.Data.Common;
using System.Linq.Expressions;
using System.Reflection;
using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.Data.Statements;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Reads the rows of an aggregate straight from a result: columns are found by their names, which are those of the rows.</summary>
/// <param name="columns">The properties that were asked for.</param>
internal abstract class FactResult(IReadOnlyList<string> columns) : IStatementResult
{
    protected delegate void Set(FactRow row, DbDataReader reader, int ordinal, DatabaseEngine engine);

    private static readonly FrozenDictionary<string, Set> Common = SettersOf(typeof(FactRow));

    public List<FactRow> Rows { get; } = [];

    /// <summary>Takes a row that was read.</summary>
    public virtual void Add(FactRow row) => Rows.Add(row);

    protected abstract FactRow New();

    /// <summary>The setters of the columns that only rows of the source have.</summary>
    protected abstract FrozenDictionary<string, Set> Own { get; }

    /// <summary>False when the result lacks one of the columns: EF reads a column once that is asked for under two names.</summary>
    public async ValueTask<bool> ReadAsync(PreparedStatement statement, DbDataReader reader, DatabaseEngine engine, CancellationToken cancellationToken)
    {
        var setters = new Set[reader.FieldCount];
        for (var i = 0; i < setters.Length; i++)
            if (columns.FirstOrDefault(c => c.Equals(reader.GetName(i), StringComparison.OrdinalIgnoreCase)) is { } column)
                setters[i] = Common.GetValueOrDefault(column) ?? Own[column];
        if (setters.Length != columns.Count || setters.Contains(null))
            return false;
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = New();
            for (var i = 0; i < setters.Length; i++)
                if (!reader.IsDBNull(i))
                    setters[i](row, reader, i, engine);
            Add(row);
        }

        return true;
    }

    protected static FrozenDictionary<string, Set> SettersOf(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(p => p.PropertyType != typeof(bool))
            .ToFrozenDictionary(p => p.Name, p => Setter(type, p), StringComparer.Ordinal);

    private static Set Setter(Type declaring, PropertyInfo property)
    {
        var (row, reader) = (Expression.Parameter(typeof(FactRow)), Expression.Parameter(typeof(DbDataReader)));
        var (ordinal, engine) = (Expression.Parameter(typeof(int)), Expression.Parameter(typeof(DatabaseEngine)));
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        Expression value = type switch
        {
            _ when type == typeof(Guid) => Expression.Call(engine, nameof(DatabaseEngine.ReadGuid), null, reader, ordinal),
            _ when type.IsEnum => Expression.Call(
                typeof(EnumTexts<>).MakeGenericType(type), nameof(EnumTexts<>.Value), null,
                Expression.Call(reader, nameof(DbDataReader.GetString), null, ordinal)),
            _ => Expression.Call(reader, nameof(DbDataReader.GetFieldValue), [type], ordinal),
        };
        var column = Expression.Property(Expression.Convert(row, declaring), property);
        return Expression.Lambda<Set>(Expression.Assign(column, Expression.Convert(value, property.PropertyType)), row, reader, ordinal, engine).Compile();
    }
}

/// <typeparam name="TRow">The rows of the source.</typeparam>
internal class FactResult<TRow>(IReadOnlyList<string> columns) : FactResult(columns) where TRow : FactRow, new()
{
    private static readonly FrozenDictionary<string, Set> OfRow =
        typeof(TRow) == typeof(FactRow) ? FrozenDictionary<string, Set>.Empty : SettersOf(typeof(TRow));

    protected override FactRow New() => new TRow();

    protected override FrozenDictionary<string, Set> Own => OfRow;
}
