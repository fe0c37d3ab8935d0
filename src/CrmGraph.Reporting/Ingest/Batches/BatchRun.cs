using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Ingest.Records;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Ingest.Batches;

/// <summary>
/// One attempt at one batch: everything the records name is read in bulk, the records are applied one after another to the rows in memory, and
/// what differs is saved.
/// </summary>
internal sealed class BatchRun(CrmDbContext context, DatabaseEngine engine, CrmLimits limits, TimeProvider clock, WriteOptions options, WriteRetry retry)
{
    private const int IdsPerQuery = 500;
    // Where the list is one parameter.
    private const int RowsPerQuery = 10_000;

    private readonly Dictionary<IngestRecord, ContentKey> _contentKeys = new(ReferenceEqualityComparer.Instance);

    /// <summary>Where the run reads, and then saves what differs.</summary>
    public CrmDbContext Context { get => context; set => context = value; }
    public DatabaseEngine Engine => engine;
    public CrmLimits Limits => limits;
    public WriteOptions Options => options;
    public TimeProvider Clock => clock;
    public DateTime Now { get; } = Instants.Now(clock);
    public Settings Settings { get; private set; } = new();
    public LocalTime Local { get; private set; } = LocalTime.Utc;
    public IngestOutcome Outcome { get; } = new();
    public KeyIndex Keys { get; } = new();

    public RowSet<SalesTeam> Teams { get; } = new();
    public RowSet<TeamMember> Members { get; } = new();
    public RowSet<Product> Products { get; } = new();
    public RowSet<Campaign> Campaigns { get; } = new();
    public RowSet<Customer> Customers { get; } = new();
    public RowSet<Order> Orders { get; } = new();
    public RowSet<OrderLine> Lines { get; } = new();
    public RowSet<OrderPayment> Payments { get; } = new();
    public RowSet<Interaction> Interactions { get; } = new();
    public RowSet<Ticket> Tickets { get; } = new();
    public RowSet<SurveyResponse> SurveyResponses { get; } = new();
    public RowSet<Opportunity> Opportunities { get; } = new();
    public RowSet<OpportunityStage> OpportunityStages { get; } = new();
    public RowSet<Contract> Contracts { get; } = new();

    public Dictionary<(Guid Campaign, DateOnly Day, string Channel, string Currency), Tracked<CampaignSpend>> Spend { get; } = [];
    public Dictionary<(string Currency, DateOnly Day), Tracked<ExchangeRate>> Rates { get; } = [];
    public AttributeSet<CustomerAttribute> Attributes { get; } = new((_, customer, key) => new() { CustomerId = customer, Key = key });
    public AttributeSet<OrderAttribute> OrderAttributes { get; } = new((order, customer, key) => new() { CustomerId = customer, FactId = order, Key = key });
    public AttributeSet<TicketAttribute> TicketAttributes { get; }
        = new((ticket, customer, key) => new() { CustomerId = customer, FactId = ticket, Key = key });
    /// <summary>The history of stages of each customer that a record names.</summary>
    public Dictionary<Guid, List<Tracked<CustomerStage>>> Stages { get; } = [];
    public HashSet<Guid> Guests { get; } = [];
    /// <summary>The money of customers that orders may not carry beyond 64 bits; null where nothing has shown that they might.</summary>
    public CustomerTotals? Totals { get; private set; }

    public Guid NewId() => RowIds.New(clock);

    /// <summary>The customer to whom a fact belongs as the run leaves it; null for what is no fact, or is not there.</summary>
    public Guid? CustomerOf(ExternalEntity entity, Guid id) => entity switch
    {
        ExternalEntity.Order => Orders.Find(id)?.Row.CustomerId,
        ExternalEntity.OrderLine => Lines.Find(id)?.Row.CustomerId,
        ExternalEntity.Interaction => Interactions.Find(id)?.Row.CustomerId,
        ExternalEntity.Ticket => Tickets.Find(id)?.Row.CustomerId,
        ExternalEntity.SurveyResponse => SurveyResponses.Find(id)?.Row.CustomerId,
        ExternalEntity.Opportunity => Opportunities.Find(id)?.Row.CustomerId,
        ExternalEntity.Contract => Contracts.Find(id)?.Row.CustomerId,
        _ => null,
    };

