using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using CrmGraph.Data.Statements;

namespace CrmGraph.Reporting.Querying;

/// <summary>Values in queries that are built.</summary>
internal static class QueryParameter
{
    private static readonly ConcurrentDictionary<Type, Func<object?, Expression>> Parameters = new();

    /// <summary>A value as a parameter of the SQL: a field of a closure, as the C# compiler would have made it.</summary>
    public static Expression Of(object? value, Type type) => Parameters.GetOrAdd(type, static t =>
        typeof(QueryParameter).GetMethod(nameof(Boxed), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(t)
            .CreateDelegate<Func<object?, Expression>>())(value);

    private static MemberExpression Boxed<T>(object? value) => Expression.Field(Expression.Constant(new Box<T>((T)value!, value)), Box<T>.Field);

    private sealed class Box<T>(T value, object? origin) : IBoxed
    {
        public static readonly FieldInfo Field = typeof(Box<T>).GetField(nameof(Value))!;
        public readonly T Value = value;
        public object? Origin => origin;
        object? IBoxed.Value => Value;
    }
}
