using System.Globalization;
using System.Text.Json;
using CrmGraph.GraphQL.Costs;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying.Sorting;

namespace CrmGraph.Reporting.Tests.Querying;

/// <summary>
/// The price of a query as docs/costs.md tells it, by walking the document with its values: fragments are followed wherever they stand, every type that an
/// object may have is tried, nothing is kept. Of the schema it takes only what the page says stands there: @cost of fields and @listSize.
/// </summary>
/// <param name="own">What metrics of the company's own are made of, by key: their keys.</param>
internal sealed class NaivePricer(Schema schema, IReadOnlyDictionary<string, string[]>? own = null)
{
    private const int PageSize = 50, PageSizeMaximum = 1_000, GroupsOfDimension = 20, Rows = 10_000, RowsEach = 3;
    private static readonly HashSet<string> Matches = ["contains", "ncontains", "startsWith", "nstartsWith", "endsWith", "nendsWith"];

    private static readonly HashSet<string> Quantifiers = ["some", "none", "all", "any"];
    private static readonly HashSet<string> FiguresOfFacts = ["ordersIn", "lastNpsScore", "lastCsatScore"];
    private static readonly HashSet<string> Scores =
    [
        "recencyScore", "frequencyScore", "monetaryScore", "rfmGroup", "valueClass", "cluster", "probabilityAlive", "expectedOrders", "predictedValue",
        "predictedValueTwoYears", "predictedValueThreeYears",
    ];
    private static readonly HashSet<string> Customers
        = ["totalCustomers", "customersAtStart", "customersAtEnd", "netCustomerGrowth", "lostCustomers", "reactivatedCustomers", "customerGrowthRate",
            "retentionRate", "churnRate", "npsResponseRate", "customerLifetimeValue", "lifetimeValueToCac"];
    private static readonly HashSet<string> Buyers = ["buyers", "activeCustomers", "revenuePerCustomer", "purchaseFrequency", "repeatPurchaseRate",
        "oneTimeBuyers",
        "medianOrderValue", "daysBetweenOrders", "daysToSecondOrder", "salesCycleDays", "salesCycleDaysP90", "openPipelineAge",
        "contractLength", "firstResponseTime",
        "firstResponseTimeP90", "resolutionTime", "resolutionTimeP90", "resolvedInTime", "campaignRevenue",
        "campaignCustomers", "returnOnSpend"];
    private static readonly HashSet<string> Renewals = ["netRevenueRetention", "grossRevenueRetention", "contractChurnRate", "expiringContracts"];
    private static readonly HashSet<string> Lines = ["unitsSold", "unitsPerOrder", "cost", "grossProfit", "grossMargin", "costCoverage",
        "paidAmount", "payments"];
    private static readonly HashSet<string> OrdersOfLines = ["orders", "averageOrderValue", "complaintRate", "unitsPerOrder", "ordersPerDay"];
    private static readonly HashSet<string> NoLines = ["nps", "npsResponses", "promoters", "passives", "detractors", "promoterShare", "passiveShare",
        "detractorShare", "npsMeanScore", "csat", "csatResponses", "csatMeanScore", "csatResponseRate", "reportRuns",
        "reportReaders", "enquiries", "complaints", "winRate",
        "opportunitiesWon", "opportunitiesLost", "openPipeline", "openOpportunities", "marketingSpend", "newCustomers", "cac",
        "tickets", "openTickets", "reopenRate", "wonAmount", "lostAmount", "averageDealSize", "weightedPipeline"];

    private static readonly Dictionary<string, double> Sorts = new() { ["ordersIn"] = 1_000, ["spentIn"] = 2_500, ["nameInLocale"] = 500 };
    private static readonly HashSet<string> Figures = ["CustomerOrdersInFilterInput", "CustomerSpentInFilterInput", "CustomerMoneySpentFilterInput"];

    private DocumentNode _document = null!;
    private Dictionary<string, object?> _variables = [];

    /// <summary>Null where the page gives no figure: a table by time, whose buckets it does not count, and metrics that do not exist.</summary>
    public OperationCost? Price(string query, string variables)
    {
        _document = Parser.Parse(query, GraphQL.GraphQLLimits.ForOwnDocuments());
        var operation = _document.Definitions.OfType<OperationDefinitionNode>().Single();
        using var json = JsonDocument.Parse(variables);
        _variables = json.RootElement.EnumerateObject().ToDictionary(v => v.Name, v => Value(v.Value));
        foreach (var variable in operation.VariableDefinitions.Where(v => v.DefaultValue is not null))
            if (Value(variable.DefaultValue!, out var value))
                _variables.TryAdd(variable.Variable.Name.Value, value);
        try
        {
            return new OperationCost(0, 1) + Selection(schema.QueryType!, [operation.SelectionSet], 1, []);
        }
        catch (NotOnThePageException)
        {
            return null;
        }
    }

