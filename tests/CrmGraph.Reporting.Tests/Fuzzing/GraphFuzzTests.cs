using System.Reflection;
using System.Text.Json;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.TestKit.Fuzzing;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Fuzzing;

/// <summary>
/// Operations that fit the product's schema with values at and beyond their limits: nothing unexpected happens on either database, every error has a
/// code that is documented, and both databases give the same answer.
/// </summary>
public sealed class GraphFuzzTests
{
    private static readonly Schema Schema = CrmSchema.Builder().Build();
    private static readonly HashSet<string> Codes = [.. KnownCodes()];

    // What differs from database to database, and lists in which ids made by the server stand.
    private static readonly HashSet<string> Different =
        ["recordedAt", "updatedAt", "asOf", "version", "endCursor", "startCursor", "cursor", "after", "before", "system"];

    [Fact]
    public async Task Queries_never_fail_unexpectedly_and_both_databases_give_the_same_answer()
    {
        await using var both = await Both.CreateAsync();
        var maker = new OperationMaker(Schema, both.Ids, Different);
        await Fuzz.RunAsync(600, async random =>
        {
            var operation = maker.Make(random);
            var (sqlite, postgres) = (await both.Sqlite.AnswerAsync(operation), await both.Postgres.AnswerAsync(operation));
            var (one, other) = (sqlite.GetRawText(), postgres.GetRawText());
            Assert.True(one == other, $"{operation}\nSQLite: {Around(one, other)}\nPostgreSQL: {Around(other, one)}");
        });
    }

    [Fact]
    public async Task Mutations_never_fail_unexpectedly()
    {
        await using var both = await Both.CreateAsync();
        var maker = new OperationMaker(Schema, both.Ids, Different);
        await Fuzz.RunAsync(600, async random =>
        {
            var operation = maker.Make(random, mutation: true);
            await both.Sqlite.AnswerAsync(operation);
            await both.Postgres.AnswerAsync(operation);
        });
    }

    /// <summary>Where an answer differs from the other.</summary>
    private static string Around(string answer, string other)
    {
        var at = answer.Zip(other).TakeWhile(p => p.First == p.Second).Count();
        return answer[Math.Max(0, at - 500)..Math.Min(answer.Length, at + 500)];
    }

    private static IEnumerable<string> KnownCodes() =>
        from type in new[] { typeof(ErrorCodes).Assembly, typeof(CrmSchema).Assembly }.SelectMany(a => a.GetTypes())
        where type.Name.EndsWith("Codes", StringComparison.Ordinal)
        from field in type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
        where field.IsLiteral && field.FieldType == typeof(string) && (string)field.GetRawConstantValue()! != ErrorCodes.Internal
        select (string)field.GetRawConstantValue()!;

    private sealed class Side(TestDatabase database, GraphQLClient client) : IAsyncDisposable
    {
        public TestDatabase Database { get; } = database;

        public async Task<JsonElement> AnswerAsync(MadeOperation operation)
        {
            using var variables = JsonDocument.Parse(operation.Variables);
            var request = new GraphQLRequest(operation.Query) { Variables = variables.RootElement };
            var result = await client.Executor.ExecuteAsync(request, new RequestState().Set(Caller.System), client.Services, CancellationToken.None);
            var answer = result.ToJson();
            List<UnexpectedError> masked = [.. client.Errors];
            client.Errors.Clear();
            Assert.True(masked.Count == 0, $"{Database.Kind}: {operation}\n{string.Join('\n', masked.Select(e => e.Exception))}");
            if (answer.TryGetProperty("errors", out var errors))
                foreach (var error in errors.EnumerateArray())
                    Assert.True(
                        error.GetProperty("message").GetString() is { Length: > 0 }
                            && Codes.Contains(error.GetProperty("extensions").GetProperty("code").GetString()!),
                        $"{Database.Kind}: {operation}\n{error}");
            return answer;
        }

        public async ValueTask DisposeAsync()
        {
            await client.DisposeAsync();
            await Database.DisposeAsync();
        }
    }

    private sealed record Both(Side Sqlite, Side Postgres, IReadOnlyList<string> Ids) : IAsyncDisposable
    {
        public static async Task<Both> CreateAsync()
        {
            var (sqlite, crm) = await OfAsync(DatabaseKind.Sqlite);
            var (postgres, _) = await OfAsync(DatabaseKind.Postgres);
            string[] ids =
            [
                .. crm.Customers.Take(5).Select(c => Id("Customer", c.Id)), .. crm.Orders.Take(3).Select(o => Id("Order", o.CustomerId, o.Id)),
                .. crm.Tickets.Take(2).Select(t => Id("Ticket", t.CustomerId, t.Id)), Id("Product", Guid.Empty),
                Id("TeamMember", crm.Customers.First(c => c.OwnerId is not null).OwnerId!.Value),
                Id("Segment", Guid.NewGuid()), "Query", "",
            ];
            return new(sqlite, postgres, ids);
        }

        private static async Task<(Side, SampleCrm)> OfAsync(DatabaseKind kind)
        {
            var database = TestDatabase.Create(kind);
            var crm = await SampleCrm.CreateAsync(database, seed: 77, new() { Customers = 40, Orders = 80 });
            return (new(database, new GraphQLClient(database)), crm);
        }

        private static string Id(string type, params Guid[] key) =>
            Convert.ToBase64String([.. System.Text.Encoding.ASCII.GetBytes(type + ":"), .. key.SelectMany(k => k.ToByteArray(bigEndian: true))]);

        public async ValueTask DisposeAsync()
        {
            await Sqlite.DisposeAsync();
            await Postgres.DisposeAsync();
        }
    }
}
