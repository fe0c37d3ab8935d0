using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Reporting.Database;

/// <summary>A row that knows when it was written. Both moments are set by the database layer, truncated to microseconds.</summary>
public interface IRecorded
{
    DateTime RecordedAt { get; set; }
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

/// <summary>
/// The number stored is a count of 1/10^<see cref="Digits"/>: money and quantities with 4 digits, exchange rates with 8.
/// The graph shows it as Decimal.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FixedPointAttribute(int digits = 4) : FieldAttribute
{
    public int Digits { get; } = digits;
    public override int Order => 10;
    public override void Configure(FieldBuilder field, ITypeRegistry types) =>
        field.Map<long, decimal>(types.Scalar("Decimal"), stored => FixedPoint.ToDecimal(stored, Digits), neverFails: true);
}

/// <summary>
/// Text search and order work on a shadow column <c>{name}_folded</c> that the database layer fills with <c>FoldedText.Fold(value)</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FoldedAttribute : Attribute;
