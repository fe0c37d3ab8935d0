using System.Globalization;
using System.Text.Json.Nodes;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.Dashboard;

/// <summary>A filter of the graph as a tree that can be edited; what it may hold follows from the filter's input type.</summary>
internal abstract class Condition
{
    private static readonly string[] _groupFields = ["and", "or", "not"];

    /// <summary>As the graph takes it; null while it is not complete.</summary>
    public abstract JsonNode? ToJson();

    public static Condition Of(GraphQLType type) => type.Named switch
    {
        InputObjectType { Name: "PeriodInput" } => new PeriodCondition(),
        InputObjectType input when IsOperation(input) => new OperationCondition(input),
        InputObjectType input when input.Field("some") is { } some => new ListCondition(Of(some.Type)),
        InputObjectType input when input.Field("and") is not null => new GroupCondition(input),
        InputObjectType input => new ObjectCondition(input),
        _ => new ScalarCondition(type),
    };

    /// <exception cref="FormatException">It says more than an editor of this kind can show.</exception>
    public static Condition Of(GraphQLType type, JsonNode? json)
    {
        var condition = Of(type);
        condition.Read(json);
        return condition;
    }

    protected abstract void Read(JsonNode? json);

    protected static bool IsGroup(string field) => _groupFields.Contains(field, StringComparer.Ordinal);

    /// <summary>Whether a type holds nothing but comparisons of one value.</summary>
    private static bool IsOperation(InputObjectType type) =>
        type.Fields.Where(f => !IsGroup(f.Name)).All(f => f.Type.Named is ScalarType or EnumType or InputObjectType { Name: "RelativeSpanInput" })
        && (type.Field("eq") ?? type.Field("in")) is not null;
}

/// <summary>All, one or none of several conditions.</summary>
internal sealed class GroupCondition(InputObjectType type) : Condition
{
    public const string All = "and", Any = "or", None = "not";

    public InputObjectType Type => type;
    public string Mode { get; set; } = All;
    public List<FieldCondition> Items { get; } = [];

    public IEnumerable<InputValueDefinition> Fields => type.Fields.Where(f => !IsGroup(f.Name));

    public override JsonNode? ToJson()
    {
        var items = Items.Select(i => i.ToJson()).OfType<JsonObject>().ToList();
        return (items.Count, Mode) switch
        {
            (0, _) => null,
            (_, None) => new JsonObject { ["not"] = items.Count == 1 ? items[0] : new JsonObject { ["or"] = ArrayOf(items) } },
            (1, _) => items[0],
            (_, Any) => new JsonObject { ["or"] = ArrayOf(items) },
            _ => Together(items),
        };
    }

    protected override void Read(JsonNode? json)
    {
        var fields = json as JsonObject ?? [];
        var (mode, items) = (fields.Count, fields.FirstOrDefault()) switch
        {
            (1, (All or Any, JsonArray several)) => (fields.First().Key, several.Cast<JsonObject>()),
            (1, (None, JsonObject { Count: 1 } no)) when no["or"] is JsonArray several => (None, several.Cast<JsonObject>()),
            (1, (None, JsonObject no)) => (None, [no]),
            _ => (All, fields.Select(f => new JsonObject { [f.Key] = f.Value?.DeepClone() })),
        };
        Mode = mode;
        Items.AddRange(items.SelectMany(i => FieldCondition.Of(type, i)));
    }

    /// <summary>One object, unless a field stands twice with the same comparison.</summary>
    private JsonObject Together(List<JsonObject> items)
    {
        var whole = new JsonObject();
        foreach (var (name, value) in items.SelectMany(i => i))
        {
            if (!whole.ContainsKey(name))
                whole[name] = value?.DeepClone();
            else if (type.Field(name) is { } field && Of(field.Type) is OperationCondition && value is JsonObject { Count: 1 } one
                && whole[name] is JsonObject others && !others.ContainsKey(one.First().Key))
                others[one.First().Key] = one.First().Value?.DeepClone();
            else
                return new() { ["and"] = ArrayOf(items) };
        }

        return whole;
    }

    private static JsonArray ArrayOf(List<JsonObject> items) => new([.. items.Select(i => i.DeepClone())]);
}

