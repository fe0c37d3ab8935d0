using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>
/// The common shape of all facts while they are grouped: the row of a fact, the key of a group and the result of an aggregate alike. A source adds the columns
/// of its measures. Only the columns that a statement needs are ever in its SQL. Equal by all its columns.
/// </summary>
internal record FactRow
{
    public Guid CustomerId { get; set; }
    /// <summary>The id of what the row is: an order, a ticket and the like. Of where rows are listed one by one.</summary>
    public Guid? Fact { get; set; }
    public DateOnly Day { get; set; }
    public int Hour { get; set; }
    /// <summary>The number of the time bucket.</summary>
    public int Bucket { get; set; }
    public string? Currency { get; set; }
    /// <summary>The day whose exchange rate counts; null where none is needed.</summary>
    public DateOnly? RateDay { get; set; }
    /// <summary>The day of the transaction, by which money is converted.</summary>
    public DateOnly TransactionDay { get; set; }

    public string? Region { get; set; }
    public string? Country { get; set; }
    public string? City { get; set; }
    public string? Channel { get; set; }
    public Guid? Owner { get; set; }
    public string? ProductCategory { get; set; }
    public string? Industry { get; set; }
    public Gender? Gender { get; set; }
    public DateOnly? BirthDate { get; set; }
    public int? AgeBand { get; set; }
    public LifecycleStage? LifecycleStage { get; set; }
    public string? AcquisitionChannel { get; set; }
    public CustomerKind? CustomerKind { get; set; }
    public string? ShippingCountry { get; set; }
    public string? ShippingRegion { get; set; }
    public string? ShippingCity { get; set; }
    public string? PaymentMethod { get; set; }
    public TicketPriority? TicketPriority { get; set; }
    public Guid? Customer { get; set; }
    public Guid? Product { get; set; }
    /// <summary>0 is Monday.</summary>
    public int? Weekday { get; set; }
    public int? HourOfDay { get; set; }
    public int? MonthOfYear { get; set; }
    /// <summary>0 is new, 1 returning.</summary>
    public int? NewOrReturning { get; set; }
    public Guid? SalesTeam { get; set; }
    public Guid? Agent { get; set; }
    public TicketKind? TicketKind { get; set; }
    public string? TicketTopic { get; set; }
    public string? SurveyQuestion { get; set; }
    public string? Occupation { get; set; }
    public string? Tag { get; set; }
    public string? Interest { get; set; }
    public string? Stage { get; set; }
    public string? LossReason { get; set; }
    public Guid? Campaign { get; set; }
    /// <summary>Months since the year 0.</summary>
    public int? Cohort { get; set; }
    public RfmGroup? RfmGroup { get; set; }
    public AbcClass? ValueClass { get; set; }
    public int? Cluster { get; set; }
    /// <summary>Which quarter, from 0.</summary>
    public int? ProbabilityAlive { get; set; }
    // Of the attributes that are asked for, by whose they are: their values or the keys of their bands. See AskedAttribute.
    public string? Attribute { get; set; }
    public string? Attribute2 { get; set; }
    public string? Attribute3 { get; set; }
    public string? Attribute4 { get; set; }
    public string? OrderAttribute { get; set; }
    public string? OrderAttribute2 { get; set; }
    public string? OrderAttribute3 { get; set; }
    public string? OrderAttribute4 { get; set; }
    public string? TicketAttribute { get; set; }
    public string? TicketAttribute2 { get; set; }
    public string? TicketAttribute3 { get; set; }
    public string? TicketAttribute4 { get; set; }
    /// <summary>The owner of the customer today, by whom row rules go.</summary>
    public Guid? Scope { get; set; }

    /// <summary>The customer is known, not one of the guests.</summary>
    public bool IsKnown { get; set; }
    /// <summary>Distinct known customers.</summary>
    public long People { get; set; }
    /// <summary>How many facts have the values by which they are told apart.</summary>
    public long Facts { get; set; }
    /// <summary>The values of all these facts as stored, in no order; null where the row is of one value.</summary>
    public long[]? Values { get; set; }
    /// <summary>Money of several days in the currency that was asked for; null where the row's own currency and day say it.</summary>
    public ConvertedMoney? Converted { get; set; }
}
