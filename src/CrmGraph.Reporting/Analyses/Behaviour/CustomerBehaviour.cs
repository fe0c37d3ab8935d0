using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Analyses.Behaviour;

/// <summary>What tells the buying of customers apart.</summary>
public enum BehaviourFeature
{
    /// <summary>Days since the last sale.</summary>
    Recency,
    /// <summary>Sales.</summary>
    Orders,
    /// <summary>Sales less returns.</summary>
    Revenue,
    /// <summary>Revenue over sales.</summary>
    AverageOrderValue,
    /// <summary>Days since the first sale of the period.</summary>
    Tenure,
}

/// <summary>A customer's features, in the order of <see cref="BehaviourFeature"/>.</summary>
internal readonly record struct CustomerBehaviour(Guid Customer, double[] Values)
{
    public static BehaviourFeature[] Features { get; } = Enum.GetValues<BehaviourFeature>();

    /// <summary>Of everyone with a sale, by id: what is computed of them must not hang on the order in which they were read.</summary>
    public static IReadOnlyList<CustomerBehaviour> Of(Purchases purchases, DayRange days)
    {
        var end = days.Until.DayNumber - 1;
        return
        [
            .. from customer in purchases.All.GroupBy(p => p.Customer)
               let sales = customer.Where(p => p.IsSale).ToList()
               where sales.Count > 0
               let revenue = (double)customer.Sum(p => purchases.Value(p))
               orderby customer.Key
               select new CustomerBehaviour(
                   customer.Key,
                   [end - sales.Max(p => p.Day).DayNumber, sales.Count, revenue, revenue / sales.Count, end - sales.Min(p => p.Day).DayNumber]),
        ];
    }
}
