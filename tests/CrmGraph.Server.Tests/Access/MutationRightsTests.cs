using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Types;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Server.Tests.Access;

/// <summary>
/// Every field of the schema's Mutation type, each with an input made from its types: a mutation that is added tomorrow is tested by the same walk.
/// </summary>
public sealed class MutationRightsTests
{
    /// <summary>Computes and keeps a result under the caller's own rights; it changes no figure and no definition.</summary>
    private static readonly string[] ForViewers = ["runReport"];

    /// <summary>What analysts keep beside: documents of their own, no facts of the CRM.</summary>
    private static readonly string[] ForAnalysts =
    [
        .. ForViewers, "createSegment", "updateSegment", "deleteSegment", "addSegmentMembers", "removeSegmentMembers",
        "createReportDefinition", "updateReportDefinition", "deleteReportDefinition", "updateReportFindings", "updateReportVisibility",
        "createGoal", "updateGoal", "deleteGoal", "createAnnotation",
        "updateAnnotation", "deleteAnnotation", "defineMetric", "updateMetric", "archiveMetric", "restoreMetric", "deleteMetric",
    ];

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Analyst)]
    public async Task Whoever_may_only_read_is_refused_by_every_mutation(Role role)
    {
        await using var server = await RunningServer.StartAsync("Production");
        var key = await server.CreateKeyAsync(role);
        var allowed = role == Role.Viewer ? ForViewers : ForAnalysts;
        var schema = server.Service<Schema>();
        var mutations = schema.MutationType!.Fields;
        var before = await ContentsAsync(server.Database);

        var open = new List<string>();
        foreach (var mutation in mutations)
            if (!await IsRefusedAsync(server, key.Secret, schema, mutation))
                open.Add(mutation.Name);

        Assert.Equal(allowed.Order(StringComparer.Ordinal), open.Order(StringComparer.Ordinal));
        Assert.True(mutations.Count > 20);
        Assert.Equal(before, await ContentsAsync(server.Database));
    }

    /// <summary>The same walk with an administrator: the refusals above come from the role, not from the inputs.</summary>
    [Fact]
    public async Task No_mutation_refuses_an_administrator()
    {
        await using var server = await RunningServer.StartAsync("Production");
        var key = await server.CreateKeyAsync(Role.Administrator);
        var schema = server.Service<Schema>();
        foreach (var mutation in schema.MutationType!.Fields)
            Assert.False(await IsRefusedAsync(server, key.Secret, schema, mutation), mutation.Name);
    }

    /// <summary>Ids are of types, which the schema does not tell: each node type is tried until the id is not what is wrong.</summary>
    private static async Task<bool> IsRefusedAsync(RunningServer server, string secret, Schema schema, FieldDefinition mutation)
    {
        var nodes = schema.PossibleTypes((InterfaceType)schema.Type("Node")!).Select(t => t.Name).Order(StringComparer.Ordinal).ToList();
        foreach (var node in nodes)
        {
            var codes = await CodesAsync(server, secret, mutation, node);
            if (codes.Contains("INVALID_ID"))
                continue;
            return codes.Contains("AUTH_NOT_AUTHORIZED");
        }

        // A wrong id was looked at, so that the caller may.
        return false;
    }

    private static async Task<IReadOnlyList<string?>> CodesAsync(RunningServer server, string secret, FieldDefinition mutation, string node)
    {
        var arguments = mutation.Arguments.Where(a => a.Type is NonNullType).ToList();
        var declared = arguments.Count == 0 ? "" : $"({string.Join(", ", arguments.Select(a => $"${a.Name}: {a.Type}"))})";
        var passed = arguments.Count == 0 ? "" : $"({string.Join(", ", arguments.Select(a => $"{a.Name}: ${a.Name}"))})";
        var body = new JsonObject
        {
            ["query"] = $"mutation {declared} {{ {mutation.Name}{passed} {{ __typename }} }}",
            ["variables"] = new JsonObject(arguments.Select(a => KeyValuePair.Create(a.Name, ValueOf(a.Type, node)))),
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql")
        {
            Content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json")
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        using var answer = await server.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        using var json = JsonDocument.Parse(text);
        // Inputs that know the type of their id refuse another one before anything runs.
        if (text.Contains($"is of type {node}; an id of type", StringComparison.Ordinal))
            return ["INVALID_ID"];
        Assert.True(json.RootElement.TryGetProperty("data", out _), $"{mutation.Name}: the input that this test made is not valid: {text}");
        return json.RootElement.TryGetProperty("errors", out var errors)
            ? [.. errors.EnumerateArray().Select(e => e.GetProperty("extensions").GetProperty("code").GetString())]
            : [];
    }

    /// <summary>The least that the type takes: required fields only, the first field of a @oneOf.</summary>
    private static JsonNode? ValueOf(GraphQLType type, string node) => type.Nullable switch
    {
        // Of several lists of ids each may be of another type; none is of any.
        ListType { OfType.Named: ScalarType { Name: "ID" } } => new JsonArray(),
        ListType list => new JsonArray(ValueOf(list.OfType, node)),
        InputObjectType input => new JsonObject((input.IsOneOf ? input.Fields.Take(1) : input.Fields.Where(f => f.Type is NonNullType))
            .Select(f => KeyValuePair.Create(f.Name, ValueOf(f.Type, node)))),
        EnumType e => e.Values[0].Name,
        ScalarType { Name: "ID" } => IdOf(node),
        ScalarType { Name: "Int" or "Long" or "Float" or "Decimal" } => 1,
        ScalarType { Name: "Boolean" } => true,
        ScalarType { Name: "DateTime" } => "2026-01-01T00:00:00Z",
        ScalarType { Name: "LocalDate" } => "2026-01-01",
        ScalarType { Name: "Any" } => new JsonObject(),
        _ => "EUR",
    };

    /// <summary>Facts carry their customer in the id.</summary>
    private static string IdOf(string node) =>
        Convert.ToBase64String([.. System.Text.Encoding.ASCII.GetBytes(node + ":"), .. IsFact(node)
            ? new byte[16]
            : [], .. Guid.Parse("0199aaaa-0000-7000-8000-000000000001").ToByteArray(bigEndian: true)]);

    private static bool IsFact(string node) => node is "Order" or "Opportunity" or "Contract" or "Interaction" or "Ticket" or "SurveyResponse" or "OrderLine";

    private static async Task<string> ContentsAsync(TestDatabase database)
    {
        string[] tables = ["customers", "orders", "order_lines", "tickets", "interactions", "survey_answers", "opportunities", "contracts", "products",
            "campaigns", "team_members", "sales_teams", "exchange_rates", "settings", "segments", "report_definitions", "external_ids", "history"];
        var counts = new List<string>();
        foreach (var table in tables)
            counts.Add($"{table} {(await database.QueryAsync($"select count(*) from {table}"))[0][0]}");
        return string.Join(", ", counts);
    }
}
