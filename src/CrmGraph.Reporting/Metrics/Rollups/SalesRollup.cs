using System.Globalization;
using System.Numerics;
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
    /// <summary>The number of an added rollup is this and its attributes.</summary>
    private const int FirstAdded = 100;

    /// <summary>Those that every database has. Numbers stand in the database.</summary>
    public static IReadOnlyList<SalesRollup> Shipped { get; } =
    [
        new(4, SalesAttributes.None),
        new(5, SalesAttributes.Channel),
        new(6, SalesAttributes.Region),
        new(1, SalesAttributes.Channel | SalesAttributes.Region),
        new(2, SalesAttributes.Channel | SalesAttributes.Region | SalesAttributes.Country),
        new(3, SalesAttributes.Channel | SalesAttributes.Owner | SalesAttributes.Scope),
    ];

    public const SalesAttributes AllAttributes =
        SalesAttributes.Channel | SalesAttributes.Region | SalesAttributes.Country | SalesAttributes.Owner | SalesAttributes.Scope;

    public static SalesRollup Added(SalesAttributes attributes) => new(FirstAdded + (int)attributes, attributes);

    /// <summary>The shipped and the added ones, the smallest first: the first that has all the attributes asked for is read.</summary>
    public static IReadOnlyList<SalesRollup> Of(Settings settings) => Of(settings.AddedRollups);

    public static IReadOnlyList<SalesRollup> Of(string added) => added.Length == 0
        ? Shipped
        : [.. Shipped.Concat(AddedOf(added)).OrderBy(r => BitOperations.PopCount((uint)r.Attributes))];

    public static IReadOnlyList<SalesRollup> AddedOf(string added) =>
    [
        .. added.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(n => Added((SalesAttributes)(int.Parse(n, CultureInfo.InvariantCulture) - FirstAdded))),
    ];

    public bool Has(SalesAttributes needed) => (needed & ~Attributes) == 0;

    /// <summary>Its attributes as commands write them.</summary>
    public string Name => NameOf(Attributes);

    public static string NameOf(SalesAttributes attributes) =>
        string.Join(' ', Enum.GetValues<SalesAttributes>().Where(a => a != SalesAttributes.None && attributes.HasFlag(a))
            .Select(a => a.ToString().ToLowerInvariant()));
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
