using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Definitions;

/// <summary>How the value of a customer's whole time is told.</summary>
public enum LifetimeModel
{
    /// <summary>What customers have brought so far.</summary>
    Historic,
    /// <summary>What a customer brings in the period, as long as customers stay by the churn rate of the period.</summary>
    Simple,
    /// <summary>What customers who have bought are expected to bring from now on, by the kept scores of today.</summary>
    Predicted,
}

/// <summary>What a customer brings.</summary>
public enum LifetimeMoney
{
    /// <summary>Sales less returns.</summary>
    Revenue,
    /// <summary>The same less the cost of the goods, of lines whose cost is known.</summary>
    Profit,
}

/// <summary>What a customer is worth (R36), and in proportion to what he costs (R63).</summary>
internal static class LifetimeMetrics
{
    private const int UsualMonths = 36;
    private const decimal DaysOfMonth = 365.25m / 12;

    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        Valued((metric, model) => metric with { Reads = model.Reads, Compute = model.Compute }, new()
        {
            Key = "customerLifetimeValue", English = "Customer lifetime value", Chinese = "客户终身价值", Requirement = "R36",
            Formula = "HISTORIC: revenue of known customers up to the end of the period / known customers who have bought by then. SIMPLE: revenue of known "
                + "customers in the period / buyers, times 1 / churn rate periods, but no longer than `horizon` months, which also counts where nobody left. "
                + "`of: PROFIT` takes profit instead of revenue, of lines whose cost is known; of PREDICTED, times the gross margin of the period.",
            Kind = MetricKind.Money, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Up,
            Range = MetricRange.Any,
            Reads = [],
            Compute = _ => default,
        }),
        Valued(
            (metric, model) => metric with
            {
                Reads = [.. model.Reads, SpendFacts.Spend, CustomerFacts.NewCustomers],
                Compute = c => Outcome.Ratio(model.Compute(c), Outcome.Ratio(c[SpendFacts.Spend], c[CustomerFacts.NewCustomers])),
            },
            new()
            {
                Key = "lifetimeValueToCac", English = "Lifetime value to acquisition cost", Chinese = "客户终身价值与获客成本比", Requirement = "R63",
                Unit = "ratio",
                Formula = "Customer lifetime value / customer acquisition cost of the period.",
                Kind = MetricKind.Rate, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Up,
                Range = MetricRange.Any,
                Reads = [],
                Compute = _ => default,
            }),
    ];

    private sealed record Model(IReadOnlyList<Measure> Reads, Func<MetricCell, Outcome> Compute);

    private static MetricDefinition Valued(Func<MetricDefinition, Model, MetricDefinition> of, MetricDefinition metric) =>
        of(metric, Historic(LifetimeMoney.Revenue)) with
        {
            Parameters =
            [
                new("model", LifetimeModel.Historic, "How the value is told."),
                new("of", LifetimeMoney.Revenue, "What a customer brings."),
                new(
                    "horizon", UsualMonths,
                    "Months: of SIMPLE those that a customer stays at most, 1 to 600; of PREDICTED those that are predicted, 12, 24 or 36.", 1, 600),
            ],
            Fault = given => given.Of<LifetimeModel>("model") == LifetimeModel.Predicted && given.Of<int>("horizon") is not (12 or 24 or 36) and var months
                ? $"`horizon` of `{metric.Key}` must be 12, 24 or 36 with `model: PREDICTED`, not {months}."
                : null,
            Vary = (varied, given) => of(varied, Of(given.Of<LifetimeModel>("model"), given.Of<LifetimeMoney>("of"), given.Of<int>("horizon"))),
        };

    private static Model Of(LifetimeModel model, LifetimeMoney of, int horizon) => model switch
    {
        LifetimeModel.Historic => Historic(of),
        LifetimeModel.Simple => Simple(of, horizon),
        _ => Predicted(of, horizon <= 12 ? PredictedFacts.OneYear : horizon <= 24 ? PredictedFacts.TwoYears : PredictedFacts.ThreeYears),
    };

    private static Model Historic(LifetimeMoney of) => of == LifetimeMoney.Revenue
        ? new([LifetimeFacts.Revenue, LifetimeFacts.Customers], c => Outcome.Ratio(c[LifetimeFacts.Revenue], c[LifetimeFacts.Customers]))
        : new(
            [LifetimeProfitFacts.Profit, LifetimeProfitFacts.CostedLines, LifetimeFacts.Customers],
            c => c.Raw(LifetimeProfitFacts.CostedLines) == 0 && c.Raw(LifetimeFacts.Customers) != 0
                ? Outcome.None(NoValueReason.UnknownCost)
                : Outcome.Ratio(c[LifetimeProfitFacts.Profit], c[LifetimeFacts.Customers]));

    private static Model Predicted(LifetimeMoney of, Measure value)
    {
        Func<MetricCell, Outcome> mean = c => Outcome.Ratio(c[value], c[PredictedFacts.Customers]);
        return of == LifetimeMoney.Revenue
            ? new([value, PredictedFacts.Customers], mean)
            : new(
                [value, PredictedFacts.Customers, .. SalesMetrics.OfMargin],
                c => SalesMetrics.Margin(c) is { Value: { } margin } ? mean(c) * margin : mean(c) is { Value: null } none ? none : SalesMetrics.Margin(c));
    }

    private static Model Simple(LifetimeMoney of, int horizon)
    {
        IReadOnlyList<Measure> stays = [CustomerFacts.ActiveAtStart, CustomerFacts.Retained, OrderFacts.Buyers];
        return of == LifetimeMoney.Revenue
            ? new(
                [OrderFacts.KnownGross, OrderFacts.KnownReturned, .. stays],
                c => Simple(c, c[OrderFacts.KnownGross] - c[OrderFacts.KnownReturned], horizon))
            : new(
                [LineFacts.KnownProfit, .. SalesMetrics.Costing, .. stays],
                c => SalesMetrics.Costed(c, Simple(c, c[LineFacts.KnownProfit], horizon)));
    }

    private static Outcome Simple(MetricCell cell, Outcome money, int horizon)
    {
        var churn = Outcome.Ratio(cell[CustomerFacts.ActiveAtStart] - cell[CustomerFacts.Retained], cell[CustomerFacts.ActiveAtStart]);
        if (churn.Value is not { } rate)
            return churn;
        var most = horizon * DaysOfMonth / Math.Max(1, cell.Days.Days);
        return Outcome.Ratio(money, cell[OrderFacts.Buyers]) * (rate == 0 ? most : Math.Min(1 / rate, most));
    }
}
