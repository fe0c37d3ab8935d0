using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace CrmGraph.Benchmarks.Http;

/// <summary>One kind of request with many values of its variables, the same for the same database.</summary>
internal sealed record Workload(string Name, string Meaning, string Document, IReadOnlyList<object> Variables)
{
    private const int Seed = 7;

    public IEnumerable<string> Bodies() => Variables.Select(v => JsonSerializer.Serialize(new { query = Document, operationName = Name, variables = v }));

    /// <param name="owners">The owners whose customers the caller sees; null for all.</param>
    public static async Task<IReadOnlyList<Workload>> AllAsync(NpgsqlDataSource database, Guid[]? owners)
    {
        var ids = await ListAsync<Guid>(
            database,
            "select id from customers where not is_guest and ($1::uuid[] is null or owner_id = any($1)) order by id",
            owners);
        var regions = await ListAsync<string>(database,
            "select region from customers where not is_guest and region is not null and ($1::uuid[] is null or owner_id = any($1)) group by region order by "
            + "count(*) desc, region limit 8", owners);
        var days = await ListAsync<DateTime>(
            database,
            "select unnest(array[min(created_at), max(created_at)]) from customers where not is_guest and ($1::uuid[] is null or owner_id = any($1))",
            owners);
        if (ids.Count < 1_000)
            throw new InvalidOperationException("This database has too few customers for the caller; fill it with: crmgraph seed --customers 340000");
        var random = new Random(Seed);
        var (first, days30) = (days[0].Date.AddDays(1), (int)(days[1] - days[0]).TotalDays - 32);
        return
        [
            new("W1", "one customer by id, 6 fields",
                "query W1($id: ID!) { customer(id: $id) { id name email region city createdAt } }",
                Make(20_000, () => new { id = GlobalId.Text("Customer:"u8, ids[random.Next(ids.Count)]) })),
            new("W2", "50 customers of a region created in 30 days, by name, 8 fields, page info",
                """
                query W2($region: String!, $from: DateTime!, $until: DateTime!) {
                  customers(where: {region: {eq: $region}, createdAt: {gte: $from, lt: $until}}, order: [{name: ASC}], first: 50) {
                    nodes { id name email city industry lifecycleStage ownerId createdAt } pageInfo { hasNextPage endCursor } } }
                """,
                Make(2_000, () =>
                {
                    var from = first.AddSeconds(random.Next(days30 * 86_400));
                    return new { region = regions[random.Next(regions.Count)], from = Instant(from), until = Instant(from.AddDays(30)) };
                })),
            new("W3", "20 customers, each with the last 5 orders, their lines' product names",
                """
                query W3($before: DateTime!) {
                  customers(where: {createdAt: {lt: $before}}, first: 20) {
                    nodes { id name orders(first: 5) { nodes { id orderedAt grossAmount lines { nodes { product { name } } } } } } } }
                """,
                Make(2_000, () => new { before = Instant(first.AddDays(days30 / 4).AddSeconds(random.Next(days30 / 2 * 86_400))) })),
            new("W6", "{ __typename }", "query W6 { __typename }", [new { }]),
            new("W7", "1,000 customers, 10 fields",
                """
                query W7($before: DateTime!) {
                  customers(where: {createdAt: {lt: $before}}, first: 1000) {
                    nodes { id name email region country city industry acquisitionChannel lifecycleStage createdAt } } }
                """,
                Make(500, () => new { before = Instant(first.AddDays(days30 / 2).AddSeconds(random.Next(days30 / 2 * 86_400))) })),
        ];
    }

    private static object[] Make(int count, Func<object> one) => [.. Enumerable.Range(0, count).Select(_ => one())];

    private static string Instant(DateTime moment) => moment.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static async Task<List<T>> ListAsync<T>(NpgsqlDataSource database, string sql, Guid[]? owners)
    {
#pragma warning disable CA2100 // Written above.
        await using var command = database.CreateCommand(sql);
#pragma warning restore CA2100
        command.Parameters.Add(
            new() { Value = (object?)owners ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Uuid });
        await using var reader = await command.ExecuteReaderAsync();
        var list = new List<T>();
        while (await reader.ReadAsync())
            list.Add(reader.GetFieldValue<T>(0));
        return list;
    }
}
