using System.Globalization;
using System.Text.Json.Nodes;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Ingest;

/// <summary>A representative learns nothing of what is another's: every mutation of the schema answers for it as for what is not there.</summary>
public sealed class OneAnswerTests
{
    private const string At = "2026-01-01T00:00:00Z";

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Each_id_and_reference_of_each_mutation_answers_for_anothers_row_as_for_none(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var client = new GraphQLClient(database);
        var (me, foreign) = await PrepareAsync(client);
        var mutations = ((ObjectType)CrmSchema.Builder().Build().MutationType!).Fields;
        var tried = 0;
        foreach (var mutation in mutations.Where(m => m.Arguments is [{ Type.Nullable: InputObjectType }]))
            foreach (var (type, id) in foreign)
                foreach (var path in Paths((InputObjectType)mutation.Arguments[0].Type.Nullable))
                    tried += await SameAsync(client, me, mutation, path, type, id) ? 1 : 0;
        Assert.True(tried >= 30, tried.ToString(CultureInfo.InvariantCulture));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_outside_id_of_anothers_row_is_not_found_and_an_id_that_is_not_there_stays_so_beside_one(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var client = new GraphQLClient(database);
        var (me, foreign) = await PrepareAsync(client);
        foreach (var (type, id) in foreign.Where(f => f.Key != "OrderLine"))
        {
            async Task<string> AskAsync(string names) =>
                (await client.DataAsync($"mutation {{ upsert{type}(input: {{{names}}}) {{ errors "
                    + $"{{ ... on Error {{ code message }} }} }} }}", null, me)).GetRawText();
            Assert.Contains("\"NOT_FOUND\"", await AskAsync("""externalIds: [{source: "shop", key: "F"}]"""), StringComparison.Ordinal);
            var none = await AskAsync($"id: \"{Ghost(type)}\"");
            Assert.Equal(none, await AskAsync($$"""id: "{{Ghost(type)}}", externalIds: [{source: "shop", key: "F"}]"""));
            Assert.Equal(none, await AskAsync($$"""id: "{{id}}", externalIds: [{source: "shop", key: "F"}]"""));
            Assert.Equal(none, await AskAsync($"id: \"{id}\""));
        }
    }

    [Fact]
    public async Task The_servers_own_sources_cannot_be_claimed()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var client = new GraphQLClient(database);
        foreach (var source in new[] { "crmgraph:content", "crmgraph:merged", "crmgraph:x", "CrmGraph:content" })
            foreach (var (mutation, fields) in new[] {
                ("upsertCustomer", "name: \"A\""),
                ("upsertOrder", $"orderedAt: \"{At}\""),
                ("upsertTicket", $"openedAt: \"{At}\""),
                ("upsertProduct", "sku: \"A\"") })
                Assert.Contains("INVALID_TEXT", (await client.DataAsync(
                    $"mutation {{ {mutation}(input: {{externalIds: [{{source: \"{source}\", key: \"1\"}}], {fields}}}) {{ errors "
                        + $"{{ ... on Error {{ code }} }} }} }}")).GetRawText(), StringComparison.Ordinal);
    }

    private static async Task<(Caller Me, Dictionary<string, string> Foreign)> PrepareAsync(GraphQLClient client)
    {
        const string Key = """externalIds: [{source: "shop", key: "F"}]""";
        const string Whose = """customer: {externalId: {source: "shop", key: "F"}}""";
        var data = await client.DataAsync($$"""
            mutation {
              m: upsertTeamMember(input: {externalIds: [{source: "shop", key: "me"}], name: "Me"}) { teamMember { id } }
              Customer: upsertCustomer(input: {{{Key}}, name: "F"}) { row: customer { id } }
              Order: upsertOrder(input: {{{Key}}, {{Whose}}, orderedAt: "{{At}}",
                  lines: [{unitPrice: 1, externalId: {source: "shop", key: "F"} }]}) { row: order { id } }
              Interaction: upsertInteraction(input: {{{Key}}, {{Whose}}, occurredAt: "{{At}}"}) { row: interaction { id } }
              Ticket: upsertTicket(input: {{{Key}}, {{Whose}}, openedAt: "{{At}}"}) { row: ticket { id } }
              SurveyResponse: upsertSurveyResponse(input: {{{Key}}, {{Whose}}, answeredAt: "{{At}}", kind: NPS, score: 9}) { row: surveyResponse { id } }
              Opportunity: upsertOpportunity(input: {{{Key}}, {{Whose}}, openedAt: "{{At}}", name: "D", stage: "S"}) { row: opportunity { id } }
              Contract: upsertContract(input: {{{Key}}, {{Whose}}, startDay: "2026-01-01"}) { row: contract { id } }
            }
            """);
        var member = new Guid(
            Convert.FromBase64String(data.GetProperty("m").GetProperty("teamMember").GetProperty("id").GetString()!).AsSpan()[^16..],
            bigEndian: true);
        var foreign = data.EnumerateObject().Where(p => p.Name != "m")
            .ToDictionary(p => p.Name, p => p.Value.GetProperty("row").GetProperty("id").GetString()!);
        return (new Caller("me", Role.Representative, member, [member]), foreign);
    }

