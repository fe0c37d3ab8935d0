using System.Net;
using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.Reporting;
using CrmGraph.Reporting.Exports;
using CrmGraph.Server.Tests.Transport;
using CrmGraph.TestKit;
using Npgsql;
using Xunit;

namespace CrmGraph.Server.Tests.Endpoints;

public sealed class SegmentExportTests
{
    public static IEnumerable<object[]> Both => Databases.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task A_representative_gets_his_members_of_a_segment_in_both_formats(DatabaseKind kind)
    {
        await using var server = await RunningServer.StartAsync("Production", kind: kind);
        var crm = await FillAsync(server);
        var owner = crm.Customers.Where(c => c.OwnerId is not null && !c.IsGuest).GroupBy(c => c.OwnerId!.Value).MaxBy(g => g.Count())!.Key;
        var buyers = crm.Customers.Where(c => c.OwnerId == owner && !c.IsGuest && c.Figures!.OrderCount >= 1).ToList();
        Assert.NotEmpty(buyers);
        var key = await server.CreateKeyAsync(Role.Representative, owner);

        using var csv = await GetAsync(server, "/segments/buyers/members?format=csv&fields=name,orderCount", key.Secret);
        using var ndjson = await GetAsync(server, "/segments/buyers/members?format=ndjson", key.Secret);

        Assert.Equal(
            ("text/csv", "attachment; filename=buyers.csv; filename*=UTF-8''buyers.csv"),
            (csv.Content.Headers.ContentType!.MediaType, csv.Content.Headers.GetValues("Content-Disposition").Single()));
        var lines = (await csv.Content.ReadAsStringAsync()).Split("\r\n");
        Assert.Equal("name,orderCount", lines[0]);
        Assert.Equal(buyers.Count, lines.Length - 2);
        var rows = (await ndjson.Content.ReadAsStringAsync()).TrimEnd('\n').Split('\n').Select(l => JsonSerializer.Deserialize<JsonElement>(l)).ToList();
        Assert.Equal(buyers.Count, rows[^1].GetProperty("rows").GetInt32());
        Assert.Equal(
            buyers.Select(c => (c.Name, c.Figures!.OrderCount)).Order(),
            rows.SkipLast(1).Select(r => (r.GetProperty("name").GetString()!, r.GetProperty("orderCount").GetInt32())).Order());
    }

    [Theory]
    [InlineData("/segments/nothing/members", 404, "SEGMENT_NOT_FOUND")]
    [InlineData("/segments/buyers/members?format=xlsx", 400, "INVALID_ARGUMENT")]
    [InlineData("/segments/buyers/members?fields=id,password", 400, "INVALID_ARGUMENT")]
    [InlineData("/segments/buyers/members?fields=", 400, "INVALID_ARGUMENT")]
    [InlineData("/segments/broken/members", 422, "SEGMENT_BROKEN")]
    public async Task What_cannot_be_exported_is_said_with_a_code(string path, int status, string code)
    {
        await using var server = await RunningServer.StartAsync("Development");
        await FillAsync(server);

        using var answer = await server.Client.GetAsync(path);

        Assert.Equal((status, code), ((int)answer.StatusCode, await CodeAsync(answer)));
    }

