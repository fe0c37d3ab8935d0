namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>
/// By what metrics can be grouped. Owner and channel are those of the fact (of the customer where a fact has none); every other attribute of a
/// customer is today's; age is that at the end of the period.
/// </summary>
public enum MetricDimension
{
    Region, Country, City, Channel, Owner, ProductCategory, Industry, Gender, AgeBand, LifecycleStage, Segment, AcquisitionChannel, CustomerKind,
    /// <summary>The country that orders were shipped to.</summary>
    ShippingCountry,
    /// <summary>How urgent tickets are.</summary>
    TicketPriority,
}
