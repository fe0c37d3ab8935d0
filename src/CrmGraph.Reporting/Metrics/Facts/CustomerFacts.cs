using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Customers by their <see cref="Lifecycle"/>: how many there are, and how they come and go. Guests are none.</summary>
internal sealed class CustomerFacts : FactSource<FactRow>
{
    public static readonly FactKind Purchases = new(db =>
        db.Orders.AsNoTracking().Where(o => o.Kind == OrderKind.Sale).Select(o => new FactRow { CustomerId = o.CustomerId, Day = o.Day })
            .Concat(db.Contracts.AsNoTracking().Select(k => new FactRow { CustomerId = k.CustomerId, Day = k.StartDay })));

    public static Measure ActiveAtEnd { get; } = Measure.OfPeople(nameof(ActiveAtEnd), Purchases, isStock: true);
    public static Measure ActiveAtStart { get; } = Measure.OfPeople(nameof(ActiveAtStart), Purchases, startOf: ActiveAtEnd);
    public static Measure NewCustomers { get; } = Measure.OfPeople(nameof(NewCustomers), Purchases);
    public static Measure LostCustomers { get; } = Measure.OfPeople(nameof(LostCustomers), Purchases);
    public static Measure ReactivatedCustomers { get; } = Measure.OfPeople(nameof(ReactivatedCustomers), Purchases);
    /// <summary>Of the customers active at the start, those active at the end, by id.</summary>
    public static Measure Retained { get; } = Measure.OfPeople(nameof(Retained), Purchases);

    /// <summary>What sets of buyers are told apart by that is the customer's of today.</summary>
    private static readonly HashSet<string> _ofSets = [nameof(FactRow.Region), nameof(FactRow.Country), nameof(FactRow.Owner), nameof(FactRow.Scope)];

    public static CustomerFacts Source { get; } = new();

    private CustomerFacts() : base([ActiveAtStart, ActiveAtEnd, NewCustomers, LostCustomers, ReactivatedCustomers, Retained])
    {
    }

    public override IReadOnlyList<string> Tables { get; } = ["orders", "contracts", "customer_figures"];

    public override bool ReadsAllBefore => true;

    public override bool HasRollups => true;

    public override bool Supports(MetricDimension dimension) => dimension != MetricDimension.Channel && base.Supports(dimension);

    public override bool Suits(FactFilter filter) => filter is { NeedsLines: false, UsesChannel: false, UsesOwner: false };

    // Who stayed is told by single customers.
    public override bool AddsUpOverTime(Measure measure) => measure != Retained;

    /// <summary>Who is active is looked up for every customer, and who stayed in each bucket follows from all who came and went.</summary>
    public override double Price(Measure measure, bool byTime) => measure == NewCustomers ? 1 : measure == Retained && byTime ? 12 : 6;

    public override CustomerSets? BuyersOf(FactContext context, DayRange days, FactKey key)
    {
        var columns = FactQuery.Columns(key.Expressions);
        if (!columns.IsSubsetOf(_ofSets) || RolledOrders.OfBuyers(context, Known(context), days, columns) is not { } rolled)
            return null;
        return new(
            () => Keyed(rolled, CustomerSets.StampColumns),
            some => Keyed(rolled.On(some), CustomerSets.SetColumns),
            rolled.Marked.Count == 0 ? null : () => Singles(context, rolled.Marked, key, columns));

        IQueryable<SalesRow> Keyed(RolledOrders rows, IReadOnlyList<string> own) =>
            FactQuery.Keyed(rows.Buyers(new HashSet<string>([.. columns, .. own])), key, own);
    }

    public override ChosenBuyers? ChosenBuyersOf(FactContext context, DayRange days, FactKey key)
    {
        var columns = FactQuery.Columns(key.Expressions);
        // Owners are those of today.
        if (!columns.All(c => c == nameof(FactRow.Owner) || CustomerChoice.Tells(c))
            || RolledOrders.OfBuyers(context, c => !c.IsGuest, days, new HashSet<string>()) is not { } all)
            return null;
        return new(
            new(
                () => all.Buyers(new HashSet<string>(CustomerSets.StampColumns)),
                some => all.On(some).Buyers(new HashSet<string>(CustomerSets.SetColumns)),
                all.Marked.Count == 0 ? null : () => Singles(context, all.Marked, key, columns)),
            new(context with { Customers = Known(context) }, columns));
    }

