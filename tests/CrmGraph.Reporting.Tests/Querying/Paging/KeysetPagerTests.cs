using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.Reporting.Querying.Dialects;
using CrmGraph.Reporting.Querying.Filters;
using CrmGraph.Reporting.Querying.Paging;
using CrmGraph.Reporting.Querying.Sorting;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CrmGraph.Reporting.Tests.Querying.Paging;

public sealed class KeysetPagerTests
{
    private static readonly Schema Schema = CrmSchema.Builder().Build();
    private static readonly DefaultOrder NewestFirst = DefaultOrder.Parse("-OrderedAt", "Id");

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Pages_in_either_direction_make_up_the_whole_list_in_every_order(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var crm = await SampleCrm.CreateAsync(database, seed: 5, new() { Customers = 40, Orders = 60 });
        await using var context = database.CreateContext();
        var filter = Context(crm, database);

        await EveryOrder(context.Customers.AsNoTracking(), "CustomerSortInput", c => c.Id, filter);
        await EveryOrder(context.Orders.AsNoTracking(), "OrderSortInput", o => o.Id, filter);
        await EveryOrder(context.Opportunities.AsNoTracking(), "OpportunitySortInput", o => o.Id, filter);
        await EveryOrder(context.Tickets.AsNoTracking(), "TicketSortInput", t => t.Id, filter);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_page_information_is_right_at_both_ends(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var crm = await SampleCrm.CreateAsync(database, seed: 6);
        await using var context = database.CreateContext();
        var order = SortBuilder.Build<Order>(null, NewestFirst, Context(crm, database));
        var all = (await context.Orders.AsNoTracking().ToListAsync()).OrderByDescending(o => o.OrderedAt).ThenByDescending(o => o.Id).ToList();
        var edges = (await Page(context.Orders, order, new(1_000, false, null, null))).Edges;
        IReadOnlyList<object?> At(int i) => Cursor.Read(edges[i].Cursor, order, "after", new());

        (int Size, bool Backward, int? After, int? Before, int From, int Until, bool Previous, bool Next)[] cases =
        [
            (10, false, null, null, 0, 10, false, true),
            (10, false, 9, null, 10, 20, true, true),
            (10, false, all.Count - 11, null, all.Count - 10, all.Count, true, false),
            (10, false, all.Count - 1, null, all.Count, all.Count, true, false),
            (10, true, null, null, all.Count - 10, all.Count, true, false),
            (10, true, null, 10, 0, 10, false, true),
            (10, true, null, 30, 20, 30, true, true),
            (10, false, 3, 8, 4, 8, true, true),
            (3, false, 3, 8, 4, 7, true, true),
            (3, true, 3, 8, 5, 8, true, true),
            (0, false, null, null, 0, 0, false, true),
            (0, true, null, null, 0, 0, true, false),
            (0, false, 9, null, 0, 0, true, true),
            (0, false, all.Count - 1, null, 0, 0, true, false),
            (0, true, null, 0, 0, 0, false, true),
            (0, true, null, 1, 0, 0, true, true),
            (0, false, 3, 4, 0, 0, true, true),
        ];
        foreach (var c in cases)
        {
            var page = await Page(context.Orders, order, new(c.Size, c.Backward, c.After is { } a ? At(a) : null, c.Before is { } b ? At(b) : null));
            Assert.Equal(all[c.From..c.Until].Select(o => o.Id), page.Edges.Select(e => ((Order)e.Node).Id));
            Assert.Equal((c, c.Previous, c.Next), (c, page.PageInfo.HasPreviousPage, page.PageInfo.HasNextPage));
            Assert.Equal(all.Count, page.TotalCount);
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Every_parent_gets_its_own_page_by_one_statement_a_question(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var crm = await SampleCrm.CreateAsync(database, seed: 8);
        await using var context = database.CreateContext();
        var order = SortBuilder.Build<Order>(null, NewestFirst, Context(crm, database));
        foreach (var parents in new[] { crm.Customers.Take(3).ToList(), crm.Customers.ToList() })
        {
            using var log = new StatementLog(database);
            var related = new RelatedRows<Order>(() => context.Orders.AsNoTracking().Where(o => o.CancelledAt == null), nameof(Order.CustomerId), null)
            {
                Parents = [.. parents.Select(c => new ParentKey { Id = c.Id })]
            };
            var request = new PageRequest(4, false, null, null) { WantsRows = true, WantsTotalCount = true, WantsNext = true, WantsPrevious = true };

            var pages = await new KeysetPager<Order>(order, request).PagesAsync(related, QueryDialect.Of(database.Engine), () => context, default);

            Assert.Equal(2, log.Statements.Count);
            foreach (var customer in parents)
            {
                var all = customer.Orders.Where(o => o.CancelledAt == null).OrderByDescending(o => o.OrderedAt).ThenByDescending(o => o.Id).ToList();
                Assert.Equal(all.Take(4).Select(o => o.Id), pages[customer.Id].Edges.Select(e => ((Order)e.Node).Id));
                Assert.Equal(all.Count, pages[customer.Id].TotalCount);
                Assert.Equal(all.Count > 4, pages[customer.Id].PageInfo.HasNextPage);
            }
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Lines_of_orders_are_found_by_customer_and_order(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var crm = await SampleCrm.CreateAsync(database, seed: 9);
        await using var context = database.CreateContext();
        var order = SortBuilder.Build<OrderLine>(null, DefaultOrder.Parse("Id", "Id"), Context(crm, database));
        var related = new RelatedRows<OrderLine>(() => context.OrderLines.AsNoTracking(), nameof(OrderLine.OrderId), nameof(OrderLine.CustomerId))
        {
            Parents = [.. crm.Orders.Select(o => new ParentKey { Id = o.Id, CustomerId = o.CustomerId })]
        };

        var pages = await new KeysetPager<OrderLine>(order, new(2, true, null, null) { WantsRows = true }).PagesAsync(
            related,
            QueryDialect.Of(database.Engine),
            () => context,
            default);

        foreach (var one in crm.Orders)
            Assert.Equal(one.Lines.OrderBy(l => l.Id).TakeLast(2).Select(l => l.Id), pages[one.Id].Edges.Select(e => ((OrderLine)e.Node).Id));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task No_page_of_related_rows_reads_a_fact_table_whole(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var crm = await SampleCrm.CreateAsync(database, seed: 10);
        await using var context = database.CreateContext();
        var filter = Context(crm, database);
        var orders = new RelatedRows<Order>(() => context.Orders.AsNoTracking(), nameof(Order.CustomerId), null)
        {
            Parents = [.. crm.Customers.Select(c => new ParentKey { Id = c.Id })]
        };
        var lines = new RelatedRows<OrderLine>(() => context.OrderLines.AsNoTracking(), nameof(OrderLine.OrderId), nameof(OrderLine.CustomerId))
        {
            Parents = [.. crm.Orders.Take(30).Select(o => new ParentKey { Id = o.Id, CustomerId = o.CustomerId })]
        };

        await ReadsByIndex(context, database, orders, SortBuilder.Build<Order>(null, NewestFirst, filter), "orders");
        await ReadsByIndex(context, database, lines, SortBuilder.Build<OrderLine>(null, DefaultOrder.Parse("Id", "Id"), filter), "order_lines");
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_page_after_a_cursor_begins_at_its_place_in_the_index(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var crm = await SampleCrm.CreateAsync(database, seed: 12);
        await using var context = database.CreateContext();
        var order = SortBuilder.Build<Order>(null, NewestFirst, Context(crm, database));
        IReadOnlyList<object?> at = [crm.Now.AddDays(-100), crm.Orders[0].Id];
        var page = TakeLimit.Once(11).Of(Keyset.OrderBy(context.Orders.AsNoTracking().Where(Keyset.Beyond<Order>(order, at, false)), order, false));

        var plan = await Plan(context, database, page);

        Assert.Contains("ix_orders_ordered_at_id", plan, StringComparison.Ordinal);
        Assert.Contains(kind == DatabaseKind.Sqlite ? "(ordered_at<?)" : "Index Cond: (ordered_at <=", plan, StringComparison.Ordinal);
        // Orders of one moment are sorted as they come, nothing else is.
        Assert.DoesNotContain("->  Sort", plan, StringComparison.Ordinal);
        if (kind == DatabaseKind.Postgres)
            Assert.Contains("Presorted Key: ordered_at", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cursor_of_another_order_or_a_changed_one_is_refused()
    {
        var context = new FilterContext { Moment = ReportingMoment.Of(new Settings(), new ManualTimeProvider()) };
        var order = SortBuilder.Build<Order>(null, NewestFirst, context);
        var other = SortBuilder.Build<Order>(null, DefaultOrder.Parse("OrderedAt", "Id"), context);
        var cursor = Cursor.Write(order, [new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), Guid.NewGuid()]);

        Assert.Equal(2, Cursor.Read(cursor, order, "after", new()).Count);
        Assert.Equal(ErrorCodes.InvalidCursor, Assert.Throws<GraphQLException>(() => Cursor.Read(cursor, other, "after", new())).Error.Code);
        for (var i = 0; i < cursor.Length; i++)
        {
            var changed = cursor[..i] + (cursor[i] == 'A' ? 'B' : 'A') + cursor[(i + 1)..];
            Assert.Equal(ErrorCodes.InvalidCursor, Assert.Throws<GraphQLException>(() => Cursor.Read(changed, order, "before", new())).Error.Code);
        }

        foreach (var nonsense in new[] { "", "x", "!!!!", "AAAA", new string('A', 100_000) })
            Assert.Equal(ErrorCodes.InvalidCursor, Assert.Throws<GraphQLException>(() => Cursor.Read(nonsense, order, "after", new())).Error.Code);
    }

    private static async Task EveryOrder<T>(IQueryable<T> rows, string sortInput, Func<T, Guid> id, FilterContext context) where T : class
    {
        var random = new Random(3);
        var type = (InputObjectType)Schema.Type(sortInput)!;
        var names = Paths(type, 1).ToList();
        Assert.True(names.Count > 5);
        foreach (var keys in names.Select(n => new[] { n })
            .Concat(Enumerable.Range(0, 4).Select(_ => new[] { names[random.Next(names.Count)], names[random.Next(names.Count)] })))
        {
            var order = SortBuilder.Build<T>(
                keys.Select(k => k(random.Next(2) == 0 ? SortDirection.Asc : SortDirection.Desc)).ToList(),
                DefaultOrder.Parse("Id", "Id"),
                context);
            var size = random.Next(3, 30);
            var forward = await Walk(rows, order, size, false);
            var backward = await Walk(rows, order, size, true);

            var text = string.Join(", ", order.Select(k => k.Name + (k.Descending ? " desc" : "")));
            Assert.Equal((text, await rows.CountAsync()), (text, forward.Count));
            Assert.Equal(forward.Select(e => id((T)e.Node)), backward.Select(e => id((T)e.Node)));
            var values = forward.ConvertAll(e => Cursor.Read(e.Cursor, order, "after", new()));
            for (var i = 1; i < values.Count; i++)
                Assert.True(Compare(values[i - 1], values[i], order) < 0, $"{text}: {string.Join(';', values[i - 1])} before {string.Join(';', values[i])}");
        }
    }

    private static IEnumerable<Func<SortDirection, InputObject>> Paths(InputObjectType type, int depth)
    {
        foreach (var field in type.Fields)
            if (field.Tag is SortField { Arguments: not null, ReadsMoment: true })
                yield return d => new(type, new Dictionary<string, object?>
                {
                    [field.Name] = new InputObject((InputObjectType)field.Type.Named, new Dictionary<string, object?>
                    {
                        ["period"] = new PeriodInput { Last = new() { Count = 12, Unit = CalendarUnit.Month } },
                        ["direction"] = d,
                    }),
                });
            else if (field.Tag is SortField { Arguments: null })
                yield return d => new(type, new Dictionary<string, object?> { [field.Name] = d });
            // By locale it is another order than that of Compare: LocaleOrderTests has it.
            else if (depth > 0 && field.Tag is not SortField)
                foreach (var inner in Paths((InputObjectType)field.Type.Named, depth - 1))
                    yield return d => new(type, new Dictionary<string, object?> { [field.Name] = inner(d) });
    }

    private static async Task<List<Edge>> Walk<T>(IQueryable<T> rows, IReadOnlyList<SortKey> order, int size, bool backward) where T : class
    {
        List<Edge> edges = [];
        while (true)
        {
            var at = edges.Count == 0 ? null : Cursor.Read((backward ? edges[0] : edges[^1]).Cursor, order, "after", new());
            var page = await Page(rows, order, new(size, backward, backward ? null : at, backward ? at : null));
            edges.InsertRange(backward ? 0 : edges.Count, page.Edges);
            if (!(backward ? page.PageInfo.HasPreviousPage : page.PageInfo.HasNextPage))
                return edges;
            Assert.Equal(size, page.Edges.Count);
        }
    }

    private static ValueTask<Connection> Page<T>(IQueryable<T> rows, IReadOnlyList<SortKey> order, PageRequest request) where T : class =>
        new KeysetPager<T>(order, request with { WantsRows = true, WantsTotalCount = true, WantsNext = true, WantsPrevious = true }).PageAsync(rows, default);

    /// <summary>The documented order, independent of any database: nulls last, texts by code point, the rest by value.</summary>
    private static int Compare(IReadOnlyList<object?> left, IReadOnlyList<object?> right, IReadOnlyList<SortKey> order)
    {
        for (var i = 0; i < order.Count; i++)
        {
            var c = (left[i], right[i]) switch
            {
                (null, null) => 0,
                (null, _) => 1,
                (_, null) => -1,
                (string a, string b) => Sign(a.EnumerateRunes().Select(r => r.Value).ToList(), b.EnumerateRunes().Select(r => r.Value).ToList())
                    * (order[i].Descending ? -1 : 1),
                var (a, b) => Comparer<object>.Default.Compare(a, b) * (order[i].Descending ? -1 : 1),
            };
            if (c != 0)
                return c;
        }

        return 0;
    }

    private static int Sign(List<int> a, List<int> b)
    {
        for (var i = 0; i < Math.Min(a.Count, b.Count); i++)
            if (a[i] != b[i])
                return a[i].CompareTo(b[i]);
        return a.Count.CompareTo(b.Count);
    }

    private static async Task ReadsByIndex<T>(CrmDbContext context, TestDatabase database, RelatedRows<T> related, IReadOnlyList<SortKey> order, string table)
    {
        var dialect = QueryDialect.Of(database.Engine);
        var rows = dialect.FirstPerParent(
            dialect.KeyRows(context, dialect.KeyValues(related.Parents)),
            related,
            r => TakeLimit.Once(6).Of(Keyset.OrderBy(r, order, false)),
            order,
            false);
        var plan = await Plan(context, database, rows);
        Assert.DoesNotContain($"Seq Scan on {table}", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("WindowAgg", plan, StringComparison.Ordinal);
        if (database.Kind == DatabaseKind.Postgres)
            Assert.Contains("Limit", plan, StringComparison.Ordinal);
        if (database.Kind == DatabaseKind.Sqlite)
            Assert.All(
                plan.Split('\n').Where(l => l.StartsWith("SCAN", StringComparison.Ordinal)),
                l => Assert.True(l.StartsWith("SCAN o", StringComparison.Ordinal) is false || !l.Contains(table, StringComparison.Ordinal), plan));
        Assert.Contains(table, plan, StringComparison.Ordinal);
    }

    private static async Task<string> Plan<T>(CrmDbContext context, TestDatabase database, IQueryable<T> query)
    {
        await context.Database.OpenConnectionAsync();
        if (database.Kind == DatabaseKind.Postgres)
            await context.Database.ExecuteSqlRawAsync("set enable_seqscan = off; set enable_bitmapscan = off");
        await using var command = query.CreateDbCommand();
#pragma warning disable CA2100 // EF wrote the text.
        command.CommandText = (database.Kind == DatabaseKind.Sqlite ? "explain query plan " : "explain ") + command.CommandText;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
            lines.Add((string)reader.GetValue(reader.FieldCount - 1));
        return string.Join('\n', lines);
    }

    private static FilterContext Context(SampleCrm crm, TestDatabase database) => new() { Moment = ReportingMoment.Of(crm.Settings, database.Clock) };
}
