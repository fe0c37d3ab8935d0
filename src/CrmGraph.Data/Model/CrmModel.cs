using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace CrmGraph.Data.Model;

/// <summary>
/// EF's model: keys and relationships are said here one by one; names, enums, ids, instants and folded columns follow from conventions.
/// Indexes stand in the migrations only, one file per engine, with what was measured.
/// </summary>
internal static class CrmModel
{
    /// <summary>The shadow property that holds the folded text of a property.</summary>
    public const string FoldedSuffix = "Folded";

    public static void Configure(ModelBuilder model, bool postgres)
    {
        ConfigureKeys(model);
        ConfigureCustomer(model);
        ConfigureFacts(model);
        ConfigureReferences(model);
        foreach (var entity in model.Model.GetEntityTypes().ToList())
            ApplyConventions(entity, postgres);
    }

    /// <summary>The customer is a part of the keys of facts, so that they can be spread over machines by it. On PostgreSQL the id comes first.</summary>
    private static void ConfigureKeys(ModelBuilder model)
    {
        model.Entity<Order>().HasKey(x => new { x.CustomerId, x.Id });
        model.Entity<OrderLine>().HasKey(x => new { x.CustomerId, x.Id });
        model.Entity<Opportunity>().HasKey(x => new { x.CustomerId, x.Id });
        model.Entity<OpportunityStage>().HasKey(x => new { x.CustomerId, x.Id });
        model.Entity<Contract>().HasKey(x => new { x.CustomerId, x.Id });
        model.Entity<Interaction>().HasKey(x => new { x.CustomerId, x.Id });
        model.Entity<Ticket>().HasKey(x => new { x.CustomerId, x.Id });
        model.Entity<SurveyResponse>().HasKey(x => new { x.CustomerId, x.Id });
        model.Entity<SegmentMember>().HasKey(x => new { x.CustomerId, x.SegmentId, x.JoinedAt });
        model.Entity<CustomerAttribute>().HasKey(x => new { x.CustomerId, x.Key });
        model.Entity<OrderAttribute>().HasKey(x => new { x.CustomerId, x.FactId, x.Key });
        model.Entity<OrderPayment>().HasKey(x => new { x.CustomerId, x.Id });
        model.Entity<TicketAttribute>().HasKey(x => new { x.CustomerId, x.FactId, x.Key });
        model.Entity<CustomerFigures>().HasKey(x => x.CustomerId);
        model.Entity<CustomerScores>().HasKey(x => x.CustomerId);
        model.Entity<CustomerMoney>().HasKey(x => new { x.CustomerId, x.Currency });
        model.Entity<CustomerStage>().HasKey(x => new { x.CustomerId, x.From });
        model.Entity<ExternalId>().HasKey(x => new { x.Entity, x.Source, x.Key });
        model.Entity<ExchangeRate>().HasKey(x => new { x.Currency, x.Day });
        model.Entity<CampaignSpend>().HasKey(x => new { x.CampaignId, x.Day, x.Channel, x.Currency });
        model.Entity<ReportVersion>().HasKey(x => new { x.ReportId, x.Version });
        model.Entity<CustomMetricVersion>().HasKey(x => new { x.MetricId, x.Version });
        model.Entity<CalendarDay>().HasKey(x => x.Day);
        model.Entity<HistoryRow>().HasKey(x => x.Sequence);
        model.Entity<ChangeRow>().HasKey(x => x.Sequence);
        model.Entity<OwnerDeparture>().HasKey(x => x.Sequence);
        model.Entity<RollupMark>().HasKey(x => x.Sequence);
        model.Entity<DataStamp>().HasKey(x => x.Name);
        model.Entity<SalesDay>().HasKey(x => new { x.Rollup, x.Day, x.Slice });
        model.Entity<SalesDayCustomers>().HasKey(x => new { x.Rollup, x.Day, x.Slice });
        model.Entity<SalesDayOrders>().HasKey(x => x.Day);
        model.Entity<CustomerNumber>().HasKey(x => x.CustomerId);
        model.Entity<RollupAsk>(ask =>
        {
            ask.HasKey(x => x.Attributes);
            ask.Property(x => x.Attributes).ValueGeneratedNever();
        });
    }

    private static void ConfigureCustomer(ModelBuilder model) => model.Entity<Customer>(customer =>
    {
        customer.HasOne(x => x.Owner).WithMany().HasForeignKey(x => x.OwnerId);
        customer.HasOne(x => x.Figures).WithOne().HasForeignKey<CustomerFigures>(x => x.CustomerId);
        customer.HasOne(x => x.Scores).WithOne().HasForeignKey<CustomerScores>(x => x.CustomerId);
        customer.HasMany(x => x.Money).WithOne().HasForeignKey(x => x.CustomerId);
        customer.HasMany(x => x.Attributes).WithOne().HasForeignKey(x => x.CustomerId);
        customer.HasMany(x => x.ExternalIds).WithOne().HasForeignKey(x => x.CustomerId);
        customer.HasMany(x => x.Stages).WithOne().HasForeignKey(x => x.CustomerId);
        customer.HasMany(x => x.Orders).WithOne(x => x.Customer).HasForeignKey(x => x.CustomerId);
        customer.HasMany(x => x.Interactions).WithOne(x => x.Customer).HasForeignKey(x => x.CustomerId);
        customer.HasMany(x => x.Tickets).WithOne(x => x.Customer).HasForeignKey(x => x.CustomerId);
        customer.HasMany(x => x.SurveyResponses).WithOne(x => x.Customer).HasForeignKey(x => x.CustomerId);
        customer.HasMany(x => x.Opportunities).WithOne(x => x.Customer).HasForeignKey(x => x.CustomerId);
        customer.HasMany(x => x.Contracts).WithOne(x => x.Customer).HasForeignKey(x => x.CustomerId);
    });

