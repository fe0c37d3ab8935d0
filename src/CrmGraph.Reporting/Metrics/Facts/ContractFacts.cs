using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

internal sealed record ContractRow : FactRow
{
    public long MonthlyAmount { get; set; }
    public long OpenContracts { get; set; }
    public long PricedContracts { get; set; }
    public long Expiring { get; set; }
    public long StartAmount { get; set; }
    public long EndAmount { get; set; }
    public long KeptAmount { get; set; }
    public long StartContracts { get; set; }
    public long EndedContracts { get; set; }
    public long Length { get; set; }
}

/// <summary>Contracts that are open at the end of the last day that has come: what is agreed for days to come has not happened.</summary>
internal sealed class ContractFacts : StockFacts<Contract, ContractRow>
{
    public static FactKind Recorded { get; } = new(db => db.Contracts.AsNoTracking().Select(k => new FactRow { CustomerId = k.CustomerId, Day = k.StartDay }));

    public static Measure MonthlyAmount { get; } = Measure.Of<ContractRow>(r => r.MonthlyAmount, Recorded, MeasureUnit.Money, isStock: true);
    public static Measure OpenContracts { get; } = Measure.Of<ContractRow>(r => r.OpenContracts, Recorded, isStock: true);
    /// <summary>Those that have an amount.</summary>
    public static Measure PricedContracts { get; } = Measure.Of<ContractRow>(r => r.PricedContracts, Recorded, isStock: true);

    public static ContractFacts Source { get; } = new();

    private ContractFacts() : base([MonthlyAmount, OpenContracts, PricedContracts])
    {
    }

    public override FactSubject? Subject => FactSubject.Contract;

    public override IReadOnlyList<string> Tables { get; } = ["contracts"];

    public override bool Supports(MetricDimension dimension) => dimension != MetricDimension.Channel && base.Supports(dimension);

    public override bool Suits(FactFilter filter) => CustomerFacts.Source.Suits(filter);

    protected override DayRange DaysOf(FactQuestion question) => question.Past;

    public static Expression<Func<Contract, bool>> OpenAtEndOf(DateOnly day) => k => k.StartDay <= day && (k.EndDay == null || k.EndDay > day);

    protected override Expression<Func<Contract, bool>> StandAtEndOf(DateOnly day) => OpenAtEndOf(day);

    protected override Expression<Func<Contract, bool>> Came(DayRange days) =>
        k => k.StartDay >= days.From && k.StartDay < days.Until && (k.EndDay == null || k.EndDay > k.StartDay);

    protected override Expression<Func<Contract, bool>> Went(DayRange days) =>
        k => k.EndDay >= days.From && k.EndDay < days.Until && k.EndDay > k.StartDay;

    protected override Expression<Func<Contract, ContractRow>> Coming { get; } = k => new ContractRow
    {
        Fact = k.Id,
        CustomerId = k.CustomerId,
        Day = k.StartDay,
        TransactionDay = k.StartDay,
        Currency = k.Currency,
        MonthlyAmount = k.MonthlyAmount ?? 0,
        OpenContracts = 1,
        PricedContracts = k.MonthlyAmount != null ? 1 : 0,
    };

    protected override Expression<Func<Contract, DateOnly>> Going { get; } = k => k.EndDay!.Value;

    protected override Expression<Func<Contract, Guid>> Customer { get; } = k => k.CustomerId;

    protected override Expression<Func<Contract, FactAttributes>> Attributes { get; } = k => new FactAttributes { Channel = null, OwnerId = null };
}
