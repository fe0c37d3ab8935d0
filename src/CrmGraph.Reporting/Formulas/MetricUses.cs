using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Language;
using CrmGraph.Reporting.Metrics;
using CrmGraph.Reporting.Reports;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Formulas;

/// <summary>What can name a metric.</summary>
public enum MetricUseKind
{
    /// <summary>A saved report.</summary>
    Report,
    /// <summary>A goal.</summary>
    Goal,
    /// <summary>Another metric that the company defined itself.</summary>
    Metric,
}

/// <summary>Something that names a metric of the company's own.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The key of the report or metric, or the name of the goal.</param>
public sealed record MetricUse(MetricUseKind Kind, string Name)
{
    [GraphQLIgnore] public object Of { get; init; } = Kind;
}

/// <summary>Finds what names a metric of the company's own.</summary>
internal static class MetricUses
{
    /// <summary>Other metrics first, then reports and goals, each by name.</summary>
    public static async Task<IReadOnlyList<MetricUse>> OfAsync(string key, CrmDbContext database, CustomMetrics metrics, CancellationToken cancellationToken)
    {
        var uses = new List<MetricUse>();
        var rows = await database.CustomMetrics.AsNoTracking().OrderBy(m => m.Key).ToListAsync(cancellationToken);
        var catalog = metrics.With(rows);
        uses.AddRange(rows.Where(r => r.Key != key && catalog.Names(r).Contains(key)).Select(r => new MetricUse(MetricUseKind.Metric, r.Key) { Of = r }));
        foreach (var report in await database.ReportDefinitions.AsNoTracking().Where(r => r.DeletedAt == null).OrderBy(r => r.Key)
            .ToListAsync(cancellationToken))
            if (Names(report.Document, key))
                uses.Add(new(MetricUseKind.Report, report.Key) { Of = report });
        foreach (var goal in await database.Goals.AsNoTracking().Where(g => g.Metric == key).OrderBy(g => g.Name).ThenBy(g => g.Id)
            .ToListAsync(cancellationToken))
            uses.Add(new(MetricUseKind.Goal, goal.Name) { Of = goal });
        return uses;
    }

    /// <summary>Metrics are named by texts: in the documents of the sections, and in the values of the parameters.</summary>
    private static bool Names(string document, string key)
    {
        try
        {
            var content = ReportContent.FromJson(document);
            return content.Sections.Any(s => s.Operation is { } operation && Texts(operation).Contains(key))
                || content.Parameters.Any(p => p.Default is { } value && Names(value, key))
                || content.Parameters.Any(p => p.AllowedValues?.Any(value => Names(value, key)) == true);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool Names(JsonElement value, string key) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() == key,
        JsonValueKind.Array => value.EnumerateArray().Any(v => Names(v, key)),
        JsonValueKind.Object => value.EnumerateObject().Any(p => Names(p.Value, key)),
        _ => false,
    };

    private static IEnumerable<string> Texts(string operation)
    {
        try
        {
            var document = Parser.Parse(operation, GraphQLLimits.ForOwnDocuments());
            return document.Definitions.SelectMany(d => d switch
            {
                OperationDefinitionNode o => Texts(o.SelectionSet).Concat(o.VariableDefinitions.SelectMany(v => Texts(v.DefaultValue))),
                FragmentDefinitionNode f => Texts(f.SelectionSet),
                _ => [],
            });
        }
        catch (SyntaxException)
        {
            return [];
        }
    }

    private static IEnumerable<string> Texts(SelectionSetNode? selections) => (selections?.Selections ?? []).SelectMany(s => s switch
    {
        FieldNode field => field.Arguments.SelectMany(a => Texts(a.Value)).Concat(Texts(field.SelectionSet)),
        InlineFragmentNode inline => Texts(inline.SelectionSet),
        _ => [],
    });

    private static IEnumerable<string> Texts(ValueNode? value) => value switch
    {
        StringValueNode text => [text.Value],
        ListValueNode list => list.Values.SelectMany(Texts),
        ObjectValueNode input => input.Fields.SelectMany(f => Texts(f.Value)),
        _ => [],
    };
}
