using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>How long contracts ran that have ended, on the first day on which they no longer did.</summary>
internal sealed class EndedContractFacts : FlowFacts<ContractRow>
{
    /// <summary>Days from the first to the last.</summary>
    public static Measure Length { get; } = Measure.OfValues<ContractRow>(nameof(Length), r => r.Length, ContractFacts.Recorded, MeasureUnit.Whole);

    public static EndedContractFacts Source { get; } = new();

    private EndedContractFacts() : base([Length])
    {
    }

    public override FactSubject? Subject => FactSubject.Contract;

    public override IReadOnlyList<string> Tables { get; } = ["contracts"];

    // Changes of contracts are told by no day.
    public override bool ReadsAllBefore => true;

    public override bool Supports(MetricDimension dimension) => dimension != MetricDimension.Channel && base.Supports(dimension);

    public override bool Suits(FactFilter filter) => CustomerFacts.Source.Suits(filter);

    protected override DayRange DaysOf(FactQuestion question) => question.Past;

    protected override IQueryable<ContractRow> Rows(FactContext context, DayRange days, IReadOnlySet<string> columns)
    {
        var ended = context.Database.Contracts.AsNoTracking().Where(k => k.EndDay >= days.From && k.EndDay < days.Until && k.EndDay > k.StartDay);
        return context.Rows(ended, columns, k => k.CustomerId, k => new FactAttributes { Channel = null, OwnerId = null }, k => new ContractRow
        {
            Fact = k.Id,
            CustomerId = k.CustomerId,
            Day = k.EndDay!.Value,
            Length = k.EndDay!.Value.DayNumber - k.StartDay.DayNumber,
        });
    }
}