    /// <param name="sized">The fields whose insides count <paramref name="size"/> times.</param>
    private OperationCost Selection(CompositeType type, List<SelectionSetNode> sets, double size, string[] sized)
    {
        if (type is not ObjectType)
        {
            var each = schema.PossibleTypes(type).Select(t => Selection(t, sets, size, sized)).ToList();
            return new(each.Max(c => c.FieldCost), each.Max(c => c.TypeCost));
        }

        var fields = new List<FieldNode>();
        foreach (var set in sets)
            Collect(type, set, fields);
        OperationCost sum = default;
        foreach (var field in fields.GroupBy(f => (f.Alias ?? f.Name).Value))
            sum += Field((ObjectType)type, [.. field], sized.Contains(field.First().Name.Value) ? size : 1);
        return sum;
    }

    private void Collect(CompositeType type, SelectionSetNode set, List<FieldNode> fields)
    {
        foreach (var selection in set.Selections)
        {
            switch (selection)
            {
                case FieldNode field:
                    fields.Add(field);
                    break;
                case InlineFragmentNode inline when Fits(type, inline.TypeCondition?.Name.Value):
                    Collect(type, inline.SelectionSet, fields);
                    break;
                case FragmentSpreadNode spread:
                    var fragment = _document.Definitions.OfType<FragmentDefinitionNode>().Single(f => f.Name.Value == spread.Name.Value);
                    if (Fits(type, fragment.TypeCondition.Name.Value))
                        Collect(type, fragment.SelectionSet, fields);
                    break;
            }
        }
    }

    private bool Fits(CompositeType type, string? condition)
        => condition is null || schema.PossibleTypes((CompositeType)schema.Type(condition)!).Contains(type);

    private OperationCost Field(ObjectType parent, List<FieldNode> nodes, double times)
    {
        var name = nodes[0].Name.Value;
        if (name == "__typename")
            return default;
        var definition = parent.Fields.Single(f => f.Name == name);
        var arguments = new Dictionary<string, object?>();
        foreach (var argument in nodes[0].Arguments)
            if (Value(argument.Value, out var value))
                arguments[argument.Name.Value] = value;
        foreach (var argument in definition.Arguments.Where(a => a.DefaultValue is not null))
            if (Value(argument.DefaultValue!, out var value))
                arguments.TryAdd(argument.Name, value);
        var sets = nodes.Where(n => n.SelectionSet is not null).Select(n => n.SelectionSet!).ToList();
        var isMetrics = definition.Type.Named.Name == "MetricTable";
        if (parent.Name == "MetricRow")
            arguments.Clear();
        var own = (isMetrics ? Metrics((CompositeType)definition.Type.Named, sets, arguments) : WeightOf(definition) * Readings(definition, sets))
            + (Share(parent, definition) * arguments.Sum(a => Argument(a.Key, a.Value, isMetrics, definition.Argument(a.Key)!.Type.Named)));
        if (definition.Type.Named is not CompositeType type)
            return new(own, 0);

        var size = isMetrics ? TableRows(arguments) : SizeOf(definition, arguments);
        var inside = new OperationCost(0, 1) + Selection(type, sets, size, isMetrics ? ["rows", "groupTotals", "bucketTotals"] : ["nodes", "edges"]);
        return new OperationCost(own, 0) + (inside * (definition.Type.Nullable is ListType ? times * size : times));
    }

    /// <summary>Of aggregates: one, and one more for each attribute whose numbers are asked.</summary>
    private int Readings(FieldDefinition definition, List<SelectionSetNode> sets)
    {
        if (definition.Name is not ("total" or "groups") || !definition.Type.Named.Name.EndsWith("Aggregate", StringComparison.Ordinal))
            return 1;
        var fields = new List<FieldNode>();
        sets.ForEach(s => Collect((CompositeType)definition.Type.Named, s, fields));
        return 1 + fields.Where(f => f.Name.Value == "attribute").Select(f => Value(f.Arguments[0].Value, out var key) ? key : null).Distinct().Count();
    }

    // The rows of a parent are a list of its own, but those of a segment.
    private static double Share(ObjectType parent, FieldDefinition field)
        => field.Argument("first") is not null && field.Argument("last") is not null && parent.Name is not ("Query" or "Segment") ? 0.125 : 1;

