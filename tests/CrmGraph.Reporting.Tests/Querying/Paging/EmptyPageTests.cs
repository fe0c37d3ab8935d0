using System.Text.Json;
using System.Text.RegularExpressions;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CrmGraph.Reporting.Tests.Querying.Paging;

/// <summary>A page of no rows: by the connection specification there is a next (previous) one when there are more rows than none.</summary>
public sealed class EmptyPageTests
{
    private static string Pages(FieldDefinition list) =>
        $"none: {list.Name}(first: 0) {{ totalCount nodes {{ __typename }} pageInfo {{ hasNextPage hasPreviousPage startCursor }} }} "
            + $"last: {list.Name}(last: 0) {{ pageInfo {{ hasNextPage hasPreviousPage }} }}";

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Every_list_of_the_graph_says_whether_there_are_rows_beyond_a_page_of_none(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        await SampleCrm.CreateAsync(database, seed: 61);
        await using var kept = new GraphQLClient(database);
        await using var plain = new GraphQLClient(database, new CrmLimits { KeptStatements = 0 });
        var root = (ObjectType)kept.Services.GetRequiredService<Schema>().QueryType!;
        var lists = Lists(root).ToList();
        Assert.True(lists.Count > 8);
        foreach (var list in lists)
        {
            var nested = Lists((ObjectType)((ObjectType)list.Type.Named).Field("nodes")!.Type.Named).ToList();
            foreach (var query in nested.Select(n => $"{{ {list.Name}(first: 30) {{ nodes {{ {Pages(n)} }} }} }}").Prepend($"{{ {Pages(list)} }}"))
            {
                var ours = await kept.DataAsync(query, null, Caller.System);
                Assert.Equal((await plain.DataAsync(query, null, Caller.System)).GetRawText(), ours.GetRawText());
                foreach (var parent in ours.TryGetProperty("none", out _) ? [ours] : ours.GetProperty(list.Name).GetProperty("nodes").EnumerateArray().ToList())
                    Check(query, parent);
            }
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task One_row_more_is_read_only_where_somebody_asks_whether_there_are_more(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        await using var client = new GraphQLClient(database);

        Assert.Equal("LIMIT 5", await LimitAsync("{ customers(first: 5) { nodes { id } pageInfo { endCursor hasPreviousPage } } }"));
        Assert.Equal("LIMIT 6", await LimitAsync("{ customers(first: 5) { nodes { id } pageInfo { hasNextPage } } }"));
        Assert.Equal("LIMIT 5", await LimitAsync("{ customers(last: 5) { edges { node { id } } pageInfo { hasNextPage } } }"));
        Assert.Equal("LIMIT 6", await LimitAsync("{ customers(last: 5) { edges { node { id } } pageInfo { hasPreviousPage } } }"));

        async Task<string> LimitAsync(string query)
        {
            using var log = new StatementLog(database);
            await client.DataAsync(query, null, Caller.System);
            return Regex.Match(Assert.Single(log.Statements), "LIMIT [0-9]+").Value;
        }
    }

    private static void Check(string query, JsonElement parent)
    {
        var (none, last) = (parent.GetProperty("none"), parent.GetProperty("last").GetProperty("pageInfo"));
        var any = none.GetProperty("totalCount").GetInt32() > 0;
        Assert.Equal(0, none.GetProperty("nodes").GetArrayLength());
        Assert.Equal((query, any, false), (query, none.GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean(), none.GetProperty("pageInfo")
            .GetProperty("hasPreviousPage")
            .GetBoolean()));
        Assert.Equal((query, false, any), (query, last.GetProperty("hasNextPage").GetBoolean(), last.GetProperty("hasPreviousPage").GetBoolean()));
        Assert.Equal(JsonValueKind.Null, none.GetProperty("pageInfo").GetProperty("startCursor").ValueKind);
    }

    private static IEnumerable<FieldDefinition> Lists(ObjectType type) =>
        type.Fields.Where(f => f.Type.Named is ObjectType connection && connection.Name.EndsWith("Connection", StringComparison.Ordinal)
            && !f.Arguments.Any(a => a.IsRequired));
}
