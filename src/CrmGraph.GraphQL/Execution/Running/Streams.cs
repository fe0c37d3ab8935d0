namespace CrmGraph.GraphQL.Execution.Running;

/// <summary>Asynchronous streams in the place of lists.</summary>
internal static class Streams
{
    public static async ValueTask<IReadOnlyList<object?>> DrainAsync(IReadOnlyList<object?> values, int maximumItems, CancellationToken cancellationToken)
    {
        object?[]? drained = null;
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] is not { } value || AsyncItems(value) is not { } items)
                continue;
            drained ??= [.. values];
            var list = new List<object?>();
            try
            {
                await foreach (var item in items.WithCancellation(cancellationToken))
                {
                    list.Add(item);
                    if (list.Count > maximumItems)
                        throw new ResponseTooLargeException(maximumItems);
                }

                drained[i] = list;
            }
            catch (Exception e) when (e is not (OperationCanceledException or ResponseTooLargeException))
            {
                drained[i] = e;
            }
        }

        return drained ?? values;
    }

    private static IAsyncEnumerable<object?>? AsyncItems(object value)
    {
        if (value is IAsyncEnumerable<object?> items)
            return items;
        if (value is System.Collections.IEnumerable)
            return null;
        var element = value.GetType().GetInterfaces().FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>))?
            .GetGenericArguments()[0];
        return element is null ? null : (IAsyncEnumerable<object?>)typeof(Streams).GetMethod(
            nameof(Box),
            System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!
            .MakeGenericMethod(element).Invoke(null, [value])!;
    }

    private static async IAsyncEnumerable<object?> Box<T>(IAsyncEnumerable<T> stream)
    {
        await foreach (var item in stream)
            yield return item;
    }
}
