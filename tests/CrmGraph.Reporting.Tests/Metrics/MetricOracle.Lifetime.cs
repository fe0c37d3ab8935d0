using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Tests.Metrics;

/// <summary>What customers are worth.</summary>
internal sealed partial class MetricOracle
{
    private (decimal? Value, NoValueReason? Reason) Lifetime(string metric, Cell cell)
    {
        var ever = cell with { From = DateOnly.MinValue, Until = End(cell).AddDays(1) };
        return metric switch
        {
            "customerLifetimeValue" => Historic(ever, Money(ever, a => a.Known ? a.Gross - a.Returned : 0)),
            "customerLifetimeValue(of: PROFIT)" => Profited(ever) is not { } profit
                ? (null, Buyers(ever) == 0 ? NoValueReason.ZeroDenominator : NoValueReason.UnknownCost)
                : Historic(ever, profit),
            "customerLifetimeValue(model: SIMPLE)" => Simple(cell, Money(cell, a => a.Known ? a.Gross - a.Returned : 0), 36),
            "customerLifetimeValue(model: SIMPLE, of: PROFIT, horizon: 6)" => Costed(cell, 0, null).Item2 is { } unknown
                ? (null, unknown)
                : Simple(cell, Profited(cell) ?? 0, 6),
            "customerLifetimeValue(model: PREDICTED)" => Predicted(ever, s => s.PredictedValueThreeYears),
            "customerLifetimeValue(model: PREDICTED, of: PROFIT, horizon: 12)" => Earned(
                Predicted(ever, s => s.PredictedValue), Costed(cell, CostedRevenue(cell) - Cost(cell), CostedRevenue(cell))),
            "lifetimeValueToCac" => ToCac(cell, Historic(ever, Money(ever, a => a.Known ? a.Gross - a.Returned : 0))),
            _ => throw new ArgumentException($"The oracle does not know {metric}."),
        };
    }

    private (decimal? Value, NoValueReason? Reason) Historic(Cell ever, decimal money) => Ratio(money, Buyers(ever));

    /// <summary>Of the customers who had bought by then, in the reporting currency.</summary>
    private (decimal? Value, NoValueReason? Reason) Predicted(Cell ever, Func<CustomerScores, long?> value)
    {
        var scores = People(ever).Where(c => c.Scores?.PredictedValue is not null && Purchases(c).Any(day => day < ever.Until))
            .Select(c => value(c.Scores!)).ToList();
        return Ratio(scores.Sum(v => Convert((v ?? 0) / 10_000m, crm.Settings.Currency, crm.Today)), scores.Count);
    }

    private static (decimal? Value, NoValueReason? Reason) Earned(
        (decimal? Value, NoValueReason? Reason) value, (decimal? Value, NoValueReason? Reason) margin) =>
        value.Value is null ? value : (value.Value * margin.Value, margin.Reason);

    /// <summary>Of known customers; null where no cost is known.</summary>
    private decimal? Profited(Cell cell)
    {
        var lines = Lines(cell).Where(l => l.CostAmount is not null && !l.Customer!.IsGuest).ToList();
        return lines.Count == 0
            ? null
            : lines.Sum(l => Convert((l.Kind == OrderKind.Sale ? 1 : -1) * (l.Amount - l.CostAmount!.Value) / 10_000m, l.Currency, l.Day));
    }

    private (decimal? Value, NoValueReason? Reason) Simple(Cell cell, decimal money, int horizon)
    {
        var opening = Opening(cell);
        if (opening.Count == 0)
            return (null, NoValueReason.ZeroDenominator);
        var (lost, periods) = (opening.Count(c => !Active(c, End(cell))), horizon * (365.25m / 12) / Math.Max(1, Days(cell).Count()));
        var (value, reason) = Ratio(money, Buyers(cell));
        return (value * (lost == 0 ? periods : Math.Min(1 / ((decimal)lost / opening.Count), periods)), reason);
    }

    private (decimal? Value, NoValueReason? Reason) ToCac(Cell cell, (decimal? Value, NoValueReason? Reason) lifetime)
    {
        var (cost, reason) = Ratio(Spend(cell), People(cell).Count(c => FirstDay(c) is { } d && In(d, cell)));
        return reason is not null ? (null, reason) : lifetime.Reason is not null ? lifetime : Ratio(lifetime.Value!.Value, cost!.Value);
    }
}
