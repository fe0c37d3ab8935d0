using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.TestKit;
using CrmGraph.Reporting.Access;
using CrmGraph.TestKit;
using Snapshooter.Xunit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Segments;

public sealed class SegmentTests
{
    private const string Create = """
        mutation ($key: String!, $name: String!, $definition: CustomerFilterInput) {
          createSegment(input: { key: $key, name: $name, definition: $definition }) {
            segment { id kind definition memberCount }
            errors { __typename ... on Error { code message } }
          }
        }
        """;

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_dynamic_segment_holds_exactly_the_customers_of_its_filter_page_by_page(DatabaseKind kind)
    {
        await using var bench = await Bench.CreateAsync(kind);
        var expected = bench.Crm.Customers.Where(c => !c.IsGuest && c.Country == bench.Country).Select(c => c.Id).Order().ToList();
        Assert.NotEmpty(expected);

        var segment = await bench.CreateAsync("one-country", new { country = new { eq = bench.Country } });

        Assert.Equal(expected.Count, segment.GetProperty("memberCount").GetInt32());
        Assert.Equal(bench.Country, segment.GetProperty("definition").GetProperty("country").GetProperty("eq").GetString());
        Assert.Equal(expected.Count, (await bench.MembersAsync(segment.GetProperty("id").GetString()!, pageSize: 3)).Distinct().Count());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Segments_of_segments_and_customers_in_segments_agree_with_memory(DatabaseKind kind)
    {
        await using var bench = await Bench.CreateAsync(kind);
        var inner = (await bench.CreateAsync("inner", new { country = new { eq = bench.Country } })).GetProperty("id").GetString()!;
        var outer = await bench.CreateAsync(
            "outer",
            new { and = new object[] { new { segments = new { @in = new[] { inner } } }, new { orderCount = new { gte = 2 } } } });
        var expected = bench.Crm.Customers.Count(c => !c.IsGuest && c.Country == bench.Country && c.Figures is { OrderCount: >= 2 });

        var data = await bench.Client.DataAsync("query ($ids: [ID!]!) { in: customers(where: { segments: { in: $ids } }) { totalCount } "
            + "out: customers(where: { segments: { nin: $ids } }) { totalCount } }",
            new { ids = new[] { outer.GetProperty("id").GetString() } });

        Assert.Equal(expected, outer.GetProperty("memberCount").GetInt32());
        Assert.Equal(expected, data.GetProperty("in").GetProperty("totalCount").GetInt32());
        Assert.Equal(bench.Crm.Customers.Count(c => !c.IsGuest) - expected, data.GetProperty("out").GetProperty("totalCount").GetInt32());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_cycle_is_refused_when_it_is_saved(DatabaseKind kind)
    {
        await using var bench = await Bench.CreateAsync(kind);
        var a = (await bench.CreateAsync("a", new { country = new { eq = "x" } })).GetProperty("id").GetString()!;
        var b = (await bench.CreateAsync("b", new { segments = new { @in = new[] { a } } })).GetProperty("id").GetString()!;

        const string update = """
            mutation ($id: ID!, $definition: CustomerFilterInput) {
              updateSegment(input: { id: $id, definition: $definition }) { segment { key } errors { __typename ... on Error { code message } } }
            }
            """;

        var answer = await bench.Client.DataAsync(update, new { id = a, definition = new { segments = new { @in = new[] { b } } } });

        Snapshot.Match(Transcript.Of(update, answer));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_segment_that_others_refer_to_cannot_be_deleted(DatabaseKind kind)
    {
        await using var bench = await Bench.CreateAsync(kind);
        var a = (await bench.CreateAsync("a", new { country = new { eq = "x" } })).GetProperty("id").GetString()!;
        var b = (await bench.CreateAsync("b", new { not = new { segments = new { all = new[] { a } } } })).GetProperty("id").GetString()!;
        const string delete
            = "mutation ($id: ID!) { deleteSegment(input: { id: $id }) { segment { key } errors { ... on SegmentInUseError { code segments } } } }";

        var refused = await bench.Client.DataAsync(delete, new { id = a });
        await bench.Client.DataAsync(delete, new { id = b });
        var done = await bench.Client.DataAsync(delete, new { id = a });

        Snapshot.Match(Transcript.Of(delete, refused) + Transcript.Of("and without the other", done));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_static_segment_keeps_the_customers_that_were_added(DatabaseKind kind)
    {
        await using var bench = await Bench.CreateAsync(kind);
        var id = (await bench.CreateAsync("kept", null)).GetProperty("id").GetString()!;
        var customers = (await bench.Client.DataAsync("{ customers(first: 3) { nodes { id } } }")).GetProperty("customers").GetProperty("nodes")
            .EnumerateArray()
            .Select(n => n.GetProperty("id").GetString()!)
            .ToList();

        await bench.ChangeMembersAsync("addSegmentMembers", id, customers);
        await bench.ChangeMembersAsync("addSegmentMembers", id, customers[..1]);
        await bench.ChangeMembersAsync("removeSegmentMembers", id, customers[1..2]);
        bench.Database.Clock.Advance(TimeSpan.FromMinutes(1));
        await bench.ChangeMembersAsync("addSegmentMembers", id, customers[1..2]);
        await bench.ChangeMembersAsync("removeSegmentMembers", id, customers[2..]);

        Assert.Equal(customers[..2].Order(), (await bench.MembersAsync(id, 10)).Order());
        var asked = await bench.Client.DataAsync("query ($id: ID!, $c: [ID!]!) { segment(id: $id) { hasMembers(customers: $c) } }", new { id, c = customers });
        Assert.Equal("[true,true,false]", asked.GetProperty("segment").GetProperty("hasMembers").GetRawText());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Members_and_counts_follow_the_reader_s_rights(DatabaseKind kind)
    {
        await using var bench = await Bench.CreateAsync(kind);
        var id = (await bench.CreateAsync("everyone", new { orderCount = new { gte = 0 } })).GetProperty("id").GetString()!;
        var owner = bench.Crm.Customers.First(c => c.OwnerId is not null && !c.IsGuest).OwnerId!.Value;
        var caller = new Caller("rep", Role.Representative, owner, [owner]);

        var count = (await bench.Client.DataAsync("query ($id: ID!) { segment(id: $id) { memberCount } }", new { id }, caller)).GetProperty("segment")
            .GetProperty("memberCount")
            .GetInt32();

        Assert.Equal(bench.Crm.Customers.Count(c => !c.IsGuest && c.OwnerId == owner), count);
    }

    [Fact]
    public async Task Viewers_cannot_save_segments()
    {
        await using var bench = await Bench.CreateAsync(DatabaseKind.Sqlite);

        var code = await bench.Client.CodeAsync(Create, new { key = "x", name = "x" }, new Caller("viewer", Role.Viewer, null, null));

        Assert.Equal("AUTH_NOT_AUTHORIZED", code);
    }

    [Fact]
    public async Task A_key_is_taken_once_and_must_be_a_short_name()
    {
        await using var bench = await Bench.CreateAsync(DatabaseKind.Sqlite);
        await bench.CreateAsync("taken", null);

        Assert.Equal("SEGMENT_KEY_TAKEN", await bench.RefusedAsync("taken", null));
        Assert.Equal("SEGMENT_INVALID_KEY", await bench.RefusedAsync("Not A Key", null));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_preview_counts_without_saving(DatabaseKind kind)
    {
        await using var bench = await Bench.CreateAsync(kind);
        var expected = bench.Crm.Customers.Count(c => !c.IsGuest && c.Country == bench.Country);

        var preview = (await bench.Client.DataAsync("query ($d: CustomerFilterInput!) { segmentPreview(definition: $d) { count sample(first: 2) { country } } "
            + "segments { totalCount } }",
                new { d = new { country = new { eq = bench.Country } } }));

        Assert.Equal(expected, preview.GetProperty("segmentPreview").GetProperty("count").GetInt32());
        Assert.All(
            preview.GetProperty("segmentPreview").GetProperty("sample").EnumerateArray(),
            c => Assert.Equal(bench.Country, c.GetProperty("country").GetString()));
    }

    private sealed class Bench(TestDatabase database, SampleCrm crm) : IAsyncDisposable
    {
        public TestDatabase Database { get; } = database;
        public SampleCrm Crm { get; } = crm;
        public GraphQLClient Client { get; } = new(database);
        public string Country { get; }
            = crm.Customers.Where(c => !c.IsGuest && c.Country != null).GroupBy(c => c.Country!).OrderByDescending(g => g.Count()).First().Key;

        public static async Task<Bench> CreateAsync(DatabaseKind kind)
        {
            var database = await TestDatabase.CreateAsync(kind);
            return new Bench(database, await SampleCrm.CreateAsync(database));
        }

        public async Task<JsonElement> CreateAsync(string key, object? definition)
        {
            var payload = (await Client.DataAsync(Create, new { key, name = key, definition })).GetProperty("createSegment");
            Assert.Equal(JsonValueKind.Null, payload.GetProperty("errors").ValueKind);
            return payload.GetProperty("segment");
        }

        public async Task<string?> RefusedAsync(string key, object? definition) =>
            (await Client.DataAsync(Create, new { key, name = key, definition })).GetProperty("createSegment").GetProperty("errors")[0].GetProperty("code")
                .GetString();

        public async Task ChangeMembersAsync(string mutation, string id, IReadOnlyList<string> customers) =>
            await Client.DataAsync(
                $"mutation ($id: ID!, $c: [ID!]!) {{ {mutation}(input: {{ id: $id, customers: $c }}) {{ segment {{ memberCount }} }} }}",
                new { id, c = customers });

        public async Task<List<string>> MembersAsync(string id, int pageSize)
        {
            var members = new List<string>();
            string? after = null;
            do
            {
                var page = (await Client.DataAsync("query ($id: ID!, $n: Int!, $after: String) { segment(id: $id) { members(first: $n, "
                    + "after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } } }", new { id, n = pageSize, after }))
                    .GetProperty("segment").GetProperty("members");
                members.AddRange(page.GetProperty("nodes").EnumerateArray().Select(n => n.GetProperty("id").GetString()!));
                after = page.GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean()
                    ? page.GetProperty("pageInfo").GetProperty("endCursor").GetString()
                    : null;
            }
            while (after is not null);
            return members;
        }

        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            await Database.DisposeAsync();
        }
    }
}