/// <summary>What is said of one field, or a group within a group, which has none.</summary>
internal sealed class FieldCondition(InputValueDefinition? field, Condition value)
{
    public InputValueDefinition? Field { get; private set; } = field;
    public Condition Value { get; private set; } = value;

    public static FieldCondition New(InputValueDefinition field) => new(field, Condition.Of(field.Type));

    public static IEnumerable<FieldCondition> Of(InputObjectType type, JsonObject json)
    {
        if (json is not { Count: 1 } || json.First() is { Key: "and" or "or" or "not" })
            return [new(null, Condition.Of(type, json))];
        var (name, value) = json.First();
        var field = type.Field(name) ?? throw new FormatException($"There is no field {name}.");
        // Two comparisons of one field are two conditions.
        return Condition.Of(field.Type) is OperationCondition && value is JsonObject { Count: > 1 } several
            ? several.Select(o => new FieldCondition(field, Condition.Of(field.Type, new JsonObject { [o.Key] = o.Value?.DeepClone() })))
            : [new(field, Condition.Of(field.Type, value))];
    }

    public void Choose(InputValueDefinition other) => (Field, Value) = (other, Condition.Of(other.Type));

    public JsonNode? ToJson() => Value.ToJson() is not { } json ? null : Field is null ? json : new JsonObject { [Field.Name] = json };
}

/// <summary>A value compared with another one.</summary>
internal sealed class OperationCondition(InputObjectType type) : Condition
{
    // Those that only turn another one around are left out.
    private static readonly string[] _turned = ["ngt", "ngte", "nlt", "nlte"];

    public const string Empty = "empty", NotEmpty = "notEmpty";

    public string Operator { get; set; } = type.Field("eq") is not null ? "eq" : "in";
    public string Text { get; set; } = "";
    public int Count { get; set; } = 30;
    public string Unit { get; set; } = "DAY";

    public IEnumerable<string> Operators =>
    [
        .. type.Fields.Select(f => f.Name).Where(n => !IsGroup(n) && !_turned.Contains(n)),
        .. type.Field("eq") is { Type: not NonNullType } ? [Empty, NotEmpty] : Array.Empty<string>(),
    ];

    public bool NeedsValue => Operator is not (Empty or NotEmpty);
    public bool IsSpan => NeedsValue && ValueType.Named is InputObjectType;
    public bool IsList => ValueType.Nullable is ListType;
    public GraphQLType ValueType => type.Field(Operator)?.Type ?? type.Fields[0].Type;
    public bool IsOfSegments => type.Name == "CustomerSegmentsFilterInput";

    /// <summary>Whether it compares with whole values, which can be chosen from a list.</summary>
    public bool IsChoice => NeedsValue && (IsOfSegments || Operator is "eq" or "neq" or "in" or "nin");

    /// <summary>The values of a list.</summary>
    public IReadOnlyList<string> Chosen => [.. Text.Split(',', '，').Select(t => t.Trim()).Where(t => t.Length > 0)];

    public void Add(string value) => Text = string.Join(", ", Chosen.Append(value));

    public void Without(string value) => Text = string.Join(", ", Chosen.Where(v => v != value));

    public override JsonNode? ToJson() => Operator switch
    {
        Empty => new JsonObject { ["eq"] = null },
        NotEmpty => new JsonObject { ["neq"] = null },
        _ when IsSpan => new JsonObject { [Operator] = new JsonObject { ["count"] = Count, ["unit"] = Unit } },
        _ => Values() is { } value ? new JsonObject { [Operator] = value } : null,
    };

    protected override void Read(JsonNode? json)
    {
        if (json is not JsonObject { Count: 1 } one || type.Field(one.First().Key) is null || IsGroup(one.First().Key))
            throw new FormatException("A comparison of another form.");
        var (name, value) = one.First();
        (Operator, Text) = (name, value) switch
        {
            ("eq", null) => (Empty, ""),
            ("neq", null) => (NotEmpty, ""),
            (_, JsonArray several) => (name, string.Join(", ", several.Select(v => v?.ToString()))),
            _ => (name, value is JsonObject ? "" : value?.ToString() ?? ""),
        };
        if (value is JsonObject span)
        {
            if (span["complete"]?.GetValue<bool>() == true)
                throw new FormatException("Only whole units.");
            (Count, Unit) = (span["count"]!.GetValue<int>(), span["unit"]!.GetValue<string>());
        }
    }