    [Fact]
    public async Task Without_a_key_there_is_no_export_and_only_reading_is_offered()
    {
        await using var server = await RunningServer.StartAsync("Production");

        using var refused = await server.Client.GetAsync("/segments/buyers/members");
        using var posted = await server.Client.PostAsync("/segments/buyers/members", null);

        Assert.Equal((HttpStatusCode.Unauthorized, "AUTH_NOT_AUTHENTICATED"), (refused.StatusCode, await CodeAsync(refused)));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task An_empty_segment_is_a_whole_table_without_rows(DatabaseKind kind)
    {
        await using var server = await RunningServer.StartAsync("Development", kind: kind);
        await server.Database.SaveAsync(new Segment { Id = Guid.CreateVersion7(), Key = "empty", Name = "Empty", Kind = SegmentKind.Static });

        Assert.Equal("id,name\r\n", await server.Client.GetStringAsync("/segments/empty/members?fields=id,name"));
        Assert.Equal("{\"complete\":true,\"rows\":0}\n", await server.Client.GetStringAsync("/segments/empty/members?format=ndjson"));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Attributes_and_money_are_exported_as_the_graph_names_them(DatabaseKind kind)
    {
        await using var server = await RunningServer.StartAsync("Development", kind: kind);
        var crm = await FillAsync(server);
        var buyer = crm.Customers.First(c => !c.IsGuest && c.Figures!.OrderCount >= 1 && c.Money.Count > 0);
        await server.Database.SaveAsync(new CustomerAttribute { CustomerId = buyer.Id, Key = "a=b", Value = "=1+1;x" });

        var csv = await server.Client.GetStringAsync("/segments/buyers/members?fields=name,attributes,moneySpent,firstPurchase,lastPurchase");
        var rows = (await server.Client.GetStringAsync("/segments/buyers/members?format=ndjson&fields=attributes,moneySpent")).TrimEnd('\n').Split('\n')
            .Select(l => JsonSerializer.Deserialize<JsonElement>(l))
            .ToList();

        Assert.StartsWith("name,attributes,moneySpent,firstPurchase,lastPurchase\r\n", csv);
        Assert.Contains("\"\"a=b\"\"", csv.Replace("\"\"\"\"", "\"\"", StringComparison.Ordinal), StringComparison.Ordinal);
        var exported = rows.SkipLast(1).Single(r => r.GetProperty("attributes").EnumerateArray().Any(a => a.GetProperty("key").GetString() == "a=b"));
        Assert.Contains(exported.GetProperty("attributes").EnumerateArray(), a => a.GetProperty("value").GetString() == "=1+1;x");
        Assert.Equal(
            buyer.Money.OrderBy(m => m.Currency, StringComparer.Ordinal).Select(m => (m.Currency, (m.GrossAmount - m.ReturnedAmount) / 10_000m)),
            exported.GetProperty("moneySpent").EnumerateArray().Select(m => (m.GetProperty("currency").GetString()!, m.GetProperty("amount").GetDecimal())));
    }

    [Fact]
    public async Task Outside_ids_in_a_table_tell_their_source_and_key_apart_whatever_they_hold()
    {
        await using var server = await RunningServer.StartAsync("Development");
        var crm = await FillAsync(server);
        var buyer = crm.Customers.First(c => !c.IsGuest && c.Figures!.OrderCount >= 1);
        (string Source, string Key)[] ids = [("a", "b=c"), ("a=b", "c"), ("a:b", "c:\"d\""), ("a", "b;c"), ("q\"", "=1")];
        foreach (var (source, key) in ids)
            await server.Database.SaveAsync(
                new ExternalId { Entity = ExternalEntity.Customer, Source = source, Key = key, CustomerId = buyer.Id, Id = buyer.Id });

        var csv = await server.Client.GetStringAsync("/segments/buyers/members?fields=externalIds");

        var row = csv.Split("\r\n").Single(line => line.Contains("c:", StringComparison.Ordinal));
        var cell = row[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal);
        var items = ListText.Split(cell, [";"]).Select(Pair).ToList();
        Assert.All(ids, id => Assert.Contains(id, items));
        Assert.Equal(items.Count, items.Distinct().Count());
    }

    /// <summary>The name before the first '=' outside quotes, and what follows.</summary>
    private static (string, string) Pair(string item)
    {
        if (item[0] != '"')
            return (item[..item.IndexOf('=', StringComparison.Ordinal)], item[(item.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        var end = 1;
        while (item[end] != '"' || (end + 1 < item.Length && item[end + 1] == '"'))
            end += item[end] == '"' ? 2 : 1;
        return (item[1..end].Replace("\"\"", "\"", StringComparison.Ordinal), item[(end + 2)..]);
    }

    [Fact]
    public async Task An_export_is_paid_from_the_allowance_and_its_debt_holds_up_the_next_request()
    {
        await using var server = await RunningServer.StartAsync("Production", settings: ["--GraphQL:CallerCost", "550", "--GraphQL:CallerCostPerSecond", "1"]);
        var members = (await FillAsync(server)).Customers.Count(c => !c.IsGuest && c.Figures!.OrderCount >= 1);
        Assert.True(members > 40);
        var (key, other) = (await server.CreateKeyAsync(Role.Analyst), await server.CreateKeyAsync(Role.Analyst));

        using var whole = await GetAsync(server, "/segments/buyers/members?format=ndjson", key.Secret);
        using var refused = await GetAsync(server, "/segments/buyers/members", key.Secret);
        using var others = await GetAsync(server, "/segments/nothing/members", other.Secret);

        Assert.Contains("\"complete\":true", await whole.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.TooManyRequests, "THROTTLED"), (refused.StatusCode, await CodeAsync(refused)));
        // 550 less 510 and the members is the debt, and 510 have to be there again.
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, members - 40 + 510 - 30, members - 40 + 510);
        Assert.Equal(HttpStatusCode.NotFound, others.StatusCode);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Exports_have_places_for_all_and_for_each_caller_and_give_them_back(DatabaseKind kind)
    {
        await using var server = await RunningServer.StartAsync("Production", kind: kind, settings: ["--Crm:Exports", "2", "--Crm:ExportsPerCaller", "1"]);
        await FillAsync(server);
        var keys = new[] { await server.CreateKeyAsync(Role.Viewer), await server.CreateKeyAsync(Role.Viewer), await server.CreateKeyAsync(Role.Viewer) };
        var places = server.Service<ExportPlaces>();
        var (mine, others) = (places.Enter($"{Role.Viewer} key {keys[0].Key.Id}"), places.Enter("somebody"));

        using var second = await GetAsync(server, "/segments/buyers/members", keys[0].Secret);
        using var third = await GetAsync(server, "/segments/buyers/members", keys[1].Secret);
        Assert.Equal((HttpStatusCode.TooManyRequests, "TOO_MANY_EXPORTS"), (second.StatusCode, await CodeAsync(second)));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "OVERLOADED"), (third.StatusCode, await CodeAsync(third)));
        Assert.NotNull(third.Headers.RetryAfter);
        mine.Dispose();
        others.Dispose();

        for (var i = 0; i < 3; i++)
            using (var again = await GetAsync(server, "/segments/buyers/members", keys[0].Secret))
                Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task An_export_that_is_larger_than_it_may_be_is_refused_before_anything_is_sent(DatabaseKind kind)
    {
        await using var server = await RunningServer.StartAsync("Development", kind: kind, settings: ["--Crm:ExportBytes", "2000"]);
        await FillAsync(server);

        using var refused = await server.Client.GetAsync("/segments/buyers/members");
        using var smaller = await server.Client.GetAsync("/segments/nobody/members");

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "EXPORT_TOO_LARGE"), (refused.StatusCode, await CodeAsync(refused)));
        Assert.Equal(HttpStatusCode.NotFound, smaller.StatusCode);
    }

    [Fact]
    public async Task An_export_that_is_not_read_in_time_ends_and_its_statement_with_it()
    {
        await using var server = await RunningServer.StartAsync("Development", kind: DatabaseKind.Postgres, settings: ["--Crm:ExportSeconds", "1"]);
        await FillAsync(server);
        await using var @lock = await TableLock.TakeAsync(server.Database);

        using var ended = await server.Client.GetAsync("/segments/buyers/members").WaitAsync(TableLock.Patience);

        Assert.Equal((HttpStatusCode.InternalServerError, "HC0045"), (ended.StatusCode, await CodeAsync(ended)));
        await @lock.WaitForWaitersAsync(0);
    }

    [Fact]
    public async Task Clients_that_do_not_read_hold_no_connection_to_the_database()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxPoolSize = 3, Timeout = 5 };
        await using var server = await RunningServer.StartAsync(
            "Development",
            settings: ["--ConnectionStrings:Crm", settings.ConnectionString, "--Crm:Exports", "20", "--Crm:ExportsPerCaller", "20"]);
        await SampleCrm.CreateAsync(database);
        // Far more than sockets hold between a server and a client that does not read: some 30 MB.
        await database.ExecuteAsync("update customers set occupation = repeat('x', (30000000 / (select count(*) from customers))::integer)");
        await database.SaveAsync(new Segment
        {
            Id = Guid.CreateVersion7(),
            Key = "everybody",
            Name = "Everybody",
            Kind = SegmentKind.Dynamic,
            Definition = """{"orderCount":{"gte":0}}""",
            DefinitionVersion = 1
        });
        var unread = new List<HttpResponseMessage>();
        for (var i = 0; i < 6; i++)
            unread.Add(await server.Client.GetAsync("/segments/everybody/members", HttpCompletionOption.ResponseHeadersRead).WaitAsync(TableLock.Patience));

        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/health/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.AskAsync("""{"query":"{ customers(first: 1) { nodes { id } } }"}""")).Status);
        unread.ForEach(answer => answer.Dispose());
    }

    [Fact]
    public async Task A_file_name_with_quotes_and_other_letters_is_encoded_and_makes_no_header()
    {
        await using var server = await RunningServer.StartAsync("Development");
        await server.Database.SaveAsync(new Segment { Id = Guid.CreateVersion7(), Key = "é\"x\r\nX-Bad: 1", Name = "Odd", Kind = SegmentKind.Static });

        using var answer = await server.Client.GetAsync("/segments/%C3%A9%22x%0D%0AX-Bad%3A%201/members?fields=id");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("X-Bad"));
        var header = answer.Content.Headers.GetValues("Content-Disposition").Single();
        Assert.EndsWith("filename*=UTF-8''%C3%A9%22x%0D%0AX-Bad%3A%201.csv", header);
        Assert.All(header, c => Assert.InRange(c, ' ', '~'));
    }

    private static async Task<SampleCrm> FillAsync(RunningServer server)
    {
        var crm = await SampleCrm.CreateAsync(server.Database);
        await server.Database.SaveAsync(
            new Segment
            {
                Id = Guid.CreateVersion7(),
                Key = "buyers",
                Name = "Buyers",
                Kind = SegmentKind.Dynamic,
                Definition = """{"orderCount":{"gte":1}}""",
                DefinitionVersion = 1
            },
            new Segment
            {
                Id = Guid.CreateVersion7(),
                Key = "broken",
                Name = "Broken",
                Kind = SegmentKind.Dynamic,
                Definition = """{"shoeSize":{"gte":1}}""",
                DefinitionVersion = 1
            });
        return crm;
    }

    private static async Task<HttpResponseMessage> GetAsync(RunningServer server, string path, string secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", secret);
        return await server.Client.SendAsync(request);
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) =>
        JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()).GetProperty("errors")[0].GetProperty("extensions").GetProperty("code")
            .GetString();
}
