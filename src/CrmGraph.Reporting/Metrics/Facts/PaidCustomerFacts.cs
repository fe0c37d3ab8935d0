using CrmGraph.Reporting.Access;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>New customers who first came through a channel on which a campaign ever spent money; all others came by themselves.</summary>
internal sealed class PaidCustomerFacts : FactSource<FactRow>
{
    public static Measure NewCustomers { get; } = Measure.OfPeople("NewPaidCustomers", CustomerFacts.Purchases);

    public static PaidCustomerFacts Source { get; } = new();

    private PaidCustomerFacts() : base([NewCustomers])
    {
    }

    public override IReadOnlyList<string> Tables { get; } = [.. CustomerFacts.Source.Tables, "campaign_spend"];

    public override bool ReadsAllBefore => true;

    public override bool Supports(MetricDimension dimension) => CustomerFacts.Source.Supports(dimension);

    public override bool Suits(FactFilter filter) => CustomerFacts.Source.Suits(filter);

    public override double Price(Measure measure, bool byTime) => 2;

    // The numbers are customers themselves.
    public override long PeopleIn(MetricCell cell) => (long)cell.Raw(NewCustomers);

    public override FactSubject? Subject => FactSubject.Customer;

    public override FactIdentity IdentityOf(Measure measure) => FactIdentity.Event;

    public override IEnumerable<FactStatement> Behind(FactQuestion question) => Statements(question);

    public override IEnumerable<FactStatement> Statements(FactQuestion question)
    {
        var (context, past, spend) = (question.Context, question.Past, question.Context.Database.CampaignSpend.AsNoTracking());
        if (past.Days == 0 || !question.Measures.Contains(NewCustomers))
            yield break;
        var known = Conditions.And(RowRules.Customer(context.Caller), context.Customers)!;
        var paid = Conditions.And(known, c => spend.Any(s => s.Channel == c.AcquisitionChannel))!;
        var life = new Lifecycle(context.Words, paid, all: false, question.ActivityDays, question.HasContracts);
        foreach (var (first, number) in life.New(past).Select((e, n) => (e, n)))
            yield return new($"paid {number} {past.From:o} {past.Until:o} {question.HasContracts}", new(DateOnly.MinValue, past.Until), first.Rows)
            {
                ShiftDays = first.ShiftDays, Counts = [People], Adds = [(NewCustomers, 1)],
            };
    }
}
