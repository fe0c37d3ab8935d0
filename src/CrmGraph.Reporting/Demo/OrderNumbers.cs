using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Demo;

/// <summary>Numbers of orders: the kind, the day, and a count of the day's.</summary>
internal sealed class OrderNumbers
{
    private readonly Dictionary<DateOnly, int> counts = [];

    public string Next(OrderKind kind, DateOnly day)
    {
        var count = counts.GetValueOrDefault(day) + 1;
        counts[day] = count;
        return $"{(kind == OrderKind.Sale ? "SO" : "RE")}-{day:yyMMdd}-{count:0000}";
    }

    /// <summary>Goes on after those that a day has.</summary>
    public void Continue(DateOnly day, int count) => counts[day] = count;
}