    private JsonNode? Values()
    {
        if (!IsList)
            return ScalarCondition.Parse(ValueType, Text);
        var parts = Chosen.Select(t => ScalarCondition.Parse(ValueType, t)).ToArray();
        return parts.Length == 0 || parts.Contains(null) ? null : new JsonArray(parts);
    }
}

/// <summary>Whether some, all or none of several rows fulfil a condition, or whether there are any.</summary>
internal sealed class ListCondition(Condition inner) : Condition
{
    public static readonly IReadOnlyList<string> Quantifiers = ["some", "none", "all", "any", "noneAtAll"];

    public string Quantifier { get; set; } = "some";
    public Condition Inner { get; private set; } = inner;
    public bool HasInner => Quantifier is "some" or "none" or "all";

    public override JsonNode? ToJson() => Quantifier switch
    {
        "any" => new JsonObject { ["any"] = true },
        "noneAtAll" => new JsonObject { ["any"] = false },
        _ => Inner.ToJson() is { } json ? new JsonObject { [Quantifier] = json } : null,
    };

    protected override void Read(JsonNode? json)
    {
        if (json is not JsonObject { Count: 1 } one)
            throw new FormatException("Several quantifiers at once.");
        var (name, value) = one.First();
        if (value is JsonValue any)
        {
            Quantifier = any.GetValue<bool>() ? "any" : "noneAtAll";
            return;
        }

        Quantifier = name;
        Inner = Inner is GroupCondition group ? Of(group.Type, value) : throw new FormatException("Conditions on a list of texts.");
    }
}

/// <summary>An object that is no filter but holds some.</summary>
internal sealed class ObjectCondition(InputObjectType type) : Condition
{
    public InputObjectType Type => type;
    public IReadOnlyList<(InputValueDefinition Field, Condition Value)> Fields { get; private set; } = [.. type.Fields.Select(f => (f, Of(f.Type)))];

    public override JsonNode? ToJson()
    {
        var json = new JsonObject();
        foreach (var (field, value) in Fields)
        {
            if (value.ToJson() is { } inner)
                json[field.Name] = inner;
            else if (field.Type is NonNullType)
                return null;
        }

        return json;
    }

    protected override void Read(JsonNode? json) =>
        Fields = [.. type.Fields.Select(f => (f, json?[f.Name] is { } value ? Of(f.Type, value) : Of(f.Type)))];
}

internal sealed class ScalarCondition(GraphQLType type) : Condition
{
    public GraphQLType Type => type;
    public string Text { get; set; } = "";

    public override JsonNode? ToJson() => Parse(type, Text);

    protected override void Read(JsonNode? json) => Text = json?.ToString() ?? "";

    public static JsonNode? Parse(GraphQLType type, string text)
    {
        text = text.Trim();
        return text.Length == 0 ? null : type.Named.Name switch
        {
            "Int" or "Long" => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var whole) ? JsonValue.Create(whole) : null,
            "Decimal" or "Float" => decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : null,
            "Boolean" => JsonValue.Create(text == "true"),
            _ => JsonValue.Create(text),
        };
    }
}

/// <summary>A period, chosen from those of the page's pickers.</summary>
internal sealed class PeriodCondition : Condition
{
    private JsonNode? _other;

    public const string AMonth = "amonth";

    /// <summary>A key of <see cref="PeriodChoice.Known"/>, <see cref="AMonth"/>, or empty for one that is neither.</summary>
    public string Key { get; set; } = "12m";

    /// <summary>As <c>2026-10</c>.</summary>
    public string Month { get; set; } = "";

    public override JsonNode? ToJson() => Key switch
    {
        "" => _other?.DeepClone(),
        AMonth => Month.Length == 0 ? null : new JsonObject { ["month"] = Month },
        _ => InputOf(Key),
    };

    protected override void Read(JsonNode? json)
    {
        _other = json?.DeepClone();
        Month = json?["month"]?.GetValue<string>() ?? "";
        Key = Month.Length > 0 ? AMonth : PeriodChoice.Known.Select(k => k.Key).FirstOrDefault(k => JsonNode.DeepEquals(InputOf(k), json), "");
    }

    private static JsonNode? InputOf(string key) => System.Text.Json.JsonSerializer.SerializeToNode(PeriodChoice.Known.First(k => k.Key == key).Input);
}
