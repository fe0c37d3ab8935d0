using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Contracts open at the end that will end within so many days.</summary>
internal sealed class ExpiringFacts : ContractIntervals
{
    private readonly int _within;

    private ExpiringFacts(Measure expiring, int within) : base([expiring]) => _within = within;

    public static Measure Within(int days)
    {
        var expiring = Measure.Of<ContractRow>(r => r.Expiring, ContractFacts.Recorded);
        expiring.Made = new ExpiringFacts(expiring, days);
        return expiring;
    }

    public override string ToString() => $"{nameof(ExpiringFacts)} {_within}";

    public override FactSubject? Subject => FactSubject.Contract;

    protected override IQueryable<ContractRow> Rows(FactContext context, DayRange interval, IReadOnlySet<string> columns)
    {
        var last = interval.Until.AddDays(-1);
        var latest = last.AddDays(_within);
        var expiring = context.Database.Contracts.AsNoTracking().Where(ContractFacts.OpenAtEndOf(last)).Where(k => k.EndDay <= latest);
        return context.Rows(
            expiring, columns, k => k.CustomerId, k => new FactAttributes { Channel = null, OwnerId = null },
            k => new ContractRow { Fact = k.Id, Day = k.StartDay, CustomerId = k.CustomerId, Expiring = 1 });
    }
}
