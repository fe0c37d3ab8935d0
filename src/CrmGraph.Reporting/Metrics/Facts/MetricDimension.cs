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
    /// <summary>The channel of the order, ticket, survey response or other fact.</summary>
    Channel,
    /// <summary>The team member who owned the fact at the time.</summary>
    Owner,
    /// <summary>The category of the product sold or returned, or that an opportunity is about.</summary>
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
    /// <summary>Single customers, as far as the caller may see them; guests are unknown. With `first` and one metric in `order`: the top customers.</summary>
    Customer,
    /// <summary>The product of an order line or an opportunity.</summary>
    Product,
    /// <summary>The day of the week in the reporting zone, Monday first.</summary>
    Weekday,
    /// <summary>The local hour, 0 to 23.</summary>
    HourOfDay,
    /// <summary>January to December, of whichever year.</summary>
    MonthOfYear,
    /// <summary>NEW: the order before which the customer has no sale that was not cancelled; RETURNING: every other, returns included. Guests are unknown.</summary>
    NewOrReturning,
    /// <summary>Today's team of the owner at the time of the fact.</summary>
    SalesTeam,
    /// <summary>Who handled a ticket.</summary>
    Agent,
    /// <summary>Enquiry or complaint.</summary>
    TicketKind,
    /// <summary>What kind of thing a ticket is about.</summary>
    TicketTopic,
    /// <summary>The customer's occupation.</summary>
    Occupation,
    /// <summary>Overlapping: a customer counts in each of his tags, and once in totals.</summary>
    Tag,
    /// <summary>Overlapping, as tags.</summary>
    Interest,
    /// <summary>Today's stage of an opportunity.</summary>
    Stage,
    /// <summary>Why an opportunity was lost.</summary>
    LossReason,
    /// <summary>The currency of the fact; its money is shown in the table's currency all the same.</summary>
    Currency,
    /// <summary>The campaign that money was spent on, or that brought the order; unknown for orders that no campaign is known of.</summary>
    Campaign,
    /// <summary>The month of the customer's first purchase.</summary>
    Cohort,
    /// <summary>The customer's kept group by recency, frequency and money; unknown for customers who are not scored yet.</summary>
    RfmGroup,
    /// <summary>The customer's kept class by the share of all sales; unknown for customers who have not bought or are not scored yet.</summary>
    ValueClass,
    /// <summary>
    /// The customer's value of the additional attribute that the argument `attributes` or `attribute` names, as text; unknown for customers without it.
    /// </summary>
    Attribute,
    /// <summary>
    /// Such an attribute as a number, in the bands that the argument `attributeBands` or `attributes` makes; unknown for customers without it, and where the text is no number.
    /// </summary>
    AttributeBand,
    /// <summary>The state, province or other region the order was shipped to.</summary>
    ShippingRegion,
    /// <summary>The city the order was shipped to.</summary>
    ShippingCity,
    /// <summary>
    /// The order's value of the additional attribute that the argument `attributes`, `orderAttribute` or `attribute` names; unknown for orders without it.
    /// </summary>
    OrderAttribute,
    /// <summary>
    /// The ticket's value of the additional attribute that the argument `attributes`, `ticketAttribute` or `attribute` names; unknown for tickets without it.
    /// </summary>
    TicketAttribute,
    /// <summary>How a payment was made, such as `card` or `invoice`.</summary>
    PaymentMethod,
    /// <summary>What was asked in a survey; unknown for responses that name no question.</summary>
    SurveyQuestion,
    /// <summary>The number of the customer's kept natural group, as `clusters` finds them; unknown for customers who are not scored yet.</summary>
    Cluster,
    /// <summary>
    /// The customer's kept probability not to have left for good, in quarters such as `75-100` percent; unknown for customers who have not bought or are not
    /// scored yet.
    /// </summary>
    ProbabilityAlive,
}

internal static class MetricDimensions
{
    /// <summary>Of orders known by their lines alone.</summary>
    public static bool IsOfLines(this MetricDimension dimension) => dimension is MetricDimension.ProductCategory or MetricDimension.Product;

    /// <summary>A customer can be in several groups, so that these do not add up to the totals.</summary>
    public static bool Overlaps(this MetricDimension dimension) => dimension is MetricDimension.Segment or MetricDimension.Tag or MetricDimension.Interest;

    /// <summary>Known of every order.</summary>
    public static bool IsOfOrders(this MetricDimension dimension) => dimension is MetricDimension.ShippingCountry or MetricDimension.ShippingRegion
        or MetricDimension.ShippingCity or MetricDimension.OrderAttribute or MetricDimension.Currency or MetricDimension.Campaign;

    /// <summary>Of the free attribute that a question names.</summary>
    public static bool IsOfAttribute(this MetricDimension dimension) => dimension is MetricDimension.Attribute or MetricDimension.AttributeBand
        or MetricDimension.OrderAttribute or MetricDimension.TicketAttribute;

    /// <summary>Told by other rows than the fact, its customer and its product.</summary>
    public static bool IsOfOtherRows(this MetricDimension dimension) =>
        dimension is MetricDimension.Segment or MetricDimension.Cohort or MetricDimension.NewOrReturning or MetricDimension.SalesTeam
            or MetricDimension.RfmGroup or MetricDimension.ValueClass or MetricDimension.Cluster or MetricDimension.ProbabilityAlive
            || dimension.IsOfAttribute();

    /// <summary>Its values are rows with a name.</summary>
    public static bool HasNames(this MetricDimension dimension) => dimension is MetricDimension.Owner or MetricDimension.Agent or MetricDimension.Segment
        or MetricDimension.Customer or MetricDimension.Product or MetricDimension.SalesTeam or MetricDimension.Campaign;

    /// <summary>Of as many values as there are rows of a table: equal ones stand in the order of their ids, so that the database can cut.</summary>
    public static bool IsNumerous(this MetricDimension dimension) => dimension is MetricDimension.Customer or MetricDimension.Product;
}
