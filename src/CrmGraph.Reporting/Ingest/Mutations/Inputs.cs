using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Ingest.Mutations;

/// <summary>The ID of an object in another system.</summary>
/// <param name="Source">The name of the other system, such as `shop`.</param>
/// <param name="Key">The ID in the other system.</param>
public sealed record ExternalIdInput(string Source, string Key)
{
    internal ExternalKey ToKey() => new(Source, Key);
}

/// <summary>An attribute to set, or to remove with a null value.</summary>
/// <param name="Key">The name of the attribute.</param>
/// <param name="Value">The value, as text; null removes the attribute.</param>
public sealed record AttributeInput(string Key, string? Value);

/// <summary>Refers to a customer, either by its ID or by an external ID.</summary>
[OneOf]
public sealed class CustomerRefInput : IRowReference
{
    /// <summary>The ID of the customer.</summary>
    [ID<Customer>] public Guid? Id { get; set; }
    /// <summary>An external ID of the customer.</summary>
    public ExternalIdInput? ExternalId { get; set; }
    public RowRef ToRef() => Refs.Of(Id, ExternalId);
}

/// <summary>Refers to a team member, either by its ID or by an external ID.</summary>
[OneOf]
public sealed class TeamMemberRefInput : IRowReference
{
    /// <summary>The ID of the team member.</summary>
    [ID<TeamMember>] public Guid? Id { get; set; }
    /// <summary>An external ID of the team member.</summary>
    public ExternalIdInput? ExternalId { get; set; }
    public RowRef ToRef() => Refs.Of(Id, ExternalId);
}

/// <summary>Refers to a team, either by its ID or by an external ID.</summary>
[OneOf]
public sealed class SalesTeamRefInput : IRowReference
{
    /// <summary>The ID of the team.</summary>
    [ID<SalesTeam>] public Guid? Id { get; set; }
    /// <summary>An external ID of the team.</summary>
    public ExternalIdInput? ExternalId { get; set; }
    public RowRef ToRef() => Refs.Of(Id, ExternalId);
}

/// <summary>Refers to a product, either by its ID or by an external ID.</summary>
[OneOf]
public sealed class ProductRefInput : IRowReference
{
    /// <summary>The ID of the product.</summary>
    [ID<Product>] public Guid? Id { get; set; }
    /// <summary>An external ID of the product.</summary>
    public ExternalIdInput? ExternalId { get; set; }
    public RowRef ToRef() => Refs.Of(Id, ExternalId);
}

/// <summary>Refers to a campaign, either by its ID or by an external ID.</summary>
[OneOf]
public sealed class CampaignRefInput : IRowReference
{
    /// <summary>The ID of the campaign.</summary>
    [ID<Campaign>] public Guid? Id { get; set; }
    /// <summary>An external ID of the campaign.</summary>
    public ExternalIdInput? ExternalId { get; set; }
    public RowRef ToRef() => Refs.Of(Id, ExternalId);
}

/// <summary>An input that refers to a row.</summary>
internal interface IRowReference
{
    RowRef ToRef();
}

internal static class Refs
{
    public static RowRef Of(Guid? id, ExternalIdInput? key) => id is { } known ? RowRef.Of(known) : key is null ? RowRef.None : RowRef.Of(key.ToKey());

    public static ExternalKey First(this IReadOnlyList<ExternalIdInput>? keys) => keys is { Count: > 0 } ? keys[0].ToKey() : default;
    public static IReadOnlyList<ExternalKey>? Others(this IReadOnlyList<ExternalIdInput>? keys)
        => keys is { Count: > 1 } ? [.. keys.Skip(1).Select(k => k.ToKey())] : null;

    /// <summary>For fields that are never null: a given null leaves the stored value, as an absent field does.</summary>
    public static Optional<T> NotNull<T>(this Optional<T?> value) where T : struct => value is { HasValue: true, Value: { } v } ? v : default(Optional<T>);

    /// <inheritdoc cref="NotNull{T}(Optional{T?})"/>
    public static Optional<string> NotNull(this Optional<string?> value) => value is { HasValue: true, Value: { } v } ? v : default(Optional<string>);

    /// <summary>Null refers to no row.</summary>
    public static Optional<RowRef> Ref<T>(this Optional<T?> value) where T : class, IRowReference
        => value.HasValue ? value.Value?.ToRef() ?? RowRef.None : default(Optional<RowRef>);
}
