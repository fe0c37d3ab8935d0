using System.Reflection;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Execution.Columns;

namespace CrmGraph.Data.Statements;

/// <summary>A stored property of an entity: how it is read into a column, and set on an object that is made of a row.</summary>
internal sealed class EntityProperty
{
    private readonly Action<object, RowColumn, int> _set;

    private EntityProperty(PropertyInfo property, ColumnKind kind, bool isNullable)
    {
        Property = property;
        Kind = kind;
        IsNullable = isNullable;
        var type = property.PropertyType;
        var inner = Nullable.GetUnderlyingType(type);
        var maker = type == typeof(string) ? nameof(Texts)
            : (inner ?? type).IsEnum ? inner is null ? nameof(Enums) : nameof(NullableEnums)
            : inner is null ? nameof(Values) : nameof(NullableValues);
        var method = typeof(EntityProperty).GetMethod(maker, BindingFlags.Static | BindingFlags.NonPublic)!;
        Type[] arguments = maker == nameof(Texts) ? [property.DeclaringType!] : [property.DeclaringType!, inner ?? type];
        _set = (Action<object, RowColumn, int>)method.MakeGenericMethod(arguments).Invoke(null, [property])!;
    }

    public PropertyInfo Property { get; }
    public ColumnKind Kind { get; }
    public bool IsNullable { get; }

    /// <summary>Null when the property cannot be read into a column.</summary>
    public static EntityProperty? Of(PropertyInfo property, bool isNullable) =>
        property.CanWrite && ColumnKind.Of(property.PropertyType) is { } kind ? new(property, kind, isNullable) : null;

    public void Set(object entity, RowColumn column, int row)
    {
        if (!column.IsNull(row))
            _set(entity, column, row);
    }

    private static Action<object, RowColumn, int> Texts<TEntity>(PropertyInfo property)
    {
        var set = property.SetMethod!.CreateDelegate<Action<TEntity, string?>>();
        return (entity, column, row) => set((TEntity)entity, ((TextColumn)column).Text(row));
    }

    private static Action<object, RowColumn, int> Enums<TEntity, TEnum>(PropertyInfo property) where TEnum : struct, Enum
    {
        var set = property.SetMethod!.CreateDelegate<Action<TEntity, TEnum>>();
        return (entity, column, row) => set((TEntity)entity, EnumTexts<TEnum>.Value(((TextColumn)column).Text(row)));
    }

    private static Action<object, RowColumn, int> NullableEnums<TEntity, TEnum>(PropertyInfo property) where TEnum : struct, Enum
    {
        var set = property.SetMethod!.CreateDelegate<Action<TEntity, TEnum?>>();
        return (entity, column, row) => set((TEntity)entity, EnumTexts<TEnum>.Value(((TextColumn)column).Text(row)));
    }

    private static Action<object, RowColumn, int> Values<TEntity, TValue>(PropertyInfo property)
    {
        var set = property.SetMethod!.CreateDelegate<Action<TEntity, TValue>>();
        return (entity, column, row) => set((TEntity)entity, ((RowColumn<TValue>)column)[row]);
    }

    private static Action<object, RowColumn, int> NullableValues<TEntity, TValue>(PropertyInfo property) where TValue : struct
    {
        var set = property.SetMethod!.CreateDelegate<Action<TEntity, TValue?>>();
        return (entity, column, row) => set((TEntity)entity, ((RowColumn<TValue>)column)[row]);
    }
}
