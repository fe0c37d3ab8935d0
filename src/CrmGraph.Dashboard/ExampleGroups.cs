using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Language;

namespace CrmGraph.Dashboard;

/// <summary>The examples of the explorer by what they are about. Those that write are the last.</summary>
internal static class ExampleGroups
{
    public const string Writes = "Writes";
    private const string Live = "Live", Analyses = "Analyses";

    /// <summary>The page opens with the first one.</summary>
    public static readonly List<string> All = ["Metrics", "Customers", "Segments", "Reports", Analyses, Live, Writes];

    private static readonly GraphQLLimits _limits = new();

    public static string Of(string document)
    {
        var operation = Parser.Parse(document, _limits).Definitions.OfType<OperationDefinitionNode>().First();
        return operation.Operation switch
        {
            OperationKind.Mutation => Writes,
            OperationKind.Subscription => Live,
            // What a question is about is how its first field begins.
            _ => operation.SelectionSet.Selections is [FieldNode first, ..] ? first.Name.Value switch
            {
                var name when name.StartsWith("metric", StringComparison.Ordinal) || name is "previewMetric" or "goals" => All[0],
                var name when name.StartsWith("customers", StringComparison.Ordinal) || name is "customer" or "customerByExternalId" or "viewer" => All[1],
                var name when name.StartsWith("segment", StringComparison.Ordinal) => All[2],
                var name when name.StartsWith("report", StringComparison.Ordinal) => All[3],
                _ => Analyses,
            } : Analyses,
        };
    }
}
