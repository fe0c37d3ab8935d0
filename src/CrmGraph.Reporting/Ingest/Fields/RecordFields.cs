using CrmGraph.Data.Model;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Ingest.Fields;

/// <summary>The fields of each kind of record. A new plain field is one line here.</summary>
internal static class RecordFields
{
    public static FieldTable<SalesTeamRecord, SalesTeam> SalesTeams { get; } = new FieldTable<SalesTeamRecord, SalesTeam>()
        .Name(r => r.Name, x => x.Name);

    public static FieldTable<TeamMemberRecord, TeamMember> TeamMembers { get; } = new FieldTable<TeamMemberRecord, TeamMember>()
        .Name(r => r.Name, x => x.Name)
        .Email("email", r => r.Email, x => x.Email)
        .Own("manager", r => r.Manager, isClearable: true)
        .Own("team", r => r.Team, isClearable: true)
        .Value("active", r => r.IsActive, x => x.IsActive);

    public static FieldTable<ProductRecord, Product> Products { get; } = new FieldTable<ProductRecord, Product>()
        .Required("sku", r => r.Sku, x => x.Sku, maximum: Keys)
        .Required("name", r => r.Name, x => x.Name, (_, x) => x.Sku)
        .Text("category", r => r.Category, x => x.Category)
        .Amount("price", r => r.Price, x => x.Price)
        .Currency(r => r.Currency);

    public static FieldTable<CampaignRecord, Campaign> Campaigns { get; } = new FieldTable<CampaignRecord, Campaign>()
        .Name(r => r.Name, x => x.Name)
        .Text("channel", r => r.Channel, x => x.Channel)
        .Day("startDay", r => r.StartDay, x => x.StartDay)
        .Day("endDay", r => r.EndDay, x => x.EndDay);

    public static FieldTable<CustomerRecord, Customer> Customers { get; } = new FieldTable<CustomerRecord, Customer>()
        .Value("kind", r => r.CustomerKind, x => x.Kind)
        .Name(r => r.Name, x => x.Name)
        .Email("email", r => r.Email, x => x.Email)
        .Text("phone", r => r.Phone, x => x.Phone)
        .Value("gender", r => r.Gender, x => x.Gender)
        .PastDay("birthDate", r => r.BirthDate, x => x.BirthDate)
        .Text("occupation", r => r.Occupation, x => x.Occupation)
        .Text("industry", r => r.Industry, x => x.Industry)
        .Text("country", r => r.Country, x => x.Country)
        .Text("region", r => r.Region, x => x.Region)
        .Text("city", r => r.City, x => x.City)
        .Text("acquisitionChannel", r => r.AcquisitionChannel, x => x.AcquisitionChannel)
        .Own("lifecycleStage", r => r.LifecycleStage)
        .Own("lifecycleStageSince", r => r.LifecycleStageSince)
        .Own("tags", r => r.Tags, isClearable: true)
        .Own("addTags", r => r.AddTags)
        .Own("interests", r => r.Interests, isClearable: true)
        .Own("owner", r => r.Owner, isClearable: true)
        .Moment("createdAt", r => r.CreatedAt, x => x.CreatedAt, isMissing: (r, x) => Stored.Moment(r.CreatedAt.Value) < x.CreatedAt);

    public static FieldTable<OrderRecord, Order> Orders { get; } = new FieldTable<OrderRecord, Order>()
        .Own("customer", r => r.Customer)
        .Text("number", r => r.Number, x => x.Number, Keys)
        .Moment("orderedAt", r => r.OrderedAt, x => x.OrderedAt)
        .Currency(r => r.Currency)
        .Text("channel", r => r.Channel, x => x.Channel)
        .Own("owner", r => r.Owner, isClearable: true)
        .Own("campaign", r => r.Campaign, isClearable: true)
        .Moment("cancelledAt", r => r.CancelledAt, x => x.CancelledAt)
        .Own("kind", r => r.OrderKind)
        .Own("amount", r => r.Amount)
        .Text("shippingCountry", r => r.ShippingCountry, x => x.ShippingCountry)
        .Text("shippingRegion", r => r.ShippingRegion, x => x.ShippingRegion)
        .Text("shippingCity", r => r.ShippingCity, x => x.ShippingCity)
        .Text("shippingPostalCode", r => r.ShippingPostalCode, x => x.ShippingPostalCode, Keys);

