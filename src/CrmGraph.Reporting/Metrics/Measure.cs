namespace CrmGraph.Reporting.Metrics;

/// <summary>The tables from which metrics are read. Rows of one source are read together.</summary>
internal enum FactSource { Orders, Lines, Tickets, Surveys, ClosedOpportunities, Pipeline, Lifecycle, Spend }

/// <summary>The base aggregates. Metrics are functions of these; two metrics that need the same one share it.</summary>
public enum Measure
{
    /// <summary>Money of sales, after discount.</summary>
    Gross,
    Returned,
    Discount,
    /// <summary>As <see cref="Gross"/>, of known customers only.</summary>
    KnownGross,
    KnownReturned,
    Orders,
    KnownOrders,
    /// <summary>Distinct known customers with a sale.</summary>
    Buyers,
    /// <summary>Pieces sold, a decimal.</summary>
    Units,
    Enquiries,
    Complaints,
    NpsAnswers,
    Promoters,
    Detractors,
    CsatAnswers,
    CsatPositive,
    Won,
    Lost,
    /// <summary>Estimated money in opportunities open at the end.</summary>
    OpenAmount,
    /// <summary>Opportunities open at the end, those without an estimate included.</summary>
    OpenDeals,
    /// <summary>Opportunities open at the end that have an estimate.</summary>
    EstimatedDeals,
    ActiveAtStart,
    ActiveAtEnd,
    NewCustomers,
    LostCustomers,
    ReactivatedCustomers,
    /// <summary>Of the customers active at the start, those active at the end, by id.</summary>
    Retained,
    Spend,
}

/// <summary>Where each base aggregate comes from.</summary>
internal static class Measures
{
    public const int Count = (int)Measure.Spend + 1;
    public const int Sources = (int)FactSource.Spend + 1;

    public static FactSource SourceOf(Measure measure, bool byLine) => measure switch
    {
        Measure.Units => FactSource.Lines,
        <= Measure.Buyers => byLine ? FactSource.Lines : FactSource.Orders,
        Measure.Enquiries or Measure.Complaints => FactSource.Tickets,
        Measure.NpsAnswers or Measure.Promoters or Measure.Detractors or Measure.CsatAnswers or Measure.CsatPositive => FactSource.Surveys,
        Measure.Won or Measure.Lost => FactSource.ClosedOpportunities,
        Measure.OpenAmount or Measure.OpenDeals or Measure.EstimatedDeals => FactSource.Pipeline,
        Measure.Spend => FactSource.Spend,
        _ => FactSource.Lifecycle,
    };

    public static bool IsMoney(Measure measure) => measure
        is Measure.Gross or Measure.Returned or Measure.Discount or Measure.KnownGross or Measure.KnownReturned or Measure.OpenAmount or Measure.Spend;

    /// <summary>Lines of one order fall into several groups, so that orders become a distinct count there.</summary>
    public static bool IsDistinct(Measure measure, FactSource source) =>
        measure == Measure.Buyers || (source == FactSource.Lines && measure is (Measure.Orders or Measure.KnownOrders));

    /// <summary>Whether rows of the source can be told apart by the dimension.</summary>
    public static bool Supports(FactSource source, MetricDimension dimension) => dimension switch
    {
        MetricDimension.ProductCategory => source == FactSource.Lines,
        MetricDimension.ShippingCountry => source is FactSource.Orders or FactSource.Lines,
        MetricDimension.TicketPriority => source == FactSource.Tickets,
        MetricDimension.Channel => source != FactSource.Lifecycle,
        MetricDimension.AcquisitionChannel => true,
        _ => source != FactSource.Spend,
    };

    public static bool HasHours(FactSource source) => source is FactSource.Orders or FactSource.Lines or FactSource.Tickets or FactSource.Surveys;
}
