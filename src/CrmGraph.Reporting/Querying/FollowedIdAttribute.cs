using CrmGraph.Reporting.Database;

namespace CrmGraph.Reporting.Querying;

/// <summary>Marks an id that may have gone on to another row: filters by the old one mean that row.</summary>
[AttributeUsage(AttributeTargets.Property)]
public abstract class FollowedIdAttribute : Attribute
{
    /// <summary>By the old id, the one to which it leads; others are absent.</summary>
    public abstract Task<IReadOnlyDictionary<Guid, Guid>> FollowAsync(IReadOnlyCollection<Guid> ids, CrmDbContext database, CancellationToken cancellationToken);
}