    public static FieldTable<InteractionRecord, Interaction> Interactions { get; } = new FieldTable<InteractionRecord, Interaction>()
        .Own("customer", r => r.Customer)
        .Value("kind", r => r.InteractionKind, x => x.Kind)
        .Text("channel", r => r.Channel, x => x.Channel)
        .Text("subject", r => r.Subject, x => x.Subject, Texts)
        .Moment("occurredAt", r => r.OccurredAt, x => x.OccurredAt)
        .Integer("durationSeconds", r => r.DurationSeconds, x => x.DurationSeconds, 0, int.MaxValue)
        .Own("owner", r => r.Owner, isClearable: true);

    public static FieldTable<TicketRecord, Ticket> Tickets { get; } = new FieldTable<TicketRecord, Ticket>()
        .Own("customer", r => r.Customer)
        .Value("kind", r => r.TicketKind, x => x.Kind)
        .Text("channel", r => r.Channel, x => x.Channel)
        .Text("topic", r => r.Topic, x => x.Topic)
        .Text("subject", r => r.Subject, x => x.Subject, Texts)
        .Moment("openedAt", r => r.OpenedAt, x => x.OpenedAt)
        .Moment("firstResponseAt", r => r.FirstResponseAt, x => x.FirstResponseAt)
        .Own("resolvedAt", r => r.ResolvedAt, isClearable: true)
        .Own("agent", r => r.Agent, isClearable: true)
        .Value("csat", r => r.Csat, x => x.Csat)
        .Value("priority", r => r.Priority, x => x.Priority)
        .Own("reopenedAt", r => r.ReopenedAt, isClearable: true)
        .Own("reopenCount", r => r.ReopenCount);

    public static FieldTable<SurveyResponseRecord, SurveyResponse> SurveyResponses { get; } = new FieldTable<SurveyResponseRecord, SurveyResponse>()
        .Own("customer", r => r.Customer)
        .Value("kind", r => r.SurveyKind, x => x.Kind)
        .Text("question", r => r.Question, x => x.Question)
        .Value("score", r => r.Score, x => x.Score)
        .Own("scaleMaximum", r => r.ScaleMaximum)
        .Weight("weight", r => r.Weight, x => x.Weight)
        .Text("channel", r => r.Channel, x => x.Channel)
        .Text("comment", r => r.Comment, x => x.Comment, Texts)
        .Moment("answeredAt", r => r.AnsweredAt, x => x.AnsweredAt);

    public static FieldTable<OpportunityRecord, Opportunity> Opportunities { get; } = new FieldTable<OpportunityRecord, Opportunity>()
        .Own("customer", r => r.Customer)
        .Name(r => r.Name, x => x.Name)
        .Own("stage", r => r.Stage)
        .Own("stageSince", r => r.StageSince)
        .Value("status", r => r.Status, x => x.Status)
        .Amount("amount", r => r.Amount, x => x.Amount)
        .Currency(r => r.Currency)
        .Percent("probability", r => r.Probability, x => x.Probability)
        .Text("channel", r => r.Channel, x => x.Channel)
        .Own("owner", r => r.Owner, isClearable: true)
        .Own("product", r => r.Product, isClearable: true)
        .Moment("openedAt", r => r.OpenedAt, x => x.OpenedAt)
        .Value("expectedCloseDay", r => r.ExpectedCloseDay, x => x.ExpectedCloseDay)
        .Own("closedAt", r => r.ClosedAt)
        .Text("lossReason", r => r.LossReason, x => x.LossReason);

    public static FieldTable<ContractRecord, Contract> Contracts { get; } = new FieldTable<ContractRecord, Contract>()
        .Own("customer", r => r.Customer)
        .Text("plan", r => r.Plan, x => x.Plan)
        .Value("startDay", r => r.StartDay, x => x.StartDay)
        .Value("endDay", r => r.EndDay, x => x.EndDay)
        .Amount("monthlyAmount", r => r.MonthlyAmount, x => x.MonthlyAmount)
        .Currency(r => r.Currency);

    private static int Keys(CrmLimits limits) => limits.KeyCharacters;
    private static int Texts(CrmLimits limits) => limits.TextCharacters;
}
