using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>A customer's contracts in one currency at both ends of an interval.</summary>
internal sealed class CustomerContracts
{
    public Guid CustomerId { get; set; }
    public string? Currency { get; set; }
    public long StartAmount { get; set; }
    public long EndAmount { get; set; }
    public long StartContracts { get; set; }
    public long EndedContracts { get; set; }

    /// <summary>For expressions only: the customer that is joined.</summary>
    public Customer? Customer { get; set; }
}

/// <summary>What became of the contracts of customers who had some at the start.</summary>
internal sealed class RenewalFacts : ContractIntervals
{
    /// <summary>Monthly amounts of the contracts open at the start.</summary>
    public static Measure StartAmount { get; } = Measure.Of<ContractRow>(r => r.StartAmount, ContractFacts.Recorded, MeasureUnit.Money);
    /// <summary>Of the same customers, those at the end, new contracts included.</summary>
    public static Measure EndAmount { get; } = Measure.Of<ContractRow>(r => r.EndAmount, ContractFacts.Recorded, MeasureUnit.Money);
    /// <summary>Of each customer the smaller of the two.</summary>
    public static Measure KeptAmount { get; } = Measure.Of<ContractRow>(r => r.KeptAmount, ContractFacts.Recorded, MeasureUnit.Money);
    public static Measure StartContracts { get; } = Measure.Of<ContractRow>(r => r.StartContracts, ContractFacts.Recorded);
    public static Measure EndedContracts { get; } = Measure.Of<ContractRow>(r => r.EndedContracts, ContractFacts.Recorded);

    public static RenewalFacts Source { get; } = new();

    private RenewalFacts() : base([StartAmount, EndAmount, KeptAmount, StartContracts, EndedContracts])
    {
    }

    protected override IQueryable<ContractRow> Rows(FactContext context, DayRange interval, IReadOnlySet<string> columns)
    {
        // Both amounts by the rate of one day: what moves rates is no growth.
        var (before, last) = (interval.From.AddDays(-1), interval.Until.AddDays(-1));
        var both = context.Database.Contracts.AsNoTracking()
            .Where(k => k.StartDay <= last && (k.EndDay == null || k.EndDay > before))
            .GroupBy(k => new { k.CustomerId, k.Currency })
            .Select(g => new CustomerContracts
            {
                CustomerId = g.Key.CustomerId,
                Currency = g.Key.Currency,
                StartAmount = g.Sum(k => k.StartDay <= before ? k.MonthlyAmount ?? 0 : 0),
                EndAmount = g.Sum(k => k.EndDay == null || k.EndDay > last ? k.MonthlyAmount ?? 0 : 0),
                StartContracts = g.Sum(k => k.StartDay <= before ? 1L : 0L),
                EndedContracts = g.Sum(k => k.StartDay <= before && k.EndDay <= last ? 1L : 0L),
            })
            .Where(s => s.StartContracts > 0);
        return context.Rows(both, columns, s => s.CustomerId, s => new FactAttributes { Channel = null, OwnerId = null }, s => new ContractRow
        {
            CustomerId = s.CustomerId,
            TransactionDay = before,
            Currency = s.Currency,
            StartAmount = s.StartAmount,
            EndAmount = s.StartAmount > 0 ? s.EndAmount : 0,
            KeptAmount = s.StartAmount < s.EndAmount ? s.StartAmount : s.EndAmount,
            StartContracts = s.StartContracts,
            EndedContracts = s.EndedContracts,
        });
    }
}
