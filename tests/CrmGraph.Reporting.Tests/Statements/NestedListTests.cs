using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Tests.Querying;
using CrmGraph.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CrmGraph.Reporting.Tests.Statements;

/// <summary>Lists below lists, and single rows beside rows: in one statement where the database can, and always the same as field by field.</summary>
public sealed class NestedListTests
{
    private const int Documents = 60;
    private const int ValuesPerDocument = 3;

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Random_trees_of_lists_give_the_same_in_few_statements_as_field_by_field_through_EF(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var crm = await SampleCrm.CreateAsync(database, seed: 41);
        await using var kept = new GraphQLClient(database);
        await using var plain = new GraphQLClient(database, new CrmLimits { KeptStatements = 0 });
        var schema = kept.Services.GetRequiredService<Schema>();
        var owners = crm.Customers.Where(c => c.OwnerId is not null).Select(c => c.OwnerId!.Value).Distinct().Order().ToList();
        Caller[] callers = [Caller.System, Caller.System, new("rep", Role.Representative, owners[0], [owners[0]]), new(
            "manager",
            Role.Manager,
            owners[0],
            [.. owners.Take(3)]), new("new", Role.Representative, Guid.NewGuid(), [])];
        var random = new Random(7);
        var (ours, theirs) = (0, 0);
        for (var i = 0; i < Documents; i++)
        {
            var tree = new Tree(schema, random, crm.Now);
            for (var j = 0; j < ValuesPerDocument; j++)
            {
                var (variables, caller) = (tree.Values(), callers[random.Next(callers.Length)]);
                using var log = new StatementLog(database);
                var few = (await kept.SendAsync(tree.Query, variables, caller)).GetRawText();
                var between = log.Statements.Count;
                var many = (await plain.SendAsync(tree.Query, variables, caller)).GetRawText();
                Assert.True(few == many, $"{tree.Query}\n{JsonSerializer.Serialize(variables)}\n{caller}\nkept: {few}\nEF:   {many}\n"
                    + $"{string.Join(Environment.NewLine, kept.Errors.Select(e => e.Exception))}");
                Assert.DoesNotContain("\"errors\"", few, StringComparison.Ordinal);
                ours += between;
                theirs += log.Statements.Count - between;
            }
        }

        Assert.True(ours < theirs * (kind == DatabaseKind.Postgres ? 0.8 : 1), $"{ours} statements instead of {theirs}");
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_chain_of_lists_with_single_rows_is_one_statement_where_subqueries_may_look_beside_them(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var crm = await SampleCrm.CreateAsync(database, seed: 42);
        await using var client = new GraphQLClient(database);
        const string Query = "query($n: Int) { customers(first: 20) { nodes { name owner { name } orders(first: $n) { pageInfo { hasNextPage } nodes { id "
            + "lines { nodes { id product { name } } } } } } } }";
        foreach (var size in new[] { 1, 2, 5, 1 })
        {
            using var log = new StatementLog(database);

            var data = await client.DataAsync(Query, new Dictionary<string, object?> { ["n"] = size });

            Assert.Equal(kind == DatabaseKind.Postgres ? 1 : 3, log.Statements.Count);
            var shown = data.GetProperty("customers").GetProperty("nodes").EnumerateArray().Select(c => (
                c.GetProperty("orders").GetProperty("nodes").GetArrayLength(),
                c.GetProperty("orders").GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean(),
                string.Join(',', c.GetProperty("orders").GetProperty("nodes").EnumerateArray()
                    .SelectMany(o => o.GetProperty("lines").GetProperty("nodes").EnumerateArray())
                    .Select(l => l.GetProperty("product") is { ValueKind: JsonValueKind.Object } product ? product.GetProperty("name").GetString() : ""))));
            var expected = crm.Customers.Where(c => !c.IsGuest).OrderByDescending(c => c.CreatedAt).ThenByDescending(c => c.Id).Take(20).Select(c =>
            {
                var orders = c.Orders.OrderByDescending(o => o.OrderedAt).ThenByDescending(o => o.Id).ToList();
                return (Math.Min(size, orders.Count), orders.Count > size,
                    string.Join(
                        ',',
                        orders.Take(size).SelectMany(o => o.Lines.OrderBy(l => l.Id))
                            .Select(l => crm.Products.SingleOrDefault(p => p.Id == l.ProductId)?.Name)));
            });
            Assert.Equal(expected, shown);
        }
    }

    [Theory]
    [InlineData("{ customers(first: 3) { nodes { id orders(first: -1) { nodes { id } } } } }", "orders")]
    [InlineData("{ customers(first: 3) { nodes { id orders(first: 100000) { nodes { id } } } } }", "orders")]
    [InlineData("{ customers(first: 3) { nodes { id orders(first: 2, after: \"nonsense\") { nodes { id } } } } }", "orders")]
    public async Task An_error_of_a_list_below_stands_at_that_list(string query, string field)
    {
        await using var database = TestDatabase.Create(DatabaseKind.Postgres);
        await SampleCrm.CreateAsync(database, seed: 43);
        await using var client = new GraphQLClient(database);

        var answer = await client.SendAsync(query);

        Assert.All(answer.GetProperty("errors").EnumerateArray(), e => Assert.Equal(field, e.GetProperty("path")[3].GetString()));
        Assert.Equal(3, answer.GetProperty("errors").GetArrayLength());
    }

    /// <summary>A random tree of lists: one list below each most often, sometimes two, with filters, orders and pages from both ends.</summary>
    private sealed class Tree
    {
        private const int Depth = 3;

        private readonly Random _random;
        private readonly RandomLists _lists;
        private readonly List<(string Name, string Type, Func<object?> Make)> _variables = [];

        public Tree(Schema schema, Random random, DateTime now)
        {
            _random = random;
            _lists = new(random, new Dictionary<string, List<string>>(), now);
            string[] roots = ["customers", "orders", "teamMembers", "products", "tickets", "campaigns", "salesTeams"];
            var body = List(schema.QueryType!.Field(roots[random.Next(roots.Length)])!, Depth);
            Query = $"query({string.Join(", ", _variables.Select(v => $"${v.Name}: {v.Type}"))}) {{ {body} }}";
        }

        public string Query { get; }

        public Dictionary<string, object?> Values() => _variables.ToDictionary(v => v.Name, v => v.Make());

        private string List(FieldDefinition field, int depth)
        {
            var size = Variable("Int!", () => _random.Next(1, 7));
            var arguments = _random.Next(5) == 0 ? $"last: {size}" : $"first: {size}";
            if (_random.Next(4) == 0)
            {
                var where = (InputObjectType)field.Argument("where")!.Type.Named;
                var filter = _lists.Filter(where, 1);
                arguments += $", where: {Variable(where.Name, () => filter(_random))}";
            }

            if (_random.Next(3) == 0)
            {
                var order = (InputObjectType)field.Argument("order")!.Type.Named;
                var keys = _lists.Order(order, 1);
                arguments += $", order: {Variable($"[{order.Name}!]", () => keys)}";
            }

            var row = Row((ObjectType)((ObjectType)field.Type.Named).Field("nodes")!.Type.Named, depth - 1);
            return $"{field.Name}({arguments}) {{ {(_random.Next(4) == 0 ? $"edges {{ cursor node {{ {row} }} }}" : $"nodes {{ {row} }}")} pageInfo "
                + $"{{ hasNextPage hasPreviousPage startCursor endCursor }} {(_random.Next(8) == 0 ? "totalCount" : "")} }}";
        }

        private string Row(ObjectType type, int depth)
        {
            var leaves = type.Fields.Where(f => f.Type.Named is ScalarType or EnumType && f.Arguments.Count == 0).Select(f => f.Name).ToArray();
            _random.Shuffle(leaves);
            var fields = leaves.Take(_random.Next(1, 4)).ToList();
            var singles = type.Fields.Where(f => f.Type is ObjectType { } one && one.Field("id") is not null && f.Arguments.Count == 0).ToList();
            foreach (var single in singles.Where(_ => _random.Next(3) == 0))
                fields.Add($"{single.Name} {{ {Row((ObjectType)single.Type.Named, Math.Min(depth - 1, 1))} }}");
            var lists = type.Fields.Where(f => f.Type.Named is ObjectType connection && connection.Field("pageInfo") is not null).ToArray();
            _random.Shuffle(lists);
            if (depth > 0)
                fields.AddRange(lists.Take(_random.Next(6) == 0 ? 2 : 1).Select((l, i) => $"{(_random.Next(5) == 0 ? $"other{i}: " : "")}{List(l, depth)}"));
            return string.Join(' ', fields.DefaultIfEmpty("__typename"));
        }

        private string Variable(string type, Func<object?> make)
        {
            _variables.Add(($"v{_variables.Count}", type, make));
            return "$" + _variables[^1].Name;
        }
    }
}
