using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Ingest.Fields;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Imports.Records;

/// <summary>What a field of a record means to the importer beside its type.</summary>
internal enum FieldRole
{
    Plain,
    /// <summary>The record's own outside id.</summary>
    Key,
    /// <summary>The outside id of another row.</summary>
    Reference,
}

/// <summary>A field that a map can fill.</summary>
/// <param name="Index">Its place in the schema.</param>
/// <param name="IsRequired">A row without it is refused, and a map without it is invalid: there is no record without this value.</param>
/// <param name="IsClearable">A file may empty what is stored.</param>
internal sealed record FieldDefinition(int Index, string Name, FieldType Type, FieldRole Role, bool IsRequired, bool IsClearable);

/// <summary>A kind of record: its fields as maps name them, and how their values become a record for the writer. One subclass for each kind.</summary>
internal abstract class RecordSchema(string name, RecordKind kind)
{
    private readonly List<FieldDefinition> _fields = [];

    public string Name { get; } = name;
    public RecordKind Kind { get; } = kind;
    public IReadOnlyList<FieldDefinition> Fields => _fields;
    public FieldDefinition? Key { get; private set; }
    /// <summary>The fields that together name a row of a kind without outside ids: a campaign's day, a currency's day.</summary>
    public IReadOnlyList<FieldDefinition> Identity { get; protected init; } = [];
    /// <summary>Belongs to a customer; a map with one customer record need not say to which.</summary>
    public FieldDefinition? Customer { get; private set; }
    /// <summary>One row more with the same key completes the record; other kinds have no outside id (exchange rates).</summary>
    public bool IsFact { get; protected init; }
    /// <summary>The kind that may stand inside: the line of an order, the stage of an opportunity.</summary>
    public RecordSchema? Part { get; protected init; }
    public bool HasAttributes { get; protected init; }

    /// <summary>What a plan says that can only refuse every row.</summary>
    public virtual IEnumerable<string> Contradictions(RecordPlan plan) => [];

    /// <summary>Makes the record and puts it into the batch.</summary>
    public abstract void Build(RecordValues values, BatchBuilder batch);

    protected FieldDefinition Add(string name, FieldType type, bool required = false, bool clearable = false)
        => Add(name, type, FieldRole.Plain, required, clearable);

    protected FieldDefinition AddKey(bool required = false) => Key = Add("key", FieldType.Text, FieldRole.Key, required, clearable: false);

    protected FieldDefinition AddReference(string name, bool required = false, bool clearable = false)
        => Add(name, FieldType.Text, FieldRole.Reference, required, clearable);

    protected FieldDefinition AddCustomer() => Customer = AddReference("customer");

    private FieldDefinition Add(string name, FieldType type, FieldRole role, bool required, bool clearable)
    {
        var field = new FieldDefinition(_fields.Count, name, type, role, required, clearable);
        _fields.Add(field);
        return field;
    }
}

/// <summary>The kinds that a map can make, by name.</summary>
internal static class RecordSchemas
{
    /// <summary>A new kind is one line here, and a subclass where the lines of its table do not say all.</summary>
    public static IReadOnlyDictionary<string, RecordSchema> All { get; } = new RecordSchema[]
    {
        new CustomerSchema(),
        new TableSchema<TeamMemberRecord>("teamMember", RecordKind.TeamMember, RecordFields.TeamMembers.Fields, batch => batch.TeamMembers),
        new TableSchema<SalesTeamRecord>("team", RecordKind.SalesTeam, RecordFields.SalesTeams.Fields, batch => batch.SalesTeams),
        new ProductSchema(),
        new OrderSchema(),
        new OpportunitySchema(),
        new TableSchema<ContractRecord>("contract", RecordKind.Contract, RecordFields.Contracts.Fields, batch => batch.Contracts),
        new ExchangeRateSchema(),
        new PaymentSchema(),
        new TableSchema<InteractionRecord>("interaction", RecordKind.Interaction, RecordFields.Interactions.Fields, batch => batch.Interactions),
        new TicketSchema(),
        new SurveyResponseSchema(),
        new TableSchema<CampaignRecord>("campaign", RecordKind.Campaign, RecordFields.Campaigns.Fields, batch => batch.Campaigns),
        new CampaignSpendSchema(),
    }.ToDictionary(schema => schema.Name, StringComparer.Ordinal);

    /// <summary>The kind that maps call so, by its name of today or by one that maps of before use.</summary>
    public static RecordSchema? Find(string name) => All.GetValueOrDefault(name == "surveyAnswer" ? "surveyResponse" : name);
}
