using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Metrics.Rollups;

/// <summary>What orders can be told apart by in a rollup.</summary>
[Flags]
internal enum SalesAttributes
{
    None = 0,
    Channel = 1,
    Region = 2,
    Country = 4,
    /// <summary>The owner at the time of the order.</summary>
    Owner = 8,
    /// <summary>The customer's owner of today.</summary>
    Scope = 16,
}

/// <summary>A rollup of orders: their daily sums, and who bought, for every combination of some attributes.</summary>
internal sealed record SalesRollup(int Number, SalesAttributes Attributes)
{
    /// <summary>The smallest first: the first that has all the attributes asked for is read. Numbers stand in the database.</summary>
    public static IReadOnlyList<SalesRollup> All { get; } =
    [
        new(1, SalesAttributes.Channel | SalesAttributes.Region),
        new(2, SalesAttributes.Channel | SalesAttributes.Region | SalesAttributes.Country),
        new(3, SalesAttributes.Channel | SalesAttributes.Owner | SalesAttributes.Scope),
    ];

    /// <summary>Null when none has them all.</summary>
    public static SalesRollup? With(SalesAttributes needed) => All.FirstOrDefault(r => (needed & ~r.Attributes) == 0);
}

/// <summary>The attributes of an order.</summary>
internal readonly record struct SalesSlice(string? Channel, string? Region, string? Country, Guid? OwnerId, Guid? ScopeId)
{
    public SalesSlice Of(SalesAttributes attributes) => new(
        attributes.HasFlag(SalesAttributes.Channel) ? Channel : null,
        attributes.HasFlag(SalesAttributes.Region) ? Region : null,
        attributes.HasFlag(SalesAttributes.Country) ? Country : null,
        attributes.HasFlag(SalesAttributes.Owner) ? OwnerId : null,
        attributes.HasFlag(SalesAttributes.Scope) ? ScopeId : null);

    public T Onto<T>(T row) where T : ISalesSlice
    {
        (row.Channel, row.Region, row.Country, row.OwnerId, row.ScopeId) = (Channel, Region, Country, OwnerId, ScopeId);
        return row;
    }
}
