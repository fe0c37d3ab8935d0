using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>What facts of different kinds have in common and can be filtered by.</summary>
public sealed class FactAttributes
{
    /// <summary>The channel of the fact.</summary>
    public string? Channel { get; set; }
    /// <summary>The ID of the owner at the time of the fact.</summary>
    [ID<TeamMember>] public Guid? OwnerId { get; set; }
}

/// <summary>Which facts count: the conditions of <c>where</c>, ready to be put on a query. A null one asks nothing.</summary>
public sealed record FactFilter
{
    public Expression<Func<Customer, bool>>? Customer { get; init; }
    /// <summary>On the channel and owner of the fact.</summary>
    public Expression<Func<FactAttributes, bool>>? Fact { get; init; }
    public bool UsesChannel { get; init; }
    public bool UsesOwner { get; init; }
    public Expression<Func<Product, bool>>? Product { get; init; }
    public Expression<Func<OrderLine, bool>>? Line { get; init; }
    public bool KnownCustomersOnly { get; init; }

    /// <summary>Facts that fulfil both.</summary>
    internal FactFilter And(FactFilter other) => new()
    {
        Customer = Conditions.And(Customer, other.Customer),
        Fact = Conditions.And(Fact, other.Fact),
        UsesChannel = UsesChannel || other.UsesChannel,
        UsesOwner = UsesOwner || other.UsesOwner,
        Product = Conditions.And(Product, other.Product),
        Line = Conditions.And(Line, other.Line),
        KnownCustomersOnly = KnownCustomersOnly || other.KnownCustomersOnly,
    };

    /// <summary>Whether amounts must be read from lines instead of orders.</summary>
    internal bool NeedsLines => Product is not null || Line is not null;
}
