using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Data.Model;

/// <summary>All tables. Tables and columns have snake_case names on both engines: <c>order_lines.customer_id</c>.</summary>
public sealed class CrmDbContext(DbContextOptions<CrmDbContext> options) : DbContext(options)
{
    public DbSet<Customer> Customers => Set<Customer>();
    public DbSet<CustomerAttribute> CustomerAttributes => Set<CustomerAttribute>();
    public DbSet<OrderAttribute> OrderAttributes => Set<OrderAttribute>();
    public DbSet<OrderPayment> OrderPayments => Set<OrderPayment>();
    public DbSet<TicketAttribute> TicketAttributes => Set<TicketAttribute>();
    public DbSet<CustomerFigures> CustomerFigures => Set<CustomerFigures>();
    public DbSet<CustomerScores> CustomerScores => Set<CustomerScores>();
    public DbSet<CustomerScoring> CustomerScoring => Set<CustomerScoring>();
    public DbSet<CustomerMoney> CustomerMoney => Set<CustomerMoney>();
    public DbSet<CustomerStage> CustomerStages => Set<CustomerStage>();
    public DbSet<ExternalId> ExternalIds => Set<ExternalId>();
    public DbSet<Product> Products => Set<Product>();
    public DbSet<Order> Orders => Set<Order>();
    public DbSet<OrderLine> OrderLines => Set<OrderLine>();
    public DbSet<Opportunity> Opportunities => Set<Opportunity>();
    public DbSet<OpportunityStage> OpportunityStages => Set<OpportunityStage>();
    public DbSet<Contract> Contracts => Set<Contract>();
    public DbSet<ExchangeRate> ExchangeRates => Set<ExchangeRate>();
    public DbSet<Interaction> Interactions => Set<Interaction>();
    public DbSet<Ticket> Tickets => Set<Ticket>();
    public DbSet<SurveyResponse> SurveyResponses => Set<SurveyResponse>();
    public DbSet<Campaign> Campaigns => Set<Campaign>();
    public DbSet<CampaignSpend> CampaignSpend => Set<CampaignSpend>();
    public DbSet<SalesTeam> SalesTeams => Set<SalesTeam>();
    public DbSet<TeamMember> TeamMembers => Set<TeamMember>();
    public DbSet<Segment> Segments => Set<Segment>();
    public DbSet<SegmentMember> SegmentMembers => Set<SegmentMember>();
    public DbSet<ReportDefinition> ReportDefinitions => Set<ReportDefinition>();
    public DbSet<ReportVersion> ReportVersions => Set<ReportVersion>();
    public DbSet<ReportResult> ReportResults => Set<ReportResult>();
    public DbSet<ReportRun> ReportRuns => Set<ReportRun>();
    public DbSet<CustomMetric> CustomMetrics => Set<CustomMetric>();
    public DbSet<CustomMetricVersion> CustomMetricVersions => Set<CustomMetricVersion>();
    public DbSet<Goal> Goals => Set<Goal>();
    public DbSet<Annotation> Annotations => Set<Annotation>();
    public DbSet<OwnerDeparture> OwnerDepartures => Set<OwnerDeparture>();
    public DbSet<SalesDay> SalesDays => Set<SalesDay>();
    public DbSet<SalesDayCustomers> SalesDayCustomers => Set<SalesDayCustomers>();
    public DbSet<SalesDayOrders> SalesDayOrders => Set<SalesDayOrders>();
    public DbSet<CustomerNumber> CustomerNumbers => Set<CustomerNumber>();
    public DbSet<RollupMark> RollupMarks => Set<RollupMark>();
    public DbSet<DataStamp> DataStamps => Set<DataStamp>();
    public DbSet<RollupAsk> RollupAsks => Set<RollupAsk>();
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();
    public DbSet<Settings> Settings => Set<Settings>();
    public DbSet<CalendarDay> Calendar => Set<CalendarDay>();
    public DbSet<HistoryRow> History => Set<HistoryRow>();
    public DbSet<ChangeRow> Changes => Set<ChangeRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => CrmModel.Configure(modelBuilder, Database.IsNpgsql());
}
