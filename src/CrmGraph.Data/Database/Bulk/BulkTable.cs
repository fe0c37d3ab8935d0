using System.Linq.Expressions;
using System.Reflection;
using CrmGraph.Data.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace CrmGraph.Data.Database.Bulk;

/// <summary>How rows of an entity are written past EF: its columns from EF's model and one compiled delegate that hands a row to a sink.</summary>
internal sealed class BulkTable<T> where T : class
{
    private BulkTable(string name, IReadOnlyList<string> columns, IReadOnlyList<string> key, Action<T, RowSink> write)
    {
        (Name, Columns, Key, Write) = (name, columns, key, write);
    }

    public string Name { get; }
    public IReadOnlyList<string> Columns { get; }
    public IReadOnlyList<string> Key { get; }
    public Action<T, RowSink> Write { get; }

    /// <summary>Columns that an upsert changes: all but the key and the moment of the first writing.</summary>
    public IEnumerable<string> Changed => Columns.Where(c => !Key.Contains(c) && c != "recorded_at");

    public static BulkTable<T> Of(IModel model)
    {
        var entity = model.FindEntityType(typeof(T)) ?? throw new ArgumentException($"{typeof(T).Name} is not an entity.");
        var row = Expression.Parameter(typeof(T));
        var sink = Expression.Parameter(typeof(RowSink));
        var properties = entity.GetProperties().Where(p => p.ValueGenerated == ValueGenerated.Never).ToList();
        var calls = properties.Select((property, column) => WriteCall(property, column, row, sink));
        return new(
            entity.GetTableName()!,
            [.. properties.Select(p => p.GetColumnName())],
            [.. entity.FindPrimaryKey()!.Properties.Select(p => p.GetColumnName())],
            Expression.Lambda<Action<T, RowSink>>(Expression.Block(calls), row, sink).Compile());
    }

    private static MethodCallExpression WriteCall(IProperty property, int column, Expression row, Expression sink)
    {
        var value = property.IsShadowProperty() ? Folded(property, row) : Stored(Expression.Property(row, property.PropertyInfo!));
        var method = typeof(RowSink).GetMethod(nameof(RowSink.Write), [typeof(int), value.Type])
            ?? throw new NotSupportedException($"{property.Name} of {typeof(T).Name} has a type that cannot be written in bulk: add it to RowSink.");
        return Expression.Call(sink, method, Expression.Constant(column), value);
    }

    private static MethodCallExpression Folded(IProperty property, Expression row)
    {
        var source = typeof(T).GetProperty(property.Name[..^CrmModel.FoldedSuffix.Length])!;
        return Expression.Call(typeof(FoldedText).GetMethod(nameof(FoldedText.Fold))!, Expression.Property(row, source));
    }

    /// <summary>Values as nullable ones, enums as their text.</summary>
    private static Expression Stored(MemberExpression value)
    {
        if (!value.Type.IsValueType)
            return value;
        var type = Nullable.GetUnderlyingType(value.Type) ?? value.Type;
        var nullable = typeof(Nullable<>).MakeGenericType(type);
        return type.IsEnum
            ? Expression.Call(EnumText.MakeGenericMethod(type), Expression.Convert(value, nullable))
            : Expression.Convert(value, nullable);
    }

    private static readonly MethodInfo EnumText = typeof(BulkText).GetMethod(nameof(BulkText.OfEnum))!;
}

internal static class BulkText
{
    public static string? OfEnum<TEnum>(TEnum? value) where TEnum : struct, Enum => value is { } known ? EnumTexts<TEnum>.Text(known) : null;
}
