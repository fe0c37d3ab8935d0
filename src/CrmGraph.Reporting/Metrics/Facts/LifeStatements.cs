using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>
/// Statements about the <see cref="Lifecycle"/> of customers, each with the <see cref="LifeQuestion"/> from which it follows where there are sets of buyers
/// and no contracts: sets know purchases alone.
/// </summary>
/// <param name="known">The customers who count.</param>
internal sealed class LifeStatements(FactQuestion question, Expression<Func<Customer, bool>> known)
{
    private readonly Lifecycle _life = new(
        question.Context.Words, known, question.Context.Caller.SeesAll && question.Context.Customers is null, question.ActivityDays, question.HasContracts);

    /// <summary>Customers active at the end of a day.</summary>
    public FactStatement ActiveOn(DateOnly day) =>
        Statement("active", day.AddDays(1), columns => _life.ActiveOn(day, columns)) with { Life = Question(LifeKind.Bought, WindowTo(day)) };

    /// <summary>Customers active at the ends of both days.</summary>
    public FactStatement ActiveOn(DateOnly day, DateOnly later)
    {
        var statement = Statement("active at both", later.AddDays(1), columns => _life.ActiveOn(day, later, columns));
        return statement with { Life = StayedTo([day.AddDays(1), later.AddDays(1)]) };
    }

    /// <summary>Of each two of these days that follow each other, customers active before both, on the first of them.</summary>
    /// <param name="singles">What tells the same from single customers.</param>
    public FactStatement Stayed(IReadOnlyList<DateOnly> ends, IReadOnlyList<FactStatement> singles) => singles[0] with
    {
        Name = $"stayed {string.Join(' ', ends)}",
        Gives = FactRows.Cells,
        ShiftDays = 0,
        IsOfItsCell = true,
        Life = StayedTo(ends),
        Else = singles,
    };

    /// <summary>First purchases and first contracts.</summary>
    public IEnumerable<FactStatement> New(DayRange days) => Events("New", days, _life.New(days), null);

    public IEnumerable<FactStatement> Lost(DayRange days)
    {
        var purchases = new DayRange(days.From.AddDays(-question.ActivityDays), days.Until.AddDays(-question.ActivityDays));
        return Events("Lost", days, _life.Lost(days), Question(LifeKind.Ceased, purchases));
    }

    /// <summary>Who comes, and not for the first time.</summary>
    public IEnumerable<FactStatement> Reactivated(DayRange days)
    {
        var life = Question(LifeKind.Came, days) is { } asked ? asked with { Less = New(days).First() with { Counts = [FactSource.People] } } : null;
        return Events("Reactivated", days, _life.Reactivated(days), life);
    }

    private LifeQuestion? StayedTo(IReadOnlyList<DateOnly> ends) =>
        Question(LifeKind.Stayed, new(ends[0].AddDays(-question.ActivityDays), ends[^1])) is { } asked ? asked with { Ends = ends } : null;

    private LifeQuestion? Question(LifeKind kind, DayRange days) => question.HasContracts ? null : new(kind, days, question.ActivityDays);

    private IEnumerable<FactStatement> Events(string what, DayRange days, IEnumerable<Lifecycle.Event> events, LifeQuestion? life) =>
        events.Select((e, n) => Statement($"{what} {n} from {days.From:o}", days.Until, e.Rows) with { ShiftDays = e.ShiftDays, Life = life });

    // What has become of customers up to a day: nothing later has a say in it.
    private FactStatement Statement(string what, DateOnly until, Func<IReadOnlySet<string>, IQueryable<FactRow>> rows) =>
        new($"{what} {until:o} {question.HasContracts}", new(DateOnly.MinValue, until), rows);

    /// <summary>The days whose purchases keep a customer active at the end of a day.</summary>
    private DayRange WindowTo(DateOnly day) => new(day.AddDays(1 - question.ActivityDays), day.AddDays(1));
}
