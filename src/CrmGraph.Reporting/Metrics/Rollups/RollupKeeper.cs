using System.Data;
using System.Data.Common;
using CrmGraph.Data.Database;
using CrmGraph.Data.Database.Bulk;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Rollups;

/// <summary>
/// Brings marked days up to date: in one transaction it adds their orders up anew and takes the marks away that it saw. A transaction that it does not see
/// has its marks still to come, so that a day without any is right in every state. Killed at any moment it leaves the marks; several at once only
/// hinder each other.
/// </summary>
public sealed class RollupKeeper(DatabaseEngine engine)
{
    /// <summary>Days in one transaction: SQLite's other writers wait for it.</summary>
    private const int DaysAtOnce = 32;

    /// <summary>Rolls up some of the marked days.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        await using var connection = await engine.OpenConnectionAsync(cancellationToken);
        if (!await HasMarksAsync(connection, cancellationToken))
            return false;
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await using var db = engine.CreateContext(connection, transaction);
        var marks = await db.RollupMarks.Where(m => !m.IsFinal).Select(m => m.Day).Distinct().OrderBy(d => d).Take(DaysAtOnce + 1)
            .ToListAsync(cancellationToken);
        if (marks.Contains(null) || await db.RollupMarks.AnyAsync(m => m.Day == null, cancellationToken))
            await MarkEachDayAsync(db, cancellationToken);
        else
            await RollUpAsync(db, transaction, [.. marks.Take(DaysAtOnce).Select(d => d!.Value)], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return marks.Contains(null) || marks.Count > DaysAtOnce;
    }

    /// <summary>Adds up the orders of all days without a mark again. Days that differ are marked.</summary>
    public async Task<(int Days, IReadOnlyList<DateOnly> Wrong)> VerifyAsync(CancellationToken cancellationToken)
    {
        await using var all = engine.CreateContext();
        var days = await all.Orders.Select(o => o.Day).Union(all.SalesDays.Select(d => d.Day)).Union(all.SalesDayCustomers.Select(d => d.Day))
            .Union(all.SalesDayOrders.Select(d => d.Day)).OrderBy(d => d).ToListAsync(cancellationToken);
        var (compared, wrong) = (0, new List<DateOnly>());
        foreach (var some in days.Chunk(DaysAtOnce))
        {
            await using var connection = await engine.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            await using var db = engine.CreateContext(connection, transaction);
            var marks = await db.RollupMarks.Where(m => m.Day == null || some.Contains(m.Day.Value)).Select(m => m.Day).ToListAsync(cancellationToken);
            var clean = marks.Contains(null) ? [] : some.Where(d => !marks.Contains(d)).ToList();
            compared += clean.Count;
            wrong.AddRange(await DifferentAsync(db, clean, cancellationToken));
        }

        all.RollupMarks.AddRange(wrong.Select(d => new RollupMark { Day = d }));
        await all.SaveChangesAsync(cancellationToken);
        return (compared, wrong);
    }

    private static async Task<IEnumerable<DateOnly>> DifferentAsync(CrmDbContext db, List<DateOnly> days, CancellationToken cancellationToken)
    {
        var orders = await OrdersAsync(db, days, cancellationToken);
        var rollups = SalesRollup.Of(await db.SettingsAsync(cancellationToken));
        var numbers = await KnownNumbersAsync(db, orders, cancellationToken);
        var sums = (await db.SalesDays.AsNoTracking().Where(d => days.Contains(d.Day)).ToListAsync(cancellationToken)).ToLookup(d => d.Day);
        var customers = (await db.SalesDayCustomers.AsNoTracking().Where(d => days.Contains(d.Day)).ToListAsync(cancellationToken)).ToLookup(d => d.Day);
        var columns = await db.SalesDayOrders.Where(d => days.Contains(d.Day)).ToDictionaryAsync(d => d.Day, d => d.Columns, cancellationToken);
        var found = orders.ToLookup(o => o.Day);
        return days.Where(day =>
        {
            // A customer without a number cannot have been rolled up.
            if (!found[day].All(o => o.IsGuest || numbers.ContainsKey(o.CustomerId)))
                return true;
            var rolled = Rolled(rollups, day, found[day], numbers);
            return !Texts(rolled.SelectMany(r => r.Sums), rolled.SelectMany(r => r.Customers)).SetEquals(Texts(sums[day], customers[day]))
                || columns.ContainsKey(day) != found[day].Any()
                || (found[day].Any() && !OrderColumns.Encode(found[day], numbers).AsSpan().SequenceEqual(columns[day]));
        });
    }

    /// <summary>The rows whatever their numbers among those of the day.</summary>
    private static HashSet<string> Texts(IEnumerable<SalesDay> sums, IEnumerable<SalesDayCustomers> customers) =>
    [
        .. sums.Select(d => string.Join('|', d.Rollup, d.Currency, d.Channel, d.Region, d.Country, d.OwnerId, d.ScopeId, d.IsKnown,
            d.GrossAmount, d.ReturnedAmount, d.DiscountAmount, d.OrderCount)),
        .. customers.Select(d => string.Join('|', d.Rollup, d.Channel, d.Region, d.Country, d.OwnerId, d.ScopeId,
            Convert.ToHexString(d.Buyers), Convert.ToHexString(d.Others))),
    ];

