using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Reporting.Ingest;

/// <summary>The id of a row in another system.</summary>
/// <param name="Source">The other system's name: <c>shop</c>.</param>
/// <param name="Key">The id in that system.</param>
public sealed record ExternalIdInput(string Source, string Key)
{
    internal ExternalKey ToKey() => new(Source, Key);
}

/// <summary>A customer, by our id or by another system's.</summary>
[OneOf]
public sealed class CustomerRefInput
{
    [ID<Customer>] public Guid? Id { get; set; }
    public ExternalIdInput? ExternalId { get; set; }
    internal RowRef ToRef() => Refs.Of(Id, ExternalId);
}

/// <summary>A team member, by our id or by another system's.</summary>
[OneOf]
public sealed class TeamMemberRefInput
{
    [ID<TeamMember>] public Guid? Id { get; set; }
    public ExternalIdInput? ExternalId { get; set; }
    internal RowRef ToRef() => Refs.Of(Id, ExternalId);
}

/// <summary>A team, by our id or by another system's.</summary>
[OneOf]
public sealed class SalesTeamRefInput
{
    [ID<SalesTeam>] public Guid? Id { get; set; }
    public ExternalIdInput? ExternalId { get; set; }
    internal RowRef ToRef() => Refs.Of(Id, ExternalId);
}

/// <summary>A product, by our id or by another system's.</summary>
[OneOf]
public sealed class ProductRefInput
{
    [ID<Product>] public Guid? Id { get; set; }
    public ExternalIdInput? ExternalId { get; set; }
    internal RowRef ToRef() => Refs.Of(Id, ExternalId);
}

/// <summary>A campaign, by our id or by another system's.</summary>
[OneOf]
public sealed class CampaignRefInput
{
    [ID<Campaign>] public Guid? Id { get; set; }
    public ExternalIdInput? ExternalId { get; set; }
    internal RowRef ToRef() => Refs.Of(Id, ExternalId);
}

internal static class Refs
{
    public static RowRef Of(Guid? id, ExternalIdInput? key) => id is { } known ? RowRef.Of(known) : key is null ? RowRef.None : RowRef.Of(key.ToKey());

    public static Guid? Row(this FactId? id) => id?.Id;
    public static ExternalKey First(this IReadOnlyList<ExternalIdInput>? keys) => keys is { Count: > 0 } ? keys[0].ToKey() : default;
    public static IReadOnlyList<ExternalKey>? Others(this IReadOnlyList<ExternalIdInput>? keys) => keys is { Count: > 1 } ? [.. keys.Skip(1).Select(k => k.ToKey())] : null;

    public static Given<T> Given<T>(this Optional<T> value) => value.HasValue ? new Given<T>(value.Value) : default;

    /// <summary>For fields that are never null: a given null leaves the stored value, as an absent field does.</summary>
    public static Given<T> GivenValue<T>(this Optional<T?> value) where T : struct => value is { HasValue: true, Value: { } v } ? new Given<T>(v) : default;

    public static Given<IReadOnlyList<string>> GivenList(this Optional<IReadOnlyList<string>?> value) => value.HasValue ? new Given<IReadOnlyList<string>>(value.Value ?? []) : default;
}