    private static double WeightOf(FieldDefinition field) =>
        field.AppliedDirectives.FirstOrDefault(d => d.Name == "cost")?.Arguments.Single().Value is StringValueNode weight
            ? double.Parse(weight.Value, CultureInfo.InvariantCulture)
            : field.Type.Named is CompositeType || field.Type.Nullable is ListType ? 1 : 0;

    private static double SizeOf(FieldDefinition field, Dictionary<string, object?> arguments)
    {
        if (field.Argument("first") is not null && field.Argument("last") is not null)
        {
            var given = new[] { "first", "last" }.Select(a => arguments.GetValueOrDefault(a)).OfType<double>().ToList();
            return Math.Clamp(given.Count == 0 ? PageSize : given.Max(), 0, PageSizeMaximum);
        }

        if (ListSize.Of(field) is not { } size)
            return 1;
        var most = size.AssumedSize ?? double.MaxValue;
        var lengths = from name in size.SlicingArguments
                      let value = arguments.GetValueOrDefault(name)
                      where value is not null
                      select field.Argument(name)!.Type.Nullable is ListType ? Items(value).Count() : (double)value;
        return Math.Clamp(lengths.DefaultIfEmpty(size.DefaultSize ?? most).Max(), 0, most);
    }

    // Arguments.

    private static double Argument(string name, object? value, bool ofMetrics, NamedType type) => name switch
    {
        "search" => 500,
        _ when value is null => 0,
        "where" => 10 + Filter((InputObjectType)type, value),
        "order" when !ofMetrics => (10 * Count(value)) + Items(value).Sum(v => Keys((InputObjectType)type, v)),
        "segments" => 500 * Count(value),
        "steps" => Items(value).Sum(v => Step((InputObjectType)type, v)),
        _ when type.Name.EndsWith("FilterInput", StringComparison.Ordinal) => Filter((InputObjectType)type, value),
        _ => Objects(value),
    };

    private static double Step(InputObjectType type, object? value) => value is not Dictionary<string, object?> step ? 0
        : step.GetValueOrDefault("customers") is { } customers ? 11 + Filter((InputObjectType)type.Field("customers")!.Type.Named, customers)
        : 1;

    private static double Keys(InputObjectType type, object? value) => value is Dictionary<string, object?> fields
        ? 1 + fields.Sum(f => type.Fields.Single(d => d.Name == f.Key) is var field && Sorts.TryGetValue(f.Key, out var price)
            ? (f.Value is null ? 0 : price) + Objects(f.Value)
            : field.Type.Named is InputObjectType below
            ? (f.Value is null ? 0 : 500) + Keys(below, f.Value)
            : f.Key == "moneySpent" ? 2_500 : field.Tag is SortField { IsIndexed: false } ? 500 : 10) : 0;

    private static double Filter(InputObjectType type, object? value)
    {
        if (value is not Dictionary<string, object?> fields)
            return 0;
        var sum = 1.0;
        foreach (var (name, inner) in fields)
        {
            var field = type.Fields.Single(f => f.Name == name);
            // A comparison with null is one like any other; null in the place of a filter or list is none.
            if (inner is null && (field.Type.Nullable is ListType || field.Type.Named is InputObjectType))
                continue;
            sum += name is "and" or "or" or "not" ? 0
                : type.Name == "CustomerSegmentsFilterInput" ? 500 * Count(inner)
                : name is "moneySpent" or "spentIn" ? 2_500
                : name is "search" ? 500
                : name is "orderCount" or "firstPurchase" or "lastPurchase" || Scores.Contains(name) ? 50
                : Quantifiers.Contains(name) || FiguresOfFacts.Contains(name) || IsRow(field) ? 1_000
                : name is "in" or "nin" ? 10 * Count(inner)
                : name is "segments" || (Figures.Contains(type.Name) && name is "period" or "currency" or "count" or "amount" or "where") ? 0
                : Matches.Contains(name) ? 200 : 10;
            if (field.Type.Named is InputObjectType below)
                sum += (Quantifiers.Contains(name) || IsRow(field) ? RowsEach : 1) * (below.Name.EndsWith("FilterInput", StringComparison.Ordinal)
                    ? Items(inner).Sum(i => Filter(below, i))
                    : Objects(inner));
        }

        return sum;
    }

    /// <summary>One other row: its conditions are joined by <c>and</c>, <c>or</c> and <c>not</c>.</summary>
    private static bool IsRow(InputValueDefinition field) => field.Name is not ("and" or "or" or "not" or "some" or "none" or "all" or "where")
        && field.Type.Named is InputObjectType type && type.Fields.Any(f => f.Name == "not");

