using System.Security.Cryptography;
using System.Text;
using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Ingest.Records;
using CrmGraph.Reporting.Querying.Lookups;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Ingest.Batches;

/// <summary>The outside ids that a batch names: those that are there, and those it claims.</summary>
internal sealed class KeyIndex
{
    // A list that is one parameter, and an answer that is read in one piece.
    private const int KeysPerQuery = 10_000;

    private readonly Dictionary<(ExternalEntity, ExternalKey), ExternalId?> _keys = [];
    private readonly Dictionary<Guid, Guid> _merged = [];

    public List<ExternalId> Claimed { get; } = [];

    public void Want(ExternalEntity entity, ExternalKey key)
    {
        // No row has a key that cannot be stored; its record is refused later.
        if (!key.IsNone && FoldedText.IsStorable(key.Source) && FoldedText.IsStorable(key.Key))
            _keys.TryAdd((entity, key), null);
    }

    public ExternalId? Find(ExternalEntity entity, ExternalKey key) => key.IsNone ? null : _keys.GetValueOrDefault((entity, key));

    /// <summary>The customer into which a merged one went; null when it was not merged.</summary>
    public Guid? MergedInto(Guid customerId) => _merged.TryGetValue(customerId, out var id) ? id : null;

    public void Claim(ExternalEntity entity, ExternalKey key, Guid? customerId, Guid id)
    {
        var claim = new ExternalId { Entity = entity, Source = key.Source, Key = key.Key, CustomerId = customerId, Id = id };
        _keys[(entity, key)] = claim;
        Claimed.Add(claim);
    }

    /// <summary>A row that an earlier version named by its content is named as this one does.</summary>
    public void Renew(ContentKey made)
    {
        if (Find(made.Entity, made.Key) is null && Find(made.Entity, made.Former) is { } row)
            Claim(made.Entity, made.Key, row.CustomerId, row.Id);
    }

    public IEnumerable<ExternalId> Found => _keys.Values.OfType<ExternalId>();

    public async Task LoadAsync(CrmDbContext context, DatabaseEngine engine, CancellationToken cancellationToken)
    {
        Task LoadAsync(IEnumerable<(ExternalEntity, ExternalKey)> wanted, Func<(ExternalEntity, ExternalKey), (ExternalEntity, ExternalKey)> named) =>
            this.LoadAsync((entity, source, keys) => engine.ExternalIdsByKeys(context, entity, source, keys), wanted, named, cancellationToken);
        await LoadAsync(_keys.Where(k => k.Value is null).Select(k => k.Key), k => k);
        // A person who was erased left only a hash of each outside id, so that a second import does not bring him back.
        var unknown = _keys.Where(k => k.Value is null && k.Key.Item1 == ExternalEntity.Customer).Select(k => k.Key)
            .ToDictionary(k => (k.Item1, Erased(k.Item2)));
        await LoadAsync(unknown.Keys, k => unknown[k]);
    }

    public async Task LoadMergedAsync(CrmDbContext context, IReadOnlyCollection<Guid> missing, CancellationToken cancellationToken)
    {
        foreach (var (old, now) in await MergedCustomers.LinksAsync(missing, context.ExternalIds.AsNoTracking(), cancellationToken))
            _merged[old] = now;
    }

    private async Task LoadAsync(
        Func<ExternalEntity, string, string[], IQueryable<ExternalId>> stored,
        IEnumerable<(ExternalEntity Entity, ExternalKey Key)> wanted,
        Func<(ExternalEntity, ExternalKey), (ExternalEntity, ExternalKey)> named,
        CancellationToken cancellationToken)
    {
        foreach (var group in wanted.ToLookup(k => (k.Entity, k.Key.Source)))
        {
            var (entity, source) = group.Key;
            foreach (var chunk in group.Select(k => k.Key.Key).Chunk(KeysPerQuery))
            {
                foreach (var row in await stored(entity, source, chunk).Select(x => new { x.Key, x.CustomerId, x.Id }).ToListAsync(cancellationToken))
                    _keys[named((entity, new ExternalKey(source, row.Key)))] =
                        new() { Entity = entity, Source = source, Key = row.Key, CustomerId = row.CustomerId, Id = row.Id };
            }
        }
    }

    /// <summary>What is kept of an erased customer's outside id.</summary>
    public static ExternalKey Erased(ExternalKey key) =>
        new(key.Source, ExternalSources.ErasedKeys + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{key.Source}\n{key.Key}"))));
}
