using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Ingest.Mutations;

/// <summary>The id of a row in another system.</summary>
/// <param name="Source">The other system's name: <c>shop</c>.</param>
/// <param name="Key">The id in that system.</param>
public sealed record ExternalIdInput(string Source, string Key)
{
    internal ExternalKey ToKey() => new(Source, Key);
}

/// <summary>An attribute to set; a null value removes it.</summary>
public sealed record AttributeInput(string Key, string? Value);

/// <summary>A customer, by our id or by another system's.</summary>
[OneOf]
public sealed class CustomerRefInput : IRowReference
{
    [ID<Customer>] public Guid? Id { get; set; }
    public ExternalIdInput? ExternalId { get; set; }
    public RowRef ToRef() => Refs.Of(Id, ExternalId);
}

/// <summary>A team member, by our id or by another system's.</summary>
[OneOf]
public sealed class TeamMemberRefInput : IRowReference
{
    [ID<TeamMember>] public Guid? Id { get; set; }
    public ExternalIdInput? ExternalId { get; set; }
    public RowRef ToRef() => Refs.Of(Id, ExternalId);
}

/// <summary>A team, by our id or by another system's.</summary>
[OneOf]
public sealed class SalesTeamRefInput : IRowReference
{
    [ID<SalesTeam>] public Guid? Id { get; set; }
    public ExternalIdInput? ExternalId { get; set; }
    public RowRef ToRef() => Refs.Of(Id, ExternalId);
}

/// <summary>A product, by our id or by another system's.</summary>
[OneOf]
public sealed class ProductRefInput : IRowReference
{
    [ID<Product>] public Guid? Id { get; set; }
    public ExternalIdInput? ExternalId { get; set; }
    public RowRef ToRef() => Refs.Of(Id, ExternalId);
}

/// <summary>A campaign, by our id or by another system's.</summary>
[OneOf]
public sealed class CampaignRefInput : IRowReference
{
    [ID<Campaign>] public Guid? Id { get; set; }
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
