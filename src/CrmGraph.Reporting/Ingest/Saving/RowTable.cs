using System.Data.Common;
using System.Text;
using CrmGraph.Data.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace CrmGraph.Reporting.Ingest.Saving;

/// <summary>
/// Writes rows of one table with statements of many rows, without change tracking. Columns, converters and folded shadow columns come from
/// EF's model. The statements are the same on both engines.
/// </summary>
internal sealed class RowTable<T> where T : class
{
    // The SQLite driver finds each parameter by its name among all of the statement: with thousands the search costs more than the rows.
    private const int ParametersPerStatement = 500;

    private readonly Column[] _columns;
    private readonly Column[] _keys;
    private readonly Column[] _values;
    private readonly Func<string, string> _quote;

    public RowTable(CrmDbContext context)
    {
        var entity = context.Model.FindEntityType(typeof(T))!;
        Name = entity.GetTableName()!;
        _quote = context.GetService<ISqlGenerationHelper>().DelimitIdentifier;
        _columns = [.. entity.GetProperties().Where(p => p.ValueGenerated == ValueGenerated.Never).Select(p => new Column(p))];
        _keys = [.. _columns.Where(c => c.Property.IsPrimaryKey())];
        _values = [.. _columns.Where(c => !c.Property.IsPrimaryKey())];
    }

    public string Name { get; }
    private string ColumnList => string.Join(", ", _columns.Select(c => _quote(c.Name)));
    private string QuotedName => _quote(Name);

    /// <returns>Rows written: fewer than given when <paramref name="skipExisting"/> and some were there.</returns>
    public async Task<int> InsertAsync(CrmDbContext context, IReadOnlyList<T> rows, bool skipExisting, CancellationToken cancellationToken)
    {
        var written = 0;
        foreach (var chunk in rows.Chunk(ParametersPerStatement / _columns.Length))
        {
            await using var command = Command(context);
            var sql = new StringBuilder($"insert into {QuotedName} ({ColumnList}) values ");
            AppendValues(sql, command, chunk);
            if (skipExisting)
                sql.Append(" on conflict do nothing");
            written += await ExecuteAsync(command, sql, cancellationToken);
        }

        return written;
    }

    public async Task UpdateAsync(CrmDbContext context, IReadOnlyList<T> rows, CancellationToken cancellationToken)
    {
        foreach (var chunk in rows.Chunk(ParametersPerStatement / _columns.Length))
        {
            await using var command = Command(context);
            var sql = new StringBuilder($"with given ({ColumnList}) as (values ");
            AppendValues(sql, command, chunk);
            sql.Append(") update ").Append(QuotedName).Append(" set ");
            sql.AppendJoin(", ", _values.Where(c => c.Name != "recorded_at").Select(c => $"{_quote(c.Name)} = given.{_quote(c.Name)}"));
            sql.Append(" from given where ");
            sql.AppendJoin(" and ", _keys.Select(c => $"{QuotedName}.{_quote(c.Name)} = given.{_quote(c.Name)}"));
            await ExecuteAsync(command, sql, cancellationToken);
        }
    }

    public async Task DeleteAsync(CrmDbContext context, IReadOnlyList<T> rows, CancellationToken cancellationToken)
    {
        foreach (var chunk in rows.Chunk(ParametersPerStatement / _columns.Length))
        {
            await using var command = Command(context);
            var sql = new StringBuilder($"delete from {QuotedName} where ({string.Join(", ", _keys.Select(c => _quote(c.Name)))}) in (values ");
            AppendValues(sql, command, chunk, _keys);
            sql.Append(')');
            await ExecuteAsync(command, sql, cancellationToken);
        }
    }

    /// <summary>Makes every row of one customer again under another, ids kept; the old rows stay.</summary>
    public async Task CopyCustomerAsync(CrmDbContext context, Guid from, Guid to, CancellationToken cancellationToken)
    {
        var customer = _columns.Single(c => c.Name == "customer_id");
        await using var command = Command(context);
        command.Parameters.Add(customer.Mapping.CreateParameter(command, "@to", to));
        command.Parameters.Add(customer.Mapping.CreateParameter(command, "@from", from));
        var selected = string.Join(", ", _columns.Select(c => c == customer ? "@to" : _quote(c.Name)));
        await ExecuteAsync(
            command,
            new StringBuilder($"insert into {QuotedName} ({ColumnList}) select {selected} from {QuotedName} where customer_id = @from"),
            cancellationToken);
    }

    public async Task DeleteCustomerAsync(CrmDbContext context, Guid customerId, CancellationToken cancellationToken)
    {
        await using var command = Command(context);
        command.Parameters.Add(_columns.Single(c => c.Name == "customer_id").Mapping.CreateParameter(command, "@from", customerId));
        await ExecuteAsync(command, new StringBuilder($"delete from {QuotedName} where customer_id = @from"), cancellationToken);
    }

    /// <summary>Whether two rows would be stored alike, the moments of recording left aside.</summary>
    public bool SameValues(T a, T b)
    {
        foreach (var column in _columns)
            if (column is { IsShadow: false, IsMoment: false } && !Equal(column.Read(a), column.Read(b)))
                return false;
        return true;
    }

    private static bool Equal(object? x, object? y) => x is List<string> a && y is List<string> b ? a.SequenceEqual(b) : Equals(x, y);

    private void AppendValues(StringBuilder sql, DbCommand command, T[] rows, Column[]? columns = null)
    {
        columns ??= _columns;
        for (var r = 0; r < rows.Length; r++)
        {
            sql.Append(r == 0 ? "(" : ", (");
            for (var c = 0; c < columns.Length; c++)
            {
                var name = $"@p{command.Parameters.Count}";
                command.Parameters.Add(columns[c].Mapping.CreateParameter(command, name, columns[c].Read(rows[r]), columns[c].Property.IsNullable));
                sql.Append(c == 0 ? "" : ", ").Append(name);
            }

            sql.Append(')');
        }
    }

    private static DbCommand Command(CrmDbContext context)
    {
        var command = context.Database.GetDbConnection().CreateCommand();
        command.Transaction = context.Database.CurrentTransaction?.GetDbTransaction();
        return command;
    }

    private static async Task<int> ExecuteAsync(DbCommand command, StringBuilder sql, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // Names come from EF's model, values are parameters.
        command.CommandText = sql.ToString();
#pragma warning restore CA2100
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed class Column
    {
        private readonly IProperty? _source;

        public Column(IProperty property)
        {
            Property = property;
            Name = property.GetColumnName();
            Mapping = property.GetRelationalTypeMapping();
            IsShadow = property.IsShadowProperty();
            IsMoment = property.Name is nameof(IRecorded.RecordedAt) or nameof(IRecorded.UpdatedAt);
            if (IsShadow)
                _source = property.DeclaringType.FindProperty(property.Name[..^"Folded".Length])
                    ?? throw new InvalidOperationException($"{property.DeclaringType.Name}.{property.Name} is a shadow column that nothing fills.");
        }

        public IProperty Property { get; }
        public string Name { get; }
        public RelationalTypeMapping Mapping { get; }
        public bool IsShadow { get; }
        public bool IsMoment { get; }

        public object? Read(T row) => _source is null
            ? Property.GetGetter().GetClrValue(row)
            : FoldedText.Fold((string?)_source.GetGetter().GetClrValue(row));
    }
}
