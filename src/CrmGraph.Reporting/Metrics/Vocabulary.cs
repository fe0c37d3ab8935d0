namespace CrmGraph.Reporting.Metrics;

/// <summary>The width of a time bucket. Weeks, quarters and years follow the settings; the fiscal ones the fiscal year.</summary>
public enum TimeGrain { Hour, Day, Week, Month, Quarter, Year, FiscalQuarter, FiscalYear }

/// <summary>
/// What the period is compared with: the same days earlier. A day's partner is the same date a year or some months earlier, or so many days earlier; whole
/// months that are over are compared with whole months, all else from the partner of the first day to that of the last day that has come.
/// </summary>
public enum Comparison
{
    /// <summary>
    /// Directly before: as many calendar units of last and toDate; for a range as many months when it has whole months, else as many days.
    /// </summary>
    PreviousPeriod,
    /// <summary>The same dates a year earlier; for periods in weeks and the grain WEEK 52 weeks earlier, so that weekdays meet.</summary>
    PreviousYear,
}

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

/// <summary>Whether a group is a value, those without one, or the rest that <c>first</c> left over.</summary>
public enum DimensionValueKind { Value, Unknown, Others }

/// <summary>Why a metric has no value.</summary>
public enum NoValueReason
{
    /// <summary>What it is divided by is zero.</summary>
    ZeroDenominator,
    /// <summary>Nothing was recorded from which it could be told: no answer in the period, or never any fact of the kind that the caller may see.</summary>
    NoData,
    /// <summary>The bucket has not begun yet.</summary>
    IncompletePeriod,
    /// <summary>Too few customers stand behind it, or it would give away a cell behind which too few stand.</summary>
    SuppressedSmallGroup,
    /// <summary>Amounts in several currencies, and no exchange rate to add them by.</summary>
    MixedCurrency,
    /// <summary>The metric cannot be grouped by one of the dimensions asked for; <c>metricCatalog</c> says which it can.</summary>
    UnsupportedGrouping,
    /// <summary>The metric is not known by the grain asked for.</summary>
    UnsupportedGrain,
    /// <summary>The metric cannot be filtered by one of the conditions asked for.</summary>
    UnsupportedFilter,
    /// <summary>It would need rows that the caller may not see.</summary>
    NotAllowed,
    /// <summary>Only the other one of the two periods has this interval: 29 February, the 31st, an hour that the clocks skip, a day that has not come yet.</summary>
    NoPartner,
}

/// <summary>The kind of number, which decides the GraphQL type of the metric's field.</summary>
public enum MetricKind
{
    /// <summary>An amount in the table's currency.</summary>
    Money,
    /// <summary>How many.</summary>
    Count,
    /// <summary>A part of a whole, 1 being all of it.</summary>
    Ratio,
    /// <summary>A score with a scale of its own, such as -100 to 100.</summary>
    Score,
    /// <summary>A mean number per something, such as orders per buyer.</summary>
    Rate,
}

/// <summary>How a metric's values at a finer level relate to the value above.</summary>
public enum Additivity
{
    /// <summary>Values add up over time and over groups that do not overlap.</summary>
    Additive,
    /// <summary>A stock: adds up over groups, but over time the last one counts.</summary>
    SemiAdditive,
    /// <summary>Must be computed again at each level: ratios and distinct counts.</summary>
    NonAdditive,
}

/// <summary>What a metric shows where nothing happened. Where its facts were never recorded it is null with NO_DATA in any case.</summary>
public enum EmptyRule
{
    /// <summary>0, where facts of its kind are recorded at all: of any time, among those that the caller may see.</summary>
    Zero,
    /// <summary>Null with its reason.</summary>
    Null,
}

/// <summary>Which change is good news.</summary>
public enum FavourableDirection { Up, Down, Neither }
