using System.Data.Common;
using System.Linq.Expressions;
using CrmGraph.GraphQL.Execution;
using CrmGraph.Reporting.Database;
using Microsoft.EntityFrameworkCore.Metadata;

namespace CrmGraph.Reporting.Statements;

/// <summary>Reads some properties of an entity's rows, and other values beside them, into a table.</summary>
internal sealed class EntityReader<T> where T : class
{
    private readonly EntityProperty[] _properties;
    private readonly string[] _names;
    private readonly bool _isWhole;

    private EntityReader(EntityProperty[] properties, bool isWhole)
    {
        _properties = properties;
        _names = [.. properties.Select(p => p.Property.Name)];
        _isWhole = isWhole;
        Key = string.Join(',', _names);
    }

    /// <summary>Equal for readers of the same properties.</summary>
    public string Key { get; }

    /// <param name="needed">Names of properties; null for all. Those that are not stored are left out, they are reached through others.</param>
    /// <returns>Null when one of them cannot be read in this way.</returns>
    public static EntityReader<T>? Of(IModel model, IReadOnlyList<string>? needed)
    {
        if (model.FindEntityType(typeof(T)) is not { } entity)
            return null;
        var stored = entity.GetProperties().Where(p => p.PropertyInfo is not null && (needed is null || needed.Contains(p.Name))).ToList();
        if (needed is not null && needed.Any(n => entity.FindProperty(n) is null))
            return null;
        var properties = stored.ConvertAll(p => EntityProperty.Of(p.PropertyInfo!, p.IsNullable));
        return properties.Contains(null) ? null : new([.. properties!], needed is null);
    }

    /// <summary>The columns of a row of this entity.</summary>
    public IReadOnlyList<Expression> Columns(Expression row) => Array.ConvertAll(_properties, p => (Expression)Expression.Property(row, p.Property));

    /// <summary>Rows of the columns of another reader's table: those of <see cref="Columns"/>, then further values.</summary>
    public EntityTable<T> Table(RowColumn[] columns, int rows) => new(_names, _properties, columns, rows, _isWhole);

    /// <summary>What a statement must select for this reader and these further values; null when they cannot be read.</summary>
    public RowPlan? Plan(ParameterExpression row, Expression source, IReadOnlyList<Expression> others)
    {
        var columns = Columns(source).ToList();
        var kinds = _properties.Select(p => (p.Kind, p.IsNullable)).ToList();
        var places = new int[others.Count];
        for (var i = 0; i < places.Length; i++)
        {
            // EF reads a column once; so do we.
            var other = ExpressionTexts.Column(others[i]);
            places[i] = columns.FindIndex(c => ExpressionTexts.Same(c, other));
            if (places[i] >= 0)
                continue;
            if (ColumnKind.Of(other.Type) is not { } kind)
                return null;
            places[i] = columns.Count;
            columns.Add(other);
            kinds.Add((kind, true));
        }

        return columns.Count is 0 or > WideRow.MaximumColumns ? null : new(WideRow.Projection(row, columns), [.. kinds], places);
    }

    /// <param name="before">Rows of an equal plan, to which these are added; it must not have been given to anyone yet.</param>
    /// <returns>Null when the result is not what the plan asked for.</returns>
    public async ValueTask<EntityTable<T>?> ReadAsync(KeptStatement statement, RowPlan plan, DbDataReader reader, DatabaseEngine engine, EntityTable<T>? before, int expectedRows, CancellationToken cancellationToken)
    {
        var kinds = plan.Kinds;
        if (!statement.Fits(reader, kinds.Length))
            return null;
        var columns = before?.Columns ?? Array.ConvertAll(kinds, k => k.Kind.Make(expectedRows));
        var rows = before?.Count ?? 0;
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            rows++;
            for (var i = 0; i < columns.Length; i++)
            {
                if (kinds[i].IsNullable && reader.IsDBNull(i))
                    kinds[i].Kind.AddNull(columns[i]);
                else
                    kinds[i].Kind.Read(engine, reader, i, columns[i]);
            }
        }

        return Table(columns, rows);
    }
}

/// <param name="Projection">From a row to a <see cref="WideRow"/>.</param>
/// <param name="Kinds">Of all columns.</param>
/// <param name="Places">Where the further values stand among the columns.</param>
internal sealed record RowPlan(LambdaExpression Projection, (ColumnKind Kind, bool IsNullable)[] Kinds, int[] Places);

/// <summary>Rows of an entity that were read by a kept statement.</summary>
internal sealed class EntityTable<T>(string[] names, EntityProperty[] properties, RowColumn[] columns, int rows, bool isWhole) : RowTable(names) where T : class
{
    private object?[]? _made;
    private List<(string Field, RowTable Rows)>? _related;

    public int Count { get; } = rows;
    internal RowColumn[] Columns => columns;
    public override bool IsWhole => isWhole;

    /// <summary>Those of <see cref="RowTable.Properties"/> first, then the further values.</summary>
    public override RowColumn Column(int index) => columns[index];

    public override RowTable? Related(string field)
    {
        foreach (var related in _related ?? [])
            if (related.Field == field)
                return related.Rows;
        return null;
    }

    /// <summary>Adds rows that were read with these, before the table is given to anyone.</summary>
    internal void Relate(string field, RowTable related) => (_related ??= []).Add((field, related));

    public override object Make(int row)
    {
        var made = _made ?? Interlocked.CompareExchange(ref _made, new object?[Count], null) ?? _made;
        return made[row] ?? Interlocked.CompareExchange(ref made[row], Create(row), null) ?? made[row]!;
    }

    private T Create(int row)
    {
        var entity = Activator.CreateInstance<T>();
        for (var i = 0; i < properties.Length; i++)
            properties[i].Set(entity, columns[i], row);
        return entity;
    }
}

internal static class ExpressionTexts
{
    /// <summary>An expression without what changes only its nullability.</summary>
    public static Expression Column(Expression value) => value switch
    {
        UnaryExpression { NodeType: ExpressionType.Convert } convert when Plain(convert.Type) == Plain(convert.Operand.Type) => Column(convert.Operand),
        MemberExpression { Member.Name: nameof(Nullable<int>.Value), Expression: { } inner } when Nullable.GetUnderlyingType(inner.Type) == value.Type => Column(inner),
        _ => value,
    };

    private static Type Plain(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    /// <summary>Whether two expressions over the same row are the same column: the same property of the same thing.</summary>
    public static bool Same(Expression a, Expression b) => (a, b) switch
    {
        (MemberExpression x, MemberExpression y) => x.Member.Name == y.Member.Name && x.Member.DeclaringType == y.Member.DeclaringType && x.Expression is { } p && y.Expression is { } q && Same(p, q),
        (ParameterExpression x, ParameterExpression y) => x == y,
        (MethodCallExpression x, MethodCallExpression y) => x.Method == y.Method && x.Arguments.Count == y.Arguments.Count && x.Arguments.Zip(y.Arguments).All(p => Same(p.First, p.Second)),
        (ConstantExpression x, ConstantExpression y) => Equals(x.Value, y.Value),
        _ => false,
    };
}
