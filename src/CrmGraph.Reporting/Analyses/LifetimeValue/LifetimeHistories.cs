using CrmGraph.Reporting.Analyses.Numerics;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Analyses.LifetimeValue;

/// <summary>From purchases to what the models are fitted to. No database here.</summary>
internal static class LifetimeHistories
{
    private const int DaysOfWeek = 7;

    public static double UnitDays(LifetimeUnit unit) => unit == LifetimeUnit.Week ? DaysOfWeek : 1;

    /// <summary>The days on which each customer bought, with what he spent.</summary>
    /// <param name="sales">Of customers whose first sale is among them.</param>
    public static ILookup<Guid, (DateOnly Day, decimal Value)> Days(IEnumerable<Purchase> sales, Func<Purchase, decimal> value) => sales
        .GroupBy(p => (p.Customer, p.Day)).Select(g => (g.Key.Customer, g.Key.Day, Value: g.Sum(value)))
        .OrderBy(d => d.Day).ToLookup(d => d.Customer, d => (d.Day, d.Value));

    /// <summary>As of the last day before <paramref name="until"/>, of those who had bought by then.</summary>
    public static List<CustomerHistory> AsOf(ILookup<Guid, (DateOnly Day, decimal Value)> days, DateOnly until, LifetimeUnit unit)
    {
        var (histories, length) = (new List<CustomerHistory>(), UnitDays(unit));
        foreach (var customer in days)
        {
            var own = customer.TakeWhile(d => d.Day < until).ToList();
            if (own.Count == 0)
                continue;
            var (first, repeats) = (own[0].Day, own.Count - 1);
            var buying = new PurchaseHistory(repeats, Time(first, own[^1].Day), Time(first, until.AddDays(-1)));
            histories.Add(new(customer.Key, buying, new(repeats, repeats == 0 ? 0 : (double)own.Skip(1).Average(d => d.Value))));
        }

        // A database gives rows in whichever order; sums of fractions, and with them the fitted parameters, would follow it in their last digits.
        histories.Sort((a, b) => a.Customer.CompareTo(b.Customer));
        return histories;

        double Time(DateOnly from, DateOnly to) => (to.DayNumber - from.DayNumber) / length;
    }

    /// <summary>The day from which purchases are held out: the last quarter of the days in which anyone bought.</summary>
    public static DateOnly HoldoutFrom(ILookup<Guid, (DateOnly Day, decimal Value)> days, DayRange period)
    {
        var first = days.Min(d => d.First().Day);
        return first.AddDays((period.Until.DayNumber - first.DayNumber) * 3 / 4);
    }

    /// <summary>Null where the early part is too little to be fitted, or nobody bought in the late one.</summary>
    public static double? HoldoutError(ILookup<Guid, (DateOnly Day, decimal Value)> days, DayRange period, LifetimeUnit unit)
    {
        var split = HoldoutFrom(days, period);
        var early = AsOf(days, split, unit);
        var real = early.Sum(h => days[h.Customer].Count(d => d.Day >= split));
        if (real == 0 || !early.Exists(h => h.Buying.Repeats > 0) || BgNbd.FitTo([.. early.Select(h => h.Buying)]) is not { } fit)
            return null;
        var length = (period.Until.DayNumber - split.DayNumber) / UnitDays(unit);
        return (early.Sum(h => fit.Model.ExpectedPurchases(h.Buying, length)) - real) / real;
    }
}
