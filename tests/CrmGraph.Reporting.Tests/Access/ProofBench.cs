using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CrmGraph.Reporting.Tests.Access;

/// <summary>One sample CRM an engine, read by callers of every role. The callers are made as the server makes them: from API keys.</summary>
public sealed class ProofBench : IAsyncLifetime
{
    public static readonly string[] Names = ["administrator", "analyst", "viewer", "manager", "representative", "colleague"];
    private readonly Dictionary<DatabaseKind, ProofCrm> _made = [];

    public async Task InitializeAsync()
    {
        foreach (var kind in new[] { DatabaseKind.Sqlite, DatabaseKind.Postgres })
            _made[kind] = await ProofCrm.CreateAsync(kind);
    }

    public ProofCrm On(DatabaseKind kind) => _made[kind];

    public async Task DisposeAsync()
    {
        foreach (var crm in _made.Values)
            await crm.DisposeAsync();
    }
}

public sealed class ProofCrm : IAsyncDisposable
{
    /// <summary>How the outside ids of facts begin; no customer's does.</summary>
    public const string FactKey = "fact-";

    private readonly TestDatabase _database;
    private readonly Dictionary<string, (Caller Caller, IReadOnlySet<Guid>? Owners)> _callers = [];

    private ProofCrm(TestDatabase database, SampleCrm crm)
    {
        (_database, Crm) = (database, crm);
        Client = new GraphQLClient(database);
    }

    public SampleCrm Crm { get; }
    public GraphQLClient Client { get; }

    public static async Task<ProofCrm> CreateAsync(DatabaseKind kind)
    {
        var database = await TestDatabase.CreateAsync(kind);
        var made = new ProofCrm(
            database,
            await SampleCrm.CreateAsync(database, sizes: new() { Customers = 70, Orders = 250, Contacts = 90, Opportunities = 60 }));
        var members = made.Crm.Members;
        // Facts have outside ids too, and share the customers' table of them.
        await database.SaveAsync([.. made.Crm.Orders
            .Select((o, i) => new ExternalId { Entity = ExternalEntity.Order, Source = "shop", Key = $"{FactKey}{i}", CustomerId = o.CustomerId, Id = o.Id })]);
        await database.SaveAsync([.. made.Crm.OrderLines.Select(
            (l, i) => new ExternalId { Entity = ExternalEntity.OrderLine, Source = "shop", Key = $"{FactKey}{i}", CustomerId = l.CustomerId, Id = l.Id })]);
        await made.AddAsync("administrator", Role.Administrator, null, null);
        await made.AddAsync("analyst", Role.Analyst, null, null);
        await made.AddAsync("viewer", Role.Viewer, null, null);
        await made.AddAsync("manager", Role.Manager, members[1].Id, made.TeamOf(members[1].Id));
        await made.AddAsync("representative", Role.Representative, members[2].Id, new HashSet<Guid> { members[2].Id });
        await made.AddAsync("colleague", Role.Representative, members[3].Id, new HashSet<Guid> { members[3].Id });
        return made;
    }

    public Caller Caller(string name) => _callers[name].Caller;

    /// <summary>The rule by hand: whether a customer, or a fact of his, is for this caller.</summary>
    public bool Sees(string caller, Customer customer) =>
        _callers[caller].Owners is not { } owners || (!customer.IsGuest && customer.OwnerId is { } owner && owners.Contains(owner));

    /// <summary>The same for a customer as the administrator reads him; facts of guests have none.</summary>
    public bool Sees(string caller, JsonElement customer)
    {
        if (_callers[caller].Owners is not { } owners)
            return true;
        return customer.ValueKind == JsonValueKind.Object && customer.GetProperty("owner") is { ValueKind: JsonValueKind.Object } owner
            && Crm.Members.Exists(m => owners.Contains(m.Id) && m.Name == owner.GetProperty("name").GetString());
    }

    public bool IsBound(string caller) => _callers[caller].Owners is not null;

    public Task<JsonElement> AskAsync(string caller, string query, object? variables = null) => Client.DataAsync(query, variables, Caller(caller));

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>Himself, everyone below him, and his own team.</summary>
    private HashSet<Guid> TeamOf(Guid manager)
    {
        var team = Crm.Members.Single(m => m.Id == manager).TeamId;
        bool IsBelow(Guid? id) => id is { } known && (known == manager || IsBelow(Crm.Members.Single(m => m.Id == known).ManagerId));
        return [.. Crm.Members.Where(m => IsBelow(m.Id) || (team is not null && m.TeamId == team)).Select(m => m.Id)];
    }

    private async Task AddAsync(string name, Role role, Guid? member, IReadOnlySet<Guid>? owners)
    {
        var key = await Client.Services.GetRequiredService<ApiKeys>().CreateAsync(name, role, member, null, default);
        _callers[name] = (await Client.Services.GetRequiredService<Callers>().FromKeyAsync(key.Secret, default), owners);
    }
}
