using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CrmGraph.Data;
using CrmGraph.Data.Database;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting;
using CrmGraph.Reporting.Access;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CrmGraph.Benchmarks;

/// <summary>
/// The entity graph against hand-written Npgsql, in one process and without HTTP: processor time and memory of each operation, with other
/// values every time. The hand-written side sends the SQL that an experienced developer would write and writes the same JSON.
/// </summary>
internal static class EntityBenchmark
{
    private const int Rounds = 5;

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not ["--database", var connection, .. var rest])
            return 2;
        var only = rest is ["--only", var name, ..] ? name : null;
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddCrmDatabase(connection);
        services.AddCrm(new CrmLimits());
        services.AddSingleton(new GraphQLLimits());
        services.AddSingleton(CrmSchema.Builder().Build());
        services.AddSingleton(
            p => new RequestExecutor(p.GetRequiredService<GraphQL.Types.Schema>(), new() { OnUnexpectedError = e => Console.Error.WriteLine(e.Exception) }));
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<DatabaseEngine>().MigrateAsync();
        var cases = await EntityCases.ReadAsync(provider);
        await using var limit = connection.Contains("Host=", StringComparison.OrdinalIgnoreCase) ? new HandWritten(connection) : null;
        Console.WriteLine($"{"",-28}{"wall us",10}{"CPU us",10}{"bytes alloc.",14}{"answer",10}   "
            + $"hand-written: {"wall us",10}{"CPU us",10}{"bytes alloc.",14}   ratio wall, CPU");
        foreach (var one in cases)
        {
            if (only is not null && !one.Name.Contains(only, StringComparison.OrdinalIgnoreCase))
                continue;
            var executor = provider.GetRequiredService<RequestExecutor>();
            await CompareAsync(
                one,
                variables => OursAsync(executor, provider, one.Query, variables),
                limit is null ? null : variables => limit.RunAsync(one.Name, variables));
        }

        return 0;
    }

    private static async Task CompareAsync(
        EntityCase one,
        Func<Dictionary<string, string>, Task<int>> ours,
        Func<Dictionary<string, string>, Task<int>>? theirs)
    {
        var bytes = 0;
        foreach (var variables in one.Variables.Take(60))
        {
            bytes = await ours(variables);
            if (theirs is not null && await theirs(variables) is var size && size != bytes)
                Console.Error.WriteLine($"{one.Name}: {bytes} bytes against {size} by hand");
        }

        var (mine, others) = (new List<Cost>(), new List<Cost>());
        for (var round = 0; round < Rounds; round++)
        {
            mine.Add(await MeasureAsync(one, ours));
            if (theirs is not null)
                others.Add(await MeasureAsync(one, theirs));
        }

        var (a, b) = (Median(mine), others.Count > 0 ? Median(others) : default);
        var hand = theirs is null ? "" : $"{Number(b.Wall),25}{Number(b.Cpu),10}{b.Allocated,14:N0}   {Number(b.Wall / a.Wall)}, {Number(b.Cpu / a.Cpu)}";
        Console.WriteLine($"{one.Name,-28}{Number(a.Wall),10}{Number(a.Cpu),10}{a.Allocated,14:N0}{bytes,10}   {hand}");
    }

    private static async Task<Cost> MeasureAsync(EntityCase one, Func<Dictionary<string, string>, Task<int>> run)
    {
        var process = Process.GetCurrentProcess();
        process.Refresh();
        var cpu = process.TotalProcessorTime;
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < one.Runs; i++)
            await run(one.Variables[i % one.Variables.Count]);
        var wall = Stopwatch.GetElapsedTime(start);
        process.Refresh();
        return new(
            wall.TotalMicroseconds / one.Runs,
            (process.TotalProcessorTime - cpu).TotalMicroseconds / one.Runs,
            (GC.GetTotalAllocatedBytes(precise: true) - allocated) / one.Runs);
    }

    private static Cost Median(List<Cost> costs) => costs.OrderBy(c => c.Cpu).ElementAt(costs.Count / 2);

    private static string Number(double value) => value.ToString(value < 10 ? "0.00" : "0", CultureInfo.InvariantCulture);

    private static async Task<int> OursAsync(RequestExecutor executor, IServiceProvider services, string query, Dictionary<string, string> variables)
    {
        var request = new GraphQLRequest(query) { Variables = JsonSerializer.SerializeToElement(variables) };
        var result = await executor.ExecuteAsync(request, new RequestState().Set(Caller.System), services, CancellationToken.None);
        if (result.Errors.Count > 0)
            throw new InvalidOperationException(string.Join("; ", result.Errors.Select(e => e.Message)));
        var answer = new ArrayBufferWriter<byte>(1 << 14);
        result.WriteTo(answer);
        return answer.WrittenCount;
    }

    private readonly record struct Cost(double Wall, double Cpu, long Allocated);
}

