using System.Linq.Expressions;
using CrmGraph.GraphQL.Execution.Columns;
using Microsoft.EntityFrameworkCore.Metadata;

namespace CrmGraph.Data.Statements;

/// <summary>Reads some properties of an entity's rows into a table.</summary>
internal abstract class EntityReader
{
    private protected EntityReader(EntityProperty[] properties)
    {
        Properties = properties;
        Names = [.. properties.Select(p => p.Property.Name)];
        Key = string.Join(',', Names);
    }

    /// <summary>Equal for readers of the same properties.</summary>
    public string Key { get; }
    /// <summary>The number of its columns.</summary>
    public int Width => Properties.Length;

    internal EntityProperty[] Properties { get; }
    private protected string[] Names { get; }

    /// <summary>The columns of a row of this entity.</summary>
    public IReadOnlyList<Expression> Columns(Expression row) => Array.ConvertAll(Properties, p => (Expression)Expression.Property(row, p.Property));

    /// <summary>Rows of columns that were read: those of <see cref="Columns"/> first, then further values.</summary>
    public abstract EntityTable Table(RowColumn[] columns, int rows);
}

/// <inheritdoc/>
internal sealed class EntityReader<T> : EntityReader where T : class
{
    private readonly bool _isWhole;

    private EntityReader(EntityProperty[] properties, bool isWhole) : base(properties) => _isWhole = isWhole;

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

    public override EntityTable<T> Table(RowColumn[] columns, int rows) => new(Names, Properties, columns, rows, _isWhole);
}

/// <summary>Rows of an entity that were read by a prepared statement.</summary>
internal abstract class EntityTable(string[] names, RowColumn[] columns, int rows, bool isWhole) : ColumnarTable(names)
{
    private List<(string Field, object Found)>? _related;

    public int Count { get; } = rows;
    internal RowColumn[] Columns => columns;
    public override bool IsWhole => isWhole;

    /// <summary>Those of <see cref="ColumnarTable.Properties"/> first, then the further values.</summary>
    public override RowColumn Column(int index) => columns[index];

    public override object? Related(string field)
    {
        if (_related is not null)
            foreach (var related in _related)
                if (related.Field == field)
                    return related.Found;
        return null;
    }

    /// <summary>Adds what was read with these, before the table is given to anyone.</summary>
    internal void Relate(string field, object found) => (_related ??= []).Add((field, found));
}

/// <inheritdoc/>
internal sealed class EntityTable<T>(
    string[] names,
    EntityProperty[] properties,
    RowColumn[] columns,
    int rows,
    bool isWhole) : EntityTable(names, columns, rows, isWhole) where T : class
{
    private object?[]? _made;

    public override object Make(int row)
    {
        var made = _made ?? Interlocked.CompareExchange(ref _made, new object?[Count], null) ?? _made;
        return made[row] ?? Interlocked.CompareExchange(ref made[row], Create(row), null) ?? made[row]!;
    }

    private T Create(int row)
    {
        var entity = Activator.CreateInstance<T>();
        for (var i = 0; i < properties.Length; i++)
            properties[i].Set(entity, Columns[i], row);
        return entity;
    }
}
