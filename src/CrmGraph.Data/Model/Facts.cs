namespace CrmGraph.Data.Model;

/// <summary>A row that knows when it was written. Both moments are set by the database layer, truncated to microseconds.</summary>
public interface IRecorded
{
    /// <summary>When the row was first written to this database.</summary>
    DateTime RecordedAt { get; set; }
    /// <summary>When the row was last written to this database.</summary>
    DateTime UpdatedAt { get; set; }
}

/// <summary>A row that belongs to a customer and has the key (CustomerId, Id).</summary>
public interface ICustomerFact : IRecorded
{
    Guid CustomerId { get; }
    Guid Id { get; }
}

/// <summary>A fact of a customer: key (CustomerId, Id), with the day and hour of its moment in the reporting zone.</summary>
public interface IFact : ICustomerFact
{
    DateOnly Day { get; }
    int Hour { get; }
}
