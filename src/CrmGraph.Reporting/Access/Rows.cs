using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Types;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting.Access;

/// <summary>
/// The tables as one caller may see them: the only way in which the graph's resolvers reach rows (a test looks for others).
/// Nothing is tracked.
/// </summary>
public sealed class Rows(Func<CrmDbContext> open, Caller caller)
{
    private CrmDbContext database => field ??= open();

    public Rows(CrmDbContext database, Caller caller) : this(() => database, caller)
    {
    }

    public Caller Caller { get; } = caller;

    /// <summary>The rows of a request's caller, on the database connection of the field's own scope.</summary>
    public static Rows Of(ResolverContext context) =>
        new(() => context.Services.GetRequiredService<CrmDbContext>(), context.State.Require<Caller>());

    public IQueryable<Customer> Customers => RowRules.Customers(database, Caller);
    public IQueryable<Order> Orders => Facts<Order>();
    public IQueryable<OrderLine> OrderLines => Facts<OrderLine>();
    public IQueryable<Opportunity> Opportunities => Facts<Opportunity>();
    public IQueryable<Contract> Contracts => Facts<Contract>();
    public IQueryable<Interaction> Interactions => Facts<Interaction>();
    public IQueryable<Ticket> Tickets => Facts<Ticket>();
    public IQueryable<SurveyResponse> SurveyResponses => Facts<SurveyResponse>();

    // What hangs on a customer or a fact and is reached through it alone.
    public IQueryable<CustomerAttribute> CustomerAttributes => database.CustomerAttributes.AsNoTracking().Where(OfVisible<CustomerAttribute>());
    public IQueryable<OrderAttribute> OrderAttributes => database.OrderAttributes.AsNoTracking().Where(OfVisible<OrderAttribute>());
    public IQueryable<OrderPayment> OrderPayments => database.OrderPayments.AsNoTracking().Where(OfVisible<OrderPayment>());
    public IQueryable<TicketAttribute> TicketAttributes => database.TicketAttributes.AsNoTracking().Where(OfVisible<TicketAttribute>());
    public IQueryable<CustomerFigures> CustomerFigures => database.CustomerFigures.AsNoTracking().Where(OfVisible<CustomerFigures>());
    public IQueryable<CustomerScores> CustomerScores => database.CustomerScores.AsNoTracking().Where(OfVisible<CustomerScores>());
    public IQueryable<CustomerMoney> CustomerMoney => database.CustomerMoney.AsNoTracking().Where(OfVisible<CustomerMoney>());
    public IQueryable<CustomerStage> CustomerStages => database.CustomerStages.AsNoTracking().Where(OfVisible<CustomerStage>());
    public IQueryable<OpportunityStage> OpportunityStages => database.OpportunityStages.AsNoTracking().Where(OfVisible<OpportunityStage>());

    /// <summary>Outside ids of what the caller may see; those of products, campaigns and the team are everyone's.</summary>
    public IQueryable<ExternalId> ExternalIds => Caller.SeesAll
        ? database.ExternalIds.AsNoTracking()
        : database.ExternalIds.AsNoTracking().Where(e => e.CustomerId == null || Customers.Any(c => c.Id == e.CustomerId));

    // Seen by everyone.
    public IQueryable<Product> Products => database.Products.AsNoTracking();
    public IQueryable<Campaign> Campaigns => database.Campaigns.AsNoTracking();
    public IQueryable<CampaignSpend> CampaignSpend => database.CampaignSpend.AsNoTracking();
    public IQueryable<ExchangeRate> ExchangeRates => database.ExchangeRates.AsNoTracking();
    public IQueryable<TeamMember> TeamMembers => database.TeamMembers.AsNoTracking();
    public IQueryable<SalesTeam> SalesTeams => database.SalesTeams.AsNoTracking();
    public IQueryable<Segment> Segments => database.Segments.AsNoTracking();
    public IQueryable<CustomMetric> CustomMetrics => database.CustomMetrics.AsNoTracking();
    public IQueryable<CustomMetricVersion> CustomMetricVersions => database.CustomMetricVersions.AsNoTracking();
    public IQueryable<Goal> Goals => database.Goals.AsNoTracking();
    public IQueryable<Annotation> Annotations => database.Annotations.AsNoTracking();

    /// <summary>Reports that are shared with all roles or with the caller's.</summary>
    public IQueryable<ReportDefinition> ReportDefinitions
    {
        get
        {
            var reports = database.ReportDefinitions.AsNoTracking().Where(r => r.DeletedAt == null);
            return Caller.Role == Role.Administrator ? reports : reports.Where(RoleSet.IsShownTo(Caller.Role));
        }
    }

    public IQueryable<ReportVersion> ReportVersions
    {
        get
        {
            var reports = ReportDefinitions;
            return database.ReportVersions.AsNoTracking().Where(v => reports.Any(r => r.Id == v.ReportId));
        }
    }

    /// <summary>
    /// Kept results: a result is shown to administrators, and to callers of an equal scope who may see the report as long as that holds every row of then.
    /// </summary>
    public IQueryable<ReportResult> ReportResults
    {
        get
        {
            var results = database.ReportResults.AsNoTracking();
            if (Caller.Role == Role.Administrator)
                return results;
            var departures = Departures;
            var hidden = database.ReportDefinitions.Where(RoleSet.IsShownTo(Caller.Role, shown: false));
            return results.Where(r => r.Scope == Caller.Scope && r.Departures == departures.LongCount() && !hidden.Any(h => h.Id == r.ReportId));
        }
    }

    /// <summary>Of the caller's owners; none for whoever sees all.</summary>
    public IQueryable<OwnerDeparture> Departures => Caller.Owners is null
        ? database.OwnerDepartures.Where(_ => false)
        : database.OwnerDepartures.Where(d => Caller.Owners.Contains(d.OwnerId));

    public IQueryable<TFact> Facts<TFact>() where TFact : class, ICustomerFact => database.Set<TFact>().AsNoTracking().Where(RowRules.Fact<TFact>(Caller));

    private System.Linq.Expressions.Expression<Func<T, bool>> OfVisible<T>() where T : class
    {
        if (Caller.SeesAll)
            return _ => true;
        var customers = Customers;
        return x => customers.Any(c => c.Id == EF.Property<Guid>(x, "CustomerId"));
    }
}