    // An empty list counts like one value.
    private static int Count(object? value) => Math.Max(1, Items(value).Count());

    private static double Objects(object? value) => value switch
    {
        List<object?> list => list.Sum(Objects),
        Dictionary<string, object?> fields => 1 + fields.Values.Sum(Objects),
        _ => 0,
    };

    private static IEnumerable<object?> Items(object? value) => value is List<object?> list ? list : [value];

    // Metrics.

    private double Metrics(CompositeType table, List<SelectionSetNode> sets, Dictionary<string, object?> arguments)
    {
        var metrics = new Dictionary<string, double>();
        var conditions = new Dictionary<string, double>();
        var byLine = Dimensions(arguments).Any(d => d is "PRODUCT_CATEGORY" or "PRODUCT");
        var parts = new List<FieldNode>();
        sets.ForEach(s => Collect(table, s, parts));
        if (parts.Exists(p => p.Name.Value is "series" or "pivot"))
            throw new NotOnThePageException();
        foreach (var rows in parts.Where(
            p => p.SelectionSet is not null && ((ObjectType)table).Fields.Single(f => f.Name == p.Name.Value).Type.Named.Name == "MetricRow"))
        {
            var fields = new List<FieldNode>();
            Collect((CompositeType)schema.Type("MetricRow")!, rows.SelectionSet!, fields);
            foreach (var field in fields.Where(f => f.Name.Value != "__typename"))
            {
                if (((ObjectType)schema.Type("MetricRow")!).Field(field.Name.Value)!.Type.Named
                    is ObjectType { Interfaces: [{ Name: "MetricValue" }] })
                    Metric(field.Name.Value, field.Arguments, metrics, conditions, byLine, arguments.GetValueOrDefault("grain") is not null);
                else if (field.Name.Value == "custom")
                    Custom(field, metrics, conditions, byLine, arguments.GetValueOrDefault("grain") is not null);
                else if (field.Name.Value == "values")
                    throw new NotOnThePageException();
            }
        }

        var dimensions = Dimensions(arguments).Count();
        var splits = dimensions + (arguments.GetValueOrDefault("grain") is null ? 0 : 1);
        return (100 * Math.Max(1, metrics.Values.Sum()) * (1 + (Months((Dictionary<string, object?>)arguments["period"]!) / 4))
            * (arguments.GetValueOrDefault("compareTo") is null ? 1 : 2) * (arguments.GetValueOrDefault("first") is null ? 1 : 2)
            * (arguments.GetValueOrDefault("subtotals") is "true" ? Math.Max(1, dimensions) : 1) * (1 + (splits * 0.5))) + conditions.Values.Sum();
    }

