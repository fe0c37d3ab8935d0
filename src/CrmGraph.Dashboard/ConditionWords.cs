namespace CrmGraph.Dashboard;

/// <summary>How comparisons are said.</summary>
internal static class ConditionWords
{
    public static string Of(string name, bool isOfSegments) => (name, isOfSegments) switch
    {
        ("in", true) => "is in one of",
        ("nin", true) => "is in none of",
        ("all", true) => "is in all of",
        _ => _operators.GetValueOrDefault(name, name),
    };

    public static string Units(string unit) => unit switch { "DAY" => "days", "WEEK" => "weeks", "MONTH" => "months", "QUARTER" => "quarters", _ => "years" };

    public static string Quantifier(string name) => name switch
    {
        "some" => "at least one with",
        "none" => "none with",
        "all" => "only such with",
        "any" => "at least one",
        _ => "none at all",
    };

    public static IEnumerable<string> All =>
        [.. _operators.Values, .. _ofSegments.Select(n => Of(n, true)), .. CalendarUnits.Select(Units), .. ListCondition.Quantifiers.Select(Quantifier)];

    public static readonly IReadOnlyList<string> CalendarUnits = ["DAY", "WEEK", "MONTH", "QUARTER", "YEAR"];
    private static readonly string[] _ofSegments = ["in", "nin", "all"];

    private static readonly Dictionary<string, string> _operators = new()
    {
        ["eq"] = "is",
        ["neq"] = "is not",
        ["in"] = "is one of",
        ["nin"] = "is none of",
        ["contains"] = "contains",
        ["ncontains"] = "does not contain",
        ["startsWith"] = "begins with",
        ["nstartsWith"] = "does not begin with",
        ["endsWith"] = "ends with",
        ["nendsWith"] = "does not end with",
        ["eqIgnoreCase"] = "is, in any case",
        ["gt"] = ">",
        ["gte"] = "≥",
        ["lt"] = "<",
        ["lte"] = "≤",
        ["inLast"] = "in the last",
        ["notInLast"] = "not in the last",
        ["beforeLast"] = "before the last",
        ["inNext"] = "in the next",
        ["notInNext"] = "not in the next",
        ["afterNext"] = "after the next",
        ["inThis"] = "in this",
        ["notInThis"] = "not in this",
        [OperationCondition.Empty] = "is empty",
        [OperationCondition.NotEmpty] = "is not empty",
    };
}
