using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.Data.Statements;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Tests.Querying;
using CrmGraph.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CrmGraph.Reporting.Tests.Statements;

public sealed class PreparedStatementTests
{
    private const int Shapes = 45;
    private const int ValuesPerShape = 3;

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Random_lists_asked_again_with_other_values_give_the_same_by_kept_statements_as_through_EF(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var crm = await SampleCrm.CreateAsync(database, seed: 31);
        await using var kept = new GraphQLClient(database);
        await using var plain = new GraphQLClient(database, new CrmLimits { KeptStatements = 0 });
        var schema = kept.Services.GetRequiredService<Schema>();
        var random = new Random(5);
        var ids = await IdsAsync(plain);
        var lists = new RandomLists(random, ids, crm.Now);
        var owners = crm.Customers.Where(c => c.OwnerId is not null).Select(c => c.OwnerId!.Value).Distinct().Order().ToList();
        Caller[] callers = [Caller.System, new("analyst", Role.Analyst, null, null), new("rep", Role.Representative, owners[0], [owners[0]]), new(
            "rep",
            Role.Representative,
            owners[1],
            [owners[1]]), new("manager", Role.Manager, owners[0], [.. owners.Take(3)]), new("new", Role.Representative, Guid.NewGuid(), [])];
        var (answers, statements, nonEmpty) = (0, 0, 0);
        for (var shape = 0; shape < Shapes; shape++)
        {
            var (query, where, order) = Document(schema, lists, random);
            for (var i = 0; i < ValuesPerShape; i++)
            {
                var caller = callers[random.Next(callers.Length)];
                var variables = new Dictionary<string, object?> { ["first"] = random.Next(1, 8), ["where"] = where(random), ["order"] = order };
                // A second page too, from the first one's cursor.
                for (var page = 0; page < 2; page++)
                {
                    using var log = new StatementLog(database);
                    var ours = (await kept.SendAsync(query, variables, caller)).GetRawText();
                    statements += log.Kept;
                    var theirs = await plain.SendAsync(query, variables, caller);
                    Assert.True(ours == theirs.GetRawText(),
                        $"{query}\n{JsonSerializer.Serialize(variables)}\n{caller}\nkept: {ours}\nEF:   {theirs.GetRawText()}\n"
                        + $"{string.Join(Environment.NewLine, kept.Errors.Select(e => e.Exception))}");
                    answers++;
                    if (!theirs.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Object
                        || data.EnumerateObject().First().Value is not { ValueKind: JsonValueKind.Object } list)
                        break;
                    nonEmpty += list.GetProperty("edges").GetArrayLength() > 0 ? 1 : 0;
                    if (list.GetProperty("pageInfo").GetProperty("endCursor").GetString() is not { } cursor)
                        break;
                    variables["after"] = cursor;
                }
            }
        }

        Assert.True(statements > answers, $"{statements} prepared statements in {answers} answers");
        Assert.True(nonEmpty > answers / 4, $"{nonEmpty} of {answers} answers had rows");
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Every_field_of_every_listed_type_is_the_same_from_columns_as_from_objects(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        await SampleCrm.CreateAsync(database, seed: 32);
        await using var kept = new GraphQLClient(database);
        await using var plain = new GraphQLClient(database, new CrmLimits { KeptStatements = 0 });
        var schema = kept.Services.GetRequiredService<Schema>();
        foreach (var list in Lists(schema))
        {
            // One field at a time: what one field needs must not come along because of another.
            var type = (ObjectType)((ObjectType)list.Type.Named).Field("nodes")!.Type.Named;
            var fields = type.Fields.Where(f => f.Arguments.All(a => !a.IsRequired)).Select(f => (f.Name, Text: One(f))).Where(f => f.Text is not null)
                .ToList();
            foreach (var (name, text) in fields)
            {
                var query = $"{{ {list.Name}(first: 30) {{ nodes {{ {text} }} }} }}";
                var ours = (await kept.SendAsync(query)).GetRawText();
                var theirs = (await plain.SendAsync(query)).GetRawText();
                Assert.True(
                    ours == theirs,
                    $"{type.Name}.{name}\nkept: {ours}\nEF:   {theirs}\n{string.Join(Environment.NewLine, kept.Errors.Select(e => e.Exception))}");
                Assert.DoesNotContain("\"errors\"", ours, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task No_more_statements_are_kept_than_the_limit_says()
    {
        await using var database = TestDatabase.Create(DatabaseKind.Sqlite);
        await using var client = new GraphQLClient(database, new CrmLimits { KeptStatements = 10 });
        for (var i = 0; i < 30; i++)
            await client.DataAsync(
                $"{{ customers(where: {{or: [{string.Join(',', Enumerable.Repeat("{name: {contains: \"a\"}}", i + 1))}]}}) {{ nodes {{ id }} }} }}");
        Assert.InRange(client.Services.GetRequiredService<StatementCache>().Count, 1, 12);
    }

    private static IEnumerable<FieldDefinition> Lists(Schema schema) =>
        schema.QueryType!.Fields.Where(f => f.Argument("where") is not null && f.Argument("first") is not null && f.Type.Named is ObjectType connection
            && connection.Field("edges") is not null && !f.Arguments.Any(a => a.IsRequired));

    private static (string Query, Func<Random, object?> Where, List<object> Order) Document(Schema schema, RandomLists lists, Random random)
    {
        var all = Lists(schema).ToList();
        // Customers and orders more often than the others.
        var list = random.Next(2) == 0 ? schema.QueryType!.Field(random.Next(2) == 0 ? "customers" : "orders")! : all[random.Next(all.Count)];
        var where = (InputObjectType)list.Argument("where")!.Type.Named;
        var order = (InputObjectType)list.Argument("order")!.Type.Named;
        var node = (ObjectType)((ObjectType)list.Type.Named).Field("nodes")!.Type.Named;
        var size = random.Next(4) == 0 ? "last: $first, before: $after" : "first: $first, after: $after";
        var query = $"query($first: Int!, $after: String, $where: {where.Name}, $order: [{order.Name}!]) {{ {list.Name}({size}, where: $where, "
            + $"order: $order) {{ edges {{ cursor node {{ {lists.Selection(node, 2)} }} }} "
            + $"{(random.Next(3) == 0 ? "totalCount " : "")}pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}";
        return (query, random.Next(6) == 0 ? _ => null : lists.Filter(where, random.Next(1, 3)), lists.Order(order, random.Next(0, 3)));
    }

    private static string? One(FieldDefinition field) => field.Type.Named switch
    {
        ScalarType or EnumType => field.Name,
        ObjectType { Name: var name } type when type.Field(
            "pageInfo") is not null => $"{field.Name}(first: 2) {{ nodes {{ {Leaves((ObjectType)type.Field("nodes")!.Type.Named)} }} pageInfo {{ hasNextPage "
                + $"endCursor }} }}",
        ObjectType type when Leaves(type) is { Length: > 0 } leaves => $"{field.Name} {{ {leaves} }}",
        _ => null,
    };

    private static string Leaves(ObjectType type)
        => string.Join(' ', type.Fields.Where(f => f.Type.Named is ScalarType or EnumType && f.Arguments.All(a => !a.IsRequired)).Select(f => f.Name));

    private static async Task<Dictionary<string, List<string>>> IdsAsync(GraphQLClient client)
    {
        var data = await client.DataAsync("{ Customer: customers(first: 40) { nodes { id } } Order: orders(first: 40) { nodes { id } } Product: products "
            + "{ nodes { id } } TeamMember: teamMembers { nodes { id } } }");
        return data.EnumerateObject()
            .ToDictionary(p => p.Name, p => p.Value.GetProperty("nodes").EnumerateArray().Select(n => n.GetProperty("id").GetString()!).ToList());
    }
}
