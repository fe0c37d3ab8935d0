using System.Text.Json;
namespace CrmGraph.Reporting.Reports;

/// <summary>The values with which a report is run.</summary>
public static class ReportParameters
{
    private const string All = "parameters";

    /// <summary>Given values and defaults by name.</summary>
    /// <exception cref="ReportInvalidException">Every unknown, missing or disallowed value, and those that do not fit the declared types.</exception>
    internal static SortedDictionary<string, JsonElement> Bind(IReadOnlyList<ReportParameter> parameters, JsonElement given, ReportValidator validator)
    {
        if (given.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined or JsonValueKind.Null))
            throw Wrong([new(All, "The parameters of a report are an object: {\"name\": value}.")]);
        var (values, problems) = (new SortedDictionary<string, JsonElement>(StringComparer.Ordinal), new List<ReportProblem>());
        IEnumerable<JsonProperty> properties = given.ValueKind == JsonValueKind.Object ? given.EnumerateObject() : [];
        foreach (var property in properties)
        {
            if (parameters.Any(p => p.Name == property.Name))
                values[property.Name] = property.Value.Clone();
            else
                problems.Add(new($"{All}.{property.Name}",
                    $"The report has no parameter \"{property.Name}\"; "
                    + $"it has {(parameters.Count == 0 ? "none" : string.Join(", ", parameters.Select(p => p.Name)))}."));
        }

        foreach (var parameter in parameters)
            if (Complete(parameter, values, validator) is { } problem)
                problems.Add(new($"{All}.{parameter.Name}", problem));
        return problems.Count == 0 ? values : throw Wrong(problems);
    }

    /// <summary>One text for equal values.</summary>
    public static string Canonical(SortedDictionary<string, JsonElement> values) => JsonSerializer.Serialize(values, ReportJson.Options);

    /// <summary>Takes the default where no value is given; says what is wrong with the one that is.</summary>
    private static string? Complete(ReportParameter parameter, SortedDictionary<string, JsonElement> values, ReportValidator validator)
    {
        if (!values.TryGetValue(parameter.Name, out var value))
        {
            if (parameter.Default is { } standard)
                values[parameter.Name] = standard;
            return parameter.Default is null && parameter.Type.EndsWith('!')
                ? $"The parameter \"{parameter.Name}\" of type {parameter.Type} needs a value."
                : null;
        }

        if (parameter.AllowedValues is { } allowed && !allowed.Any(a => JsonElement.DeepEquals(a, value)))
            return $"The parameter \"{parameter.Name}\" takes {string.Join(", ", allowed.Select(a => a.GetRawText()))}.";
        return validator.ValueProblem(parameter.Type, value);
    }

    private static ReportInvalidException Wrong(IReadOnlyList<ReportProblem> problems) => new(problems, ReportCodes.InvalidParameter);
}
