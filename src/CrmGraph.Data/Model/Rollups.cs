namespace CrmGraph.Data.Model;

/// <summary>Where a row of a rollup lies: its day, and what tells it apart from others of the day. Attributes that the rollup has not are null.</summary>
public interface ISalesSlice
{
    /// <summary>Which of the rollups.</summary>
    int Rollup { get; set; }
    DateOnly Day { get; set; }
    /// <summary>Its number among those of the day.</summary>
    int Slice { get; set; }
    string? Channel { get; set; }
    string? Region { get; set; }
    string? Country { get; set; }
    /// <summary>The owner at the time of the order.</summary>
    Guid? OwnerId { get; set; }
    /// <summary>The owner of the customer today, by whom row rules go.</summary>
    Guid? ScopeId { get; set; }
}

/// <summary>What the orders of a day come to, of those with the same attributes. Cancelled ones do not count.</summary>
[Traits(TableTraits.None, Key = "rollup/day/slice")]
public sealed class SalesDay : ISalesSlice
{
    public int Rollup { get; set; }
    public DateOnly Day { get; set; }
    public int Slice { get; set; }
    public string Currency { get; set; } = "";
    public string? Channel { get; set; }
    public string? Region { get; set; }
    public string? Country { get; set; }
    public Guid? OwnerId { get; set; }
    public Guid? ScopeId { get; set; }
    /// <summary>Of customers that are no guests.</summary>
    public bool IsKnown { get; set; }
    public long GrossAmount { get; set; }
    public long ReturnedAmount { get; set; }
    public long DiscountAmount { get; set; }
    public long OrderCount { get; set; }
}

/// <summary>Which known customers are behind the orders of a day, as <see cref="CustomerNumber"/>s in the form of <see cref="NumberSet"/>.</summary>
[Traits(TableTraits.None, Key = "rollup/day/slice")]
public sealed class SalesDayCustomers : ISalesSlice
{
    public int Rollup { get; set; }
    public DateOnly Day { get; set; }
    public int Slice { get; set; }
    public string? Channel { get; set; }
    public string? Region { get; set; }
    public string? Country { get; set; }
    public Guid? OwnerId { get; set; }
    public Guid? ScopeId { get; set; }
    /// <summary>Those with a sale.</summary>
    public byte[] Buyers { get; set; } = [];
    /// <summary>Those with returns alone.</summary>
    public byte[] Others { get; set; } = [];
    /// <summary>Another one each time the row is written: who has read its sets under it knows them.</summary>
    public long Stamp { get; set; }
}

/// <summary>The orders of a day one by one, without the cancelled ones, in columns of what metrics of orders tell apart and sum.</summary>
[Traits(TableTraits.None, Key = "day")]
public sealed class SalesDayOrders
{
    public DateOnly Day { get; set; }
    public byte[] Columns { get; set; } = [];
    /// <summary>As <see cref="SalesDayCustomers.Stamp"/>.</summary>
    public long Stamp { get; set; }
}

/// <summary>A small number for a customer, so that sets of them are small. Given when a rollup first needs one, and never changed.</summary>
[Traits(TableTraits.None, Key = "customer_id")]
public sealed class CustomerNumber
{
    public Guid CustomerId { get; set; }
    public int Number { get; set; }
}

/// <summary>A day whose rollups are behind the orders; without a day, all of them. Marks are made by the transaction that changes the orders.</summary>
[Traits(TableTraits.None, Key = "sequence")]
public sealed class RollupMark
{
    /// <summary>With more marked days than these the rollups are being built, and not read.</summary>
    public const int MostDays = 400;

    public long Sequence { get; set; }
    public DateOnly? Day { get; set; }
    /// <summary>The day cannot be rolled up as it is: its sums need more than 64 bits.</summary>
    public bool IsFinal { get; set; }
}

/// <summary>How often metrics were read from orders because no rollup told apart by all the attributes that were asked for.</summary>
[Traits(TableTraits.None, Key = "attributes")]
public sealed class RollupAsk
{
    /// <summary>The attributes, a bit for each.</summary>
    public int Attributes { get; set; }
    public long Asked { get; set; }
    public DateTime LastAskedAt { get; set; }
}

/// <summary>What servers keep in memory, with a number that is another one after each change of it.</summary>
[Traits(TableTraits.None, Key = "name")]
public sealed class DataStamp
{
    /// <summary>The names of <see cref="Name"/>.</summary>
    public const string Rates = "rates", Rollups = "rollups";

    public string Name { get; set; } = "";
    public long Stamp { get; set; }
}
