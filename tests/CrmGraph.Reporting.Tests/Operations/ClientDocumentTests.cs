using System.Text.Json;
using System.Text.Json.Nodes;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Execution.Response;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Analyses.Scores;
using CrmGraph.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CrmGraph.Reporting.Tests.Operations;

/// <summary>Every document of <c>schema/operations</c> does what its first line says, on real rows.</summary>
public sealed class ClientDocumentTests
{
    /// <summary>What must stand before something else; the others run after these, the ones that cannot be undone last.</summary>
    private static readonly string[] First = ["customer-save", "customers-save", "order-save", "segment-create"];
    private static readonly string[] Last = ["order-cancel", "customer-merge", "customer-erase"];

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Every_client_document_runs_and_answers(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await SampleCrm.CreateAsync(database, sizes: new() { Customers = 90, Orders = 300, Contacts = 40, Opportunities = 20 });
        await using var client = new GraphQLClient(database);
        await SavedDefinitions.RefreshAsync(client.Services, default);
        await client.Services.GetRequiredService<ScoreKeeper>().RefreshAsync(refit: true, default);
        var names = Directory.GetFiles(Folder(), "*.graphql").Select(f => Path.GetFileNameWithoutExtension(f)).OrderBy(n => n, StringComparer.Ordinal).ToList();
        Assert.Superset(new HashSet<string>([.. First, .. Last]), names.ToHashSet());

        foreach (var name in First.Concat(names.Except(First).Except(Last)).Concat(Last))
        {
            var data = await RunAsync(client, name, await VariablesAsync(client, name));
            Assert.True(data.ValueKind == JsonValueKind.Object && data.EnumerateObject().All(field => IsAnswer(field.Value)), $"{name}: {data}");
        }
    }

    [Fact]
    public void Every_document_begins_with_a_line_that_says_what_it_is_for_and_every_variables_file_has_its_document()
    {
        Assert.All(Directory.GetFiles(Folder(), "*.graphql"), f => Assert.StartsWith("# ", File.ReadAllText(f), StringComparison.Ordinal));
        Assert.All(Directory.GetFiles(Folder(), "*.json"), f => Assert.True(File.Exists(Path.ChangeExtension(f, ".graphql")), f));
    }

    /// <summary>Something was found or done: not null, no domain errors.</summary>
    private static bool IsAnswer(JsonElement field) => field.ValueKind switch
    {
        JsonValueKind.Null => false,
        JsonValueKind.Object => !field.TryGetProperty("errors", out var errors) || errors.ValueKind == JsonValueKind.Null,
        _ => true,
    };

    /// <summary>The example's variables, with ids of rows that are there in the place of made-up ones.</summary>
    private static async Task<JsonObject> VariablesAsync(GraphQLClient client, string name)
    {
        var file = Path.Combine(Folder(), name + ".json");
        var variables = File.Exists(file) ? JsonNode.Parse(await File.ReadAllTextAsync(file))!.AsObject() : [];
        var real = await client.DataAsync("""
            {
              a: customerByExternalId(source: "shop", key: "C-1002") { id }
              b: customerByExternalId(source: "shop", key: "C-1003") { id }
              order: customerByExternalId(source: "shop", key: "C-1001") { orders { nodes { id } } }
              report: reportDefinitionByKey(key: "monthly-customers") { id }
              segment: segmentByKey(key: "regular-buyers") { id }
            }
            """);
        string Id(string alias) => real.GetProperty(alias).GetProperty("id").GetString()!;
        switch (name)
        {
            case "lookalikes": variables["segment"] = Id("segment"); break;
            case "metrics-by-segment": variables["segments"] = new JsonArray(Id("segment")); break;
            case "report-run": variables["id"] = Id("report"); break;
            case "customer-merge": (variables["keep"], variables["lose"]) = (Id("a"), Id("b")); break;
            case "customer-erase": variables["id"] = Id("a"); break;
            case "order-cancel": variables["id"] = real.GetProperty("order").GetProperty("orders").GetProperty("nodes")[0].GetProperty("id").GetString(); break;
        }

        return variables;
    }

    private static async Task<JsonElement> RunAsync(GraphQLClient client, string name, JsonObject variables)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Folder(), name + ".graphql"));
        var request = new GraphQLRequest(text) { Variables = JsonSerializer.SerializeToElement(variables) };
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var result = await client.Executor.ExecuteAsync(request, new RequestState().Set(Caller.System), client.Services, patience.Token);
        var response = result.Stream is { } stream ? await FirstAsync(stream, patience.Token) : result.ToJson();
        Assert.False(
            response.TryGetProperty("errors", out var errors),
            $"{name}: {errors} {string.Join(Environment.NewLine, client.Errors.Select(e => e.Exception))}");
        return response.GetProperty("data");
    }

    private static async Task<JsonElement> FirstAsync(IAsyncEnumerable<ExecutionResult> stream, CancellationToken cancellationToken)
    {
        await foreach (var result in stream.WithCancellation(cancellationToken))
            return result.ToJson();
        throw new InvalidOperationException("The stream ended without a value.");
    }

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CrmGraph.sln")))
            folder = folder.Parent!;
        return Path.Combine(folder.FullName, "schema", "operations");
    }
}
