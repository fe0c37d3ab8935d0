using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Ingest.Records;
using Mapster;

namespace CrmGraph.Reporting.Ingest.Mutations;

/// <summary>
/// Inputs become records: members of one name, converted by their types. What a feature maps otherwise stands in its <see cref="IRegister"/>;
/// a member of a record to which nothing is mapped is an error.
/// </summary>
internal static class InputMapping
{
    private static readonly TypeAdapterConfig Config = Configured();

    public static TRecord ToRecord<TRecord>(this object input, int origin) where TRecord : IngestRecord
    {
        var record = input.Adapt<TRecord>(Config);
        record.Origin = origin;
        return record;
    }

    private static TypeAdapterConfig Configured()
    {
        var config = new TypeAdapterConfig { RequireDestinationMemberSource = true };
        config.Default.ShallowCopyForSameType(true).NameMatchingStrategy(new() { DestinationMemberNameConverter = InputName });
        config.ForDestinationType<IngestRecord>().Ignore(nameof(IngestRecord.Origin), nameof(IngestRecord.Mode));
        config.WithoutIds<CampaignSpendRecord>().WithoutIds<ExchangeRateRecord>();
        config.NewConfig<FactId?, Guid?>().MapWith(id => id == null ? null : id.Value.Id);
        config.NewConfig<ExternalIdInput, ExternalKey>().MapWith(id => id == null ? default : id.ToKey());
        config.NewConfig<IReadOnlyList<ExternalIdInput>, ExternalKey>().MapWith(ids => ids.First());
        config.NewConfig<IReadOnlyList<ExternalIdInput>, IReadOnlyList<ExternalKey>?>().MapWith(ids => ids.Others());
        config.NewConfig<AttributeInput, KeyValuePair<string, string?>>().MapWith(attribute => new(attribute.Key, attribute.Value));
        config.Reference<CustomerRefInput>().Reference<TeamMemberRefInput>().Reference<SalesTeamRefInput>().Reference<ProductRefInput>()
            .Reference<CampaignRefInput>();
        config.NotNull<bool>().NotNull<int>().NotNull<DateTime>().NotNull<DateOnly>().NotNull<CustomerKind>().NotNull<LifecycleStage>()
            .NotNull<InteractionKind>().NotNull<TicketKind>().NotNull<SurveyKind>().NotNull<OpportunityStatus>();
        config.Scan(typeof(InputMapping).Assembly);
        return config;
    }

    /// <summary>A record names the kind of a row after the row, and has the first of its outside ids apart.</summary>
    private static string InputName(string member) => member is nameof(IngestRecord.Key) or nameof(IngestRecord.MoreKeys) ? "ExternalIds"
        : member.EndsWith("Kind", StringComparison.Ordinal) ? "Kind" : member;

    /// <summary>What a record says names its row.</summary>
    private static TypeAdapterConfig WithoutIds<TRecord>(this TypeAdapterConfig config) where TRecord : IngestRecord
    {
        config.ForDestinationType<TRecord>().Ignore(nameof(IngestRecord.Id), nameof(IngestRecord.Key), nameof(IngestRecord.MoreKeys));
        return config;
    }

    private static TypeAdapterConfig Reference<T>(this TypeAdapterConfig config) where T : class, IRowReference
    {
        config.NewConfig<T, RowRef>().MapWith(reference => reference == null ? RowRef.None : reference.ToRef());
        config.NewConfig<Optional<T?>, Optional<RowRef>>().MapWith(given => given.Ref());
        return config;
    }

    /// <summary>For fields that are never null: a given null leaves the stored value, as an absent field does.</summary>
    private static TypeAdapterConfig NotNull<T>(this TypeAdapterConfig config) where T : struct
    {
        config.NewConfig<Optional<T?>, Optional<T>>().MapWith(given => given.NotNull());
        return config;
    }
}
