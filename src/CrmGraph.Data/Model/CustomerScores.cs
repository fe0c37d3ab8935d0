using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Data.Model;

/// <summary>The eleven groups of customers by recency, frequency and money.</summary>
public enum RfmGroup
{
    /// <summary>Bought very recently, often, and spent the most.</summary>
    Champions,
    /// <summary>Bought recently, often, and spent much.</summary>
    Loyal,
    /// <summary>Bought recently, several times.</summary>
    Active,
    /// <summary>Bought very recently, hardly ever before.</summary>
    New,
    /// <summary>Bought recently, a few times.</summary>
    Promising,
    /// <summary>Bought several times, and less recently now.</summary>
    NeedsAttention,
    /// <summary>Bought a few times, and less recently now.</summary>
    AlmostLost,
    /// <summary>Bought several times, long ago.</summary>
    AtRisk,
    /// <summary>Bought often and spent much, long ago.</summary>
    PreviouslyLoyal,
    /// <summary>Bought a few times, long ago.</summary>
    Dormant,
    /// <summary>Has not bought in the period.</summary>
    Prospects,
}

/// <summary>A makes the first 80 % of sales, B the next 15 %, C the rest.</summary>
public enum AbcClass
{
    /// <summary>The first 80 % of sales.</summary>
    A,
    /// <summary>The next 15 %.</summary>
    B,
    /// <summary>The rest, and whoever took back as much as he bought.</summary>
    C,
}

/// <summary>
/// What all sales so far say of a customer among all customers, as of <see cref="CustomerScoring.AsOf"/>. Kept by the server from the orders, never written
/// by anybody else; a customer who is newer than that has none.
/// </summary>
[Traits(TableTraits.Changes, Key = "customer_id")]
public sealed class CustomerScores
{
    /// <summary>Digits of a probability and of a number of orders that is expected.</summary>
    public const int ChanceDigits = 9;

    [GraphQLIgnore] public Guid CustomerId { get; set; }
    /// <summary>1 to 5; null for whoever has not bought, as the two that follow.</summary>
    public int? RecencyScore { get; set; }
    public int? FrequencyScore { get; set; }
    public int? MonetaryScore { get; set; }
    /// <summary>Null while there are too few customers for fifths.</summary>
    public RfmGroup? RfmGroup { get; set; }
    public AbcClass? ValueClass { get; set; }
    /// <summary>From 1, by what its customers spend.</summary>
    public int? Cluster { get; set; }
    [FixedPoint(ChanceDigits)] public long? ProbabilityAlive { get; set; }
    /// <summary>Within 52 weeks.</summary>
    [FixedPoint(ChanceDigits)] public long? ExpectedOrders { get; set; }
    /// <summary>Of 52 weeks, in the currency of <see cref="CustomerScoring"/>.</summary>
    [FixedPoint] public long? PredictedValue { get; set; }
    /// <summary>Of 104 weeks.</summary>
    [FixedPoint] public long? PredictedValueTwoYears { get; set; }
    /// <summary>Of 156 weeks.</summary>
    [FixedPoint] public long? PredictedValueThreeYears { get; set; }
}

/// <summary>Of when the scores of customers are, and by which models: one row.</summary>
[Traits(TableTraits.None)]
public sealed class CustomerScoring
{
    public int Id { get; set; } = 1;
    /// <summary>The state of the data that the scores are of; null before the first time.</summary>
    public DateTime? AsOf { get; set; }
    /// <summary>The day of that in the reporting zone.</summary>
    public DateOnly? ScoredDay { get; set; }
    public string? Currency { get; set; }
    /// <summary>Why there are no scores.</summary>
    public string? Reason { get; set; }
    /// <summary>The models and when they were fitted, as JSON.</summary>
    public string? Models { get; set; }
    /// <summary>What of the log of changes is in the scores, as the database tells positions.</summary>
    public string? Position { get; set; }
    /// <summary>When that position was taken: later the log no longer has all that followed.</summary>
    public DateTime? CheckedAt { get; set; }
    /// <summary>Until then a server is at work, unless it died.</summary>
    public DateTime? ClaimedUntil { get; set; }
}
