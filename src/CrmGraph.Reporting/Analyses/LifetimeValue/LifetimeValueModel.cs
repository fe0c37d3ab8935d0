using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Analyses.Numerics;
using CrmGraph.Reporting.Metrics.Planning;

namespace CrmGraph.Reporting.Analyses.LifetimeValue;

/// <summary>The unit of time of a model's parameters.</summary>
public enum LifetimeUnit
{
    /// <summary>Days.</summary>
    Day,
    /// <summary>Weeks of seven days.</summary>
    Week,
}

/// <summary>
/// Repeat buying and spending of the customers whose first sale lies in the period, by BG/NBD and Gamma-Gamma, fitted by maximum likelihood; n is these
/// customers. Purchases of one day are one.
/// </summary>
public sealed class LifetimeValueModel : Analysis
{
    internal LifetimeValueModel(BgNbd buying, GammaGamma? spending, IReadOnlyList<CustomerHistory> histories) =>
        (Buying, Spending, Histories) = (buying, spending, histories);

    /// <summary>Customers that the model was fitted to.</summary>
    public int Customers => N;
    /// <summary>Of these, with a second purchase: those that Gamma-Gamma was fitted to.</summary>
    public required int RepeatCustomers { get; init; }
    /// <summary>The unit of time of the parameters.</summary>
    public required LifetimeUnit Unit { get; init; }
    /// <summary>The days whose sales count. Ages end with the last of them.</summary>
    public required MetricPeriod Period { get; init; }
    /// <summary>ISO 4217 code of all money.</summary>
    public required string Currency { get; init; }
    /// <summary>When the parameters were found.</summary>
    public DateTime FittedAt => AsOf;

    /// <summary>Shape of the purchase rates.</summary>
    public double R => Buying.R;
    /// <summary>Scale of the purchase rates, in units of time.</summary>
    public double Alpha => Buying.Alpha;
    /// <summary>First shape of the chances to leave.</summary>
    public double A => Buying.A;
    /// <summary>Second shape of the chances to leave.</summary>
    public double B => Buying.B;
    /// <summary>Of BG/NBD.</summary>
    public required double LogLikelihood { get; init; }

    /// <summary>Shape of the values of one customer's purchases; null with a warning where values could not be fitted, as are q and v.</summary>
    public double? P => Spending?.P;
    /// <summary>Shape of the mean values among customers.</summary>
    public double? Q => Spending?.Q;
    /// <summary>Scale of the mean values, in money.</summary>
    public double? V => Spending?.V;

    /// <summary>
    /// By how much a model fitted to the first three quarters of the days missed the purchases of the last one: (predicted - real) / real. Null where there
    /// was too little.
    /// </summary>
    public required double? HoldoutError { get; init; }

    internal BgNbd Buying { get; }
    internal GammaGamma? Spending { get; }
    internal IReadOnlyList<CustomerHistory> Histories { get; }
}

/// <summary>A customer's purchases as the models see them.</summary>
internal readonly record struct CustomerHistory(Guid Customer, PurchaseHistory Buying, MeanSpend Spending);

/// <summary>What a model expects of a customer.</summary>
/// <param name="Repeats">Purchase days after the first, x.</param>
/// <param name="Recency">From the first to the last purchase, t_x.</param>
/// <param name="Age">From the first purchase to the end of the period, T.</param>
/// <param name="ProbabilityAlive">The chance that he has not left for good; always 1 without repeats.</param>
/// <param name="ExpectedOrders">Purchases to be expected within the horizon.</param>
/// <param name="MeanOrderValue">What each is expected to be worth; null without a model of values.</param>
/// <param name="Value">Expected purchases times their value, each twelfth of the horizon discounted to today; null without a model of values.</param>
public sealed record LifetimePrediction(
    [property: GraphQLIgnore] Guid CustomerId, int Repeats, double Recency, double Age, double ProbabilityAlive, double ExpectedOrders,
    decimal? MeanOrderValue, decimal? Value) : IOfCustomer;
