using System.Text.Json.Nodes;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Language;

namespace CrmGraph.Dashboard;

/// <summary>A number that somebody points at, in the data of an operation.</summary>
/// <param name="Root">The field of the operation that it is under.</param>
/// <param name="Bucket">The label of its time bucket, if it has one.</param>
/// <param name="Group">What its row stands for.</param>
public sealed record Pointed(string Root, string Metric, string? Bucket, IReadOnlyList<Mark> Group);

/// <summary>What a number is of, as far as asking for the rows behind it needs to know.</summary>
/// <param name="Arguments">Those of the table of metrics that shows it.</param>
public sealed record Behind(string Metric, JsonObject Arguments, string? Bucket, IReadOnlyList<Mark> Group)
{
    private static readonly GraphQLLimits _limits = new();

    /// <summary>Of a number that an operation has brought; null where that is no table of metrics.</summary>
    public static Behind? Of(string operation, JsonObject variables, Pointed number)
    {
        var query = Parser.Parse(operation, _limits).Definitions.OfType<OperationDefinitionNode>().Single();
        var field = query.SelectionSet.Selections.OfType<FieldNode>().FirstOrDefault(f => (f.Alias ?? f.Name).Value == number.Root);
        if (field is not { Name.Value: "metrics" })
            return null;
        var given = new JsonObject(query.VariableDefinitions.Where(v => v.DefaultValue is not null)
            .Select(v => KeyValuePair.Create(v.Variable.Name.Value, Json(v.DefaultValue!, []))));
        foreach (var (name, value) in variables)
            given[name] = value?.DeepClone();
        return new(number.Metric, new(field.Arguments.Select(a => KeyValuePair.Create(a.Name.Value, Json(a.Value, given)))), number.Bucket, number.Group);
    }

    public string CompareTo => Arguments["compareTo"]?.GetValue<string>() ?? "PREVIOUS_PERIOD";

    /// <summary>Variables of the rows behind it.</summary>
    public JsonObject Rows(JsonNode period, IReadOnlyList<Mark> group, string? part, string? after) => new()
    {
        ["metric"] = Metric,
        ["period"] = period.DeepClone(),
        ["cell"] = new JsonArray([.. group.Select(m => new JsonObject { ["dimension"] = m.Dimension, ["key"] = m.Key })]),
        ["part"] = part,
        ["currency"] = Argument("currency"),
        ["attributes"] = AttributesOf(group),
        ["where"] = Argument("where"),
        ["after"] = after,
    };

    /// <summary>Variables of where its change comes from.</summary>
    public JsonObject Change(JsonNode period, IReadOnlyList<Mark> group, string by) => new()
    {
        ["metric"] = Metric,
        ["period"] = period.DeepClone(),
        ["by"] = new JsonArray(by),
        ["compareTo"] = CompareTo,
        ["where"] = Within(Argument("where") as JsonObject, Mark.Filter(group)),
    };

    /// <summary>Of the group's dimensions of attributes, which, as its table names them.</summary>
    private JsonArray? AttributesOf(IReadOnlyList<Mark> group)
    {
        var known = NamedAttributes().ToList();
        var found = new JsonArray();
        foreach (var mark in group.Where(m => Split.IsOfAttribute(m.Dimension)))
        {
            var at = known.FindIndex(k => k.Dimension == mark.Dimension && (mark.Attribute is null || k.Input["key"]?.GetValue<string>() == mark.Attribute));
            found.Add(at < 0 ? new JsonObject { ["key"] = mark.Attribute } : known[at].Input);
            if (at >= 0)
                known.RemoveAt(at);
        }

        return found.Count == 0 ? null : found;
    }

    private IEnumerable<(string Dimension, JsonObject Input)> NamedAttributes()
    {
        var listed = new Queue<JsonNode?>(Arguments["attributes"] as JsonArray ?? []);
        foreach (var dimension in (Arguments["groupBy"] as JsonArray ?? []).Select(d => d!.GetValue<string>()).Where(Split.IsOfAttribute))
        {
            if (listed.TryDequeue(out var input))
            {
                yield return (dimension, (JsonObject)input!.DeepClone());
                continue;
            }

            var own = dimension switch { "ORDER_ATTRIBUTE" => "orderAttribute", "TICKET_ATTRIBUTE" => "ticketAttribute", _ => "attribute" };
            var named = new JsonObject { ["key"] = Argument(own) ?? Argument("attribute") };
            if (dimension == "ATTRIBUTE_BAND")
                named["bands"] = Argument("attributeBands");
            yield return (dimension, named);
        }
    }

    /// <summary>Both filters. Of the same condition on a channel or an owner the group's is the narrower one.</summary>
    private static JsonObject? Within(JsonObject? where, JsonObject? group)
    {
        if (where is null || group is null)
            return where ?? group;
        foreach (var (name, condition) in group)
        {
            where[name] = (where[name], name) switch
            {
                (JsonObject given, "customer" or "product") => new JsonObject { ["and"] = new JsonArray(given.DeepClone(), condition!.DeepClone()) },
                (JsonObject given, _) => new JsonObject(given.Concat(condition!.AsObject()).GroupBy(o => o.Key)
                    .Select(same => KeyValuePair.Create(same.Key, same.Last().Value?.DeepClone()))),
                _ => condition?.DeepClone(),
            };
        }

        return where;
    }

    private JsonNode? Argument(string name) => Arguments[name]?.DeepClone();

    private static JsonNode? Json(ValueNode value, JsonObject variables) => value switch
    {
        VariableNode variable => variables[variable.Name.Value]?.DeepClone(),
        IntValueNode number => JsonNode.Parse(number.Value),
        FloatValueNode number => JsonNode.Parse(number.Value),
        StringValueNode text => text.Value,
        EnumValueNode name => name.Value,
        BooleanValueNode yes => yes.Value,
        ListValueNode list => new JsonArray([.. list.Values.Select(v => Json(v, variables))]),
        ObjectValueNode made => new JsonObject(made.Fields.Select(f => KeyValuePair.Create(f.Name.Value, Json(f.Value, variables)))),
        _ => null,
    };
}