internal sealed record EntityCase(string Name, string Query, int Runs, IReadOnlyList<Dictionary<string, string>> Variables);

/// <summary>The four operations and their values, taken from the database's own rows.</summary>
internal static class EntityCases
{
    private const string One = "query($id: ID!) { customer(id: $id) { id name email region city createdAt } }";

    private const string Filtered = """
        query($region: String!, $from: DateTime!, $to: DateTime!) {
          customers(where: {region: {eq: $region}, createdAt: {gte: $from, lt: $to}}, order: [{name: ASC}], first: 50) {
            nodes { id name email city industry lifecycleStage ownerId createdAt } pageInfo { hasNextPage endCursor } } }
        """;

    private const string Nested = """
        query($after: String) { customers(order: [{id: ASC}], first: 20, after: $after) { nodes { id name
          orders(first: 5, order: [{orderedAt: DESC}]) { nodes { id orderedAt grossAmount lines(first: 1) { nodes { product { name } } } } } } } }
        """;

    private const string Many = """
        query($after: String) { customers(order: [{id: ASC}], first: 1000, after: $after) {
          nodes { id name email region country city industry acquisitionChannel lifecycleStage createdAt } } }
        """;

    public static async Task<IReadOnlyList<EntityCase>> ReadAsync(IServiceProvider services)
    {
        var executor = services.GetRequiredService<RequestExecutor>();
        var request = new GraphQLRequest("{ customers(first: 1000, order: [{id: ASC}]) { edges { cursor node { id region createdAt } } } }");
        var result = await executor.ExecuteAsync(request, new RequestState().Set(Caller.System), services, CancellationToken.None);
        var edges = result.ToJson().GetProperty("data").GetProperty("customers").GetProperty("edges").EnumerateArray().ToList();
        var ids = edges.ConvertAll(e => Of(("id", e.GetProperty("node").GetProperty("id").GetString()!)));
        var cursors = edges.ConvertAll(e => Of(("after", e.GetProperty("cursor").GetString()!)));
        var regions = edges.Select(e => e.GetProperty("node").GetProperty("region").GetString()).OfType<string>().Distinct().ToList();
        var ranges = edges.Select((e, i) =>
        {
            var from = e.GetProperty("node").GetProperty("createdAt").GetDateTime();
            return Of(("region", regions[i % regions.Count]), ("from", from.AddDays(-15).ToString("O")), ("to", from.AddDays(15).ToString("O")));
        }).ToList();
        return [new("W1 one customer", One, 1500, ids), new("W2 filtered, ordered", Filtered, 300, ranges), new("W3 nested", Nested, 200, cursors), new(
            "W7 1,000 customers",
            Many,
            40,
            cursors)];
    }

    private static Dictionary<string, string> Of(params (string Name, string Value)[] values) => values.ToDictionary(v => v.Name, v => v.Value);
}