    private static void ConfigureFacts(ModelBuilder model)
    {
        model.Entity<Order>().HasOne(x => x.Owner).WithMany().HasForeignKey(x => x.OwnerId);
        model.Entity<Order>().HasOne(x => x.Campaign).WithMany().HasForeignKey(x => x.CampaignId);
        model.Entity<Order>().HasMany(x => x.Lines).WithOne(x => x.Order).HasForeignKey(x => new { x.CustomerId, x.OrderId });
        model.Entity<Order>().HasMany(x => x.Attributes).WithOne().HasForeignKey(x => new { x.CustomerId, x.FactId });
        model.Entity<Order>().HasMany(x => x.Payments).WithOne().HasForeignKey(x => new { x.CustomerId, x.OrderId });
        model.Entity<OrderLine>().HasOne(x => x.Customer).WithMany().HasForeignKey(x => x.CustomerId);
        model.Entity<OrderLine>().HasOne(x => x.Product).WithMany().HasForeignKey(x => x.ProductId);
        model.Entity<Opportunity>().HasOne(x => x.Owner).WithMany().HasForeignKey(x => x.OwnerId);
        model.Entity<Opportunity>().HasOne(x => x.Product).WithMany().HasForeignKey(x => x.ProductId);
        model.Entity<Opportunity>().HasMany(x => x.Stages).WithOne().HasForeignKey(x => new { x.CustomerId, x.OpportunityId });
        model.Entity<Interaction>().HasOne(x => x.Owner).WithMany().HasForeignKey(x => x.OwnerId);
        model.Entity<Ticket>().HasOne(x => x.Agent).WithMany().HasForeignKey(x => x.AgentId);
        model.Entity<Ticket>().HasMany(x => x.Attributes).WithOne().HasForeignKey(x => new { x.CustomerId, x.FactId });
        model.Entity<SegmentMember>().HasOne(x => x.Customer).WithMany(x => x.SegmentMemberships).HasForeignKey(x => x.CustomerId);
    }

    private static void ConfigureReferences(ModelBuilder model)
    {
        model.Entity<TeamMember>().HasOne(x => x.Manager).WithMany().HasForeignKey(x => x.ManagerId);
        model.Entity<TeamMember>().HasOne(x => x.Team).WithMany().HasForeignKey(x => x.TeamId);
        model.Entity<Campaign>().HasMany(x => x.Spend).WithOne(x => x.Campaign).HasForeignKey(x => x.CampaignId);
        model.Entity<Segment>().HasMany(x => x.Members).WithOne().HasForeignKey(x => x.SegmentId);
    }

    private static void ApplyConventions(IMutableEntityType entity, bool postgres)
    {
        foreach (var property in entity.ClrType.GetProperties().Where(p => p.IsDefined(typeof(FoldedAttribute))))
            entity.AddProperty(property.Name + FoldedSuffix, typeof(string)).IsNullable = entity.FindProperty(property.Name)!.IsNullable;
        entity.SetTableName(SnakeCase.Lower(entity.GetTableName()!));
        foreach (var property in entity.GetProperties())
            ApplyConventions(property, postgres);
        foreach (var key in entity.GetForeignKeys())
            key.DeleteBehavior = Owned(key) ? DeleteBehavior.ClientCascade : DeleteBehavior.ClientNoAction;
    }

    private static void ApplyConventions(IMutableProperty property, bool postgres)
    {
        var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
        property.SetColumnName(SnakeCase.Lower(property.Name));
        if (type == typeof(DateTime))
            property.SetValueConverter(new UtcInstantConverter());
        else if (type.IsEnum)
            property.SetValueConverter((ValueConverter)Activator.CreateInstance(typeof(UpperSnakeConverter<>).MakeGenericType(type))!);
        else if (type == typeof(Guid) && !postgres)
            property.SetValueConverter(new BigEndianGuidConverter());
        if (postgres && (type == typeof(string) || type.IsEnum || property.IsPrimitiveCollection))
            property.SetCollation("C");
        // Every id is made by its writer; only the logs number their rows themselves.
        property.ValueGenerated = property.Name == nameof(HistoryRow.Sequence) ? ValueGenerated.OnAdd
            : property.PropertyInfo?.IsDefined(typeof(DerivedAttribute)) == true ? ValueGenerated.OnAddOrUpdate
            : ValueGenerated.Never;
    }

    /// <summary>Rows that are nothing without their principal go with it when EF deletes it; nothing else does.</summary>
    private static bool Owned(IMutableForeignKey key) => key.DeclaringEntityType.ClrType is var type
        && (type == typeof(OrderLine) && key.PrincipalEntityType.ClrType == typeof(Order)
            || type == typeof(OpportunityStage) || type == typeof(OrderPayment) || type.IsSubclassOf(typeof(FreeAttribute)) || type == typeof(CampaignSpend));
}
