using System.Collections;
using System.Reflection;
using CrmGraph.GraphQL.Execution.Columns;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Annotations;

/// <summary>Between the untyped lists of the executor and the typed lists of [BatchResolver] methods.</summary>
internal static class Batches
{
    public static FieldResolver Resolver(Invocation invoke, Type resultType)
    {
        var untyped = typeof(Batches).GetMethod(nameof(Untyped), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(resultType).CreateDelegate<Func<object?, IReadOnlyList<object?>?>>();
        return async context =>
        {
            var results = untyped(await invoke(context, context.Parents))
                ?? throw new InvalidOperationException($"{context.ParentType.Name}.{context.Field.Name} returned no list.");
            return results.Count == context.Parents.Count ? results : throw new InvalidOperationException(
                $"{context.ParentType.Name}.{context.Field.Name} returned {results.Count} results for {context.Parents.Count} parents.");
        };
    }

    public static object Typed<T>(object parents, Type target)
    {
        var list = (IReadOnlyList<object?>)parents;
        if (parents is RowList<object> rows && target.IsAssignableFrom(typeof(TypedRows<T>)))
            return new TypedRows<T>(rows);
        if (target.IsAssignableFrom(typeof(TypedList<T>)))
            return new TypedList<T>(list);
        var array = new T[list.Count];
        for (var i = 0; i < array.Length; i++)
            array[i] = (T)list[i]!;
        return target.IsArray ? array : new List<T>(array);
    }

    private static IReadOnlyList<object?>? Untyped<T>(object? results)
    {
        if (results is IReadOnlyList<object?> list)
            return list;
        if (results is not IEnumerable<T> values)
            return null;
        var boxed = new List<object?>();
        foreach (var value in values)
            boxed.Add(value);
        return boxed;
    }

    /// <summary>Rows of a table, which a method may read as columns.</summary>
    private sealed class TypedRows<T>(RowList<object> rows) : TypedList<T>(rows), IRowList
    {
        public ColumnarTable Table => rows.Table;
        public int RowAt(int index) => rows.RowAt(index);
    }

    private class TypedList<T>(IReadOnlyList<object?> inner) : IReadOnlyList<T>
    {
        public T this[int index] => (T)inner[index]!;
        public int Count => inner.Count;

        public IEnumerator<T> GetEnumerator()
        {
            for (var i = 0; i < inner.Count; i++)
                yield return (T)inner[i]!;
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
