using System.Globalization;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying.Filters;

namespace CrmGraph.Reporting.Tests.Statements;

/// <summary>
/// Random filters, orders and selections over the schema's own input types, as JSON. A filter is made in two steps: what it consists of, then, as often
/// as wanted, its values; so that one shape is asked with many values.
/// </summary>
internal sealed class RandomLists(Random random, IReadOnlyDictionary<string, List<string>> ids, DateTime now)
{
    private static readonly string[] Texts
        = ["a", "A", "an", "e", "EUR", "Tea", "web", "DE", "Berlin", "%", "_", "", @"\", "ß", "张", "n", "COM", ".", "O'Neil", "a_b%"];

    /// <summary>A filter on rows of a type, without its values.</summary>
    public Func<Random, object?> Filter(InputObjectType type, int depth)
    {
        var names = new Dictionary<string, Func<Random, object?>>();
        foreach (var required in type.Fields.Where(f => f.IsRequired))
            names[required.Name] = Value(type, required, depth) ?? (_ => null);
        for (var tries = 0; tries < 12 && names.Count < 1 + depth; tries++)
        {
            var field = type.Fields[random.Next(type.Fields.Count)];
            if (!names.ContainsKey(field.Name) && Value(type, field, depth) is { } made)
                names[field.Name] = made;
        }

        return values => names.ToDictionary(n => n.Key, n => n.Value(values));
    }

    /// <summary>Keys of an order, each one field.</summary>
    public List<object> Order(InputObjectType type, int keys) => [.. Enumerable.Range(0, keys).Select(_ => Key(type, 1))];

    /// <summary>Some fields of an object type, with single related rows and (by <paramref name="depth"/>) pages of others.</summary>
    public string Selection(ObjectType type, int depth)
    {
        List<string> fields = ["id"];
        foreach (var field in type.Fields)
        {
            if (field.Name == "id" || random.Next(3) == 0)
                continue;
            if (field.Type.Named is ScalarType or EnumType)
            {
                if (field.Arguments.Count == 0)
                    fields.Add(field.Name);
            }
            else if (depth > 0 && random.Next(2) == 0 && field.Type.Named is ObjectType inner)
            {
                if (inner.Field("pageInfo") is not null)
                    fields.Add($"{field.Name}(first: {random.Next(1, 4)}) {{ nodes {{ {Selection((ObjectType)inner.Field("nodes")!.Type.Named, depth - 1)} }} "
                        + $"pageInfo {{ hasNextPage endCursor }} }}");
                else if (inner.Field("id") is not null && field.Arguments.Count == 0)
                    fields.Add($"{field.Name} {{ {Selection(inner, depth - 1)} }}");
            }
        }

        return string.Join(' ', type.Field("id") is null ? fields.Skip(1) : fields);
    }

    private Dictionary<string, object> Key(InputObjectType type, int depth)
    {
        while (true)
        {
            var field = type.Fields[random.Next(type.Fields.Count)];
            if (field.Type.Named is EnumType)
                return new() { [field.Name] = random.Next(2) == 0 ? "ASC" : "DESC" };
            if (field.Type.Named is not InputObjectType inner)
                continue;
            if (inner.Fields.Any(f => f.IsRequired))
                return new() { [field.Name] = inner.Fields.ToDictionary(f => f.Name, Part) };
            if (depth > 0)
                return new() { [field.Name] = Key(inner, depth - 1) };
        }
    }

    /// <summary>What a key of an order says beside its direction.</summary>
    private object Part(InputValueDefinition field) => field.Type.Named.Name switch
    {
        "PeriodInput" => new { last = new { count = random.Next(1, 5), unit = "QUARTER" } },
        "SortEnumType" => random.Next(2) == 0 ? "ASC" : "DESC",
        _ => field.Name == "locale" ? random.Next(2) == 0 ? "zh" : "de" : "EUR",
    };

    private Func<Random, object?>? Value(InputObjectType type, InputValueDefinition field, int depth)
    {
        if (field.Tag is FilterOperator op)
            return Operand(op, field, type);
        if (field.Type is ListType { OfType: NonNullType { OfType: InputObjectType item } })
        {
            if (depth <= 0)
                return null;
            var parts = Enumerable.Range(0, random.Next(1, 3)).Select(_ => Filter(item, depth - 1)).ToList();
            return values => parts.ConvertAll(p => p(values));
        }

        if (field.Type.Named is InputObjectType inner && inner.Name is not "CustomerSegmentsFilterInput")
        {
            if (inner.Name == "PeriodInput")
                return values => new { last = new { count = values.Next(1, 5), unit = "QUARTER" } };
            if (inner.Fields.Any(f => f.Tag is FilterOperator))
                return Operands(inner, field.Name, type);
            return depth > 0 ? Filter(inner, depth - 1) : null;
        }

        return field.Type.Named.Name == "Boolean" ? values => values.Next(2) == 0 : field.Name == "currency" ? _ => "USD" : null;
    }

    private Func<Random, object?>? Operands(InputObjectType type, string field, InputObjectType row)
    {
        var operators = type.Fields.Where(f => f.Tag is FilterOperator).OrderBy(_ => random.Next()).Take(random.Next(1, 3)).ToList();
        if (type.Name == "IdOperationFilterInput")
        {
            var of = field == "id" ? row.Name[..^"FilterInput".Length] : "TeamMember";
            if (!ids.TryGetValue(of, out var known) || known.Count == 0)
                return null;
            var name = random.Next(2) == 0 ? "eq" : "in";
            return values => new Dictionary<string, object?>
            {
                [name] = name == "eq"
                ? known[values.Next(known.Count)]
                : Enumerable.Range(0, values.Next(1, 4)).Select(_ => known[values.Next(known.Count)]).ToList()
            };
        }

        var made = operators.ToDictionary(o => o.Name, o => Operand((FilterOperator)o.Tag!, o, type));
        return values => made.ToDictionary(m => m.Key, m => m.Value(values));
    }

    private Func<Random, object?> Operand(FilterOperator op, InputValueDefinition field, InputObjectType type) => op.Shape switch
    {
        OperandShape.Span => values => new { count = values.Next(1, 5), unit = "MONTH", complete = values.Next(2) == 0 },
        OperandShape.Unit => _ => "QUARTER",
        OperandShape.List => values => Enumerable.Range(0, values.Next(0, 5))
            .Select(_ => values.Next(8) == 0 && field.Type is ListType { OfType: not NonNullType } ? null : Leaf(field.Type.Named, values))
            .ToList(),
        _ => values => op.AllowsNull && values.Next(6) == 0 ? null : Leaf(field.Type.Named, values),
    };

    private object? Leaf(NamedType type, Random values) => type switch
    {
        EnumType e => e.Values[values.Next(e.Values.Count)].Name,
        { Name: "Boolean" } => values.Next(2) == 0,
        { Name: "Int" or "Long" } => values.Next(12),
        { Name: "Decimal" } => values.Next(5) == 0 ? 1e27m : values.Next(200_000) / 100m,
        { Name: "LocalDate" } => DateOnly.FromDateTime(now).AddDays(-values.Next(900)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        { Name: "DateTime" } => now.AddDays(-values.Next(900)).AddTicks(values.Next(20_000))
            .ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture),
        { Name: "ID" } => "x",
        _ => Texts[values.Next(Texts.Length)],
    };
}
