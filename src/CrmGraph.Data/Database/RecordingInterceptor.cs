using System.Collections.Concurrent;
using CrmGraph.Data.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Metadata;

namespace CrmGraph.Data.Database;

/// <summary>Fills what the database layer owes every row that EF saves: RecordedAt, UpdatedAt and the folded columns.</summary>
internal sealed class RecordingInterceptor(TimeProvider clock) : SaveChangesInterceptor
{
    private readonly ConcurrentDictionary<IEntityType, FoldedPair[]> folded = new();

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Fill(eventData.Context!);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Fill(eventData.Context!);
        return ValueTask.FromResult(result);
    }

    private void Fill(DbContext context)
    {
        var now = Instants.Now(clock);
        foreach (var entry in context.ChangeTracker.Entries())
        {
            if (entry.State is not (EntityState.Added or EntityState.Modified))
                continue;
            FillMoments(entry, now);
            foreach (var pair in folded.GetOrAdd(entry.Metadata, FoldedPair.Of))
                entry.Property(pair.Folded).CurrentValue = FoldedText.Fold((string?)entry.Property(pair.Source).CurrentValue);
        }
    }

    private static void FillMoments(EntityEntry entry, DateTime now)
    {
        if (entry.Entity is not IRecorded row)
            return;
        if (entry.State == EntityState.Added && row.RecordedAt == default)
            row.RecordedAt = now;
        row.UpdatedAt = now;
    }
}

/// <summary>A text property and the shadow property that holds its folded form.</summary>
internal readonly record struct FoldedPair(IProperty Source, IProperty Folded)
{
    public static FoldedPair[] Of(IEntityType entity) =>
    [
        .. from source in entity.GetProperties()
           let shadow = entity.FindProperty(source.Name + CrmModel.FoldedSuffix)
           where shadow is not null && shadow.IsShadowProperty()
           select new FoldedPair(source, shadow),
    ];
}
