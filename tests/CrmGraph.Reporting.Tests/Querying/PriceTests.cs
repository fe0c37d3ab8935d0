using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Costs;
using CrmGraph.GraphQL.TestKit.Fuzzing;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Metrics;
using CrmGraph.TestKit;
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

    [Theory]
    [InlineData("custom(key: \"margin\") { value }")]
    [InlineData("custom(key: \"margin\") { value } revenue { value } again: custom(key: \"margin\") { value } orders { value }")]
    [InlineData("custom(key: \"margin\", where: {channel: {eq: \"web\"}}) { value } revenue(where: {channel: {eq: \"web\"}}) { value }")]
    [InlineData("custom(key: \"deep\") { value } totalCustomers { value }")]
    [InlineData("custom(key: \"unknown\") { value } custom(key: \"unknown\") { value }")]
    public async Task Metrics_of_the_companys_own_cost_what_they_are_made_of(string fields)
    {
        var metrics = new CustomMetrics(() => Schema, new());
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await database.SaveAsync(
            new CustomMetric { Id = Guid.CreateVersion7(), Key = "margin", Label = "m", Formula = "(revenue - cost) / orders", Favourable = "Up", Version = 1 },
            new CustomMetric { Id = Guid.CreateVersion7(), Key = "deep", Label = "d", Formula = "margin * retentionRate", Favourable = "Up", Version = 1 });
        await using (var db = database.CreateContext())
            await metrics.LoadAsync(db, CancellationToken.None);
        var own = new Dictionary<string, string[]>
        {
            ["margin"] = ["revenue", "cost", "orders"], ["deep"] = ["revenue", "cost", "orders", "retentionRate"],
        };
        await using var services = new ServiceCollection().AddSingleton(metrics).BuildServiceProvider();
        var query = $"{{ metrics(period: {{last: {{count: 90, unit: DAY}}}}, groupBy: [CHANNEL]) {{ rows {{ {fields} }} }} }}";
        var result = await new RequestExecutor(Schema).ExecuteAsync(new(query), new RequestState().Set(Asked), services, CancellationToken.None);
        Assert.Equal(new NaivePricer(Schema, own).Price(query, "{}"), result.Cost!.Cost);
    }
}
