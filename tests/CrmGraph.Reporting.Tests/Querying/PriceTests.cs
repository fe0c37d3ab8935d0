using System.Text.Json;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Costs;
using CrmGraph.GraphQL.TestKit.Fuzzing;
using CrmGraph.GraphQL.Types;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CrmGraph.Reporting.Tests.Querying;

/// <summary>The engine's prices, worked out by a list that is kept with the plan, against a reader of docs/costs.md who walks the document.</summary>
public sealed class PriceTests
{
    private static readonly Schema Schema = CrmSchema.Builder().Build();
    private static readonly CostPolicy Asked = new() { FieldCost = double.MaxValue, TypeCost = double.MaxValue, Mode = CostMode.Validate };

    [Fact]
    public async Task Operations_cost_what_the_documentation_says()
    {
        var executor = new RequestExecutor(Schema);
        await using var services = new ServiceCollection().BuildServiceProvider();
        var maker = new OperationMaker(Schema, ["Q3VzdG9tZXI6"], new HashSet<string>());
        var (priced, open) = (0, 0);
        await Fuzz.RunAsync(12_000, async random =>
        {
            var operation = maker.Make(random);
            using var variables = JsonDocument.Parse(operation.Variables);
            var request = new GraphQLRequest(operation.Query) { Variables = variables.RootElement };
            // What does not fit its types is never priced.
            if ((await executor.ExecuteAsync(request, new RequestState().Set(Asked), services, CancellationToken.None)).Cost is not { } report)
                return;
            if (new NaivePricer(Schema).Price(operation.Query, operation.Variables) is not { } price)
            {
                open++;
                return;
            }

            priced++;
            Assert.True(price == report.Cost, $"{operation}\nby the page {price}, by the engine {report.Cost}");
        });

        Assert.True(
            Environment.GetEnvironmentVariable("CRMGRAPH_FUZZ") == "0" || (priced > 4_000 && open < priced / 4),
            $"{priced} priced, {open} not on the page");
    }
}
