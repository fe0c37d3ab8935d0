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

    public static CustomerFacts Source { get; } = new();

    private CustomerFacts() : base([ActiveAtStart, ActiveAtEnd, NewCustomers, LostCustomers, ReactivatedCustomers, Retained])
    {
    }

    public override IReadOnlyList<string> Tables { get; } = ["orders", "contracts", "customer_figures"];

    public override bool ReadsAllBefore => true;

    public override bool Supports(MetricDimension dimension) => dimension != MetricDimension.Channel && base.Supports(dimension);

    public override bool Suits(FactFilter filter) => filter is { NeedsLines: false, UsesChannel: false, UsesOwner: false };

    // Who stayed is told by single customers.
    public override bool AddsUpOverTime(Measure measure) => measure != Retained;

    /// <summary>Who is active is looked up for every customer, and who stayed in each bucket follows from all who came and went.</summary>
    public override double Price(Measure measure, bool byTime) => measure == NewCustomers ? 1 : measure == Retained && byTime ? 12 : 6;

    // The numbers are customers themselves. Those at the start and those at the end give each other away.
    public override Measure? PeopleOf(Measure measure) => measure == ActiveAtStart || measure == Retained ? ActiveAtEnd : measure;

    public override long PeopleIn(MetricCell cell, Measure? of)
    {
        var people = (long)cell.Raw(of!);
        if (of != ActiveAtEnd || (long)cell.Raw(ActiveAtStart) is not (> 0 and var before))
            return people;
        return people == 0 ? before : Math.Min(before, people);
    }

    public override IEnumerable<FactStatement> Statements(FactQuestion question)
    {
        var (measures, context, past, before) = (question.Measures, question.Context, question.Past, question.Days.From.AddDays(-1));
        var known = Conditions.And(RowRules.Customer(context.Caller), context.Customers)!;
        var life = new Lifecycle(context.Words, known, question.ActivityDays, question.HasContracts);
        var stock = measures.Overlaps([ActiveAtStart, ActiveAtEnd, Retained]);
        var atStart = Life("active", question.Days.From, columns => life.ActiveOn(before, columns));
        if (stock)
            yield return Counted(atStart, (ActiveAtEnd, 1)) with { Gives = FactRows.Opening };
        if (past.Days == 0)
            yield break;
        // The stock at the end and within the period follows from the comings and goings; that at the start alone does not need them.
        var follows = stock && (measures.Contains(ActiveAtEnd) || question.ByBucket || question.CountsPeople);
        foreach (var move in Moves(life).Where(m => follows || measures.Contains(m.Measure)))
            foreach (var statement in Events(move))
                yield return Counted(statement, (move.Measure, 1), (ActiveAtEnd, move.Gives == FactRows.Gained ? 1 : -1));
        if (!measures.Contains(Retained))
            yield break;
        var atBoth = Life("active at both", past.Until, columns => life.ActiveOn(before, past.Until.AddDays(-1), columns));
        yield return Counted(atBoth, (Retained, 1));
        if (!question.ByBucket)
            yield break;
        yield return atStart with { Gives = FactRows.Opened, Adds = [(Retained, 1)] };
        foreach (var move in Moves(life))
            foreach (var statement in Events(move))
                yield return statement with { Gives = move.Gives, Adds = [(Retained, 1)] };

        IEnumerable<FactStatement> Events(Move move) => question.Parts(past).SelectMany(days => move.Events(days).Select((e, n) =>
            Life($"{move.Measure} {n} from {days.From:o}", days.Until, e.Rows) with { ShiftDays = e.ShiftDays }));

        // What has become of customers up to a day: nothing later has a say in it.
        FactStatement Life(string what, DateOnly until, Func<IReadOnlySet<string>, IQueryable<FactRow>> rows) =>
            new($"{what} {until:o} {question.HasContracts}", new(DateOnly.MinValue, until), rows);
    }

    private static FactStatement Counted(FactStatement statement, params IReadOnlyList<(Measure Measure, int Sign)> adds) =>
        statement with { Counts = [People], Adds = adds };

    private static Move[] Moves(Lifecycle life) =>
    [
        new(NewCustomers, FactRows.Gained, life.New),
        new(ReactivatedCustomers, FactRows.Gained, life.Reactivated),
        new(LostCustomers, FactRows.Dropped, life.Lost),
    ];

    /// <summary>How customers come and go.</summary>
    private sealed record Move(Measure Measure, FactRows Gives, Func<DayRange, IEnumerable<Lifecycle.Event>> Events);
}