    public async Task PrepareAsync(IngestBatch batch, CancellationToken cancellationToken)
    {
        Settings = await context.Settings.AsNoTracking().SingleAsync(cancellationToken);
        Local = LocalTime.Of(Settings.ReportingZone);
        MakeContentKeys(batch);
        var wanted = BatchWants.Of(batch, Keys, KeysOf);
        await Keys.LoadAsync(context, engine, cancellationToken);
        foreach (var made in _contentKeys.Values)
            Keys.Renew(made);
        foreach (var key in Keys.Found)
            wanted.Add(key);
        await LoadReferencesAsync(batch, wanted, cancellationToken);
        await LoadCustomersAsync(wanted, batch.Customers.Count > 0, cancellationToken);
        await LoadFactsAsync(wanted, cancellationToken);
        await LoadPartsAsync(batch, cancellationToken);
        Totals = retry.ChecksTotals ? await CustomerTotals.LoadAsync(context, Customers.Rows.Select(c => c.Row.Id), cancellationToken) : null;
    }

    private async Task LoadReferencesAsync(IngestBatch batch, BatchWants wanted, CancellationToken cancellationToken)
    {
        await LoadAsync(Teams, engine.RowsByIds<SalesTeam>, x => x.Id, wanted.Teams, cancellationToken);
        await LoadAsync(Members, engine.RowsByIds<TeamMember>, x => x.Id, wanted.Members, cancellationToken);
        // A circle of managers can run through members that the batch does not name. Teams are small tables.
        if (batch.TeamMembers.Count > 0)
            await foreach (var member in context.TeamMembers.AsNoTracking().AsAsyncEnumerable().WithCancellation(cancellationToken))
                Members.Load(member.Id, member);
        await LoadAsync(Products, engine.RowsByIds<Product>, x => x.Id, wanted.Products, cancellationToken);
        await LoadAsync(Campaigns, engine.RowsByIds<Campaign>, x => x.Id, wanted.Campaigns, cancellationToken);
    }

    /// <param name="whole">Whether customers may be changed; facts need little of them.</param>
    private async Task LoadCustomersAsync(BatchWants wanted, bool whole, CancellationToken cancellationToken)
    {
        // Facts that are named by our id alone: whose they are must be known before customers are locked.
        foreach (var (ids, owners) in new (HashSet<Guid>, Func<Guid[], IQueryable<Guid>>)[]
        {
            (wanted.OrdersById, ids => engine.RowsByIds<Order>(context, ids).Select(x => x.CustomerId)),
            (wanted.InteractionsById, ids => engine.RowsByIds<Interaction>(context, ids).Select(x => x.CustomerId)),
            (wanted.TicketsById, ids => engine.RowsByIds<Ticket>(context, ids).Select(x => x.CustomerId)),
            (wanted.SurveyResponsesById, ids => engine.RowsByIds<SurveyResponse>(context, ids).Select(x => x.CustomerId)),
            (wanted.OpportunitiesById, ids => engine.RowsByIds<Opportunity>(context, ids).Select(x => x.CustomerId)),
            (wanted.ContractsById, ids => engine.RowsByIds<Contract>(context, ids).Select(x => x.CustomerId)),
        })
        {
            foreach (var chunk in ids.Chunk(RowsPerQuery))
                wanted.Customers.UnionWith(await owners(chunk).ToListAsync(cancellationToken));
        }

        wanted.Customers.UnionWith(retry.AlsoLocked);
        if (wanted.HasGuestFacts)
            for (var i = 0; i < Data.Model.Guests.Count; i++)
                wanted.Customers.Add(Data.Model.Guests.IdOf(i));
        // One writer at a time per customer: totals of orders and figures are computed from what is read below.
        await LockCustomersAsync(wanted.Customers, whole, cancellationToken);
        var missing = wanted.Customers.Where(id => Customers.Find(id) is null && !GuestCustomers.IsGuest(id)).ToList();
        await Keys.LoadMergedAsync(context, missing, cancellationToken);
        var merged = missing.Select(Keys.MergedInto).OfType<Guid>().Where(id => Customers.Find(id) is null).ToHashSet();
        await LockCustomersAsync(merged, whole, cancellationToken);
    }

