using CrmGraph.Dashboard;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Types;
using Xunit;

namespace CrmGraph.Server.Tests.Dashboard;

/// <summary>Everything that pages show is a document, and each of them is one that the server takes.</summary>
public sealed partial class OperationTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Fact]
    public void Every_document_is_valid_and_so_is_the_subscription_made_of_it()
    {
        var executor = shared.Server.Service<RequestExecutor>();
        Assert.NotEmpty(Operations.Names);
        foreach (var name in Operations.Names)
        {
            var text = Operations.TextOf(name);
            Assert.Empty(executor.Prepare(text).Errors.Select(e => $"{name}: {e.Message}"));
            if (RootField().Matches(text) is [{ Value: "  metrics(" }])
                Assert.Empty(executor.Prepare(Operations.Live(text)).Errors.Select(e => $"{name}, live: {e.Message}"));
        }
    }

    /// <summary>What pages filter by is a field of the graph, and is compared as they compare it.</summary>
    [Fact]
    public void Filters_of_dashboards_are_those_of_the_schema()
    {
        var schema = shared.Server.Service<RequestExecutor>().Schema;
        var dimensions = ((EnumType)schema.Type("MetricDimension")!).Values.Select(v => v.Name).ToHashSet();
        foreach (var (dimension, path) in Mark.Paths)
        {
            Assert.Contains(dimension, dimensions);
            GraphQLType type = schema.Type("MetricFilterInput")!;
            foreach (var name in path)
                type = Assert.IsType<InputObjectType>(type.Named).Field(name)?.Type ?? throw new InvalidOperationException($"{type.Named.Name} has no {name}.");
            Assert.IsNotType<InputObjectType>(type.Named);
        }

        var lists = new ChoiceLists([], [], [], []);
        var named = schema.Types.OfType<InputObjectType>().SelectMany(t => t.Fields.Select(f => (Type: t, Field: f)))
            .Where(f => f.Type.Name.EndsWith("FilterInput", StringComparison.Ordinal) && lists.For(f.Type.Name, f.Field.Name) is not null).ToList();
        Assert.All(named, f => Assert.Contains(f.Field.Type.Named.Name, new[] { "IdOperationFilterInput", "CustomerSegmentsFilterInput" }));
        Assert.Contains(named, f => (f.Type.Name, f.Field.Name) == ("MetricFilterInput", "owner"));
        Assert.Contains(named, f => (f.Type.Name, f.Field.Name) == ("TicketFilterInput", "agentId"));
    }

    [Fact]
    public void Every_text_of_a_page_has_a_Chinese_one()
    {
        string[] kinds = ["*.razor", "*.cs"];
        var missing = from file in kinds.SelectMany(kind => Architecture.Repository.Files("src/CrmGraph.Dashboard", kind))
                      from match in Text().Matches(File.ReadAllText(file))
                      let english = match.Groups[1].Value
                      where !Preferences.Chinese.ContainsKey(english)
                      select $"{Architecture.Repository.Relative(file)}: {english}";
        Assert.Empty(missing);
        Assert.All(CrmGraph.Server.Pages.ExampleOperations.All(), example => Assert.Contains(example.Title, Preferences.Chinese));
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"^  \w+\(", System.Text.RegularExpressions.RegexOptions.Multiline)]
    private static partial System.Text.RegularExpressions.Regex RootField();

    [System.Text.RegularExpressions.GeneratedRegex("""(?i:say)(?:\.Say\(|\[)"([^"]+)"[\],)]""")]
    private static partial System.Text.RegularExpressions.Regex Text();
}