    /// <returns>False where the mutation does not take an id of this type there.</returns>
    private static async Task<bool> SameAsync(GraphQLClient client, Caller me, FieldDefinition mutation, string[] path, string type, string id)
    {
        var none = await AskAsync(client, me, mutation, path, Ghost(type));
        if (none.Contains("INVALID_ID", StringComparison.Ordinal))
            return false;
        var foreign = (await AskAsync(client, me, mutation, path, id)).Replace(id, Ghost(type), StringComparison.Ordinal)
            .Replace(Raw(id), Raw(Ghost(type)), StringComparison.Ordinal);
        Assert.True(none == foreign, $"{mutation.Name} {string.Join('.', path)} of {type}: {none}\n{foreign}");
        return true;
    }

    private static async Task<string> AskAsync(GraphQLClient client, Caller me, FieldDefinition mutation, string[] path, string id)
    {
        var argument = mutation.Arguments[0];
        var input = Input((InputObjectType)argument.Type.Nullable, path, id);
        var response = await client.SendAsync(
            $"mutation($i: {argument.Type}) {{ {mutation.Name}(input: $i) {{ errors {{ __typename ... on Error {{ code message }} }} }} }}",
            new { i = input },
            me);
        // A plus sign of an id, escaped once or twice.
        return response.GetRawText().Replace(@"\\u002B", "+", StringComparison.Ordinal).Replace(@"\u002B", "+", StringComparison.Ordinal);
    }

    private static string Ghost(string type, int number = 1) =>
        Convert.ToBase64String([.. System.Text.Encoding.ASCII.GetBytes(type + ":"),
            .. Guid.Parse($"0199aaaa-0000-7000-8000-00000000000{number}").ToByteArray(bigEndian: true)]);
    private static string Raw(string id) => new Guid(Convert.FromBase64String(id).AsSpan()[^16..], bigEndian: true).ToString("D");

    /// <summary>Where an input takes an id: at the top, and in its references and rows.</summary>
    private static IEnumerable<string[]> Paths(InputObjectType input, int depth = 0)
    {
        foreach (var field in input.Fields)
            if (field.Type.Named is ScalarType { Name: "ID" })
                yield return [field.Name];
            else if (depth < 2 && field.Type.Named is InputObjectType { Name: not "CustomerFilterInput" } inner
                && !inner.Name.EndsWith("FilterInput", StringComparison.Ordinal))
                foreach (var path in Paths(inner, depth + 1))
                    yield return [field.Name, .. path];
    }

    /// <summary>The required fields, and the id at its path.</summary>
    private static JsonObject Input(InputObjectType type, string[] path, string? id)
    {
        var input = new JsonObject();
        foreach (var field in type.Fields.Where(f => f.Name == path.FirstOrDefault() || f.Type is NonNullType && !type.IsOneOf))
            input[field.Name] = Value(field.Type, field.Name == path.FirstOrDefault() ? path[1..] : [], field.Name == path.FirstOrDefault() ? id : null);
        return input;
    }

    private static JsonNode? Value(GraphQLType type, string[] path, string? id) => type.Nullable switch
    {
        ListType list => id is null && list.OfType.Named is ScalarType { Name: "ID" } ? new JsonArray() : new JsonArray(Value(list.OfType, path, id)),
        InputObjectType input when id is null && input.IsOneOf => new JsonObject { [input.Fields[0].Name] = Value(input.Fields[0].Type, [], null) },
        InputObjectType input => Input(input, path, id),
        EnumType e => e.Values[0].Name,
        ScalarType { Name: "ID" } => id ?? Ghost("Customer", 2),
        ScalarType { Name: "Int" or "Long" or "Float" or "Decimal" } => 1,
        ScalarType { Name: "Boolean" } => true,
        ScalarType { Name: "DateTime" } => At,
        ScalarType { Name: "LocalDate" } => "2026-01-01",
        ScalarType { Name: "Any" } => new JsonObject(),
        _ => "EUR",
    };
}
