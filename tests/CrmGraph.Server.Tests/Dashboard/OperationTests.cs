using CrmGraph.Dashboard;
using CrmGraph.GraphQL;
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
