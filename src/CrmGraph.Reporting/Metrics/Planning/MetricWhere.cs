using System.Collections;
using System.Globalization;
using System.Text;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Querying.Filters;

namespace CrmGraph.Reporting.Metrics.Planning;

/// <summary>The input type <c>MetricFilterInput</c>: which facts count.</summary>
internal static class MetricWhere
{
    private const string Customer = "customer", Channel = "channel", Owner = "owner", Product = "product", Line = "line", Known = "knownCustomersOnly";

    public static InputObjectType Type(FilterTypes types) =>
        types.Registry.GetOrAdd("MetricFilterInput", () => new InputObjectType("MetricFilterInput", () => Fields(types))
        {
            Description = "Conditions on the facts that count. Multiple fields are combined with AND. A metric that does not support one of them has no value, "
                + "with the reason UNSUPPORTED_FILTER.",
            Tag = types.Row(typeof(FactAttributes)),
        });

    /// <summary>The conditions as functions on rows, as of the context's moment.</summary>
    public static async ValueTask<FactFilter> ResolveAsync(InputObject? where, FilterContext context, CancellationToken cancellationToken)
    {
        if (where is null)
            return new();
        var fields = where.Fields;
        var facts = (InputObjectType)where.Type.Tag!;
        var attributes = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (Part(fields, Channel) is { } channel)
            attributes["channel"] = channel;
        if (Part(fields, Owner) is { } owner)
            attributes["ownerId"] = owner;
        return new()
        {
            Customer = Part(fields, Customer) is { } customer ? await FilterBuilder.BuildAsync<Customer>(customer, context, cancellationToken) : null,
            Product = Part(fields, Product) is { } product ? await FilterBuilder.BuildAsync<Product>(product, context, cancellationToken) : null,
            Line = Part(fields, Line) is { } line ? await FilterBuilder.BuildAsync<OrderLine>(line, context, cancellationToken) : null,
            Fact = attributes.Count > 0
                ? await FilterBuilder.BuildAsync<FactAttributes>(new InputObject(facts, attributes), context, cancellationToken)
                : null,
            UsesChannel = attributes.ContainsKey("channel"),
            UsesOwner = attributes.ContainsKey("ownerId"),
            KnownCustomersOnly = fields.GetValueOrDefault(Known) is true,
        };
    }

    /// <summary>The same text for the same conditions, in whatever order the fields were written.</summary>
    public static string Canonical(InputObject where)
    {
        var text = new StringBuilder();
        Write(text, where);
        return text.ToString();
    }

    /// <summary>The same text for the same conditions together.</summary>
    public static string Canonical(IEnumerable<InputObject> conditions) => string.Concat(conditions.Select(Canonical));

    private static List<InputValueDefinition> Fields(FilterTypes types) =>
    [
        Related(Customer, types.Row(typeof(Customer)), "Conditions on the customer's attributes of today. Facts of unknown customers are left out."),
        Field(Channel, types.Text, "Conditions on the channel of the fact."),
        Field(Owner, types.Id, "Conditions on the ID of the team member who owned the fact at the time."),
        Related(Product, types.Row(typeof(Product)), "Conditions on the product of an order line or an opportunity."),
        Related(Line, types.Row(typeof(OrderLine)), "Conditions on the order line."),
        Field(Known, types.Registry.Scalar("Boolean"), "Whether facts of unknown customers are left out."),
    ];

    private static InputValueDefinition Field(string name, NamedType type, string description) =>
        new(name, type) { Description = description, AppliedDirectives = QueryCosts.Weighs(QueryCosts.Compare) };

    private static InputValueDefinition Related(string name, NamedType type, string description) =>
        new(name, type) { Description = description, AppliedDirectives = QueryCosts.Weighs(QueryCosts.RelatedRows), InnerTimes = QueryCosts.RowsEach };

    private static InputObject? Part(IReadOnlyDictionary<string, object?> fields, string name) => fields.GetValueOrDefault(name) as InputObject;

    private static void Write(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case InputObject input:
                text.Append('{');
                foreach (var (name, field) in input.Fields.OrderBy(f => f.Key, StringComparer.Ordinal))
                {
                    text.Append(name).Append(':');
                    Write(text, field);
                    text.Append(',');
                }

                text.Append('}');
                break;
            case string s:
                text.Append(System.Text.Json.JsonSerializer.Serialize(s));
                break;
            case IEnumerable list:
                text.Append('[');
                foreach (var item in list)
                {
                    Write(text, item);
                    text.Append(',');
                }

                text.Append(']');
                break;
            case IFormattable f:
                text.Append(f.ToString(f is DateTime or DateOnly ? "O" : null, CultureInfo.InvariantCulture));
                break;
            default:
                text.Append(value);
                break;
        }
    }
}
