using System.Text.Json;
using CrmGraph.GraphQL.Errors;

namespace CrmGraph.Reporting.Reports;

/// <summary>The values with which a report is run.</summary>
public static class ReportParameters
{
    /// <summary>Given values and defaults by name. Whether they fit their types is said by each operation's variables.</summary>
    /// <exception cref="GraphQLException">REPORT_INVALID_PARAMETER for an unknown, missing or disallowed value.</exception>
    public static SortedDictionary<string, JsonElement> Bind(IReadOnlyList<ReportParameter> parameters, JsonElement given)
    {
        if (given.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined or JsonValueKind.Null))
            throw Wrong("The parameters of a report are an object: {\"name\": value}.");
        var values = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        if (given.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in given.EnumerateObject())
            {
                if (!parameters.Any(p => p.Name == property.Name))
                    throw Wrong($"The report has no parameter \"{property.Name}\"; it has {(parameters.Count == 0 ? "none" : string.Join(", ", parameters.Select(p => p.Name)))}.");
                values[property.Name] = property.Value.Clone();
            }
        }

        foreach (var parameter in parameters)
            Complete(parameter, values);
        return values;
    }

    /// <summary>One text for equal values.</summary>
    public static string Canonical(SortedDictionary<string, JsonElement> values) => JsonSerializer.Serialize(values, ReportJson.Options);

    private static void Complete(ReportParameter parameter, SortedDictionary<string, JsonElement> values)
    {
        if (!values.TryGetValue(parameter.Name, out var value))
        {
            if (parameter.Default is { } standard)
                values[parameter.Name] = standard;
            else if (parameter.Type.EndsWith('!'))
                throw Wrong($"The parameter \"{parameter.Name}\" of type {parameter.Type} needs a value.");
            return;
        }

        if (parameter.AllowedValues is { } allowed && !allowed.Any(a => JsonElement.DeepEquals(a, value)))
            throw Wrong($"The parameter \"{parameter.Name}\" takes {string.Join(", ", allowed.Select(a => a.GetRawText()))}.");
    }

    private static GraphQLException Wrong(string message) => new(ReportCodes.InvalidParameter, message);
}