    private async Task LockCustomersAsync(HashSet<Guid> ids, bool whole, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
            return;
        var customers = engine.LockedCustomers(context, [.. ids]);
        if (!whole)
            customers = customers.Select(c => new Customer { Id = c.Id, IsGuest = c.IsGuest, OwnerId = c.OwnerId, AcquisitionChannel = c.AcquisitionChannel });
        await foreach (var customer in customers.AsAsyncEnumerable().WithCancellation(cancellationToken))
            Customers.Load(customer.Id, customer, isPart: !whole);
    }

    private async Task LoadFactsAsync(BatchWants wanted, CancellationToken cancellationToken)
    {
        await LoadAsync(Orders, engine.RowsByIds<Order>, x => x.Id, wanted.Orders, cancellationToken);
        await LoadAsync(Interactions, engine.RowsByIds<Interaction>, x => x.Id, wanted.Interactions, cancellationToken);
        await LoadAsync(Tickets, engine.RowsByIds<Ticket>, x => x.Id, wanted.Tickets, cancellationToken);
        await LoadAsync(SurveyResponses, engine.RowsByIds<SurveyResponse>, x => x.Id, wanted.SurveyResponses, cancellationToken);
        await LoadAsync(Opportunities, engine.RowsByIds<Opportunity>, x => x.Id, wanted.Opportunities, cancellationToken);
        await LoadAsync(Contracts, engine.RowsByIds<Contract>, x => x.Id, wanted.Contracts, cancellationToken);
        var owners = Orders.Rows.Select(o => o.Row.CustomerId).Concat(Interactions.Rows.Select(x => x.Row.CustomerId))
            .Concat(Tickets.Rows.Select(x => x.Row.CustomerId))
            .Concat(SurveyResponses.Rows.Select(x => x.Row.CustomerId))
            .Concat(Opportunities.Rows.Select(x => x.Row.CustomerId))
            .Concat(Contracts.Rows.Select(x => x.Row.CustomerId));
        // Another writer may have moved a fact to a customer that is not locked here, or moved it in plain SQL and left its outside id behind.
        var strangers = owners.Where(id => Customers.Find(id) is null).ToHashSet();
        if (strangers.Count > 0)
            throw new WriteRaceException("the customer of a fact", strangers);
    }

    private async Task LoadPartsAsync(IngestBatch batch, CancellationToken cancellationToken)
    {
        // The joins let both engines walk the (customer, order) index; order ids alone have none on lines.
        var orders = Orders.Rows.Select(o => o.Row.Id).ToList();
        await LoadAsync(Lines, (context, ids) => from o in engine.RowsByIds<Order>(context, ids)
                                                 from l in context.OrderLines
                                                 where l.CustomerId == o.CustomerId && l.OrderId == o.Id
                                                 select l,
            x => x.Id, orders, cancellationToken);
        await LoadAsync(Payments, (context, ids) => from o in engine.RowsByIds<Order>(context, ids)
                                                    from p in context.OrderPayments
                                                    where p.CustomerId == o.CustomerId && p.OrderId == o.Id
                                                    select p,
            x => x.Id, orders, cancellationToken);
        await LoadAsync(OpportunityStages, (context, ids) => from o in engine.RowsByIds<Opportunity>(context, ids)
                                                             from s in context.OpportunityStages
                                                             where s.CustomerId == o.CustomerId && s.OpportunityId == o.Id
                                                             select s,
            x => x.Id, [.. Opportunities.Rows.Select(o => o.Row.Id)], cancellationToken);
        await LoadAttributesAsync(Orders, OrderAttributes, cancellationToken);
        await LoadAttributesAsync(Tickets, TicketAttributes, cancellationToken);
        if (batch.Customers.Count > 0)
            await LoadCustomerPartsAsync(batch, cancellationToken);
        if (batch.CampaignSpend.Count > 0)
            await LoadSpendAsync(batch, cancellationToken);
        if (batch.ExchangeRates.Count > 0)
            await LoadRatesAsync(batch, cancellationToken);
    }

    private async Task LoadAttributesAsync<TFact, T>(RowSet<TFact> facts, AttributeSet<T> attributes, CancellationToken cancellationToken)
        where TFact : class, ICustomerFact
        where T : FreeFactAttribute
    {
        foreach (var chunk in facts.Rows.Select(f => f.Row).Chunk(IdsPerQuery))
        {
            // Both parts of the key, so that its index is walked.
            var (customers, ids) = (chunk.Select(f => f.CustomerId).Distinct().ToList(), chunk.Select(f => f.Id).ToList());
            foreach (var row in await context.Set<T>().AsNoTracking().Where(a => customers.Contains(a.CustomerId) && ids.Contains(a.FactId))
                .ToListAsync(cancellationToken))
                attributes.Load(row.FactId, row);
        }
    }