    /// <summary>One metric with its arguments: once however often it is asked for, and each of the conditions once.</summary>
    private void Metric(
        string name, IReadOnlyList<ArgumentNode> arguments, Dictionary<string, double> metrics, Dictionary<string, double> conditions, bool byLine, bool byTime)
    {
        var definition = ((ObjectType)schema.Type("MetricRow")!).Field(name)!;
        var given = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var argument in definition.Arguments.Where(a => a.DefaultValue is not null))
            given[argument.Name] = Value(argument.DefaultValue!, out var usual) ? usual : null;
        foreach (var argument in arguments)
            if (Value(argument.Value, out var value) && (value is not null || !given.ContainsKey(argument.Name.Value)))
                given[argument.Name.Value] = value;
        if (given.GetValueOrDefault("where") is { } where)
            conditions.TryAdd(Text(where), 10 + Filter((InputObjectType)definition.Argument("where")!.Type.Named, where));
        else
            given.Remove("where");
        metrics.TryAdd(
            name + Text(given),
            name == "cac" && given["paidOnly"] is "true" ? 2 : Reading(name, byLine, byTime));
    }

    /// <summary>One of the company's own: the metrics that it is made of, each under its own condition too; one that is not known as one metric.</summary>
    private void Custom(FieldNode field, Dictionary<string, double> metrics, Dictionary<string, double> conditions, bool byLine, bool byTime)
    {
        var where = field.Arguments.FirstOrDefault(a => a.Name.Value == "where");
        var key = field.Arguments.First(a => a.Name.Value == "key");
        Value(key.Value, out var named);
        if (own?.GetValueOrDefault((string)named!) is { } parts)
        {
            foreach (var part in parts)
                Metric(part, where is null ? [] : [where], metrics, conditions, byLine, byTime);
            return;
        }

        object? given = null;
        if (where is not null && Value(where.Value, out given) && given is not null)
            conditions.TryAdd(
                Text(given), 10 + Filter((InputObjectType)((ObjectType)schema.Type("MetricRow")!).Field("custom")!.Argument("where")!.Type.Named, given));
        metrics.TryAdd($"custom {named} {(given is null ? "" : Text(given))}", 1);
    }

    private static string Text(object value) => JsonSerializer.Serialize(Sorted(value));

    private static object? Sorted(object? value) => value switch
    {
        IDictionary<string, object?> fields =>
            new SortedDictionary<string, object?>(fields.ToDictionary(f => f.Key, f => Sorted(f.Value)), StringComparer.Ordinal),
        List<object?> list => list.ConvertAll(Sorted),
        _ => value,
    };

    private static double Reading(string metric, bool byLine, bool byTime) =>
        Customers.Contains(metric) ? 6
        : Renewals.Contains(metric) ? (byTime ? 12 : 2)
        : Buyers.Contains(metric) || (byLine && OrdersOfLines.Contains(metric)) ? 4
        : Lines.Contains(metric) || (byLine && !NoLines.Contains(metric)) ? 2 : 1;

    private static double Months(Dictionary<string, object?> period)
    {
        static double Of(object? unit) => unit switch { "DAY" => 1, "WEEK" => 7, "MONTH" => 31, "QUARTER" => 92, _ => 366 };
        static int Day(object? text) => DateOnly.Parse((string)text!, CultureInfo.InvariantCulture).DayNumber;
        static double DaysOf(Dictionary<string, object?> range) => range.GetValueOrDefault("through") is { } last
            ? Math.Max(0, Day(last) + 1 - Day(range["from"]))
            : (range.GetValueOrDefault("before") ?? range.GetValueOrDefault("until")) is { } end ? Math.Max(0, Day(end) - Day(range["from"])) : 0;
        var days = period.GetValueOrDefault("last") is Dictionary<string, object?> last ? Math.Max(0, (double)last["count"]!) * Of(last["unit"])
            : period.GetValueOrDefault("range") is Dictionary<string, object?> range ? DaysOf(range)
            : Of(period.GetValueOrDefault("toDate") ?? (period.ContainsKey("month") ? "MONTH" : period.ContainsKey("quarter") ? "QUARTER" : "YEAR"));
        return Math.Min(120, Math.Ceiling(days / 31));
    }

    private static IEnumerable<object?> Dimensions(Dictionary<string, object?> arguments)
        => arguments.GetValueOrDefault("groupBy") is { } given ? Items(given) : [];

    private static double TableRows(Dictionary<string, object?> arguments)
    {
        if (arguments.GetValueOrDefault("grain") is not null)
            throw new NotOnThePageException();
        var (groups, totals) = (1.0, 0.0);
        foreach (var dimension in Dimensions(arguments))
        {
            totals += groups;
            groups *= dimension switch
            {
                "SEGMENT" => Math.Max(1, arguments.GetValueOrDefault("segments") is { } given ? Items(given).Count() : 0),
                "CUSTOMER" or "PRODUCT" => 1_000,
                _ => GroupsOfDimension,
            };
        }

        if (arguments.GetValueOrDefault("subtotals") is "true")
            return Math.Min(Rows, groups + totals);
        return Math.Min(Rows, arguments.GetValueOrDefault("first") is double first ? Math.Clamp(first + 1, 1, groups) : groups);
    }

    // Values: text, numbers, lists, objects; a variable that has none is left out with its place.

    private static object? Value(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Number => json.GetDouble(),
        JsonValueKind.Array => json.EnumerateArray().Select(Value).ToList(),
        JsonValueKind.Object => json.EnumerateObject().ToDictionary(f => f.Name, f => Value(f.Value)),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => json.ToString(),
    };

    private bool Value(ValueNode node, out object? value)
    {
        value = null;
        switch (node)
        {
            case VariableNode variable:
                return _variables.TryGetValue(variable.Name.Value, out value);
            case ListValueNode list:
                value = list.Values.Select(v => Value(v, out var item) ? item : null).ToList();
                return true;
            case ObjectValueNode fields:
                var made = new Dictionary<string, object?>();
                foreach (var field in fields.Fields)
                    if (Value(field.Value, out var inner))
                        made[field.Name.Value] = inner;
                value = made;
                return true;
            default:
                value = node switch
                {
                    NullValueNode => null,
                    IntValueNode number => double.Parse(number.Value, CultureInfo.InvariantCulture),
                    EnumValueNode name => name.Value,
                    StringValueNode text => text.Value,
                    BooleanValueNode flag => flag.Value ? "true" : "false",
                    _ => "",
                };
                return true;
        }
    }

    private sealed class NotOnThePageException : Exception;
}