    /// <summary>The day in every rollup.</summary>
    /// <exception cref="OverflowException">A sum needs more than 64 bits.</exception>
    private static List<DayOfSales> Rolled(
        IReadOnlyList<SalesRollup> rollups, DateOnly day, IEnumerable<OrderToRoll> orders, Dictionary<Guid, int> numbers)
    {
        var rolled = rollups.Select(r => new DayOfSales(r, day)).ToList();
        foreach (var order in orders)
            rolled.ForEach(r => r.Add(order, order.IsGuest ? null : numbers[order.CustomerId]));
        return rolled;
    }

    private static async Task<bool> HasMarksAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "select 1 from rollup_marks where not is_final limit 1";
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }

    private static async Task MarkEachDayAsync(CrmDbContext db, CancellationToken cancellationToken)
    {
        await db.SalesDays.ExecuteDeleteAsync(cancellationToken);
        await db.SalesDayCustomers.ExecuteDeleteAsync(cancellationToken);
        await db.SalesDayOrders.ExecuteDeleteAsync(cancellationToken);
        await db.RollupMarks.ExecuteDeleteAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"insert into rollup_marks (day) select distinct day from orders", cancellationToken);
    }

    private async Task RollUpAsync(CrmDbContext db, DbTransaction transaction, IReadOnlyList<DateOnly> days, CancellationToken cancellationToken)
    {
        var rollups = SalesRollup.Of(await db.SettingsAsync(cancellationToken));
        // With the rollups by the keys of the tables, which begin with them.
        var numbers = rollups.Select(r => r.Number).ToList();
        await db.SalesDays.Where(d => numbers.Contains(d.Rollup) && days.Contains(d.Day)).ExecuteDeleteAsync(cancellationToken);
        await db.SalesDayCustomers.Where(d => numbers.Contains(d.Rollup) && days.Contains(d.Day)).ExecuteDeleteAsync(cancellationToken);
        await db.SalesDayOrders.Where(d => days.Contains(d.Day)).ExecuteDeleteAsync(cancellationToken);
        var orders = await OrdersAsync(db, days, cancellationToken);
        await using var writer = BulkWriter.Within(engine, transaction);
        var customerNumbers = await NumbersAsync(db, writer, orders, cancellationToken);
        var (sums, customers, columns, wide) = (new List<SalesDay>(), new List<SalesDayCustomers>(), new List<SalesDayOrders>(), new List<DateOnly>());
        foreach (var day in orders.GroupBy(o => o.Day))
            try
            {
                var rolled = Rolled(rollups, day.Key, day, customerNumbers);
                sums.AddRange(rolled.SelectMany(r => r.Sums));
                customers.AddRange(rolled.SelectMany(r => r.Customers));
                columns.Add(new() { Day = day.Key, Columns = OrderColumns.Encode(day, customerNumbers), Stamp = DayOfSales.NewStamp() });
            }
            catch (OverflowException)
            {
                wide.Add(day.Key);
            }

        await db.RollupMarks.Where(m => days.Contains(m.Day!.Value)).ExecuteDeleteAsync(cancellationToken);
        foreach (var day in wide)
            await db.Database.ExecuteSqlAsync($"insert into rollup_marks (day, is_final) values ({day}, {true})", cancellationToken);
        await writer.InsertAsync(sums, cancellationToken);
        await writer.InsertAsync(customers, cancellationToken);
        await writer.InsertAsync(columns, cancellationToken);
    }

    private static Task<List<OrderToRoll>> OrdersAsync(CrmDbContext db, IReadOnlyList<DateOnly> days, CancellationToken cancellationToken) =>
        db.Orders.AsNoTracking().Where(o => o.CancelledAt == null && days.Contains(o.Day))
            .Join(db.Customers, o => o.CustomerId, c => c.Id, (o, c) => new OrderToRoll(
                o.Day, o.Currency, new SalesSlice(o.Channel, c.Region, c.Country, o.OwnerId, c.OwnerId), o.CustomerId, c.IsGuest, o.Kind,
                o.GrossAmount, o.ReturnedAmount, o.DiscountAmount))
            .ToListAsync(cancellationToken);

    /// <summary>The numbers of the customers; those who have none are given the next ones.</summary>
    private static async Task<Dictionary<Guid, int>> NumbersAsync(
        CrmDbContext db, BulkWriter writer, List<OrderToRoll> orders, CancellationToken cancellationToken)
    {
        var numbers = await KnownNumbersAsync(db, orders, cancellationToken);
        var last = await db.CustomerNumbers.MaxAsync(n => (int?)n.Number, cancellationToken) ?? 0;
        var added = orders.Where(o => !o.IsGuest && !numbers.ContainsKey(o.CustomerId)).Select(o => o.CustomerId).Distinct()
            .Select(id => new CustomerNumber { CustomerId = id, Number = ++last }).ToList();
        await writer.InsertAsync(added, cancellationToken);
        foreach (var one in added)
            numbers.Add(one.CustomerId, one.Number);
        return numbers;
    }

    private static async Task<Dictionary<Guid, int>> KnownNumbersAsync(CrmDbContext db, List<OrderToRoll> orders, CancellationToken cancellationToken)
    {
        var numbers = new Dictionary<Guid, int>();
        foreach (var some in orders.Where(o => !o.IsGuest).Select(o => o.CustomerId).Distinct().Chunk(1000))
            foreach (var known in await db.CustomerNumbers.AsNoTracking().Where(n => some.Contains(n.CustomerId)).ToListAsync(cancellationToken))
                numbers[known.CustomerId] = known.Number;
        return numbers;
    }
}
