namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>
/// An attribute by which metrics can be grouped. Owner and channel are those of the fact, or of the customer where a fact has none. All other customer
/// attributes are today's.
/// </summary>
public enum MetricDimension
{
    /// <summary>The customer's region.</summary>
    Region,
    /// <summary>The customer's country.</summary>
    Country,
    /// <summary>The customer's city.</summary>
    City,
    /// <summary>The channel of the order, ticket, survey answer or other fact.</summary>
    Channel,
    /// <summary>The team member who owned the fact at the time.</summary>
    Owner,
    /// <summary>The category of the product sold or returned.</summary>
    ProductCategory,
    /// <summary>The customer's industry.</summary>
    Industry,
    /// <summary>The customer's gender.</summary>
    Gender,
    /// <summary>The customer's age at the end of the period, in bands such as 25-34.</summary>
    AgeBand,
    /// <summary>The customer's current lifecycle stage.</summary>
    LifecycleStage,
    /// <summary>The segments named in the argument `segments`. Groups may overlap.</summary>
    Segment,
    /// <summary>The channel through which the customer first came.</summary>
    AcquisitionChannel,
    /// <summary>Whether the customer is a person or a company.</summary>
    CustomerKind,
    /// <summary>The country the order was shipped to.</summary>
    ShippingCountry,
    /// <summary>The priority of the support ticket.</summary>
    TicketPriority,
}