    private async Task LoadCustomerPartsAsync(IngestBatch batch, CancellationToken cancellationToken)
    {
        var named = new HashSet<Guid>();
        foreach (var record in batch.Customers)
        {
            named.UnionWith(KeysOf(record).Select(k => Keys.Find(ExternalEntity.Customer, k)?.Id).OfType<Guid>());
            if (record.Id is { } id)
                named.Add(Keys.MergedInto(id) ?? id);
        }

        foreach (var chunk in named.Where(id => Customers.Find(id) is not null).Chunk(IdsPerQuery))
        {
            foreach (var row in await context.CustomerAttributes.AsNoTracking().Where(x => chunk.Contains(x.CustomerId)).ToListAsync(cancellationToken))
                Attributes.Load(row.CustomerId, row);
            foreach (var row in await context.CustomerStages.AsNoTracking().Where(x => chunk.Contains(x.CustomerId)).ToListAsync(cancellationToken))
                StagesOf(row.CustomerId).Add(new(row, isNew: false));
        }
    }

    private async Task LoadSpendAsync(IngestBatch batch, CancellationToken cancellationToken)
    {
        var (from, to) = (batch.CampaignSpend.Min(x => x.Day), batch.CampaignSpend.Max(x => x.Day));
        foreach (var chunk in Campaigns.Rows.Select(c => c.Row.Id).Chunk(IdsPerQuery))
            foreach (var row in await context.CampaignSpend.AsNoTracking().Where(x => chunk.Contains(x.CampaignId) && x.Day >= from && x.Day <= to)
                .ToListAsync(cancellationToken))
                Spend[(row.CampaignId, row.Day, row.Channel, row.Currency)] = new(row, isNew: false);
    }

    private async Task LoadRatesAsync(IngestBatch batch, CancellationToken cancellationToken)
    {
        var (from, to) = (batch.ExchangeRates.Min(x => x.Day), batch.ExchangeRates.Max(x => x.Day));
        foreach (var row in await context.ExchangeRates.AsNoTracking().Where(x => x.Day >= from && x.Day <= to).ToListAsync(cancellationToken))
            Rates[(row.Currency, row.Day)] = new(row, isNew: false);
    }

    public List<Tracked<CustomerStage>> StagesOf(Guid customer)
    {
        if (!Stages.TryGetValue(customer, out var list))
            Stages.Add(customer, list = []);
        return list;
    }

    /// <summary>The outside ids of a record, the one made of its content among them.</summary>
    public IEnumerable<ExternalKey> KeysOf(IngestRecord record)
    {
        if (!record.Key.IsNone)
            yield return record.Key;
        else if (_contentKeys.TryGetValue(record, out var made))
            yield return made.Key;
        foreach (var key in record.MoreKeys ?? [])
            if (!key.IsNone)
                yield return key;
    }

    /// <summary>Whether the key was made of the record's content, and not given.</summary>
    public bool IsMade(IngestRecord record, ExternalKey key) => record.Key.IsNone && _contentKeys.TryGetValue(record, out var made) && made.Key == key;

    private void MakeContentKeys(IngestBatch batch)
    {
        if (options.ContentIds is not { } ids)
            return;
        foreach (var record in batch.Facts())
            if (record is { Key.IsNone: true, Id: null } && ContentKeys.Of(record, ids) is { } made)
            {
                _contentKeys.Add(record, made);
                Keys.Want(made.Entity, made.Former);
            }
    }

    private async Task LoadAsync<T>(
        RowSet<T> set,
        Func<CrmDbContext, Guid[], IQueryable<T>> query,
        Func<T, Guid> id,
        IReadOnlyCollection<Guid> ids,
        CancellationToken cancellationToken)
        where T : class
    {
        foreach (var chunk in ids.Chunk(RowsPerQuery))
            await foreach (var row in query(context, chunk).AsNoTracking().AsAsyncEnumerable().WithCancellation(cancellationToken))
                set.Load(id(row), row);
    }
}