    /// <summary>Each buyer of each of these days.</summary>
    private static IQueryable<SalesRow> Singles(FactContext context, IReadOnlyList<DateOnly> days, FactKey key, IReadOnlySet<string> columns)
    {
        var (numbers, orders) = (context.Database.CustomerNumbers, OrderFacts.Sales(context.Database).Where(o => days.Contains(o.Day)));
        IReadOnlySet<string> all = new HashSet<string>([.. columns, .. CustomerSets.BuyerColumns]);
        var rows = FactQuery.Project(
            context.Words, orders, all, o => new SalesRow
            {
                CustomerId = o.CustomerId,
                Number = numbers.Where(n => n.CustomerId == o.CustomerId).Select(n => (int?)n.Number).FirstOrDefault(),
                SetDay = o.Day,
            },
            o => o.CustomerId, context.Database.Customers.AsNoTracking().Where(Known(context)), restricted: true);
        return FactQuery.Keyed(rows, key, CustomerSets.BuyerColumns).Distinct();
    }

    private static Expression<Func<Customer, bool>> Known(FactContext context) => Conditions.And(RowRules.Customer(context.Caller), context.Customers)!;

    public override IEnumerable<FactStatement> Statements(FactQuestion question)
    {
        var (measures, past, before) = (question.Measures, question.Past, question.Days.From.AddDays(-1));
        var lives = new LifeStatements(question, Known(question.Context));
        var stock = measures.Overlaps([ActiveAtStart, ActiveAtEnd, Retained]);
        var atStart = lives.ActiveOn(before);
        if (stock)
            yield return Counted(atStart, (ActiveAtEnd, 1)) with { Gives = FactRows.Opening };
        if (past.Days == 0)
            yield break;
        // The stock at the end and within the period follows from the comings and goings; that at the start alone does not need them.
        var follows = stock && (measures.Contains(ActiveAtEnd) || question.ByBucket || question.CountsPeople);
        foreach (var move in Moves(lives).Where(m => follows || measures.Contains(m.Measure)))
            foreach (var statement in question.Parts(past).SelectMany(move.Events))
                yield return Counted(statement, (move.Measure, 1), (ActiveAtEnd, move.Gives == FactRows.Gained ? 1 : -1));
        if (!measures.Contains(Retained))
            yield break;
        yield return Counted(lives.ActiveOn(before, past.Until.AddDays(-1)), (Retained, 1));
        if (question.Buckets is { } buckets)
            yield return lives.Stayed([past.From, .. buckets.TakeWhile(b => b < past.Until), past.Until], [.. SingleLives(question, lives)]);
    }

    /// <summary>Customers one by one: who stayed in each bucket is found by following them.</summary>
    private static IEnumerable<FactStatement> SingleLives(FactQuestion question, LifeStatements lives)
    {
        yield return lives.ActiveOn(question.Days.From.AddDays(-1)) with { Gives = FactRows.Opened, Adds = [(Retained, 1)] };
        foreach (var move in Moves(lives))
            foreach (var statement in question.Parts(question.Past).SelectMany(move.Events))
                yield return statement with { Gives = move.Gives, Adds = [(Retained, 1)] };
    }

    public override FactSubject? Subject => FactSubject.Customer;

    public override FactIdentity IdentityOf(Measure measure) =>
        measure == ActiveAtStart || measure == ActiveAtEnd || measure == Retained ? FactIdentity.Member : FactIdentity.Event;

    public override IEnumerable<FactStatement> Behind(FactQuestion question)
    {
        var (lives, past, before) = (new LifeStatements(question, Known(question.Context)), question.Past, question.Days.From.AddDays(-1));
        var last = past.Until.AddDays(-1);
        var measure = question.Measures.Single();
        if (measure == ActiveAtStart || (measure == ActiveAtEnd && past.Days == 0))
            return [lives.ActiveOn(before)];
        if (past.Days == 0)
            return [];
        if (measure == ActiveAtEnd)
            return [lives.ActiveOn(last)];
        return measure == Retained ? [lives.ActiveOn(before, last)] : Moves(lives).Single(m => m.Measure == measure).Events(past);
    }

    private static FactStatement Counted(FactStatement statement, params IReadOnlyList<(Measure Measure, int Sign)> adds) =>
        statement with { Counts = [People], Adds = adds };

    private static Move[] Moves(LifeStatements lives) =>
    [
        new(NewCustomers, FactRows.Gained, lives.New),
        new(ReactivatedCustomers, FactRows.Gained, lives.Reactivated),
        new(LostCustomers, FactRows.Dropped, lives.Lost),
    ];

    /// <summary>How customers come and go.</summary>
    private sealed record Move(Measure Measure, FactRows Gives, Func<DayRange, IEnumerable<FactStatement>> Events);
}
