using System.Collections.Frozen;
using System.Data.Common;
using System.Linq.Expressions;
using System.Reflection;
using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.Data.Statements;

namespace CrmGraph.Reporting.Metrics;

/// <summary>Reads the rows of an aggregate straight from a result: columns are found by their names, which are those of <see cref="FactRow"/>.</summary>
/// <param name="columns">The properties that were asked for.</param>
internal sealed class FactResult(IReadOnlyList<string> columns) : IStatementResult
{
    private delegate void Set(FactRow row, DbDataReader reader, int ordinal, DatabaseEngine engine);

    private static readonly FrozenDictionary<string, Set> Setters = typeof(FactRow).GetProperties().Where(p => p.PropertyType != typeof(bool))
        .ToFrozenDictionary(p => p.Name, Setter, StringComparer.Ordinal);

    public List<FactRow> Rows { get; } = [];

    /// <summary>False when the result lacks one of the columns: EF reads a column once that is asked for under two names.</summary>
    public async ValueTask<bool> ReadAsync(KeptStatement statement, DbDataReader reader, DatabaseEngine engine, CancellationToken cancellationToken)
    {
        var setters = new Set[reader.FieldCount];
        for (var i = 0; i < setters.Length; i++)
            if (columns.FirstOrDefault(c => c.Equals(reader.GetName(i), StringComparison.OrdinalIgnoreCase)) is { } column)
                setters[i] = Setters[column];
        if (setters.Length != columns.Count || setters.Contains(null))
            return false;
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            var row = new FactRow();
            for (var i = 0; i < setters.Length; i++)
                if (!reader.IsDBNull(i))
                    setters[i](row, reader, i, engine);
            Rows.Add(row);
        }

        return true;
    }

    private static Set Setter(PropertyInfo property)
    {
        var (row, reader, ordinal, engine) = (Expression.Parameter(typeof(FactRow)), Expression.Parameter(typeof(DbDataReader)), Expression.Parameter(typeof(int)), Expression.Parameter(typeof(DatabaseEngine)));
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        Expression value = type switch
        {
            _ when type == typeof(Guid) => Expression.Call(engine, nameof(DatabaseEngine.ReadGuid), null, reader, ordinal),
            _ when type.IsEnum => Expression.Call(typeof(EnumTexts<>).MakeGenericType(type), nameof(EnumTexts<>.Value), null, Expression.Call(reader, nameof(DbDataReader.GetString), null, ordinal)),
            _ => Expression.Call(reader, nameof(DbDataReader.GetFieldValue), [type], ordinal),
        };
        return Expression.Lambda<Set>(Expression.Assign(Expression.Property(row, property), Expression.Convert(value, property.PropertyType)), row, reader, ordinal, engine).Compile();
    }
}
