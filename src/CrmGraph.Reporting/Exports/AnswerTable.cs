using System.Globalization;
using System.Text.Json;
using CrmGraph.GraphQL.Errors;

namespace CrmGraph.Reporting.Exports;

/// <summary>
/// The first list of objects in the data of an answer as a table: a column for each value of a row, named by the way to it (<c>revenue.value</c>,
/// <c>dimensions.0.label</c>), in the order in which the operation selects them.
/// </summary>
public sealed class AnswerTable
{
    /// <summary>More columns are no table that somebody reads.</summary>
    private const int MaximumColumns = 1_000;

    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);
    private readonly List<Dictionary<int, object?>> _rows = [];

    /// <exception cref="GraphQLException">There is no list of objects, or it is too wide.</exception>
    public AnswerTable(JsonElement data)
    {
        if (List(data) is not { } list)
            throw new GraphQLException(ErrorCodes.InvalidArgument,
                "The answer has no list of objects that could be a table: select one, such as `metrics { rows { ... } }` or `customers { nodes { ... } }`, "
                + "or accept application/json.");
        foreach (var item in list.EnumerateArray())
        {
            var row = new Dictionary<int, object?>();
            Add(row, "", item.ValueKind == JsonValueKind.Object && item.TryGetProperty("node", out var node) ? node : item);
            _rows.Add(row);
        }
    }

    public async Task WriteAsync(TableWriter table, CancellationToken cancellationToken)
    {
        table.Begin([.. _columns.Keys.Select(name => new ExportColumn(name))]);
        var values = new object?[_columns.Count];
        foreach (var row in _rows)
        {
            for (var i = 0; i < values.Length; i++)
                values[i] = row.GetValueOrDefault(i);
            table.Row(values);
            await table.FlushWhenFullAsync(cancellationToken);
        }

        await table.EndAsync(cancellationToken);
    }

    /// <summary>The first list in the order of the document, those of the same object before those further down; an empty one holds no rows.</summary>
    private static JsonElement? List(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return null;
        foreach (var field in value.EnumerateObject())
        {
            if (field.Value.ValueKind == JsonValueKind.Array
                && field.Value.EnumerateArray().All(item => item.ValueKind is JsonValueKind.Object or JsonValueKind.Null))
                return field.Value;
        }

        foreach (var field in value.EnumerateObject())
        {
            if (List(field.Value) is { } found)
                return found;
        }

        return null;
    }

    private void Add(Dictionary<int, object?> row, string name, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var field in value.EnumerateObject())
                    Add(row, Below(name, field.Name), field.Value);
                break;
            case JsonValueKind.Array when value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String):
                row[Column(name)] = value.EnumerateArray().Select(item => item.GetString()!).ToList();
                break;
            case JsonValueKind.Array:
                foreach (var (index, item) in value.EnumerateArray().Index())
                    Add(row, Below(name, index.ToString(CultureInfo.InvariantCulture)), item);
                break;
            default:
                row[Column(name)] = Leaf(value);
                break;
        }
    }

    private int Column(string name)
    {
        if (_columns.TryGetValue(name, out var known))
            return known;
        if (_columns.Count == MaximumColumns)
            throw new GraphQLException(
                ErrorCodes.InvalidArgument,
                $"The table would have more than {MaximumColumns} columns; select less below its rows, or accept application/json.");
        _columns.Add(name, _columns.Count);
        return _columns.Count - 1;
    }

    private static string Below(string name, string part) => name.Length == 0 ? part : $"{name}.{part}";

    private static object? Leaf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? whole : value.TryGetDecimal(out var number) ? number : value.GetRawText(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => value.GetString(),
        _ => null,
    };
}