/// <summary>The same answers by hand.</summary>
internal sealed class HandWritten(string connection) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(
        connection + ";Max Auto Prepare=50;Auto Prepare Min Usages=1;No Reset On Close=true;Timezone=UTC;Options=-c jit=off");

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    public async Task<int> RunAsync(string name, Dictionary<string, string> variables)
    {
        var output = new ArrayBufferWriter<byte>(1 << 14);
        await using var json = new Utf8JsonWriter(
            output,
            new() { SkipValidation = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        await using var opened = await _source.OpenConnectionAsync();
        await using var command = opened.CreateCommand();
        json.WriteStartObject();
        json.WriteStartObject("data"u8);
        switch (name[..2])
        {
            case "W1": await OneAsync(json, command, variables); break;
            case "W2": await FilteredAsync(json, command, variables); break;
            case "W3": await NestedAsync(json, command, variables); break;
            default: await ManyAsync(json, command, variables); break;
        }

        json.WriteEndObject();
        json.WriteEndObject();
        await json.FlushAsync();
        return output.WrittenCount;
    }

    private static async Task OneAsync(Utf8JsonWriter json, NpgsqlCommand command, Dictionary<string, string> variables)
    {
        command.CommandText = "select id, name, email, region, city, created_at from customers where id = $1 and not is_guest";
        command.Parameters.Add(
            new NpgsqlParameter<Guid> { TypedValue = new Guid(Convert.FromBase64String(variables["id"]).AsSpan("Customer:".Length), bigEndian: true) });
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        json.WriteStartObject("customer"u8);
        Id(json, "Customer:"u8, reader.GetGuid(0));
        Texts(json, reader, 1, "name", "email", "region", "city");
        json.WriteString("createdAt"u8, reader.GetDateTime(5));
        json.WriteEndObject();
    }

    private static async Task FilteredAsync(Utf8JsonWriter json, NpgsqlCommand command, Dictionary<string, string> variables)
    {
        command.CommandText = """
            select id, name, email, city, industry, lifecycle_stage, owner_id, created_at, name_folded from customers
            where not is_guest and region = $1 and created_at >= $2 and created_at < $3 order by name_folded, id limit 51
            """;
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = variables["region"] });
        command.Parameters.Add(
            new NpgsqlParameter<DateTime> { TypedValue = DateTime.Parse(variables["from"], CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal) });
        command.Parameters.Add(
            new NpgsqlParameter<DateTime> { TypedValue = DateTime.Parse(variables["to"], CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal) });
        await using var reader = await command.ExecuteReaderAsync();
        json.WriteStartObject("customers"u8);
        json.WriteStartArray("nodes"u8);
        var (rows, last, name) = (0, Guid.Empty, "");
        while (await reader.ReadAsync() && ++rows <= 50)
        {
            json.WriteStartObject();
            Id(json, "Customer:"u8, last = reader.GetGuid(0));
            Texts(json, reader, 1, "name", "email", "city", "industry", "lifecycleStage");
            if (reader.IsDBNull(6))
                json.WriteNull("ownerId"u8);
            else
                Id(json, "TeamMember:"u8, reader.GetGuid(6), "ownerId");
            json.WriteString("createdAt"u8, reader.GetDateTime(7));
            name = reader.GetString(8);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("pageInfo"u8);
        json.WriteBoolean("hasNextPage"u8, rows > 50);
        if (rows == 0)
            json.WriteNull("endCursor"u8);
        else
            json.WriteString("endCursor"u8, Cursor(name, last));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // As long as ours: signature, two tagged values, checksum.
    private static string Cursor(string name, Guid id)
    {
        var text = System.Text.Encoding.UTF8.GetBytes(name);
        return System.Buffers.Text.Base64Url.EncodeToString([0, 0, 0, 0, 1, (byte)text.Length, .. text, 6, .. id.ToByteArray(), 0, 0, 0, 0]);
    }

    private static async Task NestedAsync(Utf8JsonWriter json, NpgsqlCommand command, Dictionary<string, string> variables)
    {
        command.CommandText = """
            select c.id, c.name, o.id, o.ordered_at, o.gross_amount, l.id, p.name
            from (select id, name from customers where not is_guest and id > $1 order by id limit 20) c
            left join lateral (select id, customer_id, ordered_at, gross_amount from orders where customer_id = c.id order by ordered_at desc, id desc limit 5) o on true
            left join lateral (select id, product_id from order_lines where customer_id = o.customer_id and order_id = o.id order by id limit 1) l on true
            left join products p on p.id = l.product_id
            order by c.id, o.ordered_at desc, o.id desc
            """;
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = After(variables) });
        await using var reader = await command.ExecuteReaderAsync();
        json.WriteStartObject("customers"u8);
        json.WriteStartArray("nodes"u8);
        var current = Guid.Empty;
        while (await reader.ReadAsync())
        {
            var customer = reader.GetGuid(0);
            if (customer != current)
            {
                if (current != Guid.Empty)
                    EndLists(json);
                current = customer;
                json.WriteStartObject();
                Id(json, "Customer:"u8, customer);
                json.WriteString("name"u8, reader.GetString(1));
                json.WriteStartObject("orders"u8);
                json.WriteStartArray("nodes"u8);
            }

            if (!reader.IsDBNull(2))
                Order(json, reader, customer);
        }

        EndLists(json);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void EndLists(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Order(Utf8JsonWriter json, NpgsqlDataReader reader, Guid customer)
    {
        json.WriteStartObject();
        Span<byte> id = stackalloc byte[38];
        "Order:"u8.CopyTo(id);
        customer.TryWriteBytes(id[6..], true, out _);
        reader.GetGuid(2).TryWriteBytes(id[22..], true, out _);
        json.WriteBase64String("id"u8, id);
        json.WriteString("orderedAt"u8, reader.GetDateTime(3));
        json.WriteNumber("grossAmount"u8, reader.GetInt64(4) / 10_000m);
        json.WriteStartObject("lines"u8);
        json.WriteStartArray("nodes"u8);
        if (!reader.IsDBNull(5))
        {
            json.WriteStartObject();
            json.WriteStartObject("product"u8);
            json.WriteString("name"u8, reader.GetString(6));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static async Task ManyAsync(Utf8JsonWriter json, NpgsqlCommand command, Dictionary<string, string> variables)
    {
        command.CommandText = """
            select id, name, email, region, country, city, industry, acquisition_channel, lifecycle_stage, created_at
            from customers where not is_guest and id > $1 order by id limit 1000
            """;
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = After(variables) });
        await using var reader = await command.ExecuteReaderAsync();
        json.WriteStartObject("customers"u8);
        json.WriteStartArray("nodes"u8);
        while (await reader.ReadAsync())
        {
            json.WriteStartObject();
            Id(json, "Customer:"u8, reader.GetGuid(0));
            Texts(json, reader, 1, "name", "email", "region", "country", "city", "industry", "acquisitionChannel", "lifecycleStage");
            json.WriteString("createdAt"u8, reader.GetDateTime(9));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static Guid After(Dictionary<string, string> variables) => new(System.Buffers.Text.Base64Url.DecodeFromChars(variables["after"]).AsSpan(5, 16));

    private static void Id(Utf8JsonWriter json, ReadOnlySpan<byte> type, Guid value, string name = "id")
    {
        Span<byte> id = stackalloc byte[type.Length + 16];
        type.CopyTo(id);
        value.TryWriteBytes(id[type.Length..], bigEndian: true, out _);
        json.WriteBase64String(name, id);
    }

    private static void Texts(Utf8JsonWriter json, NpgsqlDataReader reader, int first, params ReadOnlySpan<string> names)
    {
        for (var i = 0; i < names.Length; i++)
        {
            if (reader.IsDBNull(first + i))
                json.WriteNull(names[i]);
            else
                json.WriteString(names[i], reader.GetString(first + i));
        }
    }
}
