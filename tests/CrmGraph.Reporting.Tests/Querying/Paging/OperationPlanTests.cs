using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Querying.Paging;

/// <summary>What PostgreSQL reads for usual operations: lists, lists in lists, filters, every metric, groups, segments and the reports.</summary>
[Collection(CompanyPlans.Collection)]
public sealed class OperationPlanTests(CompanyPlans companies)
{
    /// <summary>Conditions for which no index can exist: the text is anywhere in a value.</summary>
    private const string Search = "zz";

    /// <summary>The company is younger: where nothing is, all that is read is of no use.</summary>
    private const string TooLong = "count: 36", TwoYears = "count: 24";

    [Fact]
    public async Task No_usual_operation_reads_a_hundred_times_what_it_uses()
    {
        var plans = await companies.OfAsync(DatabaseKind.Postgres);
        foreach (var operation in UsualOperations.All(CrmSchema.Builder().Build(), await plans.SegmentAsync()))
            if (!operation.Query.Contains(Search, StringComparison.Ordinal))
                await plans.CheckWasteAsync(operation with { Query = operation.Query.Replace(TooLong, TwoYears, StringComparison.Ordinal) });
        Assert.True(plans.Found.Count == 0, string.Join("\n\n", plans.Found));
    }
}
